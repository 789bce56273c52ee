"""Intervals of mean losses that hold at every look and know that days resemble the day before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from data_contracts.vocabulary import Reason
from evaluators.numeric.losses import LossTable, Spread
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.statistics.asymptotic import reach
from evaluators.statistics.paired_means import fieller

Numbers = NDArray[np.float64]

BEST_AT_DAYS = 56
"""Days after which intervals are to be narrowest: eight weeks."""
BEST_AT_CASES = 1000
"""The same in cases, where cases carry no days."""
LEAST_CASES = 200
"""Cases an interval of an unbounded loss needs; with fewer its level is not to be relied on."""
LEAST_DAYS = 30
"""Effective days it needs, where cases carry days."""

ANY_LOOK = (
    "holds at any look from 200 cases and 30 days on (asymptotic confidence sequence over days,"
    " serial correlation counted)"
)
COMPLETE = f"cases with an outcome; {ANY_LOOK}"
FILLED = f"cases without an outcome filled with the worst and the best; {ANY_LOOK}"
NAIVE = "for one look, cases taken as independent"


def standard_errors(table: LossTable, spread: Spread, alpha: float) -> Numbers:
    """Return how many standard errors an interval reaches to each side, per segment.

    Notes
    -----
    Days are the units where cases carry days, else cases are. The reach is stretched as Student's
    quantile is against the normal one, with as many degrees as there are effective days, since
    the variance is estimated from no more than these. Before the burn-in is over no gate looks.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408.
    """
    units = table.clusters if table.dated else table.n
    best = BEST_AT_DAYS if table.dated else BEST_AT_CASES
    student = stdtrit(np.maximum(spread.effective - 1, 2), 1 - alpha / 2) / ndtri(1 - alpha / 2)
    return np.where(units > 0, reach(units, alpha, best), np.inf) * student


def around(
    table: LossTable, estimate: Numbers, alpha: float, *weights: Numbers | float
) -> tuple[Numbers, Numbers]:
    """Return the interval around an estimate that a weighted sum of means moves."""
    spread = table.spread(*weights)
    half = standard_errors(table, spread, alpha) * np.sqrt(spread.variance)
    return estimate - half, estimate + half


def naive(
    table: LossTable, estimate: Numbers, alpha: float, *weights: Numbers | float
) -> tuple[Numbers, Numbers]:
    """Return the usual interval for one look at independent cases, to be shown beside ours."""
    half = float(ndtri(1 - alpha / 2)) * np.sqrt(table.spread(*weights).alone)
    return estimate - half, estimate + half


def ratio_interval(
    table: LossTable, alpha: float, gap: tuple[Numbers, Numbers] | None = None
) -> tuple[Numbers, Numbers]:
    """Return the interval of candidate's mean loss over production's; NaN where not estimable.

    Parameters
    ----------
    gap
        What cases without an outcome may add to the candidate's mean loss at the low and at the
        high end.

    Notes
    -----
    Fieller's: the ratios r for which 0 lies in the interval of the mean of ``L_A - r L_P``. The
    variance of that mean is made of those of both losses and of their difference, each with
    serial correlation counted.

    References
    ----------
    Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x; Waudby-Smith et al. (2024),
    doi:10.1214/24-AOS2408.
    """
    both = table.spread(1.0, -1.0)
    of_p, of_a = table.spread(1.0).variance, table.spread(0.0, 1.0).variance
    covariance = (of_p + of_a - both.variance) / 2
    mean_p, mean_a = table.means[:2]
    errors = standard_errors(table, both, alpha)
    less, more = (0.0, 0.0) if gap is None else gap
    low, _ = fieller(mean_p, mean_a + less, of_p, of_a, covariance, errors)
    _, high = fieller(mean_p, mean_a + more, of_p, of_a, covariance, errors)
    return low, high


def burnt_in(table: LossTable) -> NDArray[np.bool_]:
    """Return for each segment whether there are cases enough for an unbounded loss."""
    return table.n >= LEAST_CASES


def measured(
    metric: str,
    scope: Scope,
    table: LossTable,
    everything: Numbers,
    estimate: Numbers,
    interval: tuple[Numbers, Numbers],
    method: str,
) -> Findings:
    """Return findings of a number made of losses.

    Parameters
    ----------
    everything
        All cases of each segment, mature or not.
    """
    low, high = interval
    told = np.isfinite(low) & np.isfinite(high) & np.isfinite(estimate)
    few_days = (table.clusters < LEAST_DAYS) & table.dated
    reason = first_reason(
        (everything == 0, Reason.NO_CASES),
        (table.compared == 0, Reason.NOT_MATURE),
        (table.n == 0, Reason.NO_OUTCOMES),
        (~told | (table.n < LEAST_CASES), Reason.TOO_FEW_CASES),
        (few_days, Reason.TOO_FEW_CLUSTERS),
    )
    numbers = (np.where(told, a, np.nan) for a in (estimate, low, high))
    value, low, high = numbers
    return Findings.measured(
        metric, scope, table.segments, value, (low, high), table.n, method, reason
    )
