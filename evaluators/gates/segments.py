"""Whether the candidate is as good as production in nearly all segments of a cut, jointly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.cases import CaseCounts
from evaluators.columns import Measures
from evaluators.forecast import at_first_look, of_segments
from evaluators.kinds import GateKind
from evaluators.looks import Looks, caveat, looks, why_no_look
from evaluators.paired import bets
from evaluators.scope import Scope
from evaluators.segment_groups import Groups, groups_at, groups_undated
from evaluators.segment_looks import failed, look_at, passed, undecided
from evaluators.weeks import is_timeless, mature_day, to_date
from evaluators.wording import count, plain_percent, points


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
        Least share of the segments that must be at least as good.
    smallest
        Segments with fewer mature cases than this are tested together, as one.
    """

    cut: str
    margin: float = 0.02
    share: float = 0.95
    smallest: int = 30

    def __post_init__(self) -> None:
        if not 0 < self.margin < 1:
            raise ValueError("`margin` must be above 0 and below 1")
        if not 0 < self.share <= 1:
            raise ValueError("`share` must be above 0 and at most 1")
        if self.smallest < 1:
            raise ValueError("`smallest` must be at least 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which enough segments are jointly shown good.

    Notes
    -----
    A partial-conjunction test: the hypothesis is that fewer than ``k = ceil(share * G)`` of the G
    segments are above the limit. Segments of one cut share no case, so the product of the
    ``G - k + 1`` smallest e-values is evidence against it, valid at every look; outcomes are
    filled and counts deflated as in `noninferiority`, for each segment. It fails when more than
    G - k segments are each shown worse, with the error shared out among all G. A pass is kept
    for as long as the same segments are tested singly: one that has outgrown the small ones has
    to be shown itself. A current failure overrides it.

    References
    ----------
    Benjamini & Heller (2008), doi:10.1111/j.1541-0420.2007.00984.x; Vovk & Wang (2021),
    doi:10.1214/20-AOS2020; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    every = CaseCounts.of_measures(measures)
    cases = every.only(every.of_cut(settings.cut))
    result = partial(
        GateResult,
        name,
        "segments",
        GateFamily.SEGMENTS,
        rule=f"In at least {plain_percent(settings.share)} of the segments by {settings.cut} the"
        f" difference in accuracy is above {points(-settings.margin)} points",
    )
    found = looks(_whole(cases), scope)
    if found.reason in (Reason.NO_CASES, Reason.NOT_MATURE):
        return result(
            status=Status.NO_DATA,
            reason=found.reason,
            sentence=why_no_look(found, scope),
            measured="no mature cases",
            forecast=at_first_look(found, scope),
        )
    grid, alpha = bets(scope), scope.alpha / 2
    history = [
        (look_at(groups, settings.share, settings.margin, alpha, grid, end), groups)
        for end, groups in _groups(cases, found, settings, scope)
    ]
    now, groups = history[-1]
    limit = points(-settings.margin)
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
            sentence=failed(now, settings.cut, limit) + remarks,
        )
    passes = [one for one, _ in history if one.passed and one.alone == now.alone and not waiting]
    if passes:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=passed(passes[0], now, settings.cut, limit) + remarks,
            since=passes[0].end,
        )
    forecast = of_segments(found, groups.standing, scope, settings.margin, grid, alpha, now.needed)
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
        sentence=undecided(now, settings.cut, limit) + (f" {waiting}" if waiting else "") + remarks,
        forecast=forecast,
    )


def _whole(cases: CaseCounts) -> CaseCounts:
    """Return all cases of the cut as one segment."""
    if not cases.segments:
        return CaseCounts.of(cases.table.where(np.zeros(len(cases.table), np.bool_)))
    return cases.regrouped(np.zeros(len(cases.segments), np.int64), cases.segments[:1])


def _groups(
    cases: CaseCounts, found: Looks, settings: Settings, scope: Scope
) -> list[tuple[date | None, Groups]]:
    """Return the groups at every look; as they stand now where there was none yet."""
    if is_timeless(scope):
        return [(None, groups_undated(cases, settings.smallest))]
    ends = found.ends[found.allowed]
    if not len(ends):
        ends = np.array([mature_day(scope)], np.int64)
    groups = groups_at(cases, scope.first_day or 0, ends, settings.smallest)
    return [(to_date(end), one) for end, one in zip(ends.tolist(), groups, strict=True)]


def _remarks(groups: Groups, settings: Settings, scope: Scope) -> str:
    pooled = ""
    if groups.pooled:
        small = count(groups.pooled, "segment")
        pooled = f" {small} with fewer than {settings.smallest} cases count as one."
        if groups.pooled == 1:
            pooled = f" 1 segment has fewer than {settings.smallest} cases."
    return pooled + caveat(scope)


GATE = GateKind("segments", GateFamily.SEGMENTS, Settings, judge, ("outcome_counts",))
