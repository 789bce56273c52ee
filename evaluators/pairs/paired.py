"""Paired counts as they stood at the end of given days, and the evidence they gave then."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.columns import NO_DAY
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters
from evaluators.pairs.entity_clusters import ANY_DAY, Quantity
from evaluators.pairs.filled import filled_sums
from evaluators.pairs.paired_counts import PairedCounts
from evaluators.scope import Scope
from evaluators.statistics.betting import general_grid, log_e_value, lower_bound
from evaluators.weeks import LEAST_CLUSTERS, is_timeless, mature_day

Numbers = NDArray[np.float64]


def bets(scope: Scope) -> Numbers:
    """Return the registered bets of a study, or those that suit any study."""
    return np.array(scope.grid, float) if scope.grid else general_grid()


@dataclass(frozen=True, slots=True)
class Snapshots:
    """Cumulative counts of segments at the ends of some days; arrays of shape (segments, ends).

    Attributes
    ----------
    counts
        Paired counts of all cases up to each end.
    clusters
        Days with cases up to each end; 0 where cases carry no days.
    effect
        Design effect of those days and of declared clusters, the larger one, at least 1.
    entities
        Entities up to each end, of the declared cluster that has fewest; None where no cluster
        is declared.
    """

    counts: PairedCounts
    clusters: NDArray[np.int64]
    effect: Numbers
    entities: NDArray[np.int64] | None = None

    @property
    def enough_entities(self) -> NDArray[np.bool_]:
        """Whether there are enough entities to tell how much they differ."""
        if self.entities is None:
            return np.ones(self.effect.shape, np.bool_)
        return self.entities >= LEAST_CLUSTERS

    def end(self, number: int) -> Snapshots:
        """Return the same at one end only; arrays of shape (segments,)."""
        at = (slice(None), number)
        entities = None if self.entities is None else self.entities[at]
        return Snapshots(self.counts.at(at), self.clusters[at], self.effect[at], entities)

    @property
    def pessimistic(self) -> tuple[Numbers, Numbers, Numbers]:
        """Deflated cases, candidate's wins and production's wins, missing outcomes being losses."""
        c = self.counts
        losses = c.only_production + c.open_disagreements
        return c.n / self.effect, c.only_candidate / self.effect, losses / self.effect

    @property
    def optimistic(self) -> tuple[Numbers, Numbers, Numbers]:
        """The same with missing outcomes of disagreements being the candidate's wins."""
        c = self.counts
        wins = c.only_candidate + c.open_disagreements
        return c.n / self.effect, wins / self.effect, c.only_production / self.effect

    @property
    def estimate(self) -> Numbers:
        """Difference in accuracy over the cases, open disagreements counting 0; NaN without a case.

        NaN too where the two differ in some cases and not one of those has an outcome.
        """
        c = self.counts
        gained = c.only_candidate - c.only_production
        said = (c.n > 0) & (
            (c.open_disagreements == 0) | (c.only_candidate + c.only_production > 0)
        )
        return np.where(said, gained / np.maximum(c.n, 1), np.nan)

    def interval(self, alpha: float, grid: Numbers) -> tuple[Numbers, Numbers]:
        """Return the interval of the difference that holds at every look, whatever is missing.

        Notes
        -----
        The e-value rises with every case's difference, so an outcome that is late or never
        comes cannot raise a filled one above that of the complete data, whatever the reason it
        is missing.

        References
        ----------
        Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
        """
        n, wins, losses = self.optimistic
        return (
            lower_bound(*self.pessimistic, alpha / 2, grid),
            -lower_bound(n, losses, wins, alpha / 2, grid),
        )

    def possible(self) -> tuple[Numbers, Numbers]:
        """Return what missing outcomes leave possible for these very cases, without sampling.

        References
        ----------
        Manski (1989), doi:10.2307/145818.
        """
        c = self.counts
        gained, n = c.only_candidate - c.only_production, np.maximum(c.n, 1)
        low = np.where(c.n > 0, (gained - c.open_disagreements) / n, -1.0)
        return low, np.where(c.n > 0, (gained + c.open_disagreements) / n, 1.0)

    def log_good(self, margin: ArrayLike, grid: Numbers) -> Numbers:
        """Return the log e-value for "better than -margin", missing outcomes being losses."""
        return log_e_value(*self.pessimistic, -np.asarray(margin, float), grid)

    def log_worse(self, margin: ArrayLike, grid: Numbers) -> Numbers:
        """Return the log e-value for "worse than -margin", missing outcomes being wins."""
        n, wins, losses = self.optimistic
        return log_e_value(n, losses, wins, np.asarray(margin, float), grid)


def snapshots(cases: CaseCounts, first_day: int, ends: NDArray[np.int64]) -> Snapshots:
    """Return how the counts of every segment stood at the end of each day of `ends`.

    Parameters
    ----------
    ends
        Days, ascending. Cases before `first_day`, after the last end or without a day are left
        out.
    """
    shape = (len(cases.segments), len(ends))
    if not len(ends):
        return Snapshots(PairedCounts.zeros(shape), np.zeros(shape, np.int64), np.ones(shape))
    part = cases.where((cases.day != NO_DAY) & (cases.day >= first_day) & (cases.day <= ends[-1]))
    found = DayClusters.of(part)
    by_day = part.paired_in(found.of_row, (len(found),))
    start = int(part.day.min(initial=int(ends[-1])))
    cell = found.segment * shape[1] + np.searchsorted(ends, found.day - 1 + start)
    worst, best = (sums.binned(cell, shape) for sums in filled_sums(by_day))
    days = np.maximum(worst.design_effect(), best.design_effect())
    effect, entities = _of_entities(cases, ends, days)
    clusters = worst.clusters.astype(np.int64)
    return Snapshots(_running(by_day, cell, shape), clusters, effect, entities)


def snapshot_of_mature(cases: CaseCounts, scope: Scope) -> Snapshots:
    """Return the counts of all mature cases, as the one column of the result.

    In a timeless study these are all cases, taken as independent but for declared clusters.
    """
    if is_timeless(scope) or scope.first_day is None:
        return undated(cases)
    end = mature_day(scope)
    ends = np.array([end] if end >= scope.first_day else [scope.first_day - 1], np.int64)
    return snapshots(cases, scope.first_day, ends)


def undated(cases: CaseCounts) -> Snapshots:
    """Return the counts of all cases as the one column of the result, whatever their days."""
    counts = cases.paired().at((slice(None), None))
    ones = np.ones(counts.n.shape)
    effect, entities = _of_entities(cases, np.array([ANY_DAY]), ones)
    return Snapshots(counts, np.zeros(counts.n.shape, np.int64), effect, entities)


def _of_entities(
    cases: CaseCounts, ends: NDArray[np.int64], effect: Numbers
) -> tuple[Numbers, NDArray[np.int64] | None]:
    """Return design effects raised to those of entities, and the number of entities."""
    known = cases.entities
    if known is None:
        return effect, None
    both = (known.effect(quantity, ends) for quantity in (Quantity.WORST, Quantity.BEST))
    return np.maximum(effect, np.maximum(*both)), known.fewest(ends)


def _running(by_day: PairedCounts, cell: NDArray[np.int64], shape: tuple[int, int]) -> PairedCounts:
    size = shape[0] * shape[1]
    return PairedCounts(
        *(
            np.bincount(cell, weights=getattr(by_day, f.name), minlength=size)
            .astype(np.int64)
            .reshape(shape)
            .cumsum(axis=1)
            for f in fields(PairedCounts)
        )
    )
