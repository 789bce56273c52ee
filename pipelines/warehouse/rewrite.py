"""Rewriting the warehouse file, so that what was deleted is gone from its bytes, too.

DuckDB marks deleted rows and keeps their bytes in the file. A copy holds only what is there.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from data_contracts.errors import UnderstudyError
from pipelines.warehouse.connection import MEMORY_LIMIT, literal, quoted
from pipelines.warehouse.faults import told_in_words
from pipelines.warehouse.tables import get_meta, put_meta

_PENDING = "rewrite"
REWRITING = "rewriting"
"""Folder of the copy while it is made."""


class RewriteFailed(UnderstudyError):
    """The copy is not what was copied."""

    def sentence(self) -> str:
        return (
            f"The copy of the warehouse `{self.facts['path']}` differs from it in"
            f" `{self.facts['table']}`; the old file was kept. Check the disk and run it again."
        )


def ask_for_rewrite(connection: duckdb.DuckDBPyConnection) -> None:
    """Note, in the transaction that deletes, that the file has to be rewritten.

    Whoever writes next does it, should this process not come to it.
    """
    put_meta(connection, _PENDING, "pending")


def rewrite_pending(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the file still holds the bytes of deleted records."""
    return get_meta(connection, _PENDING) is not None


def rewrite(path: Path) -> None:
    """Replace the warehouse by a copy of what it holds, in one step; no connection may be open.

    Killed at any moment, it leaves the old file or the new one, whole.
    """
    folder = path.parent / REWRITING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    fresh = folder / path.name
    with told_in_words(path):
        connection = duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT})
        try:
            connection.execute(f"SET temp_directory = {literal(str(folder / 'tmp'))}")
            # Opened for writing, so that a log left by a crash is worked in first.
            connection.execute(f"ATTACH {literal(str(path))} AS old")
            connection.execute("CHECKPOINT old")
            connection.execute(f"ATTACH {literal(str(fresh))} AS fresh")
            connection.execute("COPY FROM DATABASE old TO fresh")
            _compare(connection, path)
            connection.execute(
                f"DELETE FROM fresh.meta WHERE name = {literal(_PENDING)}; CHECKPOINT fresh"
            )
            connection.execute("DETACH fresh; DETACH old")
        finally:
            connection.close()
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(fresh, path)
    shutil.rmtree(folder, ignore_errors=True)


def _compare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    tables = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'old'"
    ).fetchall()
    for schema, table in tables:
        name = f"{quoted(schema)}.{quoted(table)}"
        counts = connection.execute(
            f"SELECT (SELECT count(*) FROM old.{name}), (SELECT count(*) FROM fresh.{name})"
        ).fetchall()[0]
        if counts[0] != counts[1]:
            raise RewriteFailed(path=str(path), table=table)
