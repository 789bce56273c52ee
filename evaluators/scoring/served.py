"""Cases that are served one after the other: what the candidate's order would have changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from evaluators.columns import NO_DAY, UNKNOWN, Columns
from evaluators.scope import Scope
from evaluators.scoring.scores import Counts, Numbers
from evaluators.statistics.reassigned import Reassigned, reassigned, resampled
from evaluators.weeks import is_timeless, mature_day

STEP = 1e-5
"""Scores are counted in steps of this size; cases of one step count as equal."""

NUMBERS = ("earlier", "first_half", "first_half_before")


@dataclass(frozen=True, slots=True)
class Served:
    """One closed pool of cases; arrays of shape (rows,).

    Attributes
    ----------
    day, step, n
        Day, score in steps of `STEP`, and number of the cases of a row.
    positive
        1, 0 or `UNKNOWN`.
    gains
        What the candidate's order means for each row.
    """

    day: Counts
    step: Counts
    n: Counts
    positive: Counts
    gains: Reassigned

    @classmethod
    def of(cls, table: Columns, scope: Scope, end: int | None = None) -> Served:
        """Return the pool of the mature cases up to a day; empty in a timeless study."""
        if len(table) == 0 or is_timeless(scope):
            none = np.zeros(0, np.int64)
            return cls(none, none, none, none, reassigned(none, none, none))
        last = mature_day(scope) if end is None else min(end, mature_day(scope))
        day = table["cohort_day"].astype(np.int64)
        keep = (day != NO_DAY) & (day >= (scope.first_day or 0)) & (day <= last)
        rows = np.stack([day, table["score_step"], table["positive"]]).astype(np.int64)[:, keep]
        (on, step, positive), place = np.unique(rows, axis=1, return_inverse=True)
        n = np.zeros(len(on), np.int64)
        np.add.at(n, place.ravel(), table["n"][keep].astype(np.int64))
        return cls(on, step, n, positive, reassigned(on, step, n))

    @property
    def cases(self) -> int:
        """Cases in the pool."""
        return int(self.n.sum())

    @property
    def positives(self) -> int:
        """Cases of the pool known to be positive."""
        return int(self.n[self.positive == 1].sum())

    @property
    def unknown(self) -> int:
        """Cases of the pool whose outcome is not known."""
        return int(self.n[self.positive == UNKNOWN].sum())

    @property
    def days(self) -> int:
        """Days of the pool."""
        return len(np.unique(self.day))

    def means(self, counted: Counts) -> Numbers:
        """Return the three numbers of `NUMBERS` over the counted cases; NaN without any."""
        total = counted.sum()
        if not total:
            return np.full(3, np.nan)
        return np.array([float((counted * gain).sum() / total) for gain in self.gains])

    def known_positives(self) -> Counts:
        """Return for each row how many of its cases are known to be positive."""
        return np.where(self.positive == 1, self.n, 0)

    def filled_against(self, gain: Numbers, limit: float) -> Counts:
        """Return the positives with those of unknown outcome that would speak against a limit.

        The mean gain of the result is above the limit only if it is whatever the unknown outcomes
        are.
        """
        against = (self.positive == UNKNOWN) & (gain < limit)
        return np.where((self.positive == 1) | against, self.n, 0)

    def spread(self, counted: Counts) -> Numbers:
        """Return standard errors of the three numbers and of the gain in the first half."""
        drawn = resampled(self.day, self.step, self.n, counted)
        drawn = np.column_stack([drawn, drawn[:, 1] - drawn[:, 2]])
        drawn = drawn[~np.isnan(drawn[:, 0])]
        if len(drawn) < 2:
            return np.full(4, np.nan)
        found: Numbers = drawn.std(axis=0, ddof=1)
        return found

    def reach(self, alpha: float) -> float:
        """Return how many standard errors an interval reaches, by the number of days."""
        return float(stdtrit(max(self.days - 1, 1), 1 - alpha / 2))
