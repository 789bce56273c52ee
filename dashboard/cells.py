"""Cases of a cut as the evaluators take them: only the days and segments asked for are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.evidence import ask, ask_columns
from dashboard.period import Period
from dashboard.published import OUTCOMES
from dashboard.records import Candidate
from data_contracts.findings import ALL_CASES
from data_contracts.vocabulary import Answer
from evaluators.columns import Columns

LEFT_OUT = (Answer.HINDSIGHT, Answer.EXPOSED)
"""Answers whose cases count in no comparison."""

STANDING = ("agree", "production_right", "candidate_right")
WORDS = ("decision", "recommendation", "outcome")
_SEGMENT = "coalesce(segment, '(missing)')"


@dataclass(frozen=True, slots=True)
class Size:
    """How many cases of a segment are compared.

    Attributes
    ----------
    mature
        Those of the days asked for as mature.
    """

    cut: str
    segment: str
    mature: int
    n: int


def segment_sizes(
    path: str, candidate: Candidate, cut: str, period: Period | None, mature: Period | None
) -> tuple[Size, ...]:
    """Return the sizes of all cases and of every segment of a cut.

    Parameters
    ----------
    mature
        Days whose cases count as mature; all of them when None.
    """
    compared = "answer NOT IN (?, ?)"
    values: list[Any] = [*map(str, LEFT_OUT)]
    when = compared
    if mature is not None:
        when += " AND cohort_day BETWEEN ? AND ?"
    values += [*map(str, LEFT_OUT), *(mature or ())]
    where, asked = _where(candidate, (ALL_CASES, cut), period)
    found = ask(
        Path(path),
        f"SELECT cut, {_SEGMENT} AS segment,"
        f" coalesce(sum(n) FILTER ({compared}), 0)::BIGINT AS n,"
        f" coalesce(sum(n) FILTER ({when}), 0)::BIGINT AS mature"
        f" FROM {OUTCOMES} WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2",
        [*values, *asked],
        needs=OUTCOMES,
    )
    return tuple(Size(row["cut"], row["segment"], row["mature"], row["n"]) for row in found)


def cells(
    path: str,
    candidate: Candidate,
    cut: str,
    period: Period | None = None,
    segments: Sequence[str] | None = None,
    *,
    words: bool = False,
) -> Columns:
    """Return the measure `outcome_counts` of all cases and of a cut, but no more than needed.

    Parameters
    ----------
    segments
        Segments of the cut; all of them when None.
    words
        Whether decisions, recommendations and outcomes are wanted too, and not only who was right.
    """
    cuts = (ALL_CASES,) if cut == ALL_CASES else (ALL_CASES, cut)
    where, values = _where(candidate, cuts, period)
    if segments is not None:
        where += f" AND (cut = ? OR {_SEGMENT} IN (SELECT unnest(?)))"
        values += [ALL_CASES, list(segments)]
    names = ", ".join(("cohort_day", "cut", "answer", *STANDING, *(WORDS if words else ()), "n"))
    query = f"SELECT {names}, {_SEGMENT} AS segment FROM {OUTCOMES} WHERE {where}"
    return ask_columns(Path(path), query, values)


def _where(
    candidate: Candidate, cuts: Sequence[str], period: tuple[date, date] | None
) -> tuple[str, list[Any]]:
    marks = ", ".join("?" for _ in cuts)
    where = f"candidate = ? AND model_version = ? AND cut IN ({marks})"
    values: list[Any] = [candidate.name, candidate.version, *cuts]
    if period is not None:
        where += " AND cohort_day BETWEEN ? AND ?"
        values += period
    return where, values
