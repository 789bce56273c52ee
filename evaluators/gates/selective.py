"""Whether the candidate is as good as production although some outcomes can never be seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.outcomes.selective import (
    assumed,
    assumed_share,
    comparable_good,
    is_selective,
    unobservable,
)
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, caveat, looks, no_mature_cases, why_no_look
from evaluators.pairs.paired import Snapshots, bets, snapshot_of_mature, snapshots, undated
from evaluators.planning.forecast import of_difference
from evaluators.scope import Scope
from evaluators.statistics.partial_identification import break_even, tipping_odds
from evaluators.weeks import is_timeless, mature_cases, to_date
from evaluators.wording import count, interval, kept, level, percent, points


@dataclass(frozen=True, slots=True)
class Settings:
    """How much worse would be acceptable, and what is assumed of what nobody can see.

    Attributes
    ----------
    margin
        Worst acceptable difference in accuracy, as a positive fraction: 0.01 is one point.
    good_at_least
        Assumed least share, of the disagreements whose outcome cannot be seen, in which the
        candidate would have been right. To be registered before results are seen.
    odds_at_most
        Assumed largest factor by which their odds of that are worse than those of comparable
        cases, on which both chose what can be seen.
    """

    margin: float = 0.01
    good_at_least: float | None = None
    odds_at_most: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.margin < 1:
            raise ValueError("`margin` must be above 0 and below 1")
        if self.good_at_least is not None and not 0 < self.good_at_least < 1:
            raise ValueError("`good_at_least` must be above 0 and below 1")
        if self.odds_at_most is not None and not self.odds_at_most >= 1:
            raise ValueError("`odds_at_most` must be at least 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when the difference is above the limit whatever cannot be seen, or as assumed.

    Notes
    -----
    Like `noninferiority`, with the same looks, bets and deflation. Disagreements without an
    outcome count as production's wins; of those whose outcome cannot be seen, the assumed share
    counts as the candidate's, where an assumption is registered, and the sentence says so. With
    `odds_at_most` that share follows from the lower limit of the good share of comparable cases.
    Without an assumption the error guarantee is that of `noninferiority`; with one it holds as
    far as the assumption does. No number is shown alone: there is only a range.

    References
    ----------
    Manski (1989), doi:10.2307/145818; Rosenbaum (2002), *Observational Studies*; Waudby-Smith &
    Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    limit, grid, alpha = -settings.margin, bets(scope), scope.alpha / 2
    result = partial(
        GateResult,
        name,
        "selective",
        GateFamily.QUALITY,
        rule=_rule(settings),
        threshold=limit,
    )
    cases = CaseCounts.of_measures(measures).only([0])
    found = looks(cases, scope)
    if found.too_early:
        return no_mature_cases(
            result, found, scope, of_difference(found, scope, settings.margin, grid, alpha)
        )
    if not is_selective(scope):
        return result(
            status=Status.NO_DATA,
            reason=Reason.NOT_APPLICABLE,
            sentence="The study does not say after which decisions an outcome can be seen"
            " (`outcome.selective.observed_when`); where it always can, `noninferiority` is"
            " the gate to ask for.",
            measured="not selective",
        )
    hidden = _hidden(cases, found, scope)
    g, g_low, _ = (float(a[0]) for a in comparable_good(mature_cases(cases, scope), scope, alpha))
    good = assumed_share(settings.good_at_least, settings.odds_at_most, g_low)
    filled = replace(
        found,
        weekly=assumed(found.weekly, hidden.weekly, good),
        now=assumed(found.now, hidden.now, good),
    )
    current = _current(filled)
    low, high = (float(end[0]) for end in current.interval(scope.alpha, grid))
    n = int(current.counts.n[0])
    span = f"{level(scope.alpha)} interval {interval(low, high, limit)}"
    numbers = partial(result, measured=f"{span} points", low=low, high=high, n=n)
    told = f"{_bar(_current(found), _current(hidden), settings, g)} {_given(settings, good)}"
    told += f"({span} points; {count(n, 'case')})."
    remark = caveat(scope)
    needed, waiting = -math.log(alpha), why_no_look(found, scope)
    worse = _current(found).log_worse(settings.margin, grid)[0] >= needed
    if worse and not waiting:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence="Even if the candidate were right wherever the outcome cannot be seen, it"
            f" would be worse than the limit of {points(limit)} points. {told}{remark}",
        )
    above = filled.weekly.log_good(settings.margin, grid)[0] >= needed
    if found.reason is Reason.OK and not len(found.ends):
        shown, since = bool(above[0]), None
    else:
        above = above & found.allowed
        shown = bool(above.any())
        since = to_date(found.ends[np.argmax(above)]) if shown else None
    if shown:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"{_claim(settings, good)} the candidate is at least as good as production"
            f" within the limit of {points(limit)} points."
            f" {told}{kept(since, still=low > limit)}{remark}",
            since=since,
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=found.reason if waiting else Reason.UNDECIDED,
        sentence="It is not shown that the candidate is at least as good as production within the"
        f" limit of {points(limit)} points. {told}" + (f" {waiting}" if waiting else "") + remark,
        forecast=of_difference(filled, scope, settings.margin, grid, alpha),
    )


def _rule(settings: Settings) -> str:
    limit = f"the difference in accuracy is above {points(-settings.margin)} points"
    if settings.good_at_least is None and settings.odds_at_most is None:
        return f"Whatever the outcomes that cannot be seen are, {limit}"
    parts = []
    if settings.good_at_least is not None:
        parts.append(f"at least {percent(settings.good_at_least)} of them are the candidate's")
    if settings.odds_at_most is not None:
        parts.append(f"their odds are at most {settings.odds_at_most:g} times worse")
    return f"Of outcomes that cannot be seen {' or '.join(parts)} (assumed); {limit}"


def _claim(settings: Settings, good: float) -> str:
    if good <= 0:
        return "Whatever the outcomes that cannot be seen are,"
    return (
        f"As long as the candidate would have been right in at least {percent(good)} of the"
        " disagreements that nobody can see,"
    )


def _given(settings: Settings, good: float) -> str:
    if settings.odds_at_most is not None and good > 0:
        return (
            f"Assumed are odds at most {settings.odds_at_most:g} times worse than those, which is"
            f" {percent(good)} "
        )
    return f"Assumed are {percent(good)} " if good > 0 else "Nothing is assumed "


def _bar(found: Snapshots, hidden: Snapshots, settings: Settings, g: float) -> str:
    """Return the bar from worst to best, and where it tips, in words."""
    c = found.counts
    n, wins, losses, unknown = (
        int(a[0]) for a in (c.n, c.only_candidate, c.only_production, c.open_disagreements)
    )
    u = int(hidden.counts.open_disagreements[0])
    worst, best = (float(end[0]) for end in found.possible())
    bar = f"Between {points(worst)} and {points(best)} points are possible"
    if not u:
        return f"{bar}; no disagreement has an outcome that cannot be seen."
    share = float(break_even(n, wins, losses + unknown - u, u, settings.margin))
    each = count(u, "disagreement")
    if share <= 0:
        tip = f"the limit is kept whatever the outcome of the {each} that nobody can see"
    elif share > 1:
        tip = f"the limit is not kept whatever the outcome of the {each} that nobody can see"
    else:
        tip = (
            f"the limit is kept as long as the candidate would have been right in at least"
            f" {percent(share)} of the {each} that nobody can see"
        )
    if math.isnan(g):
        return f"{bar}: {tip}."
    odds = float(tipping_odds(g, share))
    factor = f", odds {odds:.3g} times better" if 0 < share < 1 and 1 < odds < math.inf else ""
    return f"{bar}: {tip}; of comparable cases that can be seen it was in {percent(g)}{factor}."


def _hidden(cases: CaseCounts, found: Looks, scope: Scope) -> Looks:
    """Return the looks at the cases whose outcome cannot be seen, at the same ends."""
    part = cases.where(unobservable(cases, scope))
    weekly = undated(part) if is_timeless(scope) else None
    if weekly is None:
        weekly = snapshots(part, scope.first_day or 0, found.ends)
    return replace(found, weekly=weekly, now=snapshot_of_mature(part, scope).end(0))


def _current(found: Looks) -> Snapshots:
    """Return how things stood at the latest look, or stand now where there was none."""
    return found.now if found.latest is None else found.weekly.end(found.latest)


GATE = GateKind("selective", GateFamily.QUALITY, Settings, judge, ("outcome_counts",))
