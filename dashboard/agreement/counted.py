"""The answers of a segment in some days, counted where they lie and held as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dashboard.evidence import columns
from dashboard.page import Visit
from dashboard.period import Period, day_number
from dashboard.published import OUTCOMES, Row, counts, table
from dashboard.rows import finding
from dashboard.segments import recomputed, scope_of
from data_contracts.findings import WHOLE, Finding, Segment
from data_contracts.vocabulary import Answer
from evaluators.columns import NO_DAY, Columns
from evaluators.kinds import Evaluator
from evaluators.scope import Scope
from evaluators.weeks import WEEK

_BY = ("cohort_day", "answer", "agree", "production_right", "candidate_right")
_TYPES = {
    "cohort_day": pa.date32(),
    "answer": pa.string(),
    "agree": pa.bool_(),
    "production_right": pa.bool_(),
    "candidate_right": pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader chose to see."""

    segment: Segment
    period: Period | None

    @property
    def everything(self) -> bool:
        """Whether it is all cases of the whole record."""
        return self.segment == WHOLE and self.period is None


@dataclass(frozen=True, slots=True)
class Counted:
    """The cases of one segment in some days.

    Attributes
    ----------
    rows
        Cases by day, answer and who was right.
    table
        The same as columns, as the one segment `WHOLE`, for the evaluators.
    """

    rows: tuple[Row, ...]
    table: Columns

    def total(self, *answers: Answer) -> int:
        """Return the number of cases with these answers; all of them when none is named."""
        return sum(int(r["n"]) for r in self.rows if not answers or r["answer"] in answers)

    def by_day(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the days with answered cases, those cases, and how many of them differ."""
        if not len(self.table):
            return (np.zeros(0, np.int64),) * 3
        n = np.asarray(self.table["n"], np.int64)
        day = np.asarray(self.table["cohort_day"], np.int64)
        answered = self.table["answer"] == self.table.code("answer", Answer.ANSWERED)
        keep = answered & (day != NO_DAY)
        days, at = np.unique(day[keep], return_inverse=True)
        differ = n[keep] * (self.table["agree"][keep] == 0)
        return (
            days,
            np.bincount(at, n[keep], len(days)).astype(np.int64),
            np.bincount(at, differ, len(days)).astype(np.int64),
        )


def counted(visit: Visit, asked: Asked) -> Counted:
    """Return the cases asked for."""
    rows = counts(
        visit,
        OUTCOMES,
        _BY,
        cut=asked.segment.cut,
        segment=asked.segment.value,
        period=asked.period,
    )
    return Counted(rows, _columns(rows))


def _columns(rows: Sequence[Row]) -> Columns:
    names = [(WHOLE.cut, WHOLE.value)] * len(rows)
    arrays = {name: pa.array([row[name] for row in rows], kind) for name, kind in _TYPES.items()}
    arrays["cut"] = pa.array([cut for cut, _ in names], pa.string())
    arrays["segment"] = pa.array([value for _, value in names], pa.string())
    arrays["n"] = pa.array([int(row["n"]) for row in rows], pa.int64())
    return columns(pa.table(arrays))


def scope_asked(visit: Visit, asked: Asked) -> Scope:
    """Return the scope of the days asked for, without classes: shares of answers are enough."""
    return replace(scope_of(visit.evidence, visit.candidate, asked.period), classes=())


def found(visit: Visit, asked: Asked, it: Counted, metric: str, evaluator: Evaluator) -> Finding:
    """Return a finding as published where there is one, else recomputed by its evaluator."""
    if asked.period is None:
        part = asked.segment
        rows = table(visit, "findings", metric=metric, cut=part.cut, segment=part.value)
        if rows:
            return finding(rows[0])
    return recomputed(evaluator, it.table, scope_asked(visit, asked))[metric][WHOLE]


def week_starts(days: NDArray[np.int64], first: date) -> NDArray[np.int64]:
    """Return the first day of the cohort week of each day; weeks are counted from `first`.

    Examples
    --------
    >>> week_starts(np.array([3, 9, 10]), date(1970, 1, 4)).tolist()
    [3, 3, 10]
    """
    start = day_number(first) or 0
    return start + (days - start) // WEEK * WEEK
