"""What answering only the surest cases would have come to, at the ends of some days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evaluators.columns import Measures
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.scoring.scores import BINS, Counts, Numbers, ScoreSums, by_confidence, thresholds
from evaluators.statistics.betting import log_e_value
from evaluators.statistics.clusters import ClusterSums
from evaluators.statistics.shares import rare_grid, share_grid, share_sequence
from evaluators.weeks import is_timeless, mature_cases


@dataclass(frozen=True, slots=True)
class Confidence:
    """Cases by threshold on the confidence, strictest first; arrays of shape (thresholds, ends).

    Attributes
    ----------
    least
        The thresholds; shape (thresholds,).
    n
        Mature cases answered with at least that confidence.
    wrong, unknown
        Those of them whose answer was wrong, and whose outcome is not known.
    total
        All mature cases compared, with a confident answer or not; shape (1, ends).
    days
        Days with cases; shape (1, ends).
    effect, coverage_effect
        Design effect of days on the error, unknown outcomes being errors, and on the coverage.
    """

    least: Numbers
    n: Counts
    wrong: Counts
    unknown: Counts
    total: Counts
    days: Counts
    effect: Numbers
    coverage_effect: Numbers

    @classmethod
    def of(cls, measures: Measures, scope: Scope, ends: Counts) -> Confidence:
        """Return how things stood at the ends of some days; without any, how they stand now."""
        timeless, meaning = is_timeless(scope), scope.terms.score
        sums = ScoreSums.of(
            measures["score_sums"], scope, ends if len(ends) and not timeless else None
        )
        cases = mature_cases(CaseCounts.of_measures(measures).only([0]), scope)
        until = int(ends[-1]) if len(ends) and not timeless else None
        cases = cases.until(until)
        days, of_case = np.unique(cases.day, return_inverse=True)
        total = cases.total_in(cases.compared, of_case, len(days))
        end_of = np.searchsorted(ends, days) if until is not None else np.zeros(len(days), np.int64)
        covered, wrong, unknown = (
            np.cumsum(by_confidence(_by_day(sums, days, keep), meaning), axis=-1).T
            for keep in (None, sums.right == 0, sums.right < 0)
        )
        size = 1 if until is None else len(ends)
        shape = (len(covered), size)
        cell = np.arange(shape[0])[:, None] * size + end_of
        every = np.broadcast_to(total, covered.shape)

        def running(values: ArrayLike, rows: int = shape[0]) -> Counts:
            found = np.zeros((size, rows), np.int64)
            np.add.at(found, end_of, np.asarray(values, np.int64).T)
            return np.cumsum(found.T, axis=1)

        def effect(n: Counts, hits: Counts) -> Numbers:
            if timeless:
                return np.ones(shape)
            flat = ClusterSums.of(n.ravel(), hits.ravel(), hits.ravel())
            return flat.binned(cell.ravel(), shape).design_effect()

        return cls(
            thresholds(meaning),
            running(covered),
            running(wrong),
            running(unknown),
            running(total[None], 1),
            running((total > 0).astype(np.int64)[None], 1),
            effect(covered, wrong + unknown),
            effect(every, covered),
        )

    def only(self, threshold: float) -> Confidence:
        """Return the same for one threshold."""
        at = slice(place := int(np.argmin(np.abs(self.least - threshold))), place + 1)
        return Confidence(
            self.least[at],
            self.n[at],
            self.wrong[at],
            self.unknown[at],
            self.total,
            self.days,
            self.effect[at],
            self.coverage_effect[at],
        )

    @property
    def coverage(self) -> Numbers:
        """Share of all cases that are answered; NaN without a case."""
        return np.where(self.total > 0, self.n / np.maximum(self.total, 1), np.nan)

    @property
    def risk(self) -> Numbers:
        """Share of errors among answered cases with a known outcome; NaN without one."""
        known = self.n - self.unknown
        return np.where(known > 0, self.wrong / np.maximum(known, 1), np.nan)

    def risk_bounds(self, alpha: float) -> tuple[Numbers, Numbers]:
        """Return bounds of the error valid at every look, whatever outcomes are missing."""
        n = self.n / self.effect
        low = share_sequence(self.wrong / self.effect, n, alpha)[0]
        return low, share_sequence((self.wrong + self.unknown) / self.effect, n, alpha)[1]

    def coverage_bounds(self, alpha: float) -> tuple[Numbers, Numbers]:
        """Return bounds of the coverage valid at every look."""
        return share_sequence(
            self.n / self.coverage_effect, self.total / self.coverage_effect, alpha
        )

    def log_safe(self, error: float) -> Numbers:
        """Return the log e-value for "wrong less often", unknown outcomes being errors."""
        n, wrong = self.n / self.effect, (self.wrong + self.unknown) / self.effect
        return log_e_value(n, n - wrong, wrong, 1 - 2 * error, rare_grid())

    def log_unsafe(self, error: float) -> Numbers:
        """Return the log e-value for "wrong more often", unknown outcomes being right."""
        n, wrong = self.n / self.effect, self.wrong / self.effect
        return log_e_value(n, wrong, n - wrong, 2 * error - 1, share_grid())

    def log_wide(self, coverage: float) -> Numbers:
        """Return the log e-value for "answered more often than `coverage`"."""
        n, hits = self.total / self.coverage_effect, self.n / self.coverage_effect
        return log_e_value(n, hits, n - hits, 2 * coverage - 1, share_grid())

    def log_narrow(self, coverage: float) -> Numbers:
        """Return the log e-value for "answered less often than `coverage`"."""
        n, hits = self.total / self.coverage_effect, self.n / self.coverage_effect
        return log_e_value(n, n - hits, hits, 1 - 2 * coverage, share_grid())


def _by_day(sums: ScoreSums, days: Counts, keep: np.ndarray | None) -> Counts:
    """Return cases per day and bin."""
    found = np.zeros((len(days), BINS), np.int64)
    if len(sums.table) and len(days):
        table = sums.table if keep is None else sums.table.where(keep)
        day = np.searchsorted(days, table["cohort_day"].astype(np.int64))
        np.add.at(found, (day, table["bin"].astype(np.int64)), table["n"].astype(np.int64))
    return found
