"""A look at a file's columns and first rows, at the cost of its first bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from pipelines.ingest.source_file import SourceFile
from pipelines.ingest.values import plain
from pipelines.sources.discovery import source_named
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.source import HEAD_ROWS, WHOLE_FILE

MOST_COLUMNS = 200
"""Columns of one file that are looked into; of the others only the name is known."""
_REMOTE_THREADS = 8
"""Remote files are opened side by side; local ones are faster one after the other."""
_BLOCK_FILES = 1_000
_BLOCK_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Peeked:
    """The columns of a file, and its first rows.

    Attributes
    ----------
    columns
        Names, in the order of the file.
    open_ended
        Whether later rows may bring other columns.
    rows
        The first rows, with the columns that were looked into.
    """

    columns: tuple[str, ...]
    open_ended: bool
    rows: pa.RecordBatch


def peek(file: SourceFile, also: Collection[str] = ()) -> Peeked | None:
    """Return a look at a file; None when it cannot be read, which reading it will tell.

    Parameters
    ----------
    also
        Columns to look for in an open-ended file, though its first lines may not have them.
    """
    try:
        with refusing(file.path, "a file that can be read"):
            opened = source_named(file.format).opener(file.place, WHOLE_FILE)
            columns = tuple(opened.columns)
            part = opened.head() if hasattr(opened, "head") else opened
            times = Counter(columns)
            wanted = [name for name in columns[:MOST_COLUMNS] if times[name] == 1]
            if opened.open_ended:
                wanted += [name for name in also if name not in times]
            slab = next(iter(part.slabs(wanted)), None) if wanted else None
            if slab is None:
                return Peeked(columns, opened.open_ended, pa.RecordBatch.from_pylist([]))
            rows = slab.rows.slice(0, HEAD_ROWS)
            rows = pa.RecordBatch.from_arrays([plain(c) for c in rows.columns], names=wanted)
    except FileRefused:
        return None
    found = (n for n in wanted[len(columns) :] if rows.column(n).null_count < rows.num_rows)
    return Peeked((*columns, *found), opened.open_ended, rows)


def peek_in_blocks(
    files: Sequence[SourceFile], also: Collection[str] = ()
) -> Iterator[list[tuple[SourceFile, Peeked | None]]]:
    """Yield looks at some files in their order, as many at once as fit well into memory."""
    block: list[tuple[SourceFile, Peeked | None]] = []
    rows = 0
    for file, seen in _side_by_side(files, also):
        block.append((file, seen))
        rows += seen.rows.num_rows if seen else 0
        if rows > _BLOCK_ROWS:
            yield block
            block, rows = [], 0
    if block:
        yield block


def _side_by_side(
    files: Sequence[SourceFile], also: Collection[str]
) -> Iterator[tuple[SourceFile, Peeked | None]]:
    if not any("://" in file.location for file in files):
        for file in files:
            yield file, peek(file, also)
        return
    with ThreadPoolExecutor(_REMOTE_THREADS) as pool:
        for start in range(0, len(files), _BLOCK_FILES):
            some = files[start : start + _BLOCK_FILES]
            yield from zip(some, pool.map(lambda f: peek(f, also), some), strict=True)
