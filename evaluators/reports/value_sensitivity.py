"""How the saving changes when one of the declared costs is really smaller or larger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.weeks import mature_cases
from evaluators.worth.prices import Prices
from evaluators.worth.savings import alike, savings_at

FACTORS = (0.5, 0.75, 1.0, 1.5, 2.0)
"""What each cost is multiplied by, the others staying as they are."""


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return for every cost and factor the saving per case over all mature cases.

    Notes
    -----
    The saving is linear in each cost, so it is recomputed from the same counts and needs no new
    data. `low` and `high` are what unknown outcomes leave possible; they hold no sampling error.
    """
    prices = Prices.of(scope.terms.value)
    columns: dict[str, list[Any]] = {}
    if prices is None:
        return columns
    cases = alike(mature_cases(CaseCounts.of_measures(measures).only([0]), scope))
    for what, outcome, cost, make in _costs(prices):
        for factor in FACTORS:
            changed = make(cost * factor)
            if changed.largest == 0:
                continue
            savings = savings_at(cases, scope, changed)
            if savings.n[0, 0] == 0:
                return {}
            row = {
                "item": what,
                "outcome": outcome,
                "factor": factor,
                "cost": cost * factor,
                "saving": float(savings.mean(savings.middle)[0, 0]),
                "low": float(savings.mean(savings.low)[0, 0]),
                "high": float(savings.mean(savings.high)[0, 0]),
            }
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
    return columns


def _costs(prices: Prices) -> list[tuple[str, str, float, Any]]:
    """Return every cost that is not nothing: item, outcome, cost, and how to change it."""

    def matrix(i: int, j: int) -> Any:
        def changed(cost: float) -> Prices:
            costs = prices.costs.copy()
            costs[i, j] = cost
            return replace(prices, costs=costs)

        return changed

    found = [
        (decision, outcome, float(prices.costs[i, j]), matrix(i, j))
        for i, decision in enumerate(prices.decisions)
        for j, outcome in enumerate(prices.outcomes)
        if np.nan_to_num(prices.costs[i, j]) != 0
    ]
    if not prices.decisions:
        found.append(("unit value", "", prices.unit, lambda cost: replace(prices, unit=cost)))
    if prices.review:
        found.append(("review", "", prices.review, lambda cost: replace(prices, review=cost)))
    return found


REPORT = Report(
    "value_sensitivity", "How the saving depends on each cost", ("outcome_counts",), tabulate
)
