"""What decisions cost, as the study declares it, and what one case of a row of counts can save."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.study.production import BusinessValue
from data_contracts.vocabulary import Answer
from evaluators.columns import UNKNOWN
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Numbers

LEFT = (Answer.ABSTAINED, Answer.ESCALATED, Answer.ERROR, Answer.MISSING)
"""Answers that leave the case to production."""


@dataclass(frozen=True, slots=True)
class Prices:
    """A cost matrix as an array of shape (decisions, outcomes), or the worth of a right decision.

    Attributes
    ----------
    decisions, outcomes
        Labels of the rows and columns; none where `unit` is used.
    costs
        NaN where the study does not say.
    unit
        Worth of one more right decision; used where there is no matrix.
    review
        Cost of a case the candidate leaves to people.
    """

    decisions: tuple[str, ...]
    outcomes: tuple[str, ...]
    costs: Numbers
    unit: float
    review: float

    @classmethod
    def of(cls, value: BusinessValue | None) -> Prices | None:
        """Return the prices of a study; None where it says none, or where all cost the same."""
        if value is None:
            return None
        review = value.review_cost
        if not value.costs:
            unit = value.unit_value or 0.0
            return cls((), (), np.zeros((0, 0)), unit, review) if unit else None
        decisions = tuple(value.costs)
        outcomes = tuple(dict.fromkeys(y for row in value.costs.values() for y in row))
        rows = [[row.get(y, np.nan) for y in outcomes] for row in value.costs.values()]
        found = cls(decisions, outcomes, np.array(rows, float), 0.0, review)
        return found if found.largest > 0 else None

    @property
    def largest(self) -> float:
        """The most that one case can save or lose."""
        if not self.decisions:
            return max(abs(self.unit), abs(self.review))
        low, high = (float(f(self._gaps, initial=0.0)) for f in (np.nanmin, np.nanmax))
        return max(abs(low), abs(high), abs(self.review))

    @property
    def _gaps(self) -> Numbers:
        """Cost of production's decision less the candidate's: (production, candidate, outcome)."""
        return np.asarray(self.costs[:, None, :] - self.costs[None, :, :], float)

    def per_row(self, cases: CaseCounts) -> tuple[Numbers, Numbers]:
        """Return for each row of counts the least and the largest saving of one of its cases."""
        differ = cases.differ
        if self.decisions:
            low, high = self._by_matrix(cases)
        else:
            production, candidate = (
                cases.column(f"{side}_right") for side in ("production", "candidate")
            )
            known = (production != UNKNOWN) & (candidate != UNKNOWN)
            gain = self.unit * (candidate - production)
            low = np.where(known, gain, -abs(self.unit))
            high = np.where(known, gain, abs(self.unit))
        left = np.where(cases.answered(*LEFT), -self.review, 0.0)
        return np.where(differ, low, left), np.where(differ, high, left)

    @property
    def range(self) -> tuple[float, float]:
        """Least and largest cost of one case."""
        costs = np.nan_to_num(self.costs)
        return float(min(costs.min(), 0)), float(max(costs.max(), 0)) + self.review

    def cost_of(self, cases: CaseCounts, side: str) -> Numbers:
        """Return for each row what one of its cases costs by a side's decision; NaN if unknown."""
        table = np.pad(self.costs, ((0, 1), (0, 1)), constant_values=np.nan)
        p, a = (_places(cases, name, self.decisions) for name in ("decision", "recommendation"))
        y = _places(cases, "outcome", self.outcomes)
        if side == "production":
            return np.asarray(table[p, y], float)
        taken = np.where(cases.answered(Answer.ANSWERED), a, p)
        return np.asarray(table[taken, y] + self.review * cases.answered(*LEFT), float)

    def _by_matrix(self, cases: CaseCounts) -> tuple[Numbers, Numbers]:
        p, a = (_places(cases, name, self.decisions) for name in ("decision", "recommendation"))
        y = _places(cases, "outcome", self.outcomes)
        gaps = self._gaps
        # One more row, column and outcome, of NaN, for labels the matrix does not have.
        wide = np.pad(gaps, ((0, 1), (0, 1), (0, 1)), constant_values=np.nan)
        least, most = np.fmin.reduce(wide, axis=2), np.fmax.reduce(wide, axis=2)
        exact = wide[p, a, y]
        low = np.where(np.isnan(exact), least[p, a], exact)
        high = np.where(np.isnan(exact), most[p, a], exact)
        bound = self.largest
        return np.where(np.isnan(low), -bound, low), np.where(np.isnan(high), bound, high)


def _places(cases: CaseCounts, column: str, labels: tuple[str, ...]) -> NDArray[np.int64]:
    """Return each row's place in `labels`; the place after the last for none of them."""
    codes = cases.column(column)
    if not len(codes):
        return codes
    place = {label: i for i, label in enumerate(labels)}
    known = cases.table.labels.get(column, ())
    table = np.array([*(place.get(label, len(labels)) for label in known), len(labels)], np.int64)
    found: NDArray[np.int64] = table[np.where(codes < 0, len(known), codes)]
    return found
