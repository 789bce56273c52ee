"""Parquet files: typed columns, read in ranges of row groups, only the columns that are needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.sources._bytes import looks_like, mistaken, open_raw
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.source import (
    BATCH_ROWS,
    HEAD_ROWS,
    WHOLE_FILE,
    Compression,
    Place,
    Slab,
    SourceFormat,
    Span,
)

_EXPECTED = "a Parquet file"


@dataclass(frozen=True, slots=True)
class _Parquet:
    place: Place
    file: pq.ParquetFile
    span: Span
    open_ended: bool = False
    batch_rows: int = BATCH_ROWS

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.file.schema_arrow.names)

    def head(self) -> _Parquet:
        """Return the same file, read in small batches of which the first is enough."""
        return replace(self, batch_rows=HEAD_ROWS)

    def slabs(self, wanted: Sequence[str]) -> Iterator[Slab]:
        number = self.span.first_row
        stop = self.file.num_row_groups if self.span.stop is None else self.span.stop
        groups = list(range(self.span.start, stop))
        with refusing(self.place.path, _EXPECTED):
            if not wanted:
                rows = sum(self.file.metadata.row_group(group).num_rows for group in groups)
                yield Slab(_no_columns(rows), number)
                return
            for batch in self.file.iter_batches(
                self.batch_rows, row_groups=groups, columns=list(wanted), use_threads=False
            ):
                # A page may lie about its values: offsets and UTF-8 are checked before use.
                batch.validate(full=True)
                yield Slab(batch, number)
                number += batch.num_rows


def _no_columns(rows: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([])))


def _open(place: Place, span: Span) -> _Parquet:
    if place.compression is not Compression.NONE:
        raise mistaken(place, f"a name that says {place.compression}-packed Parquet", "Parquet")
    raw = open_raw(place)
    with refusing(place.path, _EXPECTED):
        head = raw.read(64)
        if not head.startswith(b"PAR1"):
            raise mistaken(place, looks_like(head) or "text", "Parquet")
        raw.seek(0)
        file = pq.ParquetFile(raw, page_checksum_verification=True, pre_buffer=False)
        names = file.schema_arrow.names
    twice = [f"`{name}`" for name, times in Counter(names).items() if times > 1]
    if twice:
        raise FileRefused(
            path=place.path,
            found=f"two columns named {', '.join(twice)}",
            found_discreetly="two columns of the same name",
            expected="every column to have its own name",
            advice="Rename one of them.",
        )
    return _Parquet(place, file, span)


def _split(place: Place, rows: int) -> tuple[Span, ...]:
    metadata = _open(place, WHOLE_FILE).file.metadata
    spans: list[Span] = []
    start, first, held = 0, 1, 0
    with refusing(place.path, _EXPECTED):
        for group in range(metadata.num_row_groups):
            held += metadata.row_group(group).num_rows
            if held >= rows or group == metadata.num_row_groups - 1:
                spans.append(Span(start, group + 1, first, held))
                start, first, held = group + 1, first + held, 0
    return tuple(spans) or (WHOLE_FILE,)


SOURCE = SourceFormat("parquet", (".parquet", ".pq"), _open, _split)
