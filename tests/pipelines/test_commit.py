"""What a commit refuses: parts that are not what was written, books that do not balance."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.reports import IngestResult, PartReport
from pipelines.warehouse.books import BooksUnbalanced, Entry, settle
from pipelines.warehouse.commit import commit
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.tables import BOOKKEEPING, ensure_tables
from pipelines.warehouse.verify import PartDamaged, verify_parts

DDL = (files("pipelines.warehouse") / BOOKKEEPING).read_text("utf-8")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def part(folder: Path, content: bytes) -> PartReport:
    path = folder / "part.parquet"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return PartReport(Stream.DECISIONS, True, path, 7, digest, ((1, 7),))


def test_a_part_that_is_as_it_was_written_is_taken(tmp_path: Path) -> None:
    verify_parts([part(tmp_path, b"rows")])


@pytest.mark.parametrize("at", range(4))
def test_a_part_with_one_changed_byte_is_refused(tmp_path: Path, at: int) -> None:
    written = part(tmp_path, b"rows")
    spoiled = bytearray(b"rows")
    spoiled[at] ^= 1
    written.path.write_bytes(bytes(spoiled))
    with pytest.raises(PartDamaged, match=r"changed on disk.*7 rows"):
        verify_parts([written])


def test_a_lost_part_is_refused(tmp_path: Path) -> None:
    written = part(tmp_path, b"rows")
    written.path.unlink()
    with pytest.raises(PartDamaged, match="missing"):
        verify_parts([written])


def test_a_commit_looks_at_its_parts_before_it_takes_them(study: Study, tmp_path: Path) -> None:
    written = part(tmp_path, b"rows")
    written.path.write_bytes(b"swor")
    with duckdb.connect() as connection:
        ensure_tables(connection, study)
        with pytest.raises(PartDamaged):
            commit(connection, study, [], IngestResult((), (written,)), NOW, NOW)
        assert connection.execute("SELECT count(*) FROM runs").fetchall() == [(0,)]


def settle_in_a_run(connection: duckdb.DuckDBPyConnection, entries: list[Entry]) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO runs VALUES (1, now(), now(), 'test')")
        settle(connection, 1, NOW, entries)


def test_unbalanced_books_undo_what_went_before_them() -> None:
    wrong = Entry("decisions", "read", 10, {"accepted": 8, "rejected": 1})
    right = Entry("outcomes", "read", 3, {"accepted": 3, "rejected": 0})
    with duckdb.connect() as connection:
        connection.execute(DDL)
        with pytest.raises(BooksUnbalanced, match="10 = 8 \\+ 1") as caught:
            settle_in_a_run(connection, [right, wrong])
        assert caught.value.exit_code == 3
        assert "outcomes" not in str(caught.value)
        assert connection.execute("SELECT count(*) FROM runs").fetchall() == [(0,)]
        assert connection.execute("SELECT count(*) FROM books").fetchall() == [(0,)]


def test_balanced_books_are_kept() -> None:
    with duckdb.connect() as connection:
        connection.execute(DDL)
        settle(connection, 1, NOW, [Entry("outcomes", "read", 3, {"accepted": 2, "rejected": 1})])
        ((rule, terms, balanced),) = connection.execute(
            "SELECT rule, terms, balanced FROM books"
        ).fetchall()
    assert rule == "read = accepted + rejected"
    assert terms == '{"read": 3, "accepted": 2, "rejected": 1}'
    assert balanced is True
