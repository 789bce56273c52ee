"""Every cohort week by itself: its own difference, or what its outcomes leave possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from dashboard.agreement.counted import Asked, Counted, scope_asked, week_starts
from dashboard.page import Visit
from dashboard.period import date_of
from dashboard.segments import DIFFERENCE, POSSIBLE, recomputed
from data_contracts.findings import WHOLE
from evaluators.columns import NO_DAY, Columns
from evaluators.metrics.paired_difference import EVALUATOR
from evaluators.weeks import WEEK


@dataclass(frozen=True, slots=True)
class CohortWeek:
    """The cases decided in one week; differences are fractions, AI minus production.

    Attributes
    ----------
    final
        Whether the outcomes of all its cases are expected to be in.
    low, high
        Interval valid at any look, missing outcomes filled either way.
    possible_low, possible_high
        What missing outcomes leave possible, without sampling.
    """

    start: date
    days: int
    final: bool
    estimate: float | None
    low: float | None
    high: float | None
    possible_low: float | None
    possible_high: float | None
    n: int

    @property
    def known(self) -> bool:
        """Whether there is a number and not only a range."""
        return self.final and self.estimate is not None


def cohort_weeks(visit: Visit, asked: Asked, it: Counted, smallest: int) -> tuple[CohortWeek, ...]:
    """Return every week with enough cases, each by itself; one call of the evaluator for all."""
    publication = visit.evidence.publication
    if publication.first_day is None or not len(it.table):
        return ()
    day_of = np.asarray(it.table["cohort_day"], np.int64)
    table = it.table.where(day_of != NO_DAY)
    days = day_of[day_of != NO_DAY]
    starts, at = np.unique(week_starts(days, publication.first_day), return_inverse=True)
    names = tuple(date_of(start).isoformat() for start in starts)
    of_week = Columns(
        {**table.arrays, "cut": np.zeros(len(at), np.int32), "segment": at.astype(np.int32)},
        {**table.labels, "cut": ("week",), "segment": names},
    )
    scope = replace(scope_asked(visit, asked), mature_day=None)
    result = recomputed(EVALUATOR, of_week, scope)
    last = publication.data_to or date_of(int(days.max()))
    mature, hidden = publication.mature_to, selective(visit)
    seen = np.unique(np.stack([at, days]), axis=1)[0]
    days_of = dict(zip(names, np.bincount(seen, minlength=len(names)).tolist(), strict=True))
    weeks = []
    for segment, one in result[DIFFERENCE].items():
        if segment == WHOLE or one.n < max(smallest, 1):
            continue
        start = date.fromisoformat(segment.value)
        end = min(start + timedelta(WEEK - 1), last)
        possible = result[POSSIBLE][segment]
        weeks.append(
            CohortWeek(
                start,
                days_of[segment.value],
                mature is not None and end <= mature and not hidden,
                one.estimate,
                one.low,
                one.high,
                possible.low,
                possible.high,
                one.n,
            )
        )
    return tuple(sorted(weeks, key=lambda week: week.start))


def selective(visit: Visit) -> bool:
    """Return whether outcomes are seen after some decisions only, so that no week is ever known."""
    return bool(visit.evidence.publication.part("outcome").get("selective"))


def weeks_answer(weeks: Sequence[CohortWeek]) -> str:
    """Return in how many final weeks something is shown, without its stop.

    Examples
    --------
    >>> one = CohortWeek(date(2013, 5, 1), 7, True, 0.01, 0.002, 0.02, None, None, 900)
    >>> weeks_answer([one, replace(one, low=-0.001)])
    'Of 2 weeks whose outcomes are final the AI is shown to be better in 1; 1 is undecided'
    """
    known = [week for week in weeks if week.known]
    if not known:
        return "No week is old enough yet: its outcomes are still coming in"
    better = sum(week.low is not None and week.low > 0 for week in known)
    worse = sum(week.high is not None and week.high < 0 for week in known)
    open_ = len(known) - better - worse
    if len(known) == 1:
        shown = "better" if better else "worse"
        tail = (
            "it is undecided who was right more often"
            if open_
            else f"the AI is shown to be {shown}"
        )
        return f"In the one week whose outcomes are final {tail}"
    for size, word in (
        (better, "the AI is shown to be better"),
        (worse, "the AI is shown to be worse"),
    ):
        if size == len(known):
            return f"In all {size} weeks whose outcomes are final {word}"
    if open_ == len(known):
        return (
            f"In none of the {open_} weeks whose outcomes are final is the AI shown to be better "
            "or worse"
        )
    said = [f"better in {better}"] if better else []
    said += [f"worse in {worse}"] if worse else []
    rest = f"; {open_} {'is' if open_ == 1 else 'are'} undecided" if open_ else ""
    return (
        f"Of {len(known)} weeks whose outcomes are final the AI is shown to be "
        f"{' and '.join(said)}{rest}"
    )
