"""State that is damaged, half made or of another version, and what DuckDB refuses, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts.errors import UnderstudyError
from pipelines.assessment.guesses import Guesses
from pipelines.assessment.planning import plan_from_evidence
from pipelines.study_folder import StudyFolder
from pipelines.warehouse import connection as opening
from pipelines.warehouse.carry_over import carry_over
from pipelines.warehouse.connection import open_warehouse
from pipelines.warehouse.faults import (
    MemoryLimitUnknown,
    WarehouseDamaged,
    WarehouseForbidden,
    WarehouseMissing,
    told_in_words,
)
from pipelines.warehouse.formats import WarehouseOutdated
from pipelines.warehouse.tables import ensure_tables


@pytest.fixture
def warehouse(tmp_path: Path, study: Any) -> Path:
    """Return a warehouse that holds nothing yet."""
    path = tmp_path / "warehouse.duckdb"
    with open_warehouse(path) as connection:
        ensure_tables(connection, study)
    return path


def test_a_warehouse_is_read(warehouse: Path) -> None:
    with open_warehouse(warehouse, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM decisions").fetchall() == [(0,)]


@pytest.mark.parametrize("made", ["not", "empty", "without tables"])
def test_a_warehouse_that_no_run_has_finished_is_none_yet(tmp_path: Path, made: str) -> None:
    path = tmp_path / "warehouse.duckdb"
    if made == "empty":
        path.touch()
    if made == "without tables":
        duckdb.connect(str(path)).close()
    with (
        pytest.raises(WarehouseMissing, match="understudy run"),
        open_warehouse(path, read_only=True),
    ):
        pass


def test_a_warehouse_of_another_layout_is_not_read_unless_any_will_do(warehouse: Path) -> None:
    with open_warehouse(warehouse) as connection:
        connection.execute("UPDATE meta SET value = '1' WHERE name = 'format'")
    with (
        pytest.raises(WarehouseOutdated, match="--rebuild"),
        open_warehouse(warehouse, read_only=True),
    ):
        pass
    with open_warehouse(warehouse, read_only=True, any_layout=True) as connection:
        assert connection.execute("SELECT count(*) FROM meta").fetchall() != [(0,)]


def test_nothing_is_carried_over_from_a_warehouse_without_tables(
    tmp_path: Path, warehouse: Path
) -> None:
    old = tmp_path / "old.duckdb"
    duckdb.connect(str(old)).close()
    with open_warehouse(warehouse) as connection:
        carry_over(old, connection)


def test_a_damaged_warehouse_is_told_to_readers(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with (
        pytest.raises(WarehouseDamaged, match="cannot be opened") as told,
        open_warehouse(path, read_only=True),
    ):
        pass
    for lost in ("Registrations", "past verdicts", "purges", "drawn for review"):
        assert lost in str(told.value)
    assert "copy `state/evidence.duckdb` first" in str(told.value)


@pytest.mark.parametrize("why", ["Permission denied", "Read-only file system"])
def test_a_warehouse_that_somebody_may_not_open_is_not_called_damaged(why: str) -> None:
    fault = duckdb.IOException(f'IO Error: Cannot open file "w": {why}')
    with pytest.raises(WarehouseForbidden, match=f"{why}.*not damaged"), told_in_words(Path("w")):
        raise fault


def test_a_memory_limit_that_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MEMORY_LIMIT", "lots")
    with (
        pytest.raises(MemoryLimitUnknown, match=r"`lots`.*such as `1000MB`"),
        open_warehouse(tmp_path / "warehouse.duckdb"),
    ):
        pass


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (duckdb.OutOfMemoryException("failed to pin block"), "UNDERSTUDY_MEMORY_LIMIT"),
        (duckdb.CatalogException("Table x does not exist!\nmore"), "while `w` was read: Table x"),
        (duckdb.ConstraintException(""), "ConstraintException"),
    ],
)
def test_whatever_duckdb_says_is_told_in_words(fault: duckdb.Error, words: str) -> None:
    with pytest.raises(UnderstudyError) as told, told_in_words(Path("w"), "read"):
        raise fault
    assert words in str(told.value)
    assert "more" not in str(told.value).split("Allow")[0]


def test_a_plan_by_damaged_evidence_says_how_to_mend_it(tmp_path: Path, study: Any) -> None:
    file = tmp_path / "state" / "evidence.duckdb"
    file.parent.mkdir()
    file.write_bytes(b"x" * 20_000)
    place = StudyFolder(tmp_path, tmp_path / "study.yaml")
    with pytest.raises(UnderstudyError, match="understudy evaluate"):
        plan_from_evidence(place, study, Guesses())
