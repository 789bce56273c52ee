"""The measure `score_sums` in arrays: bins of scores at the ends of some days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Reason, ScoreMeaning
from evaluators.columns import NO_DAY, UNKNOWN, Columns
from evaluators.pairs.looks import Looks
from evaluators.scope import Scope
from evaluators.statistics.clusters import ClusterSums
from evaluators.weeks import is_timeless, mature_day

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

WHOLE_UNITS = 1_000_000_000
UNIT = 1 / WHOLE_UNITS
"""What sums over scores are counted in."""
BINS = 50
SHOWN_BINS = 10
"""Bins of scores that are counted, and those that are shown and judged: five at a time."""
SUMS = (
    "probability",
    "probability_squared",
    "spread",
    "brier_squared",
    "log_loss",
    "log_loss_squared",
)
"""Columns that are sums in units of `UNIT`."""


@dataclass(frozen=True, slots=True)
class ScoreSums:
    """Rows of the measure that belong to a study's mature cases.

    Attributes
    ----------
    table
        The rows; scores outside 0 to 1 are left out.
    outside
        Cases, mature or not, whose score lies outside 0 to 1.
    at
        For each row the end it counts from, a position in the ends asked for.
    ends
        Number of ends.
    """

    table: Columns
    outside: int
    at: Counts
    ends: int

    @classmethod
    def of(cls, table: Columns, scope: Scope, ends: Counts | None = None) -> ScoreSums:
        """Return the sums at the ends of some days, ascending; of all mature cases if None."""
        if len(table) == 0:
            return cls(table, 0, np.zeros(0, np.int64), 1 if ends is None else len(ends))
        inside = table["bin"] >= 0
        outside = int(table["n"][~inside].sum())
        if is_timeless(scope):
            rows = table.where(inside)
            return cls(rows, outside, np.zeros(len(rows), np.int64), 1)
        last = np.array([mature_day(scope)], np.int64) if ends is None else ends
        day = table["cohort_day"].astype(np.int64)
        until = int(last[-1]) if len(last) else int(NO_DAY)
        keep = inside & (day != NO_DAY) & (day >= (scope.first_day or 0)) & (day <= until)
        return cls(table.where(keep), outside, np.searchsorted(last, day[keep]), len(last))

    @classmethod
    def at_looks(cls, table: Columns, scope: Scope, found: Looks) -> ScoreSums:
        """Return the sums as they stood at each look, or stand now where there was none yet."""
        if is_timeless(scope) or len(found.ends) == 0:
            return cls.of(table, scope)
        return cls.of(table, scope, found.ends)

    @property
    def event(self) -> Counts:
        """For each row whether what the score foretells came true; `UNKNOWN` where not known."""
        return self._column("event")

    @property
    def right(self) -> Counts:
        """For each row whether the candidate was right; `UNKNOWN` where not known."""
        return self._column("candidate_right")

    @property
    def known(self) -> NDArray[np.bool_]:
        """For each row whether the outcome is known."""
        found: NDArray[np.bool_] = self.event != UNKNOWN
        return found

    def running(self, name: str, keep: NDArray[np.bool_] | None = None) -> Counts:
        """Return a column's sum per end and bin, of all days up to that end; (ends, bins)."""
        found = np.zeros((self.ends, BINS), np.int64)
        if len(self.table):
            rows = slice(None) if keep is None else keep
            # Whole numbers are added as such, so the order of rows cannot show.
            np.add.at(found, (self.at[rows], self._column("bin")[rows]), self._column(name)[rows])
        return np.cumsum(found, axis=0)

    def clusters(
        self, group: Counts, size: int, n: Counts, total: Counts, squares: Counts
    ) -> ClusterSums:
        """Return day-cluster sums of a value, running over the ends; shape (size, ends).

        Parameters
        ----------
        group
            The group of each row, below `size`.
        n, total, squares
            Of each row the cases, and in units of `UNIT` the sum of their values and squares.
        """
        days, number = np.unique(self._column("cohort_day"), return_inverse=True)
        cell = group * len(days) + number
        end = np.zeros(size * max(len(days), 1), np.int64)
        end[cell] = self.at

        def added(values: Counts) -> Counts:
            found = np.zeros(len(end), np.int64)
            np.add.at(found, cell, values)
            return found

        sums = ClusterSums.of(added(n), added(total) * UNIT, added(squares) * UNIT)
        of_group = np.arange(len(end)) // max(len(days), 1)
        return sums.binned(of_group * self.ends + end, (size, self.ends))

    def _column(self, name: str) -> Counts:
        if len(self.table) == 0:
            return np.zeros(0, np.int64)
        return self.table[name].astype(np.int64)


def rolled_up(bins: Counts) -> Counts:
    """Return the bins that are shown: every five added up.

    Examples
    --------
    >>> rolled_up(np.ones((1, 50), np.int64)).tolist()
    [[5, 5, 5, 5, 5, 5, 5, 5, 5, 5]]
    """
    found: Counts = bins.reshape(*bins.shape[:-1], SHOWN_BINS, BINS // SHOWN_BINS).sum(axis=-1)
    return found


def by_confidence(bins: Counts, meaning: ScoreMeaning) -> Counts:
    """Return the bins by confidence, the surest first.

    A probability p is as sure as ``max(p, 1 - p)``; a confidence is one already.

    Examples
    --------
    >>> by_confidence(np.arange(50), ScoreMeaning.PROBABILITY)[:2].tolist()
    [49, 49]
    >>> by_confidence(np.arange(50), ScoreMeaning.CONFIDENCE)[:2].tolist()
    [49, 48]
    """
    if meaning is ScoreMeaning.CONFIDENCE:
        return bins[..., ::-1]
    half = BINS // 2
    return bins[..., :half] + bins[..., : half - 1 : -1]


def thresholds(meaning: ScoreMeaning) -> Numbers:
    """Return the least confidence of each bin of `by_confidence`.

    Examples
    --------
    >>> thresholds(ScoreMeaning.PROBABILITY)[[0, -1]].tolist()
    [0.98, 0.5]
    """
    lowest = BINS // 2 if meaning is ScoreMeaning.PROBABILITY else 0
    return np.arange(BINS - 1, lowest - 1, -1) / BINS


def says_how_sure(scope: Scope) -> bool:
    """Return whether the study's scores are probabilities or confidences."""
    return scope.terms.score in (ScoreMeaning.PROBABILITY, ScoreMeaning.CONFIDENCE)


def why_unusable(found: ScoreSums, table: Columns) -> Reason:
    """Return why scores cannot be judged at all; OK where they can."""
    if found.outside:
        return Reason.SCORES_OUTSIDE
    return Reason.NO_CASES if len(table) == 0 else Reason.OK
