"""Whether the candidate answers, and does not leave too many cases to production."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Answer, GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import Shares
from evaluators.pairs.entity_clusters import Quantity
from evaluators.pairs.looks import caveat
from evaluators.planning.share_forecast import of_share
from evaluators.scope import Scope
from evaluators.weeks import is_timeless, to_date, week_ends
from evaluators.wording import count, level, percent, plain_percent


@dataclass(frozen=True, slots=True)
class Settings:
    """How much.

    Attributes
    ----------
    minimum
        Least share of cases that must get an answer.
    """

    minimum: float = 0.99

    def __post_init__(self) -> None:
        if not 0 < self.minimum < 1:
            raise ValueError("`minimum` must be above 0 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when the share of answered cases is shown to be above the minimum.

    Notes
    -----
    Over all cases that were not exposed, mature or not. The interval is valid at any look and
    widened for days that differ, since a service that is down is down for many cases at once. An
    answer dated after the outcome came too late and counts as none.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Rao & Scott (1992),
    doi:10.2307/2532311.
    """
    least = settings.minimum
    rule = f"At least {plain_percent(least)} of cases answered"
    result = partial(
        GateResult, name, "answered", GateFamily.OPERATIONS, rule=rule, threshold=least
    )
    cases = CaseCounts.of_measures(measures).only([0])
    base = np.logical_not(cases.answered(Answer.EXPOSED))
    share = Shares.of(cases, base, cases.answered(Answer.ANSWERED), quantity=Quantity.ANSWERED)
    n = int(share.n[0])
    if n == 0:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="No case has arrived yet.",
            measured="no cases",
        )
    low, high = (float(end[0]) for end in share.interval(scope.alpha))
    value = float(share.estimate[0])
    span = f"{percent(low, least)} to {percent(high, least)}"
    numbers = partial(
        result,
        measured=f"{percent(value, least)} ({level(scope.alpha)} interval {span})",
        value=value,
        low=low,
        high=high,
        n=n,
    )
    told = (
        f"{percent(value, least)} of cases ({level(scope.alpha)} interval {span};"
        f" {count(n, 'case')})"
    )
    remark = caveat(scope)
    if low > least:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"The candidate answers {told}; the minimum is"
            f" {plain_percent(least)}.{remark}",
            since=_since(cases, scope, least),
        )
    if high < least:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"The candidate answers only {told}; the minimum is"
            f" {plain_percent(least)}.{remark}",
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=Reason.UNDECIDED,
        sentence=f"It is not yet shown that the candidate answers at least {plain_percent(least)}"
        f" of cases: {told}.{remark}",
        forecast=of_share(share, scope, least),
    )


def _since(cases: CaseCounts, scope: Scope, least: float) -> date | None:
    """Return the end of the week from which on the share has been shown without a break."""
    if scope.last_day is None or is_timeless(scope):
        return None
    ends = week_ends(scope)
    base = np.logical_not(cases.answered(Answer.EXPOSED))
    weekly = Shares.running(cases, base, cases.answered(Answer.ANSWERED), ends, Quantity.ANSWERED)
    shown = weekly.interval(scope.alpha)[0][0] > least
    broken = np.flatnonzero(~shown)
    first = int(broken[-1]) + 1 if len(broken) else 0
    return to_date(ends[first]) if first < len(ends) else to_date(scope.last_day)


GATE = GateKind("answered", GateFamily.OPERATIONS, Settings, judge, ("outcome_counts",))
