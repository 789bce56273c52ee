"""The ledger of sources: which of the files found are new, changed, known or gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from data_contracts.data_words import FileState
from pipelines.ingest.inputs import Input
from pipelines.ingest.source_file import SourceFile, hash_files
from pipelines.ingest.tables import NO_TABLES, FrozenTables

LEDGER = """
    SELECT s.* REPLACE (CASE WHEN w.source_no IS NULL THEN s.state ELSE 'withdrawn' END AS state)
    FROM sources s LEFT JOIN (SELECT DISTINCT source_no FROM withdrawals) w USING (source_no)"""
"""The table `sources` with the state a file has by now."""
Ready = Callable[[SourceFile], bool]
"""Says whether a file is complete."""


def every_file(file: SourceFile) -> bool:
    """Return True: whoever writes files renames them when they are whole."""
    return True


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be read.

    Attributes
    ----------
    new
        Files and tables to read, numbered and hashed.
    known
        Number of files and tables of which everything is in the warehouse already.
    withdrawn
        (stream, path) of what was refused before and is no longer there.
    """

    new: tuple[Input, ...]
    known: int
    withdrawn: tuple[tuple[str, str], ...]


def select_new(
    connection: duckdb.DuckDBPyConnection,
    found: Sequence[SourceFile],
    tables: FrozenTables = NO_TABLES,
    ready: Ready = every_file,
) -> Selection:
    """Return which of the files found have to be read, and the tables with them.

    A file of the same path, size and modification time as one already ingested is known without
    being opened. Any other is hashed; when a file of the same source and the same content was
    ingested before under whatever name, it is known too. Another source that says the same is heard
    as well: it may say something else one day. Of two new files with the same content
    both are read, and the records of one are duplicates. A refused file is tried again every time.
    One that is not `ready` is left for a later run.
    """
    rows = connection.execute(
        "SELECT stream, path, bytes, modified_ns, source, sha256, state"
        f" FROM ({LEDGER}) ORDER BY source_no"
    ).fetchall()
    ingested = FileState.INGESTED.value
    latest = {(stream, path): state for stream, path, *_, state in rows}
    seen = {(s, path, size, when) for s, path, size, when, *_, state in rows if state == ingested}
    contents = {(s, *told) for s, _, _, _, *told, state in rows if state == ingested}
    maybe = [f for f in found if (f.stream.value, f.path, f.bytes, f.modified_ns) not in seen]
    resting = [file for file in maybe if ready(file)]
    fresh = [
        file
        for file in hash_files(resting)
        if (file.stream.value, file.source, file.sha256) not in contents
    ]
    new: list[Input] = [*fresh, *tables.new]
    first = (
        1 + connection.execute("SELECT coalesce(max(source_no), 0) FROM sources").fetchall()[0][0]
    )
    listed: list[Input] = [*found, *tables.new]
    present = {(one.stream.value, one.path) for one in listed}
    return Selection(
        new=tuple(replace(file, source_no=first + i) for i, file in enumerate(new)),
        known=len(found) + tables.found - len(new) - (len(maybe) - len(resting)),
        withdrawn=tuple(
            key
            for key, state in latest.items()
            if state == FileState.REFUSED and key not in present
        ),
    )


def withdraw(
    connection: duckdb.DuckDBPyConnection, gone: Sequence[tuple[str, str]], now: datetime
) -> None:
    """Note that refused files were taken away, so that they no longer block the verdict.

    What was entered stays as it is, so that the ledger of a past moment can be told.
    """
    if gone:
        connection.executemany(
            f"INSERT INTO withdrawals SELECT ?, source_no FROM ({LEDGER})"
            " WHERE stream = ? AND path = ? AND state = ?",
            [[now, *key, FileState.REFUSED.value] for key in gone],
        )


def waiting_refusals(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str], ...]:
    """Return (path, message) of the files whose latest reading was refused."""
    rows = connection.execute(f"""
        SELECT path, message FROM ({LEDGER})
        QUALIFY row_number() OVER (PARTITION BY stream, path ORDER BY source_no DESC) = 1
            AND state = 'refused'
        ORDER BY path""").fetchall()
    return tuple((path, message) for path, message in rows)
