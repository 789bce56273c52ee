"""Rows that were not accepted: why, where in the file, and what they held."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.data_words import Rejection
from data_contracts.vocabulary import Stream
from pipelines.ingest.values import as_text

REJECTED = pa.schema(
    [
        ("stream", pa.string()),
        ("source_no", pa.int32()),
        ("row_no", pa.int64()),
        ("reason", pa.string()),
        ("field", pa.string()),
        ("raw", pa.map_(pa.string(), pa.string())),
    ]
)
"""Schema of the quarantine; `row_no` counts the file's data rows from 1."""
MASK = "***"
"""What stands for a sensitive value."""
WHOLE_ROW = "row"
"""Name under which the text of a malformed row is kept."""
LONGEST = 4_000
"""Characters of a value that are kept; a longer one is cut off."""


def rejected_rows(
    stream: Stream,
    source_no: int,
    numbers: npt.NDArray[np.int64],
    reasons: Sequence[str],
    fields: Sequence[str],
    raw: pa.RecordBatch,
    masked: frozenset[str],
) -> pa.RecordBatch:
    """Return quarantine entries for the rows of `raw`, the source's own columns.

    Parameters
    ----------
    masked
        Columns whose values are replaced by `MASK`.
    """
    rows = raw.num_rows
    names = raw.schema.names
    texts = [
        _shown(column, name in masked) for name, column in zip(names, raw.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(
        [
            pa.repeat(stream.value, rows),
            pa.repeat(pa.scalar(source_no, pa.int32()), rows),
            pa.array(numbers, pa.int64()),
            pa.array(reasons, pa.string()),
            pa.array(fields, pa.string()),
            _maps(rows, names, texts),
        ],
        schema=REJECTED,
    )


def malformed_entries(
    stream: Stream, source_no: int, malformed: pa.RecordBatch, masked: bool
) -> pa.RecordBatch:
    """Return quarantine entries for rows that could not be taken apart.

    Which column holds what is not known there, so the whole text is masked or none of it.
    """
    rows = malformed.num_rows
    text = pa.RecordBatch.from_arrays([malformed.column("text")], names=[WHOLE_ROW])
    return rejected_rows(
        stream,
        source_no,
        malformed.column("row_no").to_numpy(zero_copy_only=False),
        [Rejection.MALFORMED_ROW.value] * rows,
        [""] * rows,
        text,
        frozenset({WHOLE_ROW} if masked else ()),
    )


def nothing_rejected() -> pa.RecordBatch:
    """Return an empty batch of quarantine entries."""
    return pa.RecordBatch.from_pylist([], schema=REJECTED)


def _shown(column: pa.Array, masked: bool) -> pa.StringArray:
    if masked:
        return pa.repeat(MASK, len(column))
    try:
        texts, _ = as_text(column)
    except (pa.ArrowException, ValueError):
        texts = pa.array([repr(value) for value in column.to_pylist()], pa.string())
    return pc.utf8_slice_codeunits(texts, 0, LONGEST)


def _maps(rows: int, names: Sequence[str], texts: Sequence[pa.StringArray]) -> pa.MapArray:
    """Return one map a row: the columns, laid one after the other, are read crosswise."""
    width = len(names)
    crosswise = np.arange(rows * width).reshape(width, rows).T.ravel()
    every = pa.concat_arrays([pa.array([], pa.string()), *texts])
    return pa.MapArray.from_arrays(
        pa.array(np.arange(rows + 1) * width, pa.int32()),
        pa.array(list(names) * rows, pa.string()),
        every.take(pa.array(crosswise, pa.int64())),
    )
