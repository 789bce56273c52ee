"""Cases of each day and those without an answer in time, and what an objective still allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.declared import Declared
from dashboard.page import Visit
from dashboard.period import Period
from dashboard.periods import Periods
from dashboard.published import OUTCOMES, counts
from dashboard.service.times import MEASURE
from data_contracts.vocabulary import Answer
from evaluators.columns import Columns
from evaluators.wording import count
from evaluators.worth.latency import slower

WINDOW = 30
"""Days over which the allowance of unanswered cases is counted."""

WORDS = {
    Answer.ABSTAINED: "the AI abstained",
    Answer.ESCALATED: "handed to a person by the AI",
    Answer.ERROR: "the AI failed",
    Answer.MISSING: "no record came",
    Answer.HINDSIGHT: "dated after the outcome",
}
LATE = "answered, but later than the limit"


@dataclass(frozen=True, slots=True)
class Days:
    """Cases of each day of the record, and those without an answer in time.

    Attributes
    ----------
    kinds
        The latter by what happened, the days together.
    """

    days: tuple[date, ...]
    cases: tuple[int, ...]
    without: tuple[int, ...]
    kinds: dict[str, int]

    def last(self, days: int) -> tuple[int, int]:
        """Return the cases of the last days of the record, and those without an answer in time."""
        if not self.days:
            return 0, 0
        inside = [(self.days[-1] - day).days < days for day in self.days]
        return (
            sum(n for n, keep in zip(self.cases, inside, strict=True) if keep),
            sum(n for n, keep in zip(self.without, inside, strict=True) if keep),
        )


def answered_days(visit: Visit, declared: Declared, period: Period | None) -> Days:
    """Return the cases of each day, and those without an answer in time."""
    rows = counts(visit, OUTCOMES, ("cohort_day", "answer"), period=period)
    limit = declared.levels.latency_p95_ms
    late = _late(visit, limit, period) if limit is not None else {}
    cases: dict[date, int] = {}
    without: dict[date, int] = {}
    kinds: dict[str, int] = {}
    for row in rows:
        day, answer, n = row["cohort_day"], Answer(row["answer"]), row["n"]
        if day is None or answer is Answer.EXPOSED:
            continue
        cases[day] = cases.get(day, 0) + n
        if answer is not Answer.ANSWERED:
            without[day] = without.get(day, 0) + n
            kinds[WORDS[answer]] = kinds.get(WORDS[answer], 0) + n
    for day, n in late.items():
        if day in cases and n:
            # A late answer may be of a case that is not counted as answered; never count twice.
            more = min(n, cases[day] - without.get(day, 0))
            without[day] = without.get(day, 0) + more
            kinds[LATE] = kinds.get(LATE, 0) + more
    days = tuple(sorted(cases))
    return Days(days, tuple(cases[d] for d in days), tuple(without.get(d, 0) for d in days), kinds)


def _late(visit: Visit, limit: float, period: Period | None) -> dict[date, int]:
    rows = counts(
        visit, MEASURE, ("cohort_day", "latency_bin"), sums=("answered",), cut=None, period=period
    )
    if not rows:
        return {}
    bins = Columns({"latency_bin": np.array([row["latency_bin"] for row in rows], np.int64)})
    found: dict[date, int] = {}
    for row, slow in zip(rows, slower(bins, limit).tolist(), strict=True):
        if slow and row["cohort_day"] is not None:
            found[row["cohort_day"]] = found.get(row["cohort_day"], 0) + row["answered"]
    return found


def allowance(cases: int, without: int, objective: float | None) -> str:
    """Return how much of the allowance of the last days is used.

    Examples
    --------
    >>> allowance(500, 3, 0.99)
    '3 of the 5 cases that may go without an answer in 30 days did'
    >>> allowance(500, 9, 0.99)
    '9 cases went without an answer in the last 30 days, and 5 may'
    >>> allowance(500, 0, None)
    'No case of the last 30 days went without an answer'
    """
    if cases == 0:
        return f"No case of the last {WINDOW} days has arrived"
    if objective is None or without == 0:
        if without == 0:
            return f"No case of the last {WINDOW} days went without an answer"
        if without == cases:
            return f"No case of the last {WINDOW} days got an answer"
        return f"{without:,} of {count(cases, 'case')} went without an answer in {WINDOW} days"
    allowed = int((1 - objective) * cases + 1e-9)
    if without > allowed:
        went = f"{count(without, 'case')} went without an answer in the last {WINDOW} days"
        return f"{went}, and {allowed:,} may"
    if allowed == 1:
        return f"The one case that may go without an answer in {WINDOW} days did"
    if without == allowed:
        return f"All {allowed:,} cases that may go without an answer in {WINDOW} days did"
    return (
        f"{without:,} of the {allowed:,} cases that may go without an answer in {WINDOW} days did"
    )


def summed(found: Days, periods: Periods) -> list[tuple[int, int, int]]:
    """Return for every period its number, cases, and cases without an answer in time."""
    sums: dict[int, list[int]] = {}
    for day, n, without in zip(found.days, found.cases, found.without, strict=True):
        cell = sums.setdefault(periods.of(day), [0, 0])
        cell[0] += n
        cell[1] += without
    return [(p, n, without) for p, (n, without) in sorted(sums.items())]
