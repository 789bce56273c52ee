"""What the cases so far say of each segment's way to a limit: cases needed, and the days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import ALL_CASES
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Numbers, Snapshots, bets, snapshot_of_mature
from evaluators.planning.forecast import LONGEST, likely
from evaluators.scope import Scope
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.sample_size import score_size
from evaluators.terms import Asked
from evaluators.weeks import LEAST_CLUSTERS, LEAST_DAYS, WEEK, is_timeless, mature_day

NEVER = -1
"""Stands for a number of weeks beyond every horizon."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Arrays of shape (segments,); infinite where more cases would not help.

    Attributes
    ----------
    standing
        The mature counts it rests on.
    disagreement, difference
        As expected of the cases to come, missing outcomes being losses.
    fixed
        Cases in all that a test looked at once would need for a power of 90 %.
    more
        Further cases until it is shown, if all goes as expected.
    a_week
        Cases a week at the pace so far; NaN in a timeless study.
    fewest, most
        Further whole weeks in the good and in the bad case.
    """

    standing: Snapshots
    disagreement: Numbers
    difference: Numbers
    fixed: Numbers
    more: Numbers
    a_week: Numbers
    fewest: Numbers
    most: Numbers

    @property
    def reachable(self) -> NDArray[np.bool_]:
        """Whether the good case is within ten years; in a timeless study, whether cases help."""
        return np.where(np.isnan(self.a_week), np.isfinite(self.more), self.fewest <= LONGEST)


def asked_cases(every: CaseCounts, asked: Asked) -> CaseCounts:
    """Return the counts of the segments a gate looks at."""
    if asked.cut == ALL_CASES:
        return every.only([0])
    return every.only(
        [i for i in every.of_cut(asked.cut) if asked.segment in (None, every.segments[i].value)]
    )


def outlook(cases: CaseCounts, scope: Scope, margin: float) -> Outlook:
    """Return the outlook of every segment, taken singly.

    Notes
    -----
    The good and the bad case are the ends of a 50 % interval of each difference, pulled towards
    the common mean of the segments; the pace is the average of the mature days.

    References
    ----------
    Nam (1997), doi:10.2307/2533508; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    grid, alpha = bets(scope), scope.alpha / 2
    standing = snapshot_of_mature(cases, scope).end(0)
    n, wins, losses = standing.pessimistic
    disagreement = (wins + losses + 1) / (n + 2)
    good, bad = likely(n, wins, losses)
    middle = (good + bad) / 2
    paths = np.stack([good, middle, bad])
    more = cases_needed(disagreement, paths, margin, alpha, grid, so_far=(n, wins, losses))
    more = more * standing.effect
    fixed = score_size(np.maximum(disagreement, np.abs(middle)), middle, margin, alpha)
    a_week = _pace(standing, scope)
    with np.errstate(divide="ignore", invalid="ignore"):
        weeks = np.ceil(more / a_week)
    first = _first_look_in(standing, scope)
    shown = more[1] <= 0
    ends = np.where(np.isnan(weeks), np.inf, np.maximum(weeks, np.where(shown, 0, first)))
    return Outlook(
        standing, disagreement, middle, fixed * standing.effect, more[1], a_week, ends[0], ends[2]
    )


def _pace(standing: Snapshots, scope: Scope) -> Numbers:
    if is_timeless(scope):
        return np.full(standing.counts.n.shape, np.nan)
    days = max(1, mature_day(scope) - (scope.first_day or 0) + 1)
    return np.asarray(standing.counts.n * (WEEK / days), float)


def _first_look_in(standing: Snapshots, scope: Scope) -> Numbers:
    """Return the further whole weeks until a gate may look at each segment, at least 1."""
    if is_timeless(scope):
        return np.zeros(standing.counts.n.shape)
    days = max(1, mature_day(scope) - (scope.first_day or 0) + 1)
    a_week = np.maximum(standing.clusters * (WEEK / days), 1e-9)
    clusters = np.ceil(np.maximum(0, LEAST_CLUSTERS - standing.clusters) / a_week)
    least: Numbers = np.maximum(clusters, np.ceil(max(0, LEAST_DAYS - days) / WEEK))
    return np.maximum(least, 1.0)
