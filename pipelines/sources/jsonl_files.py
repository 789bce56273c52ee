"""JSON Lines files: one object a line; a line that is none becomes one malformed row.

Lines are cut out of each block with numpy, without copying, and taken apart by DuckDB's JSON
functions. Every value comes as text: numbers and booleans as JSON writes them, nested values as
JSON text. (An empty text is made a null when the rows are conformed.)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sources._bytes import HEAD_BYTES, open_text, whole_lines
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.scratch import scratch
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
"""Bytes read at once."""
_LONGEST = 64 << 20
"""Bytes a line may have."""
_PROBED = 100
"""Lines whose keys say which columns there are; a required one is in every line."""
_EXPECTED = "JSON Lines in UTF-8, one object a line"
_BLANKS = np.frombuffer(b" \t\r\n", np.uint8)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _JsonLines:
    place: Place
    columns: tuple[str, ...]
    first: bytes
    rest: pa.NativeFile
    open_ended: bool = True

    def slabs(self, wanted: Sequence[str]) -> Iterator[Slab]:
        number, malformed = 1, 0
        with refusing(self.place.path, _EXPECTED):
            for lines in _lines(self.place, self.first, self.rest):
                good, rows = _take_apart(lines, wanted)
                end = number + len(lines)
                if good is None:
                    yield Slab(rows, number)
                else:
                    bad = np.flatnonzero(~good)
                    malformed += len(bad)
                    if malformed > MOST_MALFORMED:
                        raise self._too_many(number + int(bad[0]))
                    texts = pc.utf8_trim_whitespace(lines.take(pa.array(bad))).to_pylist()
                    yield Slab(
                        rows,
                        pa.array(np.flatnonzero(good) + number, pa.int64()),
                        malformed_rows((bad + number).tolist(), texts),
                    )
                number = end

    def head(self) -> _JsonLines:
        """Return the first lines of the file, as if it ended after them."""
        first = whole_lines(self.first, HEAD_BYTES)
        return replace(self, first=first, rest=pa.BufferReader(b""))

    def _too_many(self, row: int) -> FileRefused:
        return FileRefused(
            path=self.place.path,
            found=f"more than {MOST_MALFORMED:,} lines that are no JSON object, many from row"
            f" {row:,} on",
            expected=_EXPECTED,
            advice="Write the file anew.",
        )


def _lines(place: Place, first: bytes, rest: pa.NativeFile) -> Iterator[pa.StringArray]:
    """Yield the lines that are not empty, block by block, without a byte-order mark."""
    held = first.removeprefix(_BOM)
    while True:
        piece = rest.read(_BLOCK)
        cut = max(held.rfind(b"\n"), held.rfind(b"\r") if b"\n" not in held else -1) + 1
        if piece and not cut and len(held) > _LONGEST:
            raise FileRefused(
                path=place.path,
                found=f"a line longer than {_LONGEST >> 20} MiB",
                expected=_EXPECTED,
                advice="JSON Lines has one object a line; look for missing line ends.",
            )
        block = held[:cut] if piece else held
        if block.strip():
            yield _split(block)
        if not piece:
            return
        held = held[cut:] + piece


def _split(block: bytes) -> pa.StringArray:
    r"""Return the lines of a block, each still with its line end (JSON takes it for a blank).

    Examples
    --------
    >>> _split(b'{"a":1}\n\n{"a":2}').to_pylist()
    ['{"a":1}\n', '{"a":2}']
    """
    data = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(data == (10 if b"\n" in block else 13)) + 1
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, len(data))
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    lines = pa.StringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(block))
    lines.validate(full=True)  # that it is UTF-8
    if not np.isin(data[offsets[:-1]], _BLANKS).any():
        return lines
    return lines.filter(pc.not_equal(pc.utf8_trim_whitespace(lines), ""))


def _take_apart(
    lines: pa.StringArray, wanted: Sequence[str]
) -> tuple[npt.NDArray[np.bool_] | None, pa.RecordBatch]:
    """Return which lines hold an object (None: all), and the wanted values of those."""
    paths = ", ".join(_pointer(name) for name in wanted)
    values = "".join(f", v[{i}] AS c{i}" for i in range(1, len(wanted) + 1))
    connection = scratch()
    connection.register("lines", pa.table({"line": lines}))
    try:
        table = connection.sql(
            f"SELECT coalesce(kind = 'OBJECT', false) AS good{values} FROM"
            " (SELECT try(json_type(line)) AS kind,"
            f" try(json_extract_string(line, [{paths}]::VARCHAR[])) AS v FROM lines)"
        ).to_arrow_table()
    finally:
        connection.unregister("lines")
    (batch,) = table.combine_chunks().to_batches()
    good = batch.column(0)
    rows = pa.RecordBatch.from_arrays(batch.columns[1:], names=list(wanted))
    if not wanted:
        rows = batch.select([])
    if good.true_count == len(good):
        return None, rows
    return good.to_numpy(zero_copy_only=False), rows.filter(good)


def _pointer(name: str) -> str:
    """Return a key as a JSON pointer in a SQL text: any character may occur in it.

    Examples
    --------
    >>> _pointer("it's a/b~c")
    "'/it''s a~1b~0c'"
    """
    escaped = name.replace("~", "~0").replace("/", "~1").replace("'", "''")
    return f"'/{escaped}'"


def _keys(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the keys of the objects in some lines, in order of appearance.

    Examples
    --------
    >>> _keys(['{"a": 1}', "oops", '{"b": 2, "a": 3}'])
    ('a', 'b')
    """
    found: dict[str, None] = {}
    for line in lines:
        # A line that is no object is told of later, when it is read.
        with suppress(ValueError, RecursionError):
            value = json.loads(line)
            found.update(dict.fromkeys(value if isinstance(value, dict) else ()))
    return tuple(found)


def _open(place: Place, span: Span) -> _JsonLines:
    stream, first = open_text(place, "JSON Lines")
    with refusing(place.path, _EXPECTED):
        start = first.removeprefix(_BOM).lstrip()
        probe = next(iter(_lines(place, first, _Nothing())), None)
        names = () if probe is None else _keys(probe.slice(0, _PROBED).to_pylist())
        if start and not names:
            raise FileRefused(
                path=place.path,
                found="a JSON array" if start.startswith(b"[") else "lines without JSON objects",
                expected=_EXPECTED,
                advice="Write each record as an object on a line of its own.",
            )
    return _JsonLines(place, names, first, stream)


class _Nothing:
    """A stream at its end: the probe looks at the first piece only."""

    def read(self, size: int) -> bytes:
        return b""


SOURCE = SourceFormat("jsonl", (".jsonl", ".ndjson"), _open, one_part)
