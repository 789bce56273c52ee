"""The looks a quality gate takes: at the ends of whole weeks whose outcomes are in."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import Reason, Status
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Snapshots, snapshot_of_mature, snapshots, undated
from evaluators.scope import Scope
from evaluators.weeks import (
    LEAST_CLUSTERS,
    LEAST_DAYS,
    WEEK,
    is_timeless,
    mature_day,
    to_date,
    week_ends,
)
from evaluators.wording import INDEPENDENT, day, joined


@dataclass(frozen=True, slots=True)
class Looks:
    """When a gate looked, and how all cases stood then.

    Attributes
    ----------
    ends
        Last days of all whole mature weeks; empty in a timeless study.
    weekly
        All cases as one segment at those ends.
    allowed
        Which of the ends the gate may look at.
    now
        All mature cases, also of a week that is not whole; shape (1,).
    reason
        OK, or why there has been no look yet.
    """

    ends: NDArray[np.int64]
    weekly: Snapshots
    allowed: NDArray[np.bool_]
    now: Snapshots
    reason: Reason

    @property
    def too_early(self) -> bool:
        """Whether there is no mature case at all."""
        return self.reason in (Reason.NO_CASES, Reason.NOT_MATURE)

    @property
    def latest(self) -> int | None:
        """Position of the latest look in `ends`; None where there is none."""
        found = np.flatnonzero(self.allowed)
        return int(found[-1]) if len(found) else None


def looks(cases: CaseCounts, scope: Scope) -> Looks:
    """Return the looks at some cases, which count as one segment.

    Notes
    -----
    A gate waits for 14 days, so that every weekday is in twice, and for 20 days with cases, so
    that the spread between days can be told; then it looks at the end of each whole week, so
    that no weekday weighs more than another. A timeless study is looked at once. Where clusters
    are declared, either waits for 20 entities too.

    References
    ----------
    Rao & Scott (1992), doi:10.2307/2532311.
    """
    now = snapshot_of_mature(cases, scope).end(0)
    if is_timeless(scope):
        few = not now.enough_entities[0]
        reason = Reason.TOO_FEW_CLUSTERS if few else Reason.OK
        reason = Reason.NO_CASES if now.counts.n[0] == 0 else reason
        none = np.zeros(0, np.int64)
        return Looks(none, undated(cases), np.ones(0, np.bool_), now, reason)
    ends = week_ends(scope, mature_day(scope))
    weekly = snapshots(cases, scope.first_day or 0, ends)
    long_enough = WEEK * np.arange(1, len(ends) + 1) >= LEAST_DAYS
    allowed = long_enough & (weekly.clusters[0] >= LEAST_CLUSTERS)
    allowed &= weekly.enough_entities[0]
    if cases.total(cases.compared)[0] == 0:
        reason = Reason.NO_CASES
    elif now.counts.n[0] == 0:
        reason = Reason.NOT_MATURE
    elif not long_enough.any():
        reason = Reason.TOO_FEW_WEEKS
    else:
        reason = Reason.OK if allowed.any() else Reason.TOO_FEW_CLUSTERS
    return Looks(ends, weekly, allowed, now, reason)


def no_mature_cases(
    result: Callable[..., GateResult], found: Looks, scope: Scope, forecast: Forecast | None
) -> GateResult:
    """Return what a gate says before there is any mature case.

    Parameters
    ----------
    result
        Makes the result from everything but gate, kind, family, rule and threshold.
    """
    return result(
        status=Status.NO_DATA,
        reason=found.reason,
        sentence=why_no_look(found, scope),
        measured="no mature cases",
        forecast=forecast,
    )


def why_no_look(found: Looks, scope: Scope) -> str:
    """Return in a sentence why a gate could not look yet; empty when it could."""
    match found.reason:
        case Reason.NO_CASES:
            return "There is no case to compare yet."
        case Reason.NOT_MATURE:
            due = to_date((scope.first_day or 0) + scope.matures_after_days)
            return (
                "No case is old enough for its outcome yet;"
                f" the first outcomes are due by {day(due)}."
            )
        case Reason.TOO_FEW_WEEKS:
            return f"The first look is after {LEAST_DAYS} days whose outcomes are in."
        case Reason.TOO_FEW_CLUSTERS if not found.now.enough_entities[0]:
            entities = 0 if found.now.entities is None else int(found.now.entities[0])
            names = joined([f"`{name}`" for name in scope.terms.clusters]) or "the clusters"
            return (
                f"A look needs cases of at least {LEAST_CLUSTERS} different values of {names};"
                f" so far there are {entities}."
            )
        case Reason.TOO_FEW_CLUSTERS:
            return (
                f"The first look is after {LEAST_CLUSTERS} days with cases whose outcomes are in;"
                f" so far there are {int(found.now.clusters[0])}."
            )
        case _:
            return ""


def caveat(scope: Scope) -> str:
    """Return what must be said with an interval from records without days; else nothing."""
    if not is_timeless(scope):
        return ""
    if not scope.terms.clusters:
        return f" {INDEPENDENT}"
    names = joined([f"`{name}`" for name in scope.terms.clusters])
    return (
        f" Without days, cases are taken as independent of each other, but for those that {names}"
        " says belong together."
    )


def first_week(found: Looks) -> int:
    """Return the number of the first week at whose end a gate may look, foreseen where ahead."""
    if found.allowed.any():
        return int(np.argmax(found.allowed)) + 1
    weeks = len(found.ends)
    seen = float(found.weekly.clusters[0, -1]) if weeks else 0.0
    days = seen / weeks if seen else float(WEEK)
    return max(math.ceil(LEAST_DAYS / WEEK), math.ceil(LEAST_CLUSTERS / days))
