"""How far the candidate's numbers lie from production's: limits of agreement and concordance."""

from __future__ import annotations

import numpy as np

from data_contracts.vocabulary import DecisionType, Reason
from evaluators.columns import Measures
from evaluators.kinds import Evaluator
from evaluators.pairs.cases import CaseCounts
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.statistics.concordance import concordance, limits_of_agreement
from evaluators.statistics.moments import Moments

ONE_LOOK = "for one look, cases taken as independent"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return how far the candidate's answers lie from production's decisions, outcome or not.

    Notes
    -----
    ``agreement_bias`` is the mean of recommendation minus decision; ``agreement_low`` and
    ``agreement_high`` are the limits between which 95 of 100 such differences lie;
    ``agreement_concordance`` is Lin's coefficient. Agreement says nothing about who is right.

    References
    ----------
    Bland & Altman (1999), doi:10.1177/096228029900800204; Lin (1989), doi:10.2307/2532051; Lin
    (2000), doi:10.1111/j.0006-341X.2000.00324.x.
    """
    cases = CaseCounts.of(measures["loss_sums"])
    pairs = pairs_of(cases)
    n = pairs.n
    band = limits_of_agreement(pairs, scope.alpha)
    value, low, high = concordance(pairs, scope.alpha)
    told = np.isfinite(band.spread)
    reason = first_reason((n == 0, Reason.NO_CASES), (n < 3, Reason.TOO_FEW_CASES))

    def found(metric: str, estimate: np.ndarray, error: np.ndarray) -> Findings:
        known = np.where(told, estimate, np.nan)
        ends = (known - error, known + error)
        return Findings.measured(metric, scope, cases.segments, known, ends, n, ONE_LOOK, reason)

    alone = np.isnan(low) | np.isnan(high)
    kept = np.where(alone, np.nan, value)
    same = first_reason(
        (n == 0, Reason.NO_CASES),
        (n < 3, Reason.TOO_FEW_CASES),
        (alone, Reason.SINGLE_CLASS),
    )
    return (
        found("agreement_bias", band.bias, band.bias_error),
        found("agreement_low", band.low, band.limit_error),
        found("agreement_high", band.high, band.limit_error),
        Findings.measured(
            "agreement_concordance", scope, cases.segments, kept, (low, high), n, ONE_LOOK, same
        ),
    )


def pairs_of(cases: CaseCounts) -> Moments:
    """Return the moments of decision (x) and recommendation (y) per segment."""
    size = len(cases.segments)

    def added(name: str, power: int) -> np.ndarray:
        if not len(cases.table):
            return np.zeros(size)
        table = cases.table
        values = np.nan_to_num(table[name].astype(np.float64)) * table["unit"] ** power
        return np.bincount(cases.segment, weights=values, minlength=size)

    return Moments.from_sums(
        added("pairs", 0),
        *(added(name, 1) for name in "xz"),
        *(added(name, 2) for name in ("xx", "zz", "dd")),
    )


EVALUATOR = Evaluator(
    "numeric_agreement",
    "How far the candidate's numbers lie from production's",
    ("loss_sums",),
    evaluate,
    (DecisionType.NUMERIC,),
)
