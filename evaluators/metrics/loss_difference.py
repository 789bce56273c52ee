"""How much smaller the candidate's errors are than production's, over the same cases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import DecisionType
from evaluators.columns import Measures
from evaluators.kinds import Evaluator
from evaluators.numeric.loss_columns import ErrorSize
from evaluators.numeric.loss_intervals import COMPLETE, FILLED, around, measured, ratio_interval
from evaluators.numeric.losses import loss_table, steepness
from evaluators.pairs.cases import CaseCounts
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.statistics.paired_means import slopes_of_ratio, slopes_of_rmse

Numbers = NDArray[np.float64]


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return production's loss minus the candidate's: positive means the candidate is better.

    Notes
    -----
    ``loss_difference`` is of the registered loss and ``loss_improvement`` its relative form, 1
    minus the ratio of the mean losses; ``mae_difference``, ``rmse_difference`` and
    ``wape_difference`` are there whatever is registered, so that metrics that disagree are seen
    side by side. Where the losses of two values cannot differ by more than so many times the
    distance of the values (absolute and quantile loss), cases without an outcome are filled with
    that worst and best in ``loss_difference`` and ``mae_difference``; else they are left out.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408; Fieller (1954),
    doi:10.1111/j.2517-6161.1954.tb00159.x; Newey & West (1987), doi:10.2307/1913610; Manski
    (1989), doi:10.2307/145818.
    """
    cases = CaseCounts.of(measures["loss_sums"])
    everything = cases.total(np.ones(len(cases.segment), np.bool_)).astype(float)
    absolute, squared, registered = (
        loss_table(cases, scope, q)
        for q in (ErrorSize.ABSOLUTE, ErrorSize.SQUARED, ErrorSize.REGISTERED)
    )

    def difference(metric: str, quantity: ErrorSize) -> Findings:
        steep = steepness(scope.terms, quantity)
        if steep is None:
            table = loss_table(cases, scope, quantity)
            value = table.means[0] - table.means[1]
            ends = around(table, value, scope.alpha, 1.0, -1.0)
            return measured(metric, scope, table, everything, value, ends, COMPLETE)
        worst, best = (loss_table(cases, scope, quantity, s * steep) for s in (-1.0, 1.0))
        plain = loss_table(cases, scope, quantity, 0.0)
        value = np.where(registered.n > 0, plain.means[0], np.nan)
        low = around(worst, worst.means[0], scope.alpha, 1.0)[0]
        high = around(best, best.means[0], scope.alpha, 1.0)[1]
        return measured(metric, scope, plain, everything, value, (low, high), FILLED)

    def complete(
        metric: str, table_of: ErrorSize, value: Numbers, ends: tuple[Numbers, Numbers]
    ) -> Findings:
        table = {ErrorSize.ABSOLUTE: absolute, ErrorSize.SQUARED: squared}.get(table_of, registered)
        return measured(metric, scope, table, everything, value, ends, COMPLETE)

    p, a = squared.means[:2]
    rmse = np.sqrt(p) - np.sqrt(a)
    of_rmse = around(squared, rmse, scope.alpha, slopes_of_rmse(p), -slopes_of_rmse(a))
    gap, size = absolute.means[0] - absolute.means[1], absolute.means[2]
    with np.errstate(divide="ignore", invalid="ignore"):
        wape = gap / size
        better = 1 - registered.means[1] / registered.means[0]
    of_gap, of_size = slopes_of_ratio(gap, size)
    of_wape = around(absolute, wape, scope.alpha, of_gap, -of_gap, of_size)
    low, high = ratio_interval(registered, scope.alpha)
    return (
        difference("loss_difference", ErrorSize.REGISTERED),
        complete("loss_improvement", ErrorSize.REGISTERED, better, (1 - high, 1 - low)),
        difference("mae_difference", ErrorSize.ABSOLUTE),
        complete("rmse_difference", ErrorSize.SQUARED, rmse, of_rmse),
        complete("wape_difference", ErrorSize.ABSOLUTE, wape, of_wape),
    )


EVALUATOR = Evaluator(
    "loss_difference",
    "How much smaller the candidate's errors are",
    ("loss_sums",),
    evaluate,
    (DecisionType.NUMERIC,),
)
