"""What a source format is, and what it hands on: batches of rows with their place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import pyarrow as pa

MALFORMED = pa.schema([("row_no", pa.int64()), ("text", pa.string())])
"""Rows that are no rows: their number in the file and their text."""
MOST_MALFORMED = 10_000
"""More malformed rows than this in one file, and the file is refused."""
BATCH_ROWS = 122_880
"""Rows a batch, where the format lets us choose; also DuckDB's row group."""

HEAD_ROWS = 2_000
"""Rows that are enough to see what a file's columns look like."""


class Compression(StrEnum):
    """How the bytes of a file are packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is and how it is packed.

    Attributes
    ----------
    path
        As shown to the user.
    location
        Absolute path, or an address such as ``gs://bucket/name``.
    delimiter
        Of CSV files.
    """

    path: str
    location: str
    compression: Compression = Compression.NONE
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file that is read on its own.

    Attributes
    ----------
    start, stop
        Units of the format, e.g. row groups; `stop` None means to the end.
    first_row
        Number of its first row in the file, from 1.
    rows
        How many rows it holds, where that is known beforehand.
    """

    start: int = 0
    stop: int | None = None
    first_row: int = 1
    rows: int | None = None


WHOLE_FILE = Span()


def no_malformed() -> pa.RecordBatch:
    """Return an empty batch of malformed rows."""
    return malformed_rows([], [])


def malformed_rows(numbers: Sequence[int], texts: Sequence[str]) -> pa.RecordBatch:
    """Return a batch of malformed rows.

    Examples
    --------
    >>> malformed_rows([3], ["a,b,c"]).to_pylist()
    [{'row_no': 3, 'text': 'a,b,c'}]
    """
    return pa.RecordBatch.from_arrays(
        [pa.array(numbers, pa.int64()), pa.array(texts, pa.string())], schema=MALFORMED
    )


@dataclass(frozen=True, slots=True)
class Slab:
    """Some consecutive rows of a file.

    Attributes
    ----------
    rows
        The rows that could be taken apart.
    numbers
        Number of the first row in the file (from 1) when they are without gaps, else the number
        of each.
    malformed
        Rows between them that could not be taken apart; see `MALFORMED`.
    """

    rows: pa.RecordBatch
    numbers: int | pa.Int64Array
    malformed: pa.RecordBatch = field(default_factory=no_malformed)


class OpenFile(Protocol):
    """A file that was opened and proved to be of its format.

    It may have a method ``head()`` that returns an open file of its first rows only; without it, a
    look at the first rows costs a whole slab.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns found."""

    @property
    def open_ended(self) -> bool:
        """Whether later rows may bring columns that were not found yet."""

    def slabs(self, wanted: Sequence[str]) -> Iterator[Slab]:
        """Yield the rows, with the wanted columns only."""


@dataclass(frozen=True, slots=True)
class SourceFormat:
    """A format that files may have.

    Attributes
    ----------
    name
        As in the study file.
    endings
        Endings of file names that tell it.
    opener
        Opens a part of a file; raises only `FileRefused`.
    splitter
        Cuts a file into parts of about so many rows; a file that cannot be cut is one part.
    """

    name: str
    endings: tuple[str, ...]
    opener: Callable[[Place, Span], OpenFile]
    splitter: Callable[[Place, int], tuple[Span, ...]]


def one_part(place: Place, rows: int) -> tuple[Span, ...]:
    """Return the whole file as one part: the splitter of formats that cannot be cut."""
    return (WHOLE_FILE,)
