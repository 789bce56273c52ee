"""Whether the study has run for enough whole weeks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.weeks import WEEK, to_date
from evaluators.wording import count, day


@dataclass(frozen=True, slots=True)
class Settings:
    """How long.

    Attributes
    ----------
    weeks
        Whole weeks; what the risk tier asks for if left out.
    """

    weeks: int | None = None

    def __post_init__(self) -> None:
        if self.weeks is not None and self.weeks < 1:
            raise ValueError("`weeks` must be at least 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when whole weeks of cohort days, first to last, reach the minimum.

    Notes
    -----
    Cohort days come from the records, never from a clock: weeks without data do not count beyond
    the last record. A study without days has no duration and says NO_DATA.
    """
    least = scope.minimum_weeks if settings.weeks is None else settings.weeks
    rule = f"At least {count(least, 'whole week')} of cases"
    result = partial(GateResult, name, "duration", GateFamily.DURATION, rule=rule, threshold=least)
    cases = CaseCounts.of_measures(measures)
    n = int(cases.total(np.ones(len(cases.segment), np.bool_))[0])
    if scope.first_day is None or scope.last_day is None:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_TIMES if n else Reason.NO_CASES,
            sentence="The records carry no days, so weeks cannot be counted."
            if n
            else "No case has arrived yet.",
            measured="no days" if n else "no cases",
            n=n,
        )
    days = max(0, scope.last_day - scope.first_day + 1)
    weeks = days // WEEK
    reached = to_date(scope.first_day + WEEK * least - 1)
    numbers = partial(result, measured=f"{count(weeks, 'week')}; {least} needed", value=weeks, n=n)
    if weeks >= least:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"The study has run for {count(weeks, 'whole week')}"
            f" since {day(to_date(scope.first_day))}; {least} {_are(least)} required.",
            since=reached,
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=Reason.TOO_FEW_WEEKS,
        sentence=f"The study has run for {weeks} of {count(least, 'whole week')};"
        f" the last of them ends on {day(reached)}.",
        forecast=Forecast(reached, reached),
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


GATE = GateKind("duration", GateFamily.DURATION, Settings, judge, ("outcome_counts",))
