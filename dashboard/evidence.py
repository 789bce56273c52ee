"""Reads published evidence, read-only; a newer publication has another path and is read anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st
from numpy.typing import NDArray

from dashboard import rows
from dashboard.kept_open import connect
from dashboard.records import Candidate, Evidence
from data_contracts.errors import UnderstudyError
from data_contracts.evidence import EVIDENCE_FORMAT
from data_contracts.findings import Finding, Segment
from evaluators.columns import NO_DAY, UNKNOWN, Columns

T = TypeVar("T")
ALL = "WHERE cut = 'all'"
"""Findings on all cases; those on segments are read when a page asks for them."""


class EvidenceUnreadable(UnderstudyError):
    """The evidence file is damaged, incomplete or gone."""

    def sentence(self) -> str:
        """Return where, what was found and what to do."""
        return (
            f"The evidence `{self.facts['path'].name}` cannot be read: {self.facts['found']}. "
            "Publish it again with `understudy run`."
        )


class EvidenceFormatUnknown(UnderstudyError):
    """The evidence was written by another version of Understudy."""

    def sentence(self) -> str:
        """Return where, what was found, what was expected and what to do."""
        return (
            f"The evidence `{self.facts['path'].name}` has layout {self.facts['found']}, this "
            f"dashboard reads layout {self.facts['expected']}. Publish it again with "
            "`understudy run`, with the same version of Understudy."
        )


@st.cache_resource(max_entries=16, show_spinner=False)
def evidence(path: str) -> Evidence:
    """Return the publication at a resolved path, read once."""
    return read_evidence(Path(path))


@st.cache_resource(max_entries=16, show_spinner=False)
def findings_by_metric(path: str, metric: str, candidate: Candidate) -> tuple[Finding, ...]:
    """Return one metric of a candidate for every segment, read once."""
    query = (
        "FROM findings WHERE metric = ? AND candidate = ? AND model_version = ?"
        " ORDER BY cut, segment"
    )
    values = (metric, candidate.name, candidate.version)
    return tuple(map(rows.finding, ask(Path(path), query, values, needs="findings")))


@st.cache_resource(max_entries=64, show_spinner=False)
def findings_by_segment(path: str, segment: Segment, candidate: Candidate) -> tuple[Finding, ...]:
    """Return every metric of a candidate in one segment, read once."""
    query = (
        "FROM findings WHERE cut = ? AND segment = ? AND candidate = ? AND model_version = ?"
        " ORDER BY metric"
    )
    values = (segment.cut, segment.value, candidate.name, candidate.version)
    return tuple(map(rows.finding, ask(Path(path), query, values, needs="findings")))


def read_evidence(path: Path) -> Evidence:
    """Return a publication as frozen values.

    Raises
    ------
    EvidenceUnreadable
        When the file is not a complete publication.
    EvidenceFormatUnknown
        When its layout is of another version.
    """
    with _opened(path) as db:
        formats = db.execute("SELECT format FROM publication").fetchall()
        if len(formats) != 1:
            raise EvidenceUnreadable(path=path, found="it does not say what it is")
        if formats[0][0] != EVIDENCE_FORMAT:
            raise EvidenceFormatUnknown(path=path, found=formats[0][0], expected=EVIDENCE_FORMAT)
        return Evidence(
            path=path,
            publication=rows.publication(_rows(db, "publication", "evidence_no")[0]),
            registrations=_all(db, rows.registration, "registrations", "registered_at"),
            limits={r["cut"]: r["limit"] for r in _rows(db, "cuts", "position")},
            verdicts=_all(db, rows.verdict, "verdicts", "evidence_no, position"),
            all_gates=_all(db, rows.gate, "gates", "position"),
            findings=tuple(map(rows.finding, _rows(db, "findings", "metric", ALL))),
            weeks=_all(db, rows.week, "trajectory", "week"),
            measures=frozenset(
                name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            ),
            by_metric=partial(findings_by_metric, str(path)),
            by_segment=partial(findings_by_segment, str(path)),
        )


def read_rows(path: Path, tables: Mapping[str, str]) -> dict[str, tuple[rows.Row, ...]]:
    """Return the rows of some published tables, by name; those that are not there are left out.

    Parameters
    ----------
    tables
        Name of each table, and the columns to order it by.
    """
    with _opened(path) as db:
        found = {
            name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        }
        return {
            name: tuple(_rows(db, name, order)) for name, order in tables.items() if name in found
        }


def ask(path: Path, query: str, values: Sequence[Any], needs: str) -> tuple[rows.Row, ...]:
    """Return what a query with its values gives; nothing where the table it needs is not there.

    Identifiers in the query are quoted by the caller; everything from data is among the values.
    """
    with _opened(path) as db:
        held = "SELECT 1 FROM duckdb_tables() WHERE table_name = ?"
        if not db.execute(held, [needs]).fetchall():
            return ()
        found: list[rows.Row] = db.sql(query, params=list(values)).to_arrow_table().to_pylist()
        return tuple(found)


def ask_columns(path: Path, query: str, values: Sequence[Any]) -> Columns:
    """Return what a query with its values gives as columns, for evaluators."""
    with _opened(path) as db:
        table = db.sql(query, params=list(values)).to_arrow_table()
    return columns(table)


def columns(table: pa.Table) -> Columns:
    """Return an Arrow table as columns: days as numbers, texts as codes, nulls as `UNKNOWN`.

    Examples
    --------
    >>> read = columns(pa.table({"cut": ["all", None], "agree": [True, None]}))
    >>> read["cut"].tolist(), read["agree"].tolist(), read.labels["cut"]
    ([0, -1], [1, -1], ('all',))
    """
    arrays: dict[str, NDArray[Any]] = {}
    labels: dict[str, tuple[str, ...]] = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            coded = column.dictionary_encode()
            labels[name] = tuple(coded.dictionary.to_pylist())
            arrays[name] = _filled(coded.indices, UNKNOWN, pa.int32()).astype(np.int32)
        elif pa.types.is_date(column.type):
            arrays[name] = _filled(column.cast(pa.date32()).cast(pa.int32()), NO_DAY, pa.int32())
        elif pa.types.is_boolean(column.type):
            arrays[name] = _filled(column.cast(pa.int8()), UNKNOWN, pa.int8())
        elif pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            arrays[name] = _filled(column.cast(pa.float64()), float("nan"), pa.float64())
        else:
            arrays[name] = _filled(column.cast(pa.int64()), UNKNOWN, pa.int64())
    return Columns(arrays, labels)


def _filled(column: pa.Array, null: float, kind: pa.DataType) -> NDArray[Any]:
    filled: NDArray[Any] = pc.fill_null(column, pa.scalar(null, kind)).to_numpy(
        zero_copy_only=False
    )
    return filled


@contextmanager
def _opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open for one reading. DuckDB's faults become ours; a connection is never shared."""
    try:
        connection = connect(path)
        try:
            yield connection.cursor()
        finally:
            connection.close()
    except duckdb.Error as fault:
        found = str(fault).splitlines()[0][:160]
        raise EvidenceUnreadable(path=path, found=found) from fault
    except (ValueError, KeyError, json.JSONDecodeError) as fault:
        raise EvidenceUnreadable(path=path, found=str(fault)[:160]) from fault


def _all(
    db: duckdb.DuckDBPyConnection, make: Callable[[rows.Row], T], table: str, order: str
) -> tuple[T, ...]:
    return tuple(map(make, _rows(db, table, order)))


def _rows(db: duckdb.DuckDBPyConnection, table: str, order: str, where: str = "") -> list[rows.Row]:
    query = f"SELECT * FROM {table} {where} ORDER BY {order}"
    found: list[rows.Row] = db.sql(query).to_arrow_table().to_pylist()
    return found
