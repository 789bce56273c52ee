"""The segments of a cut as they are tested: the large ones singly, all small ones as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import Segment
from evaluators.cases import CaseCounts
from evaluators.paired import Numbers, Snapshots, snapshots, undated
from evaluators.paired_counts import PairedCounts
from evaluators.weeks import LEAST_CLUSTERS

ALL_SMALL = "All small segments"


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one look.

    Attributes
    ----------
    standing
        Counts of the groups, shape (groups,); the small segments come last, as one.
    pooled
        Number of small segments in that one; 0 when there is none.
    dated
        Whether the cases carry days.
    """

    standing: Snapshots
    pooled: int
    dated: bool

    def __len__(self) -> int:
        return len(self.standing.effect)

    def log_good(self, margin: float, grid: Numbers) -> Numbers:
        """Return the log e-values for "better than -margin".

        A group with cases on fewer than 20 days, or of fewer than 20 entities where clusters are
        declared, cannot speak for itself, since their spread cannot be told; its evidence counts
        only where it speaks against the candidate.
        """
        found = self.standing.log_good(margin, grid)
        few = self.dated & (self.standing.clusters < LEAST_CLUSTERS)
        few |= ~self.standing.enough_entities
        return np.where(few, np.minimum(found, 0), found)


def groups_at(
    cases: CaseCounts, first_day: int, ends: NDArray[np.int64], smallest: int
) -> Iterator[Groups]:
    """Yield the groups at each end, small being what has fewer than `smallest` cases there.

    Notes
    -----
    Which segments are pooled follows from numbers of cases only, never from outcomes, and from
    the past of each look only, so that later data cannot change what an earlier look showed.
    """
    weekly = snapshots(cases, first_day, ends)
    for number in range(len(ends)):
        standing = weekly.end(number)
        small = standing.counts.n < smallest
        pool = snapshots(_as_one(cases, small), first_day, ends[number : number + 1])
        yield _joined(standing, small, pool.end(0), dated=True)


def groups_undated(cases: CaseCounts, smallest: int) -> Groups:
    """Return the groups of cases without days."""
    standing = undated(cases).end(0)
    small = standing.counts.n < smallest
    pool = undated(_as_one(cases, small))
    return _joined(standing, small, pool.end(0), dated=False)


def _as_one(cases: CaseCounts, small: NDArray[np.bool_]) -> CaseCounts:
    number = np.where(small, 0, -1)
    return cases.regrouped(number, (Segment(cases.segments[0].cut, ALL_SMALL),))


def _joined(
    standing: Snapshots, small: NDArray[np.bool_], pool: Snapshots, *, dated: bool
) -> Groups:
    pooled = int((small & (standing.counts.n > 0)).sum())
    parts = (pool,) if pooled else ()
    large = ~small

    def joined(name: str) -> NDArray[np.int64]:
        arrays = [getattr(standing.counts, name)[large]]
        return np.concatenate([*arrays, *(getattr(part.counts, name) for part in parts)])

    counts = PairedCounts(*(joined(f.name) for f in fields(PairedCounts)))
    clusters = np.concatenate([standing.clusters[large], *(p.clusters for p in parts)])
    effect = np.concatenate([standing.effect[large], *(p.effect for p in parts)])
    entities = None
    if standing.entities is not None:
        more = (p.entities for p in parts if p.entities is not None)
        entities = np.concatenate([standing.entities[large], *more])
    return Groups(Snapshots(counts, clusters, effect, entities), pooled, dated)
