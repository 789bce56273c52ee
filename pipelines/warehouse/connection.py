"""Opening the warehouse: limits set, outside access off, what it is looked at first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from pipelines.warehouse.faults import MemoryLimitUnknown, WarehouseMissing, told_in_words
from pipelines.warehouse.formats import check_format, is_warehouse

MEMORY_LIMIT = os.environ.get("UNDERSTUDY_MEMORY_LIMIT", "1000MB")
"""Memory DuckDB may use before it spills to disk."""


@contextmanager
def open_warehouse(
    path: Path, *, read_only: bool = False, any_layout: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for the length of a `with` block.

    A writer must hold `writer_lock` as well. DuckDB may reach no file but its own and the parts in
    the state folder, and loads no extension. One that is read only is looked at first: whether it
    is a warehouse, and, unless `any_layout` will do, one of this version.

    Raises
    ------
    WarehouseMissing
        When it is to be read and does not exist, or holds nothing yet.
    WarehouseOutdated
        When it is to be read and another version of Understudy laid it out.
    MemoryLimitUnknown
        When the environment says no limit that can be understood.
    WarehouseBusy, WarehouseDamaged, DiskFull, MemoryShort, WarehouseFault
        Told in words, from DuckDB's own errors.
    """
    if read_only and not (path.exists() and path.stat().st_size):
        raise WarehouseMissing(path=str(path))
    with told_in_words(path, "opened"):
        connection = _connect(path, read_only)
    try:
        connection.execute(f"SET allowed_directories = [{literal(str(path.parent))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET GLOBAL TimeZone = 'UTC'")  # for its cursors too
        connection.execute("SET lock_configuration = true")
        with told_in_words(path, "read" if read_only else "written"):
            if read_only and not is_warehouse(connection):
                raise WarehouseMissing(path=str(path))
            if read_only and not any_layout:
                check_format(connection)
            yield connection
    finally:
        connection.close()


def _connect(path: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(
            str(path),
            read_only=read_only,
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(path.parent / "tmp"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "preserve_insertion_order": False,
            },
        )
    except duckdb.ParserException as fault:  # nothing else of the configuration is the user's
        raise MemoryLimitUnknown(limit=MEMORY_LIMIT, fault=str(fault)) from fault


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run a `with` block as one transaction: all of it lands, or none."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        # The fault may already have ended the transaction; what matters is the fault itself.
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def quoted(name: str) -> str:
    """Return a name as a quoted SQL identifier.

    Examples
    --------
    >>> quoted('odd " name')
    '"odd "" name"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a SQL literal.

    Examples
    --------
    >>> literal("O'Hare")
    "'O''Hare'"
    """
    return "'" + text.replace("'", "''") + "'"
