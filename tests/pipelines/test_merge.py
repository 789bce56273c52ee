"""Merging against a plain model of the rules: duplicates, revisions, conflicts, any batching."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.merge import Merged, merge
from pipelines.warehouse.tables import StreamTable, ensure_tables

CHANGED = (
    "CREATE TEMP TABLE changed_cases (decision_id VARCHAR, cohort_day DATE, day_is_known BOOLEAN)"
)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        ("decision_id", pa.string()),
        ("name", pa.string()),
        ("observed_at", pa.timestamp("us", "UTC")),
        ("outcome", pa.string()),
        ("recorded_at", pa.timestamp("us", "UTC")),
        ("source_no", pa.int32()),
    ]
)


class Record(NamedTuple):
    """An outcome: case, hour observed, value, hour recorded (or none)."""

    case: str
    observed: int
    value: str
    recorded: int | None

    @property
    def time(self) -> int:
        """The time that decides between versions."""
        return self.observed if self.recorded is None else self.recorded


@pytest.fixture
def warehouse(study: Study) -> Any:
    """Return an empty warehouse in memory."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        ensure_tables(connection, study)
        connection.execute(CHANGED)
        yield connection


def commit(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    folder: Path,
    records: Sequence[Record],
    run: int,
    refused: tuple[int, ...] = (),
) -> Merged:
    rows = [
        {
            "decision_id": r.case,
            "name": "outcome",
            "observed_at": NOON + timedelta(hours=r.observed),
            "outcome": r.value,
            "recorded_at": None if r.recorded is None else NOON + timedelta(hours=r.recorded),
            "source_no": run,
        }
        for r in records
    ]
    part = folder / f"part-{run}.parquet"
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), part)
    with transaction(connection):
        return merge(connection, StreamTable.of(study, Stream.OUTCOMES), [part], list(refused), run)


def stored(connection: duckdb.DuckDBPyConnection, table: str) -> set[Record]:
    rows = connection.execute(
        f"SELECT decision_id, observed_at, outcome, recorded_at FROM {table}"
    ).fetchall()
    found = [
        Record(case, hours(observed), value, None if recorded is None else hours(recorded))
        for case, observed, value, recorded in rows
    ]
    assert len(set(found)) == len(found), "a record is stored twice"
    return set(found)


def hours(moment: datetime) -> int:
    return round((moment - NOON).total_seconds() / 3600)


def model(batches: Sequence[Sequence[Record]]) -> tuple[set[Record], set[Record]]:
    """Return (current, history) as the rules say, one record at a time."""
    first_seen: dict[Record, int] = {}
    for run, batch in enumerate(batches, start=1):
        for record in batch:
            first_seen.setdefault(record, run)
    current: set[Record] = set()
    for case in {record.case for record in first_seen}:
        versions = [record for record in first_seen if record.case == case]
        current.add(max(versions, key=lambda r: (r.time, first_seen[r], content(r))))
    return current, set(first_seen) - current


def content(record: Record) -> tuple[Any, ...]:
    # Compared column by column as stored; a missing recorded time is the least.
    recorded = (0, 0) if record.recorded is None else (1, record.recorded)
    return (record.observed, record.value, recorded)


records = st.builds(
    Record,
    case=st.sampled_from(["a", "b", "c"]),
    observed=st.integers(0, 2),
    value=st.sampled_from(["no", "yes"]),
    recorded=st.none() | st.integers(0, 3),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(batches=st.lists(st.lists(records, max_size=6), min_size=1, max_size=4))
def test_any_history_ends_as_the_rules_say(
    study: Study, tmp_path: Path, batches: list[list[Record]]
) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        ensure_tables(connection, study)
        connection.execute(CHANGED)
        for run, batch in enumerate(batches, start=1):
            done = commit(connection, study, tmp_path, batch, run)
            assert done.staged == len(batch)
            assert done.new + done.duplicate + done.revision == done.staged
            assert done.after == done.before + done.new
            assert min(done.new, done.duplicate, done.revision, done.conflict) >= 0
        current, history = model(batches)
        assert stored(connection, "outcomes") == current
        assert stored(connection, "outcomes_history") == history


def test_the_same_file_again_is_all_duplicates(
    warehouse: Any, study: Study, tmp_path: Path
) -> None:
    batch = [Record("a", 0, "yes", None), Record("b", 1, "no", 2)]
    assert commit(warehouse, study, tmp_path, batch, 1).new == 2
    again = commit(warehouse, study, tmp_path, batch, 2)
    assert (again.new, again.duplicate, again.revision) == (0, 2, 0)


def test_a_later_recorded_time_wins_whatever_comes_first(
    warehouse: Any, study: Study, tmp_path: Path
) -> None:
    commit(warehouse, study, tmp_path, [Record("a", 0, "yes", 5)], 1)
    late = commit(warehouse, study, tmp_path, [Record("a", 0, "no", 4)], 2)
    assert late.revision == 1
    assert stored(warehouse, "outcomes") == {Record("a", 0, "yes", 5)}
    assert stored(warehouse, "outcomes_history") == {Record("a", 0, "no", 4)}


def test_two_versions_of_one_moment_in_one_commit_are_a_conflict(
    warehouse: Any, study: Study, tmp_path: Path
) -> None:
    batch = [Record("a", 0, "yes", 1), Record("a", 0, "no", 1), Record("b", 0, "no", 1)]
    done = commit(warehouse, study, tmp_path, batch, 1)
    assert (done.new, done.revision, done.conflict) == (2, 1, 1)


def test_rows_of_a_refused_source_are_left_out(
    warehouse: Any, study: Study, tmp_path: Path
) -> None:
    done = commit(warehouse, study, tmp_path, [Record("a", 0, "yes", 1)], 7, refused=(7,))
    assert (done.staged, done.after) == (0, 0)


def test_changed_cases_are_noted_and_unchanged_ones_are_not(
    warehouse: Any, study: Study, tmp_path: Path
) -> None:
    commit(warehouse, study, tmp_path, [Record("a", 0, "yes", 1), Record("b", 0, "no", 1)], 1)
    warehouse.execute("DELETE FROM changed_cases")
    commit(warehouse, study, tmp_path, [Record("a", 0, "no", 2), Record("b", 0, "no", 1)], 2)
    noted = warehouse.execute("SELECT DISTINCT decision_id FROM changed_cases").fetchall()
    assert noted == [("a",)]
