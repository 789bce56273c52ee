"""The warehouse as it was after an earlier run, made anew beside it from what history keeps."""

from __future__ import annotations

from datetime import datetime

import duckdb

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.warehouse.connection import literal, quoted, transaction
from pipelines.warehouse.settle import follow_rules, settle_again
from pipelines.warehouse.tables import StreamTable, ensure_tables

MADE_ANEW = frozenset({"meta", "touched_days", "disputed"})
"""Tables that follow from the others."""


def copy_past(
    live: duckdb.DuckDBPyConnection,
    past: duckdb.DuckDBPyConnection,
    study: Study,
    run: int,
    moment: datetime,
) -> None:
    """Fill an empty warehouse with what another one held after a run, and at a moment.

    Of a table with a column `run` the rows up to that run are copied; of one whose first column is
    a time (``..._at``), the rows up to that moment; of any other, all. Which record of a stream
    held is decided anew among the versions known by then.

    Parameters
    ----------
    study
        As it was registered at that moment.
    """
    with transaction(past):
        ensure_tables(past, study)
        follow_rules(past, study)
        streams = [StreamTable.of(study, stream) for stream in Stream]
        known = _tables(live)
        for name, columns in _tables(past).items():
            if name in MADE_ANEW or name not in known:  # a table of later versions of Understudy
                continue
            kept = _kept(columns, run, moment)
            rows = live.sql(f"FROM {quoted(name)} {kept}").to_arrow_reader(100_000)
            past.register("carried", rows)
            past.execute(f"INSERT INTO {quoted(name)} BY NAME FROM carried")
            past.unregister("carried")
        for table in streams:
            settle_again(past, table)
        past.execute("INSERT INTO touched_days VALUES (NULL, true)")


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the tables outside the measures, with their columns."""
    rows = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()"
        " WHERE schema_name = 'main' AND NOT internal AND database_name = current_database()"
        " GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    return dict(rows)


def _kept(columns: list[str], run: int, moment: datetime) -> str:
    """Return the SQL condition of the rows that were there."""
    if "run" in columns:
        return f"WHERE run <= {run}"
    if columns[0].endswith("_at"):
        return f"WHERE {quoted(columns[0])} <= {literal(moment.isoformat())}::TIMESTAMPTZ"
    return ""
