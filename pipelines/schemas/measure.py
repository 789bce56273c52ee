"""Measuring the columns of many files at once: the rows of all, and which file each is of."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from data_contracts.vocabulary import ValueKind
from pipelines.ingest.values import as_text, is_text
from pipelines.schemas.forms import (
    ISO_DAY,
    ISO_LOCAL,
    ISO_ZONED,
)
from pipelines.schemas.peek import Peeked
from pipelines.schemas.shapes import ColumnShape, FileShape
from pipelines.schemas.texts import Texts

_Numbers = npt.NDArray[np.int64]


def measure(seen: Sequence[Peeked], watched: Collection[str]) -> list[FileShape]:
    """Return the shape of each of some files.

    Parameters
    ----------
    watched
        Columns that are read as values: typed columns are looked into only where they are.
    """
    shapes: list[FileShape | None] = [None] * len(seen)
    alike: dict[object, list[int]] = {}
    for position, one in enumerate(seen):
        alike.setdefault((one.columns, one.rows.schema), []).append(position)
    for positions in alike.values():
        some = [seen[position] for position in positions]
        for position, shape in zip(positions, _alike(some, watched), strict=True):
            shapes[position] = shape
    return [shape for shape in shapes if shape is not None]


def _alike(seen: Sequence[Peeked], watched: Collection[str]) -> list[FileShape]:
    """Return the shapes of files with the same columns."""
    rows = pa.Table.from_batches([one.rows for one in seen])
    counts = np.array([one.rows.num_rows for one in seen])
    file_of = np.repeat(np.arange(len(seen)), counts)
    columns: dict[str, list[ColumnShape]] = {}
    for name in seen[0].columns:
        if name in rows.column_names:
            column = rows.column(name)
            values = column.combine_chunks()
            values = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
            columns[name] = _column(values, file_of, len(seen), name in watched)
        else:
            columns[name] = [ColumnShape(ValueKind.EMPTY)] * len(seen)
    return [
        FileShape({name: made[i] for name, made in columns.items()}, one.open_ended, int(counts[i]))
        for i, one in enumerate(seen)
    ]


def _column(values: pa.Array, file_of: _Numbers, files: int, watched: bool) -> list[ColumnShape]:
    kind = values.type
    if pt.is_timestamp(kind) or pt.is_date(kind):
        day = ISO_DAY if pt.is_date(kind) else ISO_ZONED if kind.tz else ISO_LOCAL
        return _typed(values, file_of, files, ValueKind.TIME, (day,))
    if pt.is_boolean(kind):
        return _typed(values, file_of, files, ValueKind.TRUTH)
    if pt.is_nested(kind) or pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_time(kind):
        return _typed(values, file_of, files, ValueKind.TEXT)
    if not is_text(kind) and not pt.is_null(kind) and not (watched and pt.is_integer(kind)):
        number = ValueKind.INTEGER if pt.is_integer(kind) else ValueKind.NUMBER
        return _typed(values, file_of, files, number)
    return Texts.of(as_text(values)[0], file_of, files).shapes()


def _typed(
    values: pa.Array, file_of: _Numbers, files: int, kind: ValueKind, form: tuple[str, ...] = ()
) -> list[ColumnShape]:
    """Return the shapes of a column whose type says what it holds."""
    rows = np.bincount(file_of, minlength=files)
    valid = np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False))
    held = np.bincount(file_of[valid], minlength=files)
    return [
        ColumnShape(kind if n else ValueKind.EMPTY, form, int(n), int(all_ - n), {kind: 1.0})
        for n, all_ in zip(held, rows, strict=True)
    ]
