"""Rows of a measure gathered into (segment, day) clusters, without a table of every day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.entity_clusters import Quantity, effect_of
from evaluators.statistics.clusters import ClusterSums
from evaluators.statistics.shares import share_sequence

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DayClusters:
    """The clusters that occur.

    Attributes
    ----------
    segment, day
        Of each cluster; `day` counts from the earliest one, cases without a day stand at 0.
    of_row
        The cluster of each row.
    """

    segment: NDArray[np.int64]
    day: NDArray[np.int64]
    of_row: NDArray[np.int64]

    @classmethod
    def of(cls, cases: CaseCounts) -> DayClusters:
        """Return the clusters of some cases; the same cases give the same object."""
        if "day_clusters" not in cases.memo:
            cases.memo["day_clusters"] = cls._found(cases)
        known: DayClusters = cases.memo["day_clusters"]
        return known

    @classmethod
    def _found(cls, cases: CaseCounts) -> DayClusters:
        dated = cases.day != NO_DAY
        first = int(cases.day[dated].min()) if dated.any() else 0
        day = np.where(dated, cases.day - first + 1, 0)
        span = int(day.max(initial=0)) + 1
        key = cases.segment * span + day
        size = len(cases.segments) * span
        if size <= 8 * len(key) + 1_000_000:  # marking what occurs is quicker than sorting
            occurs = np.zeros(size, np.bool_)
            occurs[key] = True
            cells = np.flatnonzero(occurs)
            of_row = (np.cumsum(occurs) - 1)[key]
        else:
            cells, of_row = np.unique(key, return_inverse=True)
        return cls(cells // span, cells % span, of_row)

    def __len__(self) -> int:
        return len(self.segment)


@dataclass(frozen=True, slots=True)
class Shares:
    """A share of cases per segment, with the design effect of its days.

    Attributes
    ----------
    hits, n
        Cases that have the property, and cases that could have it.
    effect
        Design effect, at least 1.
    """

    hits: NDArray[np.int64]
    n: NDArray[np.int64]
    effect: Numbers

    @classmethod
    def of(
        cls,
        cases: CaseCounts,
        base: NDArray[np.bool_],
        hit: NDArray[np.bool_],
        clusters: DayClusters | None = None,
        quantity: Quantity | None = None,
    ) -> Shares:
        """Return the share of rows with `hit` among those with `base`, per segment.

        With `quantity`, what the share is of in the sums over declared clusters, the larger of
        the two design effects counts.
        """
        found = DayClusters.of(cases) if clusters is None else clusters
        code = base * (1 + hit.astype(np.int64))
        _, misses, hits = cases.totals(code, 3, found.of_row, len(found))
        n, size = misses + hits, len(cases.segments)
        sums = ClusterSums.of(n, hits, hits).binned(found.segment, (size, 1))
        every, those = sums.n[:, 0].astype(np.int64), sums.total[:, 0].astype(np.int64)
        effect = np.maximum(
            sums.design_effect()[:, 0], effect_of(cases.entities, quantity, cases.day)
        )
        return cls(those, every, effect)

    @classmethod
    def running(
        cls,
        cases: CaseCounts,
        base: NDArray[np.bool_],
        hit: NDArray[np.bool_],
        ends: NDArray[np.int64],
        quantity: Quantity | None = None,
    ) -> Shares:
        """Return the same as it stood at the ends of some days; arrays (segments, ends).

        Cases after the last end or without a day are left out.
        """
        shape = (len(cases.segments), len(ends))
        if not len(ends):
            return cls(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.ones(shape))
        inside = (cases.day != NO_DAY) & (cases.day <= ends[-1])
        part, base, hit = cases.where(inside), base[inside], hit[inside]
        found = DayClusters.of(part)
        start = int(part.day.min(initial=int(ends[-1])))
        cell = found.segment * shape[1] + np.searchsorted(ends, found.day - 1 + start)
        n = part.total_in(base, found.of_row, len(found))
        hits = part.total_in(base & hit, found.of_row, len(found))
        sums = ClusterSums.of(n, hits, hits).binned(cell, shape)
        effect = sums.design_effect()
        if cases.entities is not None and quantity is not None:
            effect = np.maximum(effect, cases.entities.effect(quantity, ends))
        return cls(sums.total.astype(np.int64), sums.n.astype(np.int64), effect)

    @property
    def estimate(self) -> Numbers:
        """The shares; NaN without a case."""
        return np.where(self.n > 0, self.hits / np.maximum(self.n, 1), np.nan)

    def interval(self, alpha: float) -> tuple[Numbers, Numbers]:
        """Return the interval that is valid at every look; 0 to 1 without a case."""
        return share_sequence(self.hits / self.effect, self.n / self.effect, alpha)
