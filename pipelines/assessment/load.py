"""Measures out of the warehouse and into memory, as the evaluators take them."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
        column = table.column(name).combine_chunks()
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            coded = column.dictionary_encode()
            arrays[name] = coded.indices.fill_null(UNKNOWN).to_numpy(zero_copy_only=False)
            labels[name] = tuple(coded.dictionary.to_pylist())
        elif pa.types.is_date(column.type):
            days = pc.fill_null(column.cast(pa.date32()).cast(pa.int32()), NO_DAY)
            arrays[name] = days.to_numpy(zero_copy_only=False).astype(np.int64)
        elif pa.types.is_boolean(column.type):
            arrays[name] = pc.fill_null(column.cast(pa.int8()), UNKNOWN).to_numpy(
                zero_copy_only=False
            )
        else:
            arrays[name] = column.to_numpy(zero_copy_only=False)
    return Columns(arrays, labels)
