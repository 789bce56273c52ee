"""Whether the candidate is as good as production in nearly all segments of a cut, jointly."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, caveat, looks, no_mature_cases, why_no_look
from evaluators.pairs.paired import Numbers, bets
from evaluators.planning.forecast import at_first_look, of_segments
from evaluators.scope import Scope
from evaluators.segments import segment_looks, volume_looks
from evaluators.segments.segment_groups import Groups, groups_at, groups_undated, together
from evaluators.segments.segment_looks import SegmentLook, look_at, needed_of
from evaluators.segments.volume_looks import VolumeLook, volume_at
from evaluators.statistics.conjunction_at_one_look import share_of_volume
from evaluators.statistics.multiplicity import holm_e
from evaluators.statistics.partial_conjunction import means, products
from evaluators.weeks import is_timeless, mature_day, to_date
from evaluators.wording import count, joined, plain_percent, points

Look = SegmentLook | VolumeLook
COMBINE = {"product": products, "mean": means}
BY = ("segments", "volume")


@dataclass(frozen=True, slots=True)
class Settings:
    """Which segments, how many of them, and how much worse would still be acceptable.

    Attributes
    ----------
    cut
        Name of the cut, e.g. ``carrier`` or ``origin x carrier``.
    margin
        Worst acceptable difference in accuracy in a segment, as a positive fraction.
    share
        Least share of the segments, or of the cases, that must be at least as good.
    smallest
        Segments with fewer mature cases than this are tested together, as one.
    by
        What the share is of: ``segments``, or ``volume``: the cases in them.
    combine
        How evidence of segments is combined: ``product`` where they share no case, ``mean`` where
        they may.
    also
        Further cuts whose segments count along; they overlap, so it needs ``combine: mean``.
    """

    cut: str
    margin: float = 0.02
    share: float = 0.95
    smallest: int = 30
    by: str = "segments"
    combine: str = "product"
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "also", tuple(self.also))
        if not 0 < self.margin < 1:
            raise ValueError("`margin` must be above 0 and below 1")
        if not 0 < self.share <= 1:
            raise ValueError("`share` must be above 0 and at most 1")
        if self.smallest < 1:
            raise ValueError("`smallest` must be at least 1")
        if self.by not in BY:
            raise ValueError("`by` must be `segments` or `volume`")
        if self.combine not in COMBINE:
            raise ValueError("`combine` must be `product` or `mean`")
        if self.also and self.combine == "product":
            raise ValueError("`combine` must be `mean` where segments of several cuts overlap")
        if self.also and self.by == "volume":
            raise ValueError("`by` must be `segments` where segments of several cuts overlap")
        if len({self.cut, *self.also}) != 1 + len(self.also):
            raise ValueError("`also` must be cuts that differ from each other and from `cut`")

    @property
    def cuts(self) -> tuple[str, ...]:
        """All cuts whose segments count."""
        return (self.cut, *self.also)

    @property
    def words(self) -> str:
        """The cuts in words."""
        return joined(self.cuts)


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which enough segments are jointly shown good.

    Notes
    -----
    A partial-conjunction test: the hypothesis is that fewer than ``k = ceil(share * G)`` of the G
    segments are above the limit. Segments of one cut share no case, so the product of the
    ``G - k + 1`` smallest e-values is evidence against it, valid at every look; their mean is so
    under any dependence, and is asked for where cuts overlap. By volume, the cases in segments
    that Holm's procedure on e-values shows good are a lower bound on the share. Outcomes are
    filled and counts deflated as in `noninferiority`, for each segment. It fails when too much is
    shown worse, with the error shared out among all G. A pass is kept for as long as the same
    segments are tested singly: one that has outgrown the small ones has to be shown itself. A
    current failure overrides it.

    References
    ----------
    Benjamini & Heller (2008), doi:10.1111/j.1541-0420.2007.00984.x; Vovk & Wang (2021),
    doi:10.1214/20-AOS2020; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    every = CaseCounts.of_measures(measures)
    cases = [every.only(every.of_cut(cut)) for cut in settings.cuts]
    result = partial(GateResult, name, "segments", GateFamily.SEGMENTS, rule=_rule(settings, scope))
    found = looks(_whole(cases[0]), scope)
    if found.too_early:
        return no_mature_cases(result, found, scope, at_first_look(found, scope))
    grid, alpha = bets(scope), scope.alpha / 2
    history = [
        (_look(groups, settings, alpha, grid, end), groups)
        for end, groups in _groups(cases, found, settings, scope)
    ]
    now, groups = history[-1]
    limit, words = points(-settings.margin), _WORDS[settings.by]
    numbers = partial(
        result,
        measured=now.measured,
        value=now.good,
        threshold=now.needed,
        n=int(groups.standing.counts.n.sum()),
    )
    waiting = why_no_look(found, scope)
    remarks = _remarks(groups, settings, scope)
    if now.failed and not waiting:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=words.failed(now, settings.words, limit) + remarks,
        )
    passes = [one for one, _ in history if one.passed and one.alone == now.alone and not waiting]
    if passes:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=words.passed(passes[0], now, settings.words, limit) + remarks,
            since=passes[0].end,
        )
    enough = _enough(groups, settings, alpha)
    forecast = of_segments(found, groups.standing, scope, settings.margin, grid, enough)
    counts = groups.standing.counts
    if not (counts.only_candidate + counts.only_production).any() and (
        counts.open_disagreements.any()
    ):
        return numbers(
            status=Status.NO_DATA,
            reason=Reason.NO_OUTCOMES,
            sentence="No outcome is known yet of the cases on which the two differ.",
            forecast=forecast,
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=found.reason if waiting else Reason.UNDECIDED,
        sentence=words.undecided(now, settings.words, limit)
        + (f" {waiting}" if waiting else "")
        + remarks,
        forecast=forecast,
    )


_WORDS = {"segments": segment_looks, "volume": volume_looks}


def _rule(settings: Settings, scope: Scope) -> str:
    share, above = plain_percent(settings.share), f"above {points(-settings.margin)} points"
    if settings.by == "volume":
        return (
            f"Segments by {settings.words} in which the difference in accuracy is {above} hold at"
            f" least {share} of the cases"
        )
    return (
        f"In at least {share} of the segments by {settings.words} the difference in accuracy is"
        f" {above}"
    )


def _look(
    groups: Groups, settings: Settings, alpha: float, grid: Numbers, end: date | None
) -> Look:
    if settings.by == "volume":
        return volume_at(groups, settings.share, settings.margin, alpha, grid, end)
    combine = COMBINE[settings.combine]
    return look_at(groups, settings.share, settings.margin, alpha, grid, end, combine)


def _enough(groups: Groups, settings: Settings, alpha: float) -> Callable[[Numbers], bool]:
    """Return whether log e-values of these groups would be a pass."""
    n, level = groups.standing.counts.n, -math.log(alpha)
    if settings.by == "volume":
        return lambda log_e: bool(share_of_volume(holm_e(log_e) <= alpha, n) >= settings.share)
    combine, needed = COMBINE[settings.combine], needed_of(len(groups), settings.share)
    return lambda log_e: bool(combine(log_e)[needed - 1] >= level)


def _whole(cases: CaseCounts) -> CaseCounts:
    """Return all cases of the cut as one segment."""
    if not cases.segments:
        return CaseCounts.of(cases.table.where(np.zeros(len(cases.table), np.bool_)))
    return cases.regrouped(np.zeros(len(cases.segments), np.int64), cases.segments[:1])


def _groups(
    cases: list[CaseCounts], found: Looks, settings: Settings, scope: Scope
) -> list[tuple[date | None, Groups]]:
    """Return the groups at every look; as they stand now where there was none yet."""
    cases = [one for one in cases if one.segments]
    if is_timeless(scope):
        return [(None, together([groups_undated(one, settings.smallest) for one in cases]))]
    ends = found.ends[found.allowed]
    if not len(ends):
        ends = np.array([mature_day(scope)], np.int64)
    parts = [groups_at(one, scope.first_day or 0, ends, settings.smallest) for one in cases]
    return [(to_date(end), together(at)) for end, *at in zip(ends.tolist(), *parts, strict=True)]


def _remarks(groups: Groups, settings: Settings, scope: Scope) -> str:
    pooled = ""
    if groups.pooled:
        small = count(groups.pooled, "segment")
        pooled = f" {small} with fewer than {settings.smallest} cases count as one."
        if groups.pooled == 1:
            pooled = f" 1 segment has fewer than {settings.smallest} cases."
    return pooled + caveat(scope)


GATE = GateKind("segments", GateFamily.SEGMENTS, Settings, judge, ("outcome_counts",))
