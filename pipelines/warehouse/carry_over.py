"""What a rebuild carries over from the old warehouse, because no file can bring it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.warehouse.connection import open_warehouse, quoted
from pipelines.warehouse.faults import WarehouseMissing
from pipelines.warehouse.purged import purged_before
from pipelines.warehouse.reachable import LIMITS_SINCE, REBUILT
from pipelines.warehouse.tables import get_meta, put_meta

_TABLES = (
    "registrations",
    "verdicts",
    "baselines",
    "purges",
    "purged_days",
    "purged_cases",
    "drift_reference",
    "review_rounds",
    "review_frame",
    "review_cases",
    "review_kept",
)
_SETTINGS = ("measures", "feature_counts", "purge_salt")
"""Settings that the counts of purged days need."""


def carry_over(old: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Copy registrations, the history of verdicts, and what is left of purged days.

    Of a purged day the counts are left; with them goes what they count, so that other counts are
    never mixed with them.
    """
    try:
        with open_warehouse(old, read_only=True, any_layout=True) as before:
            _carry_over(before, connection)
    except WarehouseMissing:
        return  # nothing was ever written


def _carry_over(before: duckdb.DuckDBPyConnection, connection: duckdb.DuckDBPyConnection) -> None:
    known = {
        (schema, name): f"{quoted(schema)}.{quoted(name)}"
        for schema, name in before.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary"
        ).fetchall()
    }
    for name in _TABLES:
        if ("main", name) in known:
            _copy(before, connection, f"FROM {name}", f"INSERT INTO {name} BY NAME")
    # Runs are counted from 1 again; none of them is the one an earlier verdict knew.
    connection.execute("UPDATE verdicts SET run = NULL; UPDATE drift_reference SET run = 0")
    put_meta(connection, REBUILT, datetime.now(UTC).isoformat())
    _settings(before, connection, ("review_salt", LIMITS_SINCE))
    purged = purged_before(connection)  # as copied just now
    if purged is None:
        return
    for (schema, _), table in known.items():
        if schema == "measures":
            counts = f"FROM {table} WHERE cohort_day < DATE '{purged.isoformat()}'"
            _copy(before, connection, counts, f"CREATE TABLE {table} AS")
    _settings(before, connection, _SETTINGS)


def _settings(
    before: duckdb.DuckDBPyConnection, connection: duckdb.DuckDBPyConnection, names: Iterable[str]
) -> None:
    for name in names:
        value = get_meta(before, name)
        if value is not None:
            put_meta(connection, name, value)


def _copy(
    before: duckdb.DuckDBPyConnection,
    connection: duckdb.DuckDBPyConnection,
    query: str,
    into: str,
) -> None:
    connection.register("carried", before.sql(query).to_arrow_table())
    connection.execute(f"{into} FROM carried")
    connection.unregister("carried")
