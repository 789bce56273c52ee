"""Design effects of declared clusters: cases of one customer tell less than as many of strangers.

The measure `cluster_sums` holds, for every cohort day, by how much it raised the sums over
entities, so that a running total says how they stood at the end of any day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import WHOLE, Segment
from evaluators.columns import NO_DAY, Columns
from evaluators.statistics.clusters import ClusterSums

Numbers = NDArray[np.float64]

ANY_DAY = int(np.iinfo(np.int64).max)


class Quantity(StrEnum):
    """What is averaged over cases; the first two are the difference, open outcomes filled."""

    WORST = "worst"
    BEST = "best"
    DIFFER = "differ"
    KNOWN = "known"
    AGREE = "agree"
    ANSWERED = "answered"
    PRODUCTION = "production"
    CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class EntityClusters:
    """The measure `cluster_sums` of one candidate version.

    Attributes
    ----------
    table
        The measure.
    names
        The declared clusters.
    segment
        Number of each row's segment; -1 for those left out.
    whole
        Rows over all cases, which stand in for segments that are taken together.
    size
        Number of segments.
    joined
        Whether segments were taken together: an entity may have cases in several of them.
    """

    table: Columns
    names: tuple[str, ...]
    segment: NDArray[np.int64]
    whole: NDArray[np.bool_]
    size: int
    joined: bool = False

    @classmethod
    def of(cls, table: Columns | None, segments: tuple[Segment, ...]) -> EntityClusters | None:
        """Return the measure with segments numbered as given; None where nothing is declared."""
        if table is None or len(table) == 0:
            return None
        number = {segment: i for i, segment in enumerate(segments)}
        values = ("(missing)", *table.labels["segment"])
        pair = table["cut"].astype(np.int64) * len(values) + table["segment"] + 1
        found, index = np.unique(pair, return_inverse=True)
        places = [
            number.get(Segment(table.labels["cut"][p // len(values)], values[p % len(values)]), -1)
            for p in found.tolist()
        ]
        segment = np.array(places, np.int64)[index]
        whole = segment == number.get(WHOLE, -2)
        return cls(table, table.labels["cluster"], segment, whole, len(segments))

    def regrouped(self, number: NDArray[np.int64], size: int) -> EntityClusters:
        """Return the sums of other segments: number i becomes `number[i]`, -1 is left out."""
        kept = number[number >= 0]
        return replace(
            self,
            segment=np.where(self.segment >= 0, number[self.segment], -1),
            size=size,
            joined=self.joined or len(np.unique(kept)) < len(kept),
        )

    def effect(self, quantity: Quantity, ends: NDArray[np.int64]) -> Numbers:
        """Return the design effects at the ends of some days, at least 1; shape (segments, ends).

        The largest over the declared clusters. Where segments were taken together it is at least
        that of all cases: who has cases in several of them can no longer be told.

        References
        ----------
        Rao & Scott (1992), doi:10.2307/2532311.
        """
        found = self._sums(quantity, self.segment, self.size, ends)
        effect: Numbers = found.design_effect().max(axis=0, initial=1.0)
        if self.joined:
            whole = self._sums(quantity, np.where(self.whole, 0, -1), 1, ends)
            effect = np.maximum(effect, whole.design_effect().max(axis=0, initial=1.0))
        return effect

    def fewest(self, ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of entities of the cluster that has fewest; shape (segments, ends)."""
        found = self._sums(Quantity.WORST, self.segment, self.size, ends).clusters
        if self.joined:
            whole = self._sums(Quantity.WORST, np.where(self.whole, 0, -1), 1, ends).clusters
            found = np.minimum(found, whole)
        fewest: NDArray[np.int64] = found.min(axis=0).astype(np.int64)
        return fewest

    def _sums(
        self, quantity: Quantity, segment: NDArray[np.int64], size: int, ends: NDArray[np.int64]
    ) -> ClusterSums:
        """Return the sums at each end; shape (clusters, segments, ends)."""
        shape = (len(self.names), size, len(ends))
        day = self.table["cohort_day"].astype(np.int64)
        day = np.where(day == NO_DAY, ends[0], day)
        keep = (segment >= 0) & (day <= ends[-1])
        keep &= self.table["quantity"] == self.table.code("quantity", quantity)
        cluster = self.table["cluster"][keep].astype(np.int64)
        cell = (cluster * size + segment[keep]) * len(ends) + np.searchsorted(ends, day[keep])
        columns = (self.table[f.name][keep].astype(float) for f in fields(ClusterSums))
        return ClusterSums(*columns).binned(cell, shape)


def effect_of(
    entities: EntityClusters | None, quantity: Quantity | None, day: NDArray[np.int64]
) -> Numbers | float:
    """Return the design effects up to the latest of some days; 1 where nothing is declared.

    Parameters
    ----------
    day
        Cohort days of the cases that are looked at; `NO_DAY` in a timeless study.
    """
    if entities is None or quantity is None or not len(day):
        return 1.0
    latest = int(day.max())
    ends = np.array([ANY_DAY if latest == NO_DAY else latest], np.int64)
    return entities.effect(quantity, ends)[:, 0]
