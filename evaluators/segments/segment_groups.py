"""The segments of a cut as they are tested: the large ones singly, all small ones as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import Segment
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Numbers, Snapshots, snapshots, undated
from evaluators.pairs.paired_counts import PairedCounts
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
    large
        Numbers of the segments that stand singly, in the order of the groups; -1 for pools.
    """

    standing: Snapshots
    pooled: int
    dated: bool
    large: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.standing.effect)

    def log_good(self, margin: float, grid: Numbers) -> Numbers:
        """Return the log e-values for "better than -margin".

        A group with cases on fewer than 20 days, or of fewer than 20 entities where clusters are
        declared, cannot speak for itself, since their spread cannot be told; its evidence counts
        only where it speaks against the candidate.
        """
        return self._heard(self.standing.log_good(margin, grid))

    def log_worse(self, margin: float, grid: Numbers) -> Numbers:
        """Return the log e-values for "worse than -margin", by the same rule."""
        return self._heard(self.standing.log_worse(margin, grid))

    @property
    def pools(self) -> int:
        """Number of groups that are all small segments of a cut together."""
        return int((self.large < 0).sum())

    def _heard(self, log_e: Numbers) -> Numbers:
        few = self.dated & (self.standing.clusters < LEAST_CLUSTERS)
        few |= ~self.standing.enough_entities
        return np.where(few, np.minimum(log_e, 0), log_e)


def together(parts: Sequence[Groups]) -> Groups:
    """Return the groups of several cuts as one list; numbers of segments stay those of each cut."""
    if len(parts) == 1:
        return parts[0]
    standing = [part.standing for part in parts]
    counts = PairedCounts(
        *(
            np.concatenate([getattr(s.counts, f.name) for s in standing])
            for f in fields(PairedCounts)
        )
    )
    clusters = np.concatenate([s.clusters for s in standing])
    effect = np.concatenate([s.effect for s in standing])
    known = [s.entities for s in standing if s.entities is not None]
    entities = np.concatenate(known) if len(known) == len(standing) else None
    return Groups(
        Snapshots(counts, clusters, effect, entities),
        sum(part.pooled for part in parts),
        parts[0].dated,
        np.concatenate([part.large for part in parts]),
    )


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
    numbers = np.concatenate([np.flatnonzero(large), np.full(len(parts), -1)])
    return Groups(Snapshots(counts, clusters, effect, entities), pooled, dated, numbers)
