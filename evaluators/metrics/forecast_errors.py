"""How far production's and the candidate's numbers are off: MAE, RMSE, bias, WAPE, pinball."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data_contracts.vocabulary import DecisionType, Loss
from evaluators.columns import Measures
from evaluators.kinds import Evaluator
from evaluators.numeric.loss_columns import ErrorSize
from evaluators.numeric.loss_intervals import COMPLETE, around, measured
from evaluators.numeric.losses import LossTable, loss_table
from evaluators.pairs.cases import CaseCounts
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.statistics.paired_means import slopes_of_ratio, slopes_of_rmse

ARMS = ("production", "candidate")


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return the errors of both arms over mature cases with a known outcome.

    Notes
    -----
    ``mae``, ``rmse`` and ``bias`` (value minus outcome) are in the decision's unit, ``wape`` is
    the sum of absolute errors over the sum of outcomes' sizes, ``pinball`` the mean quantile
    loss. Production's value stands where the candidate gave none. RMSE and WAPE carry the
    interval of their linear approximation. There is no MAPE: an outcome of zero makes it
    infinite, one near zero lets a single case decide, and it favours forecasts that are too low.

    References
    ----------
    Hyndman & Koehler (2006), doi:10.1016/j.ijforecast.2006.03.001; Kolassa & Schuetz (2007),
    WAPE; Koenker & Bassett (1978), doi:10.2307/1913643; Waudby-Smith et al. (2024),
    doi:10.1214/24-AOS2408; Newey & West (1987), doi:10.2307/1913610.
    """
    cases = CaseCounts.of(measures["loss_sums"])
    everything = cases.total(np.ones(len(cases.segment), np.bool_)).astype(float)
    return tuple(_found(cases, scope, everything))


def _found(cases: CaseCounts, scope: Scope, everything: np.ndarray) -> Iterator[Findings]:
    absolute, squared, error = (
        loss_table(cases, scope, q)
        for q in (ErrorSize.ABSOLUTE, ErrorSize.SQUARED, ErrorSize.ERROR)
    )
    tables = {"mae": absolute, "bias": error}
    if scope.terms.loss is Loss.QUANTILE:
        tables["pinball"] = loss_table(cases, scope, ErrorSize.REGISTERED)

    def told(
        metric: str, table: LossTable, arm: int, value: np.ndarray, *weights: object
    ) -> Findings:
        interval = around(table, value, scope.alpha, *weights)  # type: ignore[arg-type]
        if metric != "bias":
            interval = (np.maximum(interval[0], 0), interval[1])
        name = f"{metric}_{ARMS[arm]}"
        return measured(name, scope, table, everything, value, interval, COMPLETE)

    for arm in (0, 1):
        only = [1.0 if part == arm else 0.0 for part in (0, 1)]
        for metric, table in tables.items():
            yield told(metric, table, arm, table.means[arm], *only)
        slope = slopes_of_rmse(squared.means[arm])
        yield told("rmse", squared, arm, np.sqrt(squared.means[arm]), *(slope * w for w in only))
        with np.errstate(divide="ignore", invalid="ignore"):
            wape = absolute.means[arm] / absolute.means[2]
        of_error, of_size = slopes_of_ratio(absolute.means[arm], absolute.means[2])
        yield told("wape", absolute, arm, wape, *(of_error * w for w in only), of_size)


EVALUATOR = Evaluator(
    "forecast_errors",
    "How far the numbers are off",
    ("loss_sums",),
    evaluate,
    (DecisionType.NUMERIC,),
)
