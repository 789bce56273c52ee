"""Measures out of the warehouse and into memory, as the evaluators take them."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data_contracts.study.model import Candidate
from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from pipelines.assessment.measures import all_measures


def load_measures(connection: duckdb.DuckDBPyConnection, candidate: Candidate) -> Measures:
    """Return every measure table of one candidate version, texts as codes."""
    measures = {}
    for measure in all_measures():
        relation = connection.sql(
            f"SELECT * EXCLUDE (candidate, model_version) FROM {measure.table}"
            " WHERE candidate = $candidate AND model_version = $version ORDER BY ALL",
            params={"candidate": candidate.name, "version": candidate.version},
        )
        measures[measure.name] = columns_of(relation.to_arrow_table())
    return measures


def columns_of(table: pa.Table) -> Columns:
    """Return an Arrow table as integer and number columns with labels.

    Examples
    --------
    >>> columns = columns_of(pa.table({"cut": ["all", "all", None], "n": [1, 2, 3]}))
    >>> columns["cut"].tolist(), columns.labels
    ([0, 0, -1], {'cut': ('all',)})
    """
    arrays: dict[str, NDArray[Any]] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for name in table.column_names:
        column = table.column(name)
        column = column.combine_chunks() if column.num_chunks else pa.nulls(0, column.type)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            coded = column.dictionary_encode()
            arrays[name] = _numbers(coded.indices, UNKNOWN)
            labels[name] = tuple(coded.dictionary.to_pylist())
        elif pa.types.is_date(column.type):
            days = column.cast(pa.date32()).cast(pa.int32())
            arrays[name] = _numbers(days, NO_DAY).astype(np.int64)
        elif pa.types.is_boolean(column.type):
            arrays[name] = _numbers(column.cast(pa.int8()), UNKNOWN)
        elif pa.types.is_decimal128(column.type):
            arrays[name] = _wide_numbers(column)
        elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            arrays[name] = _numbers(column, np.nan)
        else:
            arrays[name] = column.to_numpy(zero_copy_only=False)
    return Columns(arrays, labels)


def _numbers(column: pa.Array, missing: float) -> NDArray[Any]:
    """Return a column of numbers, with `missing` for nulls.

    Arrow's own ways there import pandas, which takes longer than the rest of an evaluation.
    """
    kind = np.dtype(
        {"double": "float64", "float": "float32"}.get(str(column.type), str(column.type))
    )
    if not len(column):
        return np.empty(0, kind)
    valid, data = column.buffers()
    end = column.offset + len(column)
    values = np.frombuffer(data, kind, end)[column.offset :]
    if not column.null_count:
        return values
    bits = np.unpackbits(np.frombuffer(valid, np.uint8), count=end, bitorder="little")
    return np.where(bits[column.offset :], values, missing)


def _wide_numbers(column: pa.Array) -> NDArray[np.float64]:
    """Return whole numbers of 128 bits as floating-point ones, NaN for nulls.

    Examples
    --------
    >>> _wide_numbers(pa.array([-3, 2**70, None], pa.decimal128(38, 0))).tolist()
    [-3.0, 1.1805916207174113e+21, nan]
    """
    if not len(column):
        return np.empty(0)
    if column.type.scale:
        raise ValueError("only whole numbers are counted")
    valid, data = column.buffers()
    end = column.offset + len(column)
    words = np.frombuffer(data, "<u8", 2 * end).reshape(-1, 2)[column.offset :]
    low, high = words[:, 0], words[:, 1].view(np.int64)
    small = (high == 0) | (high == -1)  # as a whole, so that no digit is lost
    exact = low.view(np.int64).astype(np.float64)
    fits = small & ((low.view(np.int64) < 0) == (high == -1))
    values = np.where(fits, exact, high * 2.0**64 + low.astype(np.float64))
    if not column.null_count:
        return values
    bits = np.unpackbits(np.frombuffer(valid, np.uint8), count=end, bitorder="little")
    return np.where(bits[column.offset :], values, np.nan)
