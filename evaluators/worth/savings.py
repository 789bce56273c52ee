"""What the candidate saves per case: the cost of production's decision less that of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY, UNKNOWN, Columns
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters
from evaluators.pairs.paired import Numbers
from evaluators.scope import Scope
from evaluators.statistics.atoms import log_e_of_atoms, sequence_of_atoms
from evaluators.statistics.clusters import ClusterSums
from evaluators.weeks import is_timeless, mature_day
from evaluators.worth.prices import Prices

_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Savings:
    """Savings of segments as they stood at the ends of some days.

    Attributes
    ----------
    atoms
        The savings that occur, ascending; shape (atoms,).
    low, middle, high
        Cases with each of them, shape (segments, ends, atoms): unknown outcomes filled with the
        least saving, with the one nearest to nothing, and with the largest.
    clusters, effect
        Days with cases, and their design effect; shape (segments, ends).
    largest
        The most that one case can save or lose.
    """

    atoms: Numbers
    low: Numbers
    middle: Numbers
    high: Numbers
    clusters: Numbers
    effect: Numbers
    largest: float

    @property
    def n(self) -> Numbers:
        """Cases compared, shape (segments, ends)."""
        return np.asarray(self.middle.sum(axis=-1), float)

    def mean(self, counts: Numbers) -> Numbers:
        """Return the mean saving of some counts; NaN without a case."""
        n = counts.sum(axis=-1)
        return np.where(n > 0, counts @ self.atoms / np.maximum(n, 1), np.nan)

    def interval(self, alpha: float, grid: Numbers) -> tuple[Numbers, Numbers]:
        """Return the interval of the mean saving that is valid at every look.

        Notes
        -----
        Exact for savings that cannot exceed the largest the prices allow: betting on the saving
        as a share of it, unknown outcomes filled with the worst and with the best.

        References
        ----------
        Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
        """
        by = self.effect[..., None]
        low, high = sequence_of_atoms(self.low / by, self.high / by, self._scaled, alpha, grid)
        return low * self.largest, high * self.largest

    def log_above(self, limit: float, grid: Numbers) -> Numbers:
        """Return the log e-value for "the mean saving is above `limit`"."""
        counts = self.low / self.effect[..., None]
        return log_e_of_atoms(counts, self._scaled, max(limit / self.largest, -1 + 1e-9), grid)

    def log_below(self, limit: float, grid: Numbers) -> Numbers:
        """Return the log e-value for "the mean saving is below `limit`"."""
        counts = self.high / self.effect[..., None]
        return log_e_of_atoms(counts, -self._scaled, max(-limit / self.largest, -1 + 1e-9), grid)

    @property
    def _scaled(self) -> Numbers:
        return self.atoms / self.largest


def savings_at(
    cases: CaseCounts, scope: Scope, prices: Prices, ends: NDArray[np.int64] | None = None
) -> Savings:
    """Return the savings of every segment at some ends; of all mature cases if None.

    In a timeless study, or where `ends` is None, there is one end; a timeless study takes cases
    as independent.
    """
    dated = not is_timeless(scope) and scope.first_day is not None
    compared = cases.compared
    if dated:
        stops = np.array([mature_day(scope)], np.int64) if ends is None else ends
        day = cases.day
        last = stops[-1] if len(stops) else (scope.first_day or 0) - 1
        compared = compared & (day != NO_DAY) & (day >= (scope.first_day or 0)) & (day <= last)
    part = cases.where(compared)
    shape = (len(cases.segments), len(stops) if dated else 1)
    least, most = (np.round(a, _DIGITS) for a in prices.per_row(part))
    middle = np.clip(0.0, least, most)
    atoms = np.unique(np.concatenate([least, middle, most, [0.0]]))
    weight = part.column("n").astype(float)
    end = np.searchsorted(stops, part.day) if dated else np.zeros(len(part.segment), np.int64)
    cell = part.segment * shape[1] + end

    def counted(values: Numbers) -> Numbers:
        at = cell * len(atoms) + np.searchsorted(atoms, values)
        size = shape[0] * shape[1] * len(atoms)
        table = np.bincount(at, weights=weight, minlength=size).reshape(*shape, len(atoms))
        return np.asarray(np.cumsum(table, axis=1), float)

    clusters, effect = np.zeros(shape), np.ones(shape)
    if dated and shape[1]:
        clusters, effect = _effect(part, weight, (least, most), cell, shape)
    return Savings(
        atoms, counted(least), counted(middle), counted(most), clusters, effect, prices.largest
    )


def alike(cases: CaseCounts) -> CaseCounts:
    """Return the counts with rows put together that differ by nothing but their day.

    What is left of the days is one of them, so it is for means over all cases only.
    """
    if not len(cases.table):
        return cases
    key = np.zeros(len(cases.segment), np.int64)
    names = ("answer", "decision", "recommendation", "outcome", "agree")
    for column in (*names, "production_right", "candidate_right"):
        codes = cases.column(column) - UNKNOWN
        key = key * (int(codes.max()) + 1) + codes
    key = key * len(cases.segments) + cases.segment
    _, first, of_row = np.unique(key, return_index=True, return_inverse=True)
    n = np.bincount(of_row, weights=cases.column("n")).astype(np.int64)
    arrays = {name: array[first] for name, array in cases.table.arrays.items()}
    table = Columns({**arrays, "n": n}, cases.table.labels)
    return CaseCounts(table, cases.segments, cases.segment[first])


def _effect(
    part: CaseCounts,
    weight: Numbers,
    fills: tuple[Numbers, Numbers],
    cell: NDArray[np.int64],
    shape: tuple[int, int],
) -> tuple[Numbers, Numbers]:
    found = DayClusters.of(part)
    size = len(found)
    of_cluster = np.zeros(size, np.int64)
    of_cluster[found.of_row] = cell

    def summed(values: Numbers) -> Numbers:
        return np.asarray(np.bincount(found.of_row, weights=values, minlength=size), float)

    sums = [
        ClusterSums.of(summed(weight), summed(weight * d), summed(weight * d * d)).binned(
            of_cluster, shape
        )
        for d in fills
    ]
    return sums[0].clusters, np.maximum(sums[0].design_effect(), sums[1].design_effect())
