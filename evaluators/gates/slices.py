"""Whether there is a slice of the cases, found by search, in which the candidate is worse."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Columns, Measures
from evaluators.kinds import GateKind
from evaluators.pairs.paired import Numbers, bets
from evaluators.planning.forecast import between
from evaluators.scope import Scope
from evaluators.segments.slice_confirmation import Confirmation, confirm, told
from evaluators.segments.slice_search import PLACES, Search, mature_rows, search
from evaluators.statistics.planning import cases_needed
from evaluators.weeks import LEAST_CLUSTERS, LEAST_DAYS, WEEK, is_timeless, week_ends
from evaluators.wording import INDEPENDENT, count, joined, plain_percent, points


@dataclass(frozen=True, slots=True)
class Settings:
    """How much worse a slice may be, and what the search must have been able to see.

    Attributes
    ----------
    margin
        Worst acceptable difference in accuracy in any slice, as a positive fraction.
    notice
        Disadvantage that must have been noticeable before the gate passes, as a fraction.
    share
        Share of the cases of a slice in which it must have been.
    """

    margin: float = 0.05
    notice: float = 0.15
    share: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.margin < 1:
            raise ValueError("`margin` must be at least 0 and below 1")
        if not self.margin < self.notice <= 1:
            raise ValueError("`notice` must be above `margin` and at most 1")
        if not 0 < self.share <= 1:
            raise ValueError("`share` must be above 0 and at most 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return FAIL when a slice is confirmed in which the candidate is worse than the limit.

    Notes
    -----
    Slices of one to three declared segments are searched in one half of the cases and confirmed
    in the other, at the ends of whole weeks, at most 20 in all, with e-values and Holm's
    procedure; see `slice_confirmation`. The chance of ever failing a candidate of which no slice
    is worse than the limit is at most half of alpha. A search proves no absence: it passes when
    nothing was confirmed although a slice of `share` of the cases with a disadvantage of `notice`
    would by now be expected to have been.

    References
    ----------
    Chung et al. (2019), doi:10.1109/ICDE.2019.00139; Vovk & Wang (2021), doi:10.1214/20-AOS2020;
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    limit = points(-settings.margin)
    result = partial(
        GateResult,
        name,
        "slices",
        GateFamily.RISK,
        rule=f"No slice of the cases is found in which the difference in accuracy is below {limit}"
        " points",
        threshold=0.0,
    )
    table = measures["slice_counts"]
    if not len(table):
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="There is no case in at least two declared segments to search slices of.",
            measured="nothing searched",
        )
    found = search(table, scope)
    confirmation = confirm(table, found, scope, settings.margin)
    if not found.searched:
        return result(
            status=Status.NO_DATA,
            reason=Reason.TOO_FEW_CASES if is_timeless(scope) else Reason.TOO_FEW_WEEKS,
            sentence="No slice has enough mature cases to be searched yet.",
            measured="nothing searched",
        )
    shown = np.flatnonzero(confirmation.shown(scope.alpha / 2))
    said = (
        f"{count(found.searched, 'slice')} searched, {len(found.found):,} held against the other"
        " half of the cases"
    )
    caveat = f" {INDEPENDENT}" if is_timeless(scope) else ""
    numbers = partial(
        result,
        measured=f"{len(shown):,} of {found.searched:,} slices confirmed worse",
        value=float(len(shown)),
        n=int(mature_rows(table, scope)["n"].sum()),
    )
    if len(shown):
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"The candidate is worse than the limit of {limit} points where"
            f" {_named(table, found, confirmation, shown)} ({said}).{caveat}",
        )
    missing = _missing(table, settings, scope)
    noticed = (
        f"a disadvantage of {points(settings.notice).lstrip('+')} points in"
        f" {plain_percent(settings.share)} of the cases"
    )
    if missing <= 0:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"In no slice is the candidate shown to be worse than {limit} points: {said}."
            f" By now {noticed} would be expected to show.{caveat}",
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=Reason.UNDECIDED,
        sentence=f"In no slice is the candidate shown to be worse than {limit} points, but"
        f" {noticed} could still be hidden: {said}.{caveat}",
        forecast=_forecast(table, missing, scope),
    )


def _named(table: Columns, found: Search, confirmation: Confirmation, shown: np.ndarray) -> str:
    now = confirmation.standing.end(-1).estimate
    worst = shown[np.argsort(now[shown], kind="stable")][:3]
    names = [f"{told(table, found.found[i])} ({points(float(now[i]))})" for i in worst.tolist()]
    more = len(shown) - len(names)
    return joined([*names, f"in {more:,} more"] if more else names)


def _counts(table: Columns, scope: Scope) -> tuple[float, float, float]:
    """Return cases, wins and losses of the half that confirms."""
    part = mature_rows(table, scope)
    part = part.where(part["half"] == 1)
    names = ("n", "only_candidate", "only_production")
    n, wins, losses = (float(part[name].sum()) for name in names)
    return n, wins, losses


def _missing(table: Columns, settings: Settings, scope: Scope) -> float:
    """Return how many cases of the half that confirms are still missing, for what is to be seen."""
    n, wins, losses = _counts(table, scope)
    disagreement = (wins + losses + 1) / (n + 2)
    grid: Numbers = bets(scope)
    needed = cases_needed(
        disagreement, settings.notice, -settings.margin, scope.alpha / 2 / PLACES, grid
    )
    cases = float(needed) / settings.share
    if not is_timeless(scope):
        part = mature_rows(table, scope)
        days = len(np.unique(part["cohort_day"]))
        if days:
            cases = max(cases, LEAST_CLUSTERS * n / days)
    return cases - n if math.isfinite(cases) else math.inf


def _forecast(table: Columns, missing: float, scope: Scope) -> Forecast | None:
    if is_timeless(scope) or scope.last_day is None:
        return None
    n = _counts(table, scope)[0]
    ends = week_ends(scope)
    if not n or not len(ends):
        return None
    weeks = missing / (n / len(ends))
    least = max(1.0, LEAST_DAYS / WEEK - len(ends))
    return between(int(ends[-1]), max(least, weeks), max(least, 1.5 * weeks))


GATE = GateKind("slices", GateFamily.RISK, Settings, judge, ("slice_counts",))
