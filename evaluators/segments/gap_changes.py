"""How each group's rate changes when the candidate decides, with bounds that hold at every look."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY, UNKNOWN
from evaluators.pairs.day_clusters import DayClusters
from evaluators.pairs.selections import Selections
from evaluators.statistics.betting import lower_bound
from evaluators.statistics.clusters import ClusterSums
from evaluators.statistics.fairness import most_widening
from evaluators.statistics.shares import share_grid
from evaluators.weeks import LEAST_CLUSTERS

Numbers = NDArray[np.float64]
BASES: dict[str, tuple[int | None, ...]] = {
    "selection": (None,),
    "opportunity": (1,),
    "odds": (1, 0),
}
"""Outcomes whose cases each gap is about; None: all cases, whatever their outcome."""


@dataclass(frozen=True, slots=True)
class GroupChanges:
    """Counts on one base, at the ends of some days; arrays of shape (groups, ends).

    A case counts +1 where only the candidate selects it, -1 where only production does.

    Attributes
    ----------
    n, plus, minus
        Cases of the base, and those that count +1 and -1.
    selected
        Cases of the base that production selects.
    open_plus, open_minus, open_same
        Cases that may or may not belong to the base, since their outcome is open.
    open_selected
        Those of them that production selects.
    clusters
        Days with cases; 0 where cases carry no days.
    effect
        Design effect of the days, at least 1.
    """

    n: Numbers
    plus: Numbers
    minus: Numbers
    selected: Numbers
    open_plus: Numbers
    open_minus: Numbers
    open_same: Numbers
    open_selected: Numbers
    clusters: Numbers
    effect: Numbers

    @classmethod
    def of(cls, chosen: Selections, outcome: int | None, ends: NDArray[np.int64]) -> GroupChanges:
        """Return the counts at the ends of some days; of all cases where there are none."""
        cases = chosen.cases
        shape = (len(cases.segments), max(1, len(ends)))
        if len(ends):
            chosen = chosen.where((cases.day != NO_DAY) & (cases.day <= ends[-1]))
            cases = chosen.cases
        found = DayClusters.of(cases)
        look = np.zeros(len(found), np.int64)
        if len(ends):
            look = np.searchsorted(ends, found.day - 1 + int(cases.day.min(initial=ends[-1])))
        cell = found.segment * shape[1] + look
        change = chosen.candidate - chosen.production
        base = np.ones(len(change), np.bool_) if outcome is None else chosen.outcome == outcome
        open_ = np.logical_and(outcome is not None, chosen.outcome == UNKNOWN)
        picked = chosen.production == 1

        def by_day(keep: NDArray[np.bool_]) -> Numbers:
            return cases.total_in(keep, found.of_row, len(found)).astype(float)

        def running(values: Numbers) -> Numbers:
            table = np.bincount(cell, weights=values, minlength=shape[0] * shape[1])
            return np.cumsum(table.reshape(shape), axis=1)

        n, plus, minus = by_day(base), by_day(base & (change == 1)), by_day(base & (change == -1))
        up, down = by_day(open_ & (change == 1)), by_day(open_ & (change == -1))
        effects = [
            ClusterSums.of(n + more, gained, plus + minus + more).binned(cell, shape)
            for more, gained in ((down, plus - minus - down), (up, plus + up - minus))
        ]
        dated = bool(len(ends))
        worst, best = (sums.design_effect() for sums in effects)
        return cls(
            running(n),
            running(plus),
            running(minus),
            running(by_day(base & picked)),
            running(up),
            running(down),
            running(by_day(open_ & (change == 0))),
            running(by_day(open_ & picked)),
            effects[0].clusters if dated else np.zeros(shape),
            np.maximum(worst, best) if dated else np.ones(shape),
        )

    def latest(self) -> GroupChanges:
        """Return the counts at the last end only; arrays of shape (groups, 1)."""
        return GroupChanges(*(getattr(self, f.name)[:, -1:] for f in fields(GroupChanges)))

    @property
    def rates(self) -> tuple[Numbers, Numbers]:
        """Production's and the candidate's rate over cases known to be of the base."""
        with np.errstate(divide="ignore", invalid="ignore"):
            before = self.selected / self.n
            return before, before + (self.plus - self.minus) / self.n

    def bounds(self, alpha: float, grid: Numbers) -> tuple[Numbers, Numbers]:
        """Return bounds of each group's change, each with one-sided error alpha, at any look.

        Notes
        -----
        A case whose outcome is open counts where it hurts the bound and is left out where it
        would help: one that counts against it is in; one that counts for it is out; one on which
        both agree is in or out, whichever gives the weaker bound. So whatever the outcomes turn
        out to be, and whenever, the bound is not sharper than with all of them.

        References
        ----------
        Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
        """
        low = self._low(self.plus, self.minus + self.open_minus, self.open_minus, alpha, grid)
        high = self._low(self.minus, self.plus + self.open_plus, self.open_plus, alpha, grid)
        few = (self.clusters > 0) & (self.clusters < LEAST_CLUSTERS)
        return np.where(few, -1.0, low), np.where(few, 1.0, -high)

    def production_bounds(self, alpha: float) -> tuple[Numbers, Numbers]:
        """Return bounds of production's rate in each group, by the same rules."""
        grid = share_grid()
        missed = self.open_plus + self.open_minus + self.open_same - self.open_selected
        n, hits = (self.n + missed) / self.effect, self.selected / self.effect
        low = lower_bound(n, hits, n - hits, alpha, grid)
        n = (self.n + self.open_selected) / self.effect
        hits = (self.selected + self.open_selected) / self.effect
        high = -lower_bound(n, n - hits, hits, alpha, grid)
        few = (self.clusters > 0) & (self.clusters < LEAST_CLUSTERS)
        return np.where(few, 0.0, (1 + low) / 2), np.where(few, 1.0, (1 + high) / 2)

    def _low(
        self, wins: Numbers, losses: Numbers, added: Numbers, alpha: float, grid: Numbers
    ) -> Numbers:
        n, b, c = (self.n + added) / self.effect, wins / self.effect, losses / self.effect
        without = lower_bound(n, b, c, alpha, grid)
        if not self.open_same.any():
            return without
        weakest: Numbers = np.minimum(
            without, lower_bound(n + self.open_same / self.effect, b, c, alpha, grid)
        )
        return weakest


def widened_at_most(parts: list[GroupChanges], alpha: float, grid: Numbers) -> Numbers:
    """Return a bound on how much the gap widens, one-sided, at each look; shape (ends,).

    Parameters
    ----------
    parts
        One base, or two of which the larger gap counts.

    Notes
    -----
    The error is shared out among both ends of all groups and bases (Bonferroni).
    """
    share = alpha / (2 * len(parts) * max(1, len(parts[0].n)))
    bounds = [part.bounds(share, grid) for part in parts]
    found: Numbers = np.stack([most_widening(a.T, b.T) for a, b in bounds]).max(axis=0)
    return found


def widened_at_least(parts: list[GroupChanges], alpha: float, grid: Numbers) -> Numbers:
    """Return the other bound; shape (ends,).

    Notes
    -----
    The candidate's gap is at least the difference of any two groups' lowest and highest rates
    with it, production's at most that of the highest and lowest without; a candidate's rate is
    production's plus the change. The error is shared out among four ends of all groups and bases.
    """
    share = alpha / (4 * len(parts) * max(1, len(parts[0].n)))
    least, most = [], []
    for part in parts:
        low, high = part.bounds(share, grid)
        bottom, top = part.production_bounds(share)
        least.append((low + bottom).max(axis=0) - (high + top).min(axis=0))
        most.append(top.max(axis=0) - bottom.min(axis=0))
    found: Numbers = np.maximum(np.max(least, axis=0), 0) - np.max(most, axis=0)
    return np.maximum(found, -1.0)
