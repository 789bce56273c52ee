"""Sums over clusters of pairs, with what is still open filled as losses and as wins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluators.pairs.paired_counts import PairedCounts
from evaluators.statistics.clusters import ClusterSums

Numbers = NDArray[np.float64]


def design_effect(by_day: PairedCounts) -> Numbers:
    """Return the design effect of the paired difference of each segment, at least 1.

    Parameters
    ----------
    by_day
        Counts of shape (..., days).

    Notes
    -----
    Open disagreements are filled once as production's wins and once as the candidate's; the
    larger of the two effects counts, so that one number serves both ends of an interval.

    References
    ----------
    Rao & Scott (1992), as in `ClusterSums.design_effect`.

    Examples
    --------
    >>> design_effect(PairedCounts.zeros((2, 30))).tolist()
    [1.0, 1.0]
    """
    worst, best = filled_sums(by_day)
    return np.maximum(worst.along(-1).design_effect(), best.along(-1).design_effect())


def filled_sums(by_day: PairedCounts) -> tuple[ClusterSums, ClusterSums]:
    """Return the sums of the difference with open disagreements as losses, and as wins."""
    gained = by_day.only_candidate - by_day.only_production
    size = by_day.only_candidate + by_day.only_production + by_day.open_disagreements
    return (
        ClusterSums.of(by_day.n, gained - by_day.open_disagreements, size),
        ClusterSums.of(by_day.n, gained + by_day.open_disagreements, size),
    )
