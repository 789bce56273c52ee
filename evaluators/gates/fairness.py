"""Whether the candidate treats groups as evenly as production does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from data_contracts.findings import GateResult, Segment
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import LABELS, GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, caveat, looks, why_no_look
from evaluators.pairs.paired import bets
from evaluators.pairs.selections import Selections
from evaluators.planning.forecast import at_first_look, of_narrowing
from evaluators.scope import Scope
from evaluators.segments.gap_changes import BASES, GroupChanges, widened_at_least, widened_at_most
from evaluators.segments.segment_groups import ALL_SMALL
from evaluators.statistics.fairness import gap
from evaluators.weeks import is_timeless, mature_cases, mature_day, to_date
from evaluators.wording import count, interval, kept, level, points

WORDS = {
    "selection": "in how often the groups are selected",
    "opportunity": "in how often positive cases of the groups are found",
    "odds": "in how often positive or negative cases of the groups are selected",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Between which groups, which gap, and how much wider it may get.

    Attributes
    ----------
    cut
        Name of the cut whose segments are the groups.
    gap
        ``selection`` (demographic parity), ``opportunity`` (true positive rates) or ``odds`` (the
        larger of the gaps of true and of false positive rates).
    margin
        Largest acceptable widening of the gap, as a positive fraction.
    smallest
        Groups with fewer mature cases than this are judged together, as one.
    """

    cut: str
    gap: str = "selection"
    margin: float = 0.05
    smallest: int = 30

    def __post_init__(self) -> None:
        if self.gap not in BASES:
            raise ValueError("`gap` must be `selection`, `opportunity` or `odds`")
        if not 0 < self.margin < 1:
            raise ValueError("`margin` must be above 0 and below 1")
        if self.smallest < 1:
            raise ValueError("`smallest` must be at least 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which the gap is shown not to widen beyond the limit.

    Notes
    -----
    It is about the difference the candidate makes, over the same cases, not about whether
    production is fair. In each group the change of the rate (candidate minus production) has an
    interval valid at every look, the error shared out among the groups; the gap widens by at most
    the largest difference between two groups' changes. Cases without an outcome count where they
    hurt. The chance of ever passing a candidate that widens the gap by more than the margin is at
    most half of alpha. It fails when the gap is shown to widen by more, with production's own
    rates bounded too.

    References
    ----------
    Hardt, Price & Srebro (2016), arXiv:1610.02413; Waudby-Smith & Ramdas (2024),
    doi:10.1093/jrsssb/qkad009.
    """
    limit = points(settings.margin)
    result = partial(
        GateResult,
        name,
        "fairness",
        GateFamily.RISK,
        rule=f"The gap {WORDS[settings.gap]} by {settings.cut} widens by at most"
        f" {limit.lstrip('+')} points",
        threshold=settings.margin,
    )
    if scope.decision_type not in LABELS or scope.positive is None:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NOT_APPLICABLE,
            sentence="The study names no class of the decision that counts as being selected.",
            measured="not applicable",
        )
    if settings.gap == "selection":  # needs no outcome, and so need not wait for any
        scope = replace(scope, mature_day=scope.last_day, matures_after_days=0)
    every = CaseCounts.of_measures(measures)
    cases = _pooled(mature_cases(every.only(every.of_cut(settings.cut)), scope), settings)
    found = looks(every.only([0]), scope)
    if found.reason in (Reason.NO_CASES, Reason.NOT_MATURE) or not cases.segments:
        return result(
            status=Status.NO_DATA,
            reason=found.reason if found.reason is not Reason.OK else Reason.NO_CASES,
            sentence=why_no_look(found, scope) or "There is no case in these groups yet.",
            measured="no mature cases",
            forecast=at_first_look(found, scope),
        )
    return _judged(result, cases, found, settings, scope)


def _judged(
    result: partial[GateResult],
    cases: CaseCounts,
    found: Looks,
    settings: Settings,
    scope: Scope,
) -> GateResult:
    grid, alpha = bets(scope), scope.alpha / 2
    chosen = Selections.of(cases, scope.positive or "")
    ends = found.ends[found.allowed] if found.allowed.any() else found.ends[-1:]
    parts = [GroupChanges.of(chosen, base, ends) for base in BASES[settings.gap]]
    most = widened_at_most(parts, alpha, grid)
    least = widened_at_least([part.latest() for part in parts], alpha, grid)
    gaps = np.array([[gap(rate[:, -1]) for rate in part.rates] for part in parts])
    n = int(sum(part.n[:, -1].sum() for part in parts))
    waiting = why_no_look(found, scope) or _one_group(cases, settings)
    if np.isnan(gaps).all():
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_OUTCOMES if settings.gap != "selection" else Reason.SINGLE_CLASS,
            sentence=waiting or "There are not two groups with cases to compare yet.",
            measured="nothing to compare",
            n=n,
            forecast=at_first_look(found, scope),
        )
    before, after = (float(value) for value in np.nanmax(gaps, axis=0))
    value = after - before
    low, high = float(min(least[-1], value)), float(max(most[-1], value))
    told = (
        f"from {points(before).lstrip('+')} to {points(after).lstrip('+')} points, a change of"
        f" {points(value)} ({level(scope.alpha)} interval {interval(low, high, settings.margin)};"
        f" {count(n, 'case')})"
    )
    numbers = partial(
        result,
        measured=f"{points(value, settings.margin)} points"
        f" ({level(scope.alpha)} interval {interval(low, high, settings.margin)})",
        value=value,
        low=low,
        high=high,
        n=n,
    )
    about = f"gap {WORDS[settings.gap]} by {settings.cut}"
    remark = caveat(scope)
    limit = points(settings.margin).lstrip("+")
    if not waiting and least[-1] > settings.margin:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"The {about} widens by more than {limit} points: {told}.{remark}",
        )
    passed = most <= settings.margin
    if passed.any() and not waiting:
        since = to_date(ends[np.argmax(passed)]) if len(found.ends) else None
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"The {about} does not widen by more than {limit} points:"
            f" {told}.{kept(since, still=bool(passed[-1]))}{remark}",
            since=since,
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=found.reason if found.reason is not Reason.OK else Reason.UNDECIDED,
        sentence=f"It is not yet shown that the {about} widens by at most {limit} points: {told}."
        + (f" {waiting}" if waiting else "")
        + remark,
        forecast=of_narrowing(scope, settings.margin - value, high - value, mature_day(scope))
        if n and value < settings.margin and not is_timeless(scope)
        else None,
    )


def _one_group(cases: CaseCounts, settings: Settings) -> str:
    if len(cases.segments) > 1:
        return ""
    return (
        f"There is only one group by {settings.cut} with at least {settings.smallest} cases, so"
        " there is no gap to judge."
    )


def _pooled(cases: CaseCounts, settings: Settings) -> CaseCounts:
    """Return the groups with all small ones as one, and without those that have no case."""
    if not cases.segments:
        return cases
    n = cases.total(cases.compared)
    large, small = n >= settings.smallest, (n > 0) & (n < settings.smallest)
    number = np.where(large, np.cumsum(large) - 1, np.where(small, large.sum(), -1))
    names = [one for one, keep in zip(cases.segments, large.tolist(), strict=True) if keep]
    pool = (Segment(settings.cut, ALL_SMALL),) if small.any() else ()
    return cases.regrouped(number, (*names, *pool))


GATE = GateKind("fairness", GateFamily.RISK, Settings, judge, ("outcome_counts",))
