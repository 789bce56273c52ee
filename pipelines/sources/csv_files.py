"""CSV files: every column as text, read in a stream; rows of the wrong width are kept aside."""

from __future__ import annotations

import codecs
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from pipelines.sources._bytes import HEAD_BYTES, open_text, whole_lines
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.source import (
    MOST_MALFORMED,
    Place,
    Slab,
    SourceFormat,
    Span,
    malformed_rows,
    one_part,
)

_BLOCK = 16 << 20
"""Bytes read at once; no row may be longer."""
_EXPECTED = "a CSV file in UTF-8 with a header"


class _Bytes:
    """The file as pyarrow reads it, with its quotes counted and its UTF-8 checked on the way.

    Pyarrow checks the columns that are wanted only, and stumbles over a row of the wrong width that
    is not UTF-8.
    """

    closed = False

    def __init__(self, first: bytes, rest: pa.NativeFile) -> None:
        self._first = first
        self._rest = rest
        self.quotes = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def read(self, size: int) -> bytes:
        piece = self._first
        self._first = b""
        if len(piece) < size:
            piece += self._rest.read(size - len(piece))
        else:
            piece, self._first = piece[:size], piece[size:]
        self.quotes += piece.count(b'"')
        if not piece or not piece.isascii() or self._decoder.getstate()[0]:
            self._decoder.decode(piece, final=not piece)
        return piece

    def first_piece(self, most: int, quote: bytes) -> bytes:
        """Return whole rows from the start of the file, of about so many bytes."""
        return whole_lines(self._first, most, quote)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


@dataclass(slots=True, repr=False)
class _Misfits:
    """Rows of the wrong width, as pyarrow reports them; it reads ahead of what it hands out."""

    numbers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    told: int = 0

    def meet(self, row: pacsv.InvalidRow) -> str:
        self.numbers.append(row.number - 1)  # the header is pyarrow's row 1
        self.texts.append(row.text)
        return "skip" if len(self.numbers) <= MOST_MALFORMED else "error"

    def number(self, first: int, rows: int) -> tuple[int | pa.Int64Array, int]:
        """Return the numbers of so many good rows from `first` on, and the number after them."""
        end = first + rows
        among = []
        for number in self.numbers[self.told :]:
            if number >= end:
                break
            among.append(number)
            end += 1
        if not among:
            return first, end
        numbers = np.setdiff1d(np.arange(first, end), among, assume_unique=True)
        return pa.array(numbers, pa.int64()), end

    def untold(self, end: int | None) -> pa.RecordBatch:
        """Return the misfits before row `end` that were not handed on yet."""
        stop = len(self.numbers)
        if end is not None:
            stop = int(np.searchsorted(self.numbers, end))
        batch = malformed_rows(self.numbers[self.told : stop], self.texts[self.told : stop])
        self.told = max(stop, self.told)
        return batch


_told_before = sys.unraisablehook


def _tell_unraisable(fault: sys.UnraisableHookArgs) -> None:
    """Keep quiet about a misfit that is no UTF-8.

    pyarrow refuses its file; but before that, Python would print a traceback that shows rows.
    """
    if not isinstance(getattr(fault.object, "__self__", None), _Misfits):
        _told_before(fault)


sys.unraisablehook = _tell_unraisable


@dataclass(frozen=True, slots=True)
class _Csv:
    place: Place
    columns: tuple[str, ...]
    source: _Bytes
    open_ended: bool = False

    def slabs(self, wanted: Sequence[str]) -> Iterator[Slab]:
        misfits = _Misfits()
        number, last = 1, None
        with refusing(self.place.path, _EXPECTED):
            try:
                for batch in self._open(wanted, misfits):
                    numbers, number = misfits.number(number, batch.num_rows)
                    yield Slab(batch, numbers, misfits.untold(number))
                    last = batch if batch.num_rows else last
            except pa.ArrowInvalid:
                if len(misfits.numbers) <= MOST_MALFORMED:
                    raise
                raise self._too_many(misfits) from None
            rest = misfits.untold(None)
            if rest.num_rows:
                yield Slab(_empty(wanted), number, rest)
        self._check_last_quote(last)

    def head(self) -> _Csv:
        """Return the first rows of the file, as if it ended after them."""
        first = self.source.first_piece(HEAD_BYTES, b'"')
        return replace(self, source=_Bytes(first, pa.BufferReader(b"")))

    def _open(self, wanted: Sequence[str], misfits: _Misfits) -> Iterator[pa.RecordBatch]:
        try:
            reader = pacsv.open_csv(
                pa.PythonFile(self.source, mode="r"),
                # One thread: only then are rows numbered. Files are read side by side instead.
                pacsv.ReadOptions(block_size=_BLOCK, use_threads=False),
                pacsv.ParseOptions(
                    delimiter=self.place.delimiter,
                    newlines_in_values=True,
                    invalid_row_handler=misfits.meet,
                ),
                pacsv.ConvertOptions(
                    column_types={name: pa.string() for name in self.columns},
                    include_columns=list(wanted) or [self.columns[0]],
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                    null_values=[""],
                ),
            )
        except pa.ArrowInvalid as fault:
            if "Empty CSV file" in str(fault):  # a header and nothing else
                return iter(())
            raise
        return iter(reader)

    def _too_many(self, misfits: _Misfits) -> FileRefused:
        return FileRefused(
            path=self.place.path,
            found=f"more than {MOST_MALFORMED:,} rows of the wrong width, the first in row"
            f" {misfits.numbers[0]:,}",
            expected=f"{len(self.columns)} fields a row, as in its header",
            advice="Check the delimiter and the quotes, or write the file anew.",
        )

    def _check_last_quote(self, last: pa.RecordBatch | None) -> None:
        """Refuse a file whose last row swallowed lines because its quote was never closed."""
        if last is None or self.source.quotes % 2 == 0:
            return
        end = last.slice(last.num_rows - 1)
        for column in end.columns:
            if pc.match_substring_regex(column, r"[\r\n]")[0].as_py():
                raise FileRefused(
                    path=self.place.path,
                    found="a quote that is opened in its last row and never closed",
                    expected=_EXPECTED,
                    advice="Close the quote; the lines after it belong to one field until then.",
                )


def _empty(wanted: Sequence[str]) -> pa.RecordBatch:
    schema = pa.schema([(name, pa.string()) for name in wanted])
    return pa.RecordBatch.from_pylist([], schema=schema)


def _open(place: Place, span: Span) -> _Csv:
    stream, first = open_text(place, "CSV")
    with refusing(place.path, _EXPECTED):
        names = _header(first, place.delimiter)
    if not names:
        raise FileRefused(
            path=place.path,
            found="only empty lines",
            expected="a header that names the columns",
            advice="Write the file with its header, or delete it.",
        )
    twice = [f"`{name}`" for name, times in Counter(names).items() if times > 1 and name]
    if twice:
        raise FileRefused(
            path=place.path,
            found=f"two columns named {', '.join(twice)}",
            found_discreetly="two columns of the same name",
            expected="every column to have its own name",
            advice="Rename one of them in the header.",
        )
    return _Csv(place, names, _Bytes(first, stream))


def _header(first: bytes, delimiter: str) -> tuple[str, ...]:
    r"""Return the names in the first line that is not empty.

    Examples
    --------
    >>> _header(b'a,"b,c"\r\n1,2\r\n', ",")
    ('a', 'b,c')
    """
    text = codecs.getincrementaldecoder("utf-8-sig")().decode(first)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                return tuple(row)
    except csv.Error as fault:
        raise ValueError(f"the header cannot be read: {fault}") from fault
    return ()


SOURCE = SourceFormat("csv", (".csv", ".tsv"), _open, one_part)
