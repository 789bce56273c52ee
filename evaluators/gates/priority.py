"""Whether the candidate is better where it matters most, and no worse nearly everywhere else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, caveat, looks, no_mature_cases, why_no_look
from evaluators.pairs.paired import Numbers, bets
from evaluators.planning.forecast import at_first_look, later, of_difference, of_segments
from evaluators.scope import Scope
from evaluators.segments.priority_looks import ErrorCounts, PriorityLook, said, since_of
from evaluators.segments.segment_groups import Groups, groups_at, groups_undated
from evaluators.segments.segment_looks import SegmentLook, look_at, needed_of
from evaluators.statistics.partial_conjunction import products
from evaluators.weeks import is_timeless, mature_day, to_date
from evaluators.wording import joined, plain_percent, points


@dataclass(frozen=True, slots=True)
class Settings:
    """Which segments matter most, how much better, and what is asked of the rest.

    Attributes
    ----------
    cut
        Name of the cut.
    segments
        Its segments that matter most; their cases are judged together.
    better_by
        Least difference in accuracy there, as a fraction: above it has to be shown. Either this,
    fewer_errors
        or by how much production's errors there must shrink, as a fraction of them: 0.15 is 15 %.
    margin
        Worst acceptable difference in accuracy in each other segment, as a positive fraction.
    share
        Least share of the other segments that must be at least as good.
    smallest
        Other segments with fewer mature cases than this are tested together, as one.
    """

    cut: str
    segments: tuple[str, ...]
    better_by: float | None = None
    fewer_errors: float | None = None
    margin: float = 0.02
    share: float = 0.95
    smallest: int = 30

    def __post_init__(self) -> None:
        object.__setattr__(self, "segments", tuple(self.segments))
        if not self.segments:
            raise ValueError("`segments` must be at least one segment of the cut")
        if (self.better_by is None) == (self.fewer_errors is None):
            raise ValueError("`better_by` must be given, or `fewer_errors`; one of the two")
        if self.better_by is not None and not 0 <= self.better_by < 1:
            raise ValueError("`better_by` must be at least 0 and below 1")
        if self.fewer_errors is not None and not 0 <= self.fewer_errors < 1:
            raise ValueError("`fewer_errors` must be at least 0 and below 1")
        if not 0 < self.margin < 1:
            raise ValueError("`margin` must be above 0 and below 1")
        if not 0 < self.share <= 1:
            raise ValueError("`share` must be above 0 and at most 1")
        if self.smallest < 1:
            raise ValueError("`smallest` must be at least 1")

    @property
    def better(self) -> str:
        """What is asked of the priority segments, in words."""
        if self.fewer_errors is not None:
            return f"{plain_percent(self.fewer_errors)} fewer errors than production"
        return f"a difference in accuracy above {points(self.better_by)} points"


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when both parts are shown: better where it matters, no worse in nearly all else.

    Notes
    -----
    All cases of the priority segments together: a difference in accuracy by mixture betting as in
    `noninferiority`, or fewer errors by betting on ``(1 - r) [production wrong] - [candidate
    wrong]``, a bounded number whose mean is above 0 exactly when the candidate makes fewer than
    ``(1 - r)`` times production's errors. The other segments: partial conjunction as in
    `segments`. Each part is shown at half of alpha; since both must hold, no correction is needed
    (Berger 1982). Missing outcomes count against the candidate, counts are deflated by days.

    References
    ----------
    Berger (1982), doi:10.1080/00401706.1982.10487790; Benjamini & Heller (2008),
    doi:10.1111/j.1541-0420.2007.00984.x; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    every = CaseCounts.of_measures(measures)
    numbers = every.of_cut(settings.cut)
    first = [i for i in numbers if every.segments[i].value in settings.segments]
    rest = [i for i in numbers if every.segments[i].value not in settings.segments]
    which = joined(settings.segments)
    result = partial(
        GateResult,
        name,
        "priority",
        GateFamily.SEGMENTS,
        rule=f"For {settings.cut} {which} {settings.better}; in at least"
        f" {plain_percent(settings.share)} of the other segments the difference in accuracy is"
        f" above {points(-settings.margin)} points",
    )
    top = _as_one(every, first)
    found = looks(top, scope)
    if found.too_early:
        return no_mature_cases(result, found, scope, at_first_look(found, scope))
    grid, alpha = bets(scope), scope.alpha / 2
    timed = not is_timeless(scope)
    ends = found.ends[found.allowed] if timed else np.zeros(0, np.int64)
    if timed and not len(ends):
        ends = np.array([mature_day(scope)], np.int64)
    counts = ErrorCounts.of(top, scope, ends)
    ask = settings.better_by if settings.fewer_errors is None else settings.fewer_errors
    relative = settings.fewer_errors is not None
    part = counts.look_at(float(ask or 0.0), alpha, grid, relative=relative)
    groups = _groups(every.only(rest), ends, settings, scope) if rest else []
    others = [
        look_at(one, settings.share, settings.margin, alpha, grid, end)
        for one, end in zip(groups, _dates(ends) if groups else [], strict=True)
    ]
    waiting = why_no_look(found, scope)
    sentence = said(
        part, others[-1] if others else None, settings.cut, which, scope.alpha, relative
    )
    remark = caveat(scope)
    whole = partial(
        result,
        measured=part.measured + (f"; {others[-1].measured}" if others else ""),
        value=part.value,
        low=part.low,
        high=part.high,
        threshold=float(ask or 0.0),
        n=part.n + int(groups[-1].standing.counts.n.sum() if groups else 0),
    )
    failed = part.failed or bool(others and others[-1].failed)
    if failed and not waiting:
        return whole(status=Status.FAIL, reason=Reason.BEYOND_LIMIT, sentence=sentence + remark)
    passes = np.ones(max(1, len(ends)), np.bool_)
    if others:
        now = others[-1].alone
        passes = np.array([one.passed and one.alone == now for one in others])
    since, passed = since_of(part.shown, passes, ends)
    if passed and not waiting:
        return whole(
            status=Status.PASS, reason=Reason.WITHIN_LIMIT, sentence=sentence + remark, since=since
        )
    forecast = _forecast(found, part, others, groups, settings, scope)
    if part.value is None:
        return whole(
            status=Status.NO_DATA,
            reason=Reason.NO_OUTCOMES,
            sentence=f"No outcome is known yet for {settings.cut} {which}.",
            forecast=forecast,
        )
    return whole(
        status=Status.INCONCLUSIVE,
        reason=found.reason if waiting else Reason.UNDECIDED,
        sentence=sentence + (f" {waiting}" if waiting else "") + remark,
        forecast=forecast,
    )


def _as_one(every: CaseCounts, numbers: Sequence[int]) -> CaseCounts:
    if not numbers:
        return CaseCounts.of(every.table.where(np.zeros(len(every.table), np.bool_)))
    cases = every.only(numbers)
    return cases.regrouped(np.zeros(len(numbers), np.int64), cases.segments[:1])


def _dates(ends: Any) -> list[date | None]:
    return [to_date(end) for end in ends.tolist()] or [None]


def _groups(cases: CaseCounts, ends: Any, settings: Settings, scope: Scope) -> list[Groups]:
    if is_timeless(scope):
        return [groups_undated(cases, settings.smallest)]
    return list(groups_at(cases, scope.first_day or 0, ends, settings.smallest))


def _forecast(
    found: Looks,
    part: PriorityLook,
    others: Sequence[SegmentLook],
    groups: Sequence[Groups],
    settings: Settings,
    scope: Scope,
) -> Forecast | None:
    """Return the later of the two parts that are still missing."""
    grid, alpha = bets(scope), scope.alpha / 2
    parts = []
    if not part.shown.any():
        parts.append(of_difference(found, scope, -part.equivalent, grid, alpha))
    if others and not any(one.passed for one in others):
        needed = needed_of(len(groups[-1]), settings.share)

        def enough(log_e: Numbers) -> bool:
            return bool(products(log_e)[needed - 1] >= -math.log(alpha))

        parts.append(of_segments(found, groups[-1].standing, scope, settings.margin, grid, enough))
    return later([one for one in parts if one is not None])


GATE = GateKind("priority", GateFamily.SEGMENTS, Settings, judge, ("outcome_counts",))
