"""How well calibrated the scores are, as it stood at the ends of some days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluators.scoring.scores import (
    SHOWN_BINS,
    UNIT,
    WHOLE_UNITS,
    Counts,
    Numbers,
    ScoreSums,
    rolled_up,
)
from evaluators.statistics.calibration import debiased_squared_error
from evaluators.statistics.calibration_bounds import calibration_bounds
from evaluators.statistics.clusters import ClusterSums


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Ten bins of scores; arrays of shape (ends, bins), `effect` of shape (ends,).

    Attributes
    ----------
    n, p
        Mature cases with a score, and the sum of their scores.
    known, known_p, events
        Those whose outcome is known, the sum of their scores, and how many came true.
    effect
        Design effect of days.
    """

    n: Counts
    p: Numbers
    known: Counts
    known_p: Numbers
    events: Counts
    effect: Numbers

    @classmethod
    def of(cls, sums: ScoreSums) -> Calibrated:
        """Return the bins of some sums."""
        known = sums.known
        return cls(
            rolled_up(sums.running("n")),
            np.asarray(rolled_up(sums.running("probability")) * UNIT, float),
            rolled_up(sums.running("n", known)),
            np.asarray(rolled_up(sums.running("probability", known)) * UNIT, float),
            rolled_up(sums.running("n", sums.event == 1)),
            _effect(sums),
        )

    @property
    def estimate(self) -> Numbers:
        """Debiased root-mean-square calibration error; 0 where nothing beyond noise is seen."""
        squared = debiased_squared_error(self.known, self.known_p, self.events)
        return np.sqrt(np.where(squared < 0, 0.0, squared))

    @property
    def cases(self) -> Counts:
        """Cases with a known outcome."""
        found: Counts = self.known.sum(axis=-1)
        return found

    def bounds(self, alpha: float) -> tuple[Numbers, Numbers]:
        """Return the bounds that hold at every look, whatever outcomes are missing."""
        open_ = self.n - self.known
        return calibration_bounds(
            self.n, self.p, self.events, self.events + open_, alpha, self.effect
        )


def _effect(sums: ScoreSums) -> Numbers:
    """Return the design effect of outcome less score: over all cases, or inside bins if larger.

    Days on which everything comes true more often move all bins together; the second form sees
    days that move bins against each other.
    """
    keep = sums.known
    if not keep.any():
        return np.ones(sums.ends)
    part = ScoreSums(sums.table.where(keep), 0, sums.at[keep], sums.ends)
    n = part.table["n"].astype(np.int64)
    p, squared = (part.table[c] for c in ("probability", "probability_squared"))
    events = n * part.event * WHOLE_UNITS
    residual = events - p
    squares = events - 2 * part.event * p + squared
    whole = part.clusters(np.zeros(len(n), np.int64), 1, n, residual, squares).design_effect()[0]
    bins = part.table["bin"].astype(np.int64) // (50 // SHOWN_BINS)
    inside = _pooled(part.clusters(bins, SHOWN_BINS, n, residual, squares))
    found: Numbers = np.maximum(np.maximum(whole, inside), 1.0)
    return found


def _pooled(sums: ClusterSums) -> Numbers:
    """Return the design effect of all groups together, along the first axis."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = sums.total / sums.n
        between = sums.tt - 2 * mean * sums.nt + mean**2 * sums.nn
        clustered = sums.clusters / (sums.clusters - 1) * between / sums.n
        alone = sums.squares / sums.n - mean**2
    usable = (sums.clusters >= 2) & (alone > 1e-12)
    above = np.where(usable, clustered, 0.0).sum(axis=0)
    below = np.where(usable, alone, 0.0).sum(axis=0)
    return np.where(below > 0, above / np.where(below > 0, below, 1), 1.0)
