"""How every segment of a cut stands today: estimate, interval, evidence, what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import ALL_CASES
from evaluators.columns import Measures
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Numbers, bets
from evaluators.scope import Scope
from evaluators.segments.segment_groups import ALL_SMALL, Groups, groups_at, groups_undated
from evaluators.statistics.multiplicity import benjamini_hochberg_e, holm_e
from evaluators.statistics.shrinkage import Shrunk, shrink_counts
from evaluators.weeks import is_timeless, mature_day

USUAL_MARGIN = 0.02
"""Margin of a cut for which no gate has one."""


@dataclass(frozen=True, slots=True)
class CutStanding:
    """The groups of one cut after all mature cases; arrays of shape (groups,).

    Attributes
    ----------
    names
        Segments that stand singly, then all small ones together, if any.
    limit
        Worst acceptable difference, negative.
    low, high
        Interval of the raw difference, valid at any look.
    log_good, log_worse
        Log e-values for "better than the limit" and "worse than the limit".
    shrunk
        Estimates pulled together, for order only.
    """

    cut: str
    names: tuple[str, ...]
    groups: Groups
    limit: float
    low: Numbers
    high: Numbers
    log_good: Numbers
    log_worse: Numbers
    shrunk: Shrunk

    @property
    def n(self) -> NDArray[np.int64]:
        """Mature cases of each group."""
        return self.groups.standing.counts.n

    def shown(self, alpha: float, *, each: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which groups are shown good, and which are shown worse than the limit.

        Parameters
        ----------
        alpha
            One-sided error of all groups of the cut together.
        each
            True: by Holm, every one of the list is right with the chance promised. False: by
            e-BH, the expected share of wrong ones in the list is at most alpha.
        """
        adjust = holm_e if each else benjamini_hochberg_e
        return adjust(self.log_good) <= alpha, adjust(self.log_worse) <= alpha


def standings(measures: Measures, scope: Scope) -> Iterator[CutStanding]:
    """Yield how the segments of each cut stand, after all mature cases.

    Notes
    -----
    Segments with fewer cases than the study shows singly are one group. A cut without a case is
    left out.
    """
    every = CaseCounts.of_measures(measures)
    grid = bets(scope)
    for cut in scope.cuts:
        numbers = every.of_cut(cut)
        if cut == ALL_CASES or not numbers:
            continue
        cases = every.only(numbers)
        groups = _groups(cases, scope)
        if not len(groups) or not groups.standing.counts.n.any():
            continue
        margin = -scope.limits.get(cut, -USUAL_MARGIN)
        low, high = groups.standing.interval(scope.alpha, grid)
        counts = groups.standing.counts
        effect = groups.standing.effect
        known = [
            counts.n / effect,
            counts.only_candidate / effect,
            counts.only_production / effect,
        ]
        yield CutStanding(
            cut,
            tuple(cases.segments[i].value if i >= 0 else ALL_SMALL for i in groups.large.tolist()),
            groups,
            -margin,
            low,
            high,
            groups.log_good(margin, grid),
            groups.log_worse(margin, grid),
            shrink_counts(*known),
        )


def _groups(cases: CaseCounts, scope: Scope) -> Groups:
    smallest = scope.terms.smallest_segment
    if is_timeless(scope):
        return groups_undated(cases, smallest)
    end = np.array([mature_day(scope)], np.int64)
    return next(groups_at(cases, scope.first_day or 0, end, smallest))
