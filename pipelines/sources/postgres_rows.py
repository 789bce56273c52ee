"""Reading the frozen range of a table: one partition a time, streamed as Arrow batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from pipelines.sources.postgres_columns import quote
from pipelines.sources.postgres_link import connected
from pipelines.sources.postgres_range import Partition, TableRange
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.source import BATCH_ROWS, Slab, Span

_EXPECTED = "rows that can be read"
_ENDLESS = {
    "timestamp": (-9222425352054775809, -9222425352054775808),
    "date": (-2147472692, -2147472691),
}
"""What PostgreSQL's `infinity` and `-infinity` become when the driver counts from 1970."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """Some partitions of a table's frozen range."""

    range: TableRange
    span: Span
    open_ended: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self.range.columns.names

    def slabs(self, wanted: Sequence[str]) -> Iterator[Slab]:
        """Yield the rows, with the wanted columns only.

        Raises
        ------
        FileRefused
            When the connection is lost, or other rows come than were counted.
        """
        parts = self.range.partitions[self.span.start : self.span.stop]
        for part in parts:
            yield from self._part(part, wanted)

    def _part(self, part: Partition, wanted: Sequence[str]) -> Iterator[Slab]:
        shown, number = self.range.shown, part.first_row
        known = dict(self.range.columns.selected)
        chosen = ", ".join(f"{known[name]} AS {quote(name)}" for name in wanted) or "1"
        query = f"SELECT {chosen} FROM {self.range.relation} WHERE {part.condition}"
        with connected(self.range.connection, shown, self.range.snapshot) as link:
            for whole in link.batches(query):
                with refusing(shown, _EXPECTED):
                    whole.validate(full=True)
                    rows = plain_rows(whole if wanted else whole.select([]))
                for start in range(0, whole.num_rows, BATCH_ROWS):
                    batch = rows.slice(start, BATCH_ROWS)
                    yield Slab(batch, number)
                    number += batch.num_rows
        read = number - part.first_row
        if read != part.rows:
            raise FileRefused(
                path=shown,
                found=f"{read:,} rows where {part.rows:,} were counted a moment before",
                expected="the same rows, since both looked at one snapshot",
                advice="Run again; if it happens twice, please report it with this message.",
            )


def plain_rows(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch in which times without end are texts, since Arrow has none.

    Examples
    --------
    >>> endless = pa.array([-9222425352054775809, 0]).view(pa.timestamp("us"))
    >>> plain_rows(pa.record_batch([endless], ["at"]))["at"].to_pylist()
    ['infinity', '1970-01-01 00:00:00.000000']
    """
    return (
        pa.RecordBatch.from_arrays(
            [_ended(column) for column in batch.columns], names=batch.schema.names
        )
        if batch.num_columns
        else batch
    )


def _ended(values: pa.Array) -> pa.Array:
    if pt.is_timestamp(values.type):
        signs, numbers = _ENDLESS["timestamp"], values.view(pa.int64())
    elif pt.is_date32(values.type):
        signs, numbers = _ENDLESS["date"], values.view(pa.int32())
    else:
        return values
    if (pc.min(numbers).as_py() or 0) > signs[1]:
        return values
    texts = pc.cast(values, pa.string())
    for sign, word in zip(signs, ("infinity", "-infinity"), strict=True):
        texts = pc.if_else(pc.equal(numbers, sign), word, texts)
    return texts
