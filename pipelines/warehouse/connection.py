"""Opening the warehouse: limits set, outside access off, faults told in words."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from data_contracts.errors import UnderstudyError
from pipelines.warehouse.lock import WarehouseBusy

MEMORY_LIMIT = os.environ.get("UNDERSTUDY_MEMORY_LIMIT", "1000MB")
"""Memory DuckDB may use before it spills to disk."""


class WarehouseDamaged(UnderstudyError):
    """The warehouse file cannot be read."""

    def sentence(self) -> str:
        return (
            f"The warehouse `{self.facts['path']}` cannot be opened: {self.facts['fault']}."
            " Restore it from a backup, or move it away and run `understudy ingest`, which reads"
            " all source files anew."
        )


class WarehouseMissing(UnderstudyError):
    """There is no warehouse yet."""

    def sentence(self) -> str:
        return (
            f"There is no warehouse at `{self.facts['path']}` yet; `understudy run` makes one from"
            " the study's source files."
        )


class DiskFull(UnderstudyError):
    """No space is left where a file is written."""

    def sentence(self) -> str:
        return (
            f"No space is left on the disk of `{self.facts['path']}`. What was committed before"
            " holds; nothing was lost and nothing was counted twice. Free some space and run it"
            " again."
        )


@contextmanager
def open_warehouse(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for the length of a `with` block.

    A writer must hold `writer_lock` as well. DuckDB may reach no file but its own and the parts in
    the state folder, and loads no extension.

    Raises
    ------
    WarehouseMissing
        When it is to be read and does not exist.
    WarehouseBusy, WarehouseDamaged, DiskFull
        Told in words, from DuckDB's own errors.
    """
    if read_only and not path.exists():
        raise WarehouseMissing(path=str(path))
    with told_in_words(path):
        connection = duckdb.connect(
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
    try:
        connection.execute(f"SET allowed_directories = [{literal(str(path.parent))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET GLOBAL TimeZone = 'UTC'")  # for its cursors too
        connection.execute("SET lock_configuration = true")
        with told_in_words(path):
            yield connection
    finally:
        connection.close()


@contextmanager
def told_in_words(path: Path) -> Iterator[None]:
    """Turn DuckDB's and the system's faults about a file into our errors."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(path=str(path.parent)) from fault
        raise
    except duckdb.Error as fault:
        text = str(fault)
        if "No space left" in text or "could not write all bytes" in text.lower():
            raise DiskFull(path=str(path.parent)) from fault
        if "Could not set lock" in text or "Conflicting lock" in text:
            holder = re.search(r"PID (\d+)", text)
            raise WarehouseBusy(
                path=str(path.parent), holder=holder.group(1) if holder else None
            ) from fault
        if isinstance(
            fault, duckdb.IOException | duckdb.SerializationException | duckdb.FatalException
        ):
            raise WarehouseDamaged(
                path=str(path), fault=text.splitlines()[0].rstrip(".")
            ) from fault
        raise


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
