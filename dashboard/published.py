"""Published tables as a page asks for them: a candidate's rows, or counts summed where they lie.

Everything is summed and filtered inside DuckDB, so that a page costs what it shows and not what the
study holds. Results are kept by publication, whose file never changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.evidence import ask
from dashboard.page import Visit
from dashboard.period import Period
from data_contracts.findings import ALL_CASES

Row = dict[str, Any]
OUTCOMES = "outcome_counts"
"""The measure nearly every page counts from: cases by day, segment, answer and outcome."""


def table(
    visit: Visit, name: str, /, order: str = "", **equal: str | int | bool | date | None
) -> tuple[Row, ...]:
    """Return the rows of a published table about the candidate; none where there is no such table.

    Parameters
    ----------
    order
        Names of the columns to order by, separated by commas.
    equal
        Columns, and the value each must have.
    """
    who = {"candidate": visit.candidate.name, "model_version": visit.candidate.version}
    return _table(str(visit.evidence.path), name, order, tuple(sorted({**who, **equal}.items())))


def shared_table(visit: Visit, name: str, order: str = "") -> tuple[Row, ...]:
    """Return the rows of a published table that is about no candidate."""
    return _table(str(visit.evidence.path), name, order, ())


def counts(
    visit: Visit,
    measure: str,
    by: Sequence[str],
    *,
    sums: Sequence[str] = ("n",),
    cut: str | None = ALL_CASES,
    segment: str | None = None,
    period: Period | None = None,
) -> tuple[Row, ...]:
    """Return sums of a published measure by some of its columns, in their order.

    Parameters
    ----------
    by
        Columns to group by, e.g. ``("cohort_day", "agree")``.
    sums
        Columns to add up.
    cut
        Of a measure made for every cut: which one; None for a measure that has no cuts.
    segment
        A value of the cut; all of them when None.
    period
        First and last cohort day; all when None.
    """
    where: list[tuple[str, Any]] = [
        ("candidate", visit.candidate.name),
        ("model_version", visit.candidate.version),
    ]
    if cut is not None:
        where.append(("cut", cut))
    if segment is not None:
        where.append(("segment", segment))
    return _counts(str(visit.evidence.path), measure, tuple(by), tuple(sums), tuple(where), period)


@st.cache_resource(max_entries=256, show_spinner=False)
def _table(path: str, name: str, order: str, equal: tuple[tuple[str, Any], ...]) -> tuple[Row, ...]:
    conditions = " AND ".join(f"{_quoted(column)} IS NOT DISTINCT FROM ?" for column, _ in equal)
    where = f" WHERE {conditions}" if conditions else ""
    columns = ", ".join(_quoted(column.strip()) for column in order.split(",") if column.strip())
    query = f"FROM {_quoted(name)}{where} ORDER BY {columns or 'ALL'}"
    return ask(Path(path), query, [value for _, value in equal], needs=name)


@st.cache_resource(max_entries=256, show_spinner=False)
def _counts(
    path: str,
    measure: str,
    by: tuple[str, ...],
    sums: tuple[str, ...],
    where: tuple[tuple[str, Any], ...],
    period: Period | None,
) -> tuple[Row, ...]:
    keys = ", ".join(map(_quoted, by))
    added = ", ".join(f"sum({_quoted(name)}) AS {_quoted(name)}" for name in sums)
    conditions = [f"{_quoted(column)} = ?" for column, _ in where]
    values: list[Any] = [value for _, value in where]
    if period is not None:
        conditions.append("cohort_day BETWEEN ? AND ?")
        values += period
    chosen = f"SELECT {', '.join(filter(None, (keys, added)))} FROM {_quoted(measure)}"
    grouped = f" GROUP BY {keys} ORDER BY {keys}" if by else ""
    found = ask(
        Path(path), f"{chosen} WHERE {' AND '.join(conditions)}{grouped}", values, needs=measure
    )
    # Sums of whole numbers come as decimals, which do not mix with other numbers.
    for row in found:
        for name in sums:
            if isinstance(row[name], Decimal):
                row[name] = int(row[name])
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def column(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    """Return one column of rows."""
    return [row[name] for row in rows]
