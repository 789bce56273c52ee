"""Cases of each day and those without an answer in time, and what an objective still allows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import compress

import numpy as np

from dashboard.declared import Declared
from dashboard.page import Visit
from dashboard.period import Period
from dashboard.periods import Periods
from dashboard.published import OUTCOMES, counts
from dashboard.service.times import MEASURE
from data_contracts.vocabulary import Answer
from evaluators.columns import Columns
from evaluators.wording import count, day
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
    """Cases of each day of some, and those without an answer in time.

    Attributes
    ----------
    kinds
        The latter by what happened, the days together.
    """

    days: tuple[date, ...]
    cases: tuple[int, ...]
    without: tuple[int, ...]
    kinds: dict[str, int]

    def last(self, days: int) -> Days:
        """Return the last days alone; what happened on them is not told apart."""
        inside = [(self.days[-1] - on).days < days for on in self.days]
        return Days(
            tuple(compress(self.days, inside)),
            tuple(compress(self.cases, inside)),
            tuple(compress(self.without, inside)),
            {},
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
        on, answer, n = row["cohort_day"], Answer(row["answer"]), row["n"]
        if on is None or answer is Answer.EXPOSED:
            continue
        cases[on] = cases.get(on, 0) + n
        if answer is not Answer.ANSWERED:
            without[on] = without.get(on, 0) + n
            kinds[WORDS[answer]] = kinds.get(WORDS[answer], 0) + n
    for on, n in late.items():
        if on in cases and n:
            # A late answer may be of a case that is not counted as answered; never count twice.
            more = min(n, cases[on] - without.get(on, 0))
            without[on] = without.get(on, 0) + more
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


def allowance(cases: int, without: int, objective: float | None, answer: str = "an answer") -> str:
    """Return how much of the allowance of the last days is used.

    Parameters
    ----------
    cases, without
        Of the last days: all, and those without an answer.
    objective
        Least share that must get one; None where none is declared.
    answer
        What they went without, e.g. `an answer in time`.

    Examples
    --------
    >>> allowance(500, 3, 0.99)
    '3 of the 5 cases that may go without an answer in the last 30 days did'
    >>> allowance(500, 9, 0.99)
    '9 cases went without an answer in the last 30 days, and 5 may'
    >>> allowance(500, 0, None)
    'No case of the last 30 days went without an answer'
    """
    if cases == 0:
        return f"No case of the last {WINDOW} days has arrived"
    if objective is None or without == 0:
        if without == 0:
            return f"No case of the last {WINDOW} days went without {answer}"
        if without == cases:
            return f"No case of the last {WINDOW} days got {answer}"
        return (
            f"{without:,} of {count(cases, 'case')} went without {answer} in the last {WINDOW} days"
        )
    allowed = int((1 - objective) * cases + 1e-9)
    if without > allowed:
        went = f"{count(without, 'case')} went without {answer} in the last {WINDOW} days"
        return f"{went}, and {allowed:,} may"
    did = f"that may go without {answer} in the last {WINDOW} days did"
    if allowed == 1:
        return f"The one case {did}"
    if without == allowed:
        return f"All {allowed:,} cases {did}"
    return f"{without:,} of the {allowed:,} cases {did}"


def last_days(last: Days) -> str:
    """Return which cases of which days the allowance is of.

    Parameters
    ----------
    last
        The last days of the record; at least one.

    Examples
    --------
    >>> last_days(Days((date(2013, 5, 1), date(2013, 5, 30)), (900, 600), (9, 1), {}))
    'The last 30 days hold 1,500 cases, 1 May 2013 to 30 May 2013.'
    >>> last_days(Days((date(2013, 5, 1),), (1,), (0,), {}))
    'The last 30 days hold 1 case, of 1 May 2013.'
    """
    first, end = last.days[0], last.days[-1]
    when = f"of {day(end)}" if first == end else f"{day(first)} to {day(end)}"
    return f"The last {WINDOW} days hold {count(sum(last.cases), 'case')}, {when}."


def summed(found: Days, periods: Periods) -> list[tuple[int, int, int]]:
    """Return for every period its number, cases, and cases without an answer in time."""
    sums: dict[int, list[int]] = {}
    for on, n, without in zip(found.days, found.cases, found.without, strict=True):
        cell = sums.setdefault(periods.of(on), [0, 0])
        cell[0] += n
        cell[1] += without
    return [(p, n, without) for p, (n, without) in sorted(sums.items())]
