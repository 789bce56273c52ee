"""What the candidate costs to run: per decision, in tokens, and in a month at the pace so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluators.columns import Columns, Measures
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.worth.counted import DailyMean, by_day, column, is_dated, mean_of

MILLION = 1e6
MONTHS = 12
DAYS_A_MONTH = 365.25 / MONTHS


@dataclass(frozen=True, slots=True)
class Running:
    """Costs and tokens per decision.

    Attributes
    ----------
    cost
        Mean cost of a decision in the study's currency, over records that say one.
    tokens
        Mean number of tokens of a decision, over records that say one.
    a_month
        Decisions a month: as the study declares, else at the pace so far; NaN where neither is
        known.
    """

    cost: DailyMean
    tokens: DailyMean
    a_month: float

    @classmethod
    def of(cls, measures: Measures, scope: Scope) -> Running:
        """Return them from the measure `running_costs`."""
        table = measures["running_costs"]
        dated = is_dated(table)
        cost = mean_of(
            by_day(table, column(table, "priced")),
            by_day(table, column(table, "millionths")) / MILLION,
            _floats(table, "squares") / MILLION**2,
            dated,
            scope.alpha,
        )
        total = by_day(table, column(table, "input_tokens") + column(table, "output_tokens"))
        metered = by_day(table, column(table, "metered"))
        # Of tokens no squares are kept: without days a record is taken to vary as days would.
        squares = np.where(metered > 0, total**2 / np.maximum(metered, 1), 0.0)
        tokens = mean_of(metered, total, squares, dated, scope.alpha)
        return cls(cost, tokens, _a_month(measures, scope))


def _floats(table: Columns, name: str) -> np.ndarray:
    return by_day(table, np.asarray(table[name], float) if len(table) else np.zeros(0))


def _a_month(measures: Measures, scope: Scope) -> float:
    if scope.terms.cases_per_year is not None:
        return scope.terms.cases_per_year / MONTHS
    if scope.first_day is None or scope.last_day is None:
        return float("nan")
    cases = CaseCounts.of_measures(measures)
    every = float(cases.total(np.ones(len(cases.segment), np.bool_))[0])
    return every / max(1, scope.last_day - scope.first_day + 1) * DAYS_A_MONTH
