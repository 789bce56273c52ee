"""What a decision of the candidate costs, how many tokens it takes, and what a month would cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data_contracts.findings import WHOLE
from data_contracts.vocabulary import Reason
from evaluators.columns import Measures
from evaluators.kinds import Evaluator
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.worth.counted import DailyMean
from evaluators.worth.running import Running

MEAN = "mean of the records that say it; asymptotic sequence over days"
MONTH = "mean times the decisions a month: as declared, else at the pace so far"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return cost and tokens per decision, and the cost of a month; nothing where none is recorded.

    Notes
    -----
    Records that do not say a cost are left out of the mean, so that a candidate that reports
    costs for its cheap calls only looks cheap: compare the number of records with that of cases.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408.
    """
    found = Running.of(measures, scope)
    return tuple(_findings(found, scope))


def _findings(found: Running, scope: Scope) -> Iterator[Findings]:
    if found.cost.n or not found.tokens.n:
        yield _one("cost_per_decision", scope, found.cost, 1.0, MEAN)
        if not np.isnan(found.a_month):
            yield _one("cost_per_month", scope, found.cost, found.a_month, MONTH)
    if found.tokens.n:
        yield _one("tokens_per_decision", scope, found.tokens, 1.0, MEAN)


def _one(metric: str, scope: Scope, mean: DailyMean, times: float, method: str) -> Findings:
    value = mean.mean * times
    # Nothing costs less than nothing; one day says nothing about the spread of days.
    low = max(0.0, mean.low * times) if mean.n else np.nan
    high = mean.high * times
    silent = not np.isfinite(high)
    ends = ([np.nan if silent else low], [np.nan if silent else high])
    reason = first_reason(
        (np.array([mean.n == 0]), Reason.NO_CASES), (np.array([silent]), Reason.TOO_FEW_CLUSTERS)
    )
    return Findings.measured(
        metric, scope, (WHOLE,), [np.nan if silent else value], ends, [mean.n], method, reason
    )


EVALUATOR = Evaluator(
    "running_cost", "What the candidate costs to run", ("running_costs", "outcome_counts"), evaluate
)
