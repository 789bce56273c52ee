"""The version of the warehouse's layout, and whether a file is a warehouse of this one."""

from __future__ import annotations

import duckdb

from data_contracts.errors import UnderstudyError

WAREHOUSE_FORMAT = 3
"""Version of the layout of the warehouse."""


class WarehouseOutdated(UnderstudyError):
    """The warehouse was made by a version of Understudy that laid it out otherwise."""

    def sentence(self) -> str:
        return (
            f"The warehouse has layout {self.facts['found']}, this version of Understudy writes"
            f" layout {self.facts['expected']}. Run `understudy ingest --rebuild` to read all"
            " source files anew; the history of verdicts is kept."
        )


def is_warehouse(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether it has a warehouse's tables; a run that was killed early leaves none."""
    return bool(
        connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'meta'"
        ).fetchall()[0][0]
    )


def check_format(connection: duckdb.DuckDBPyConnection) -> None:
    """Check that the warehouse is of this layout.

    Raises
    ------
    WarehouseOutdated
        When another version of Understudy laid it out.
    """
    rows = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchall()
    found = rows[0][0] if rows else None
    if found != str(WAREHOUSE_FORMAT):
        raise WarehouseOutdated(found=found, expected=WAREHOUSE_FORMAT)
