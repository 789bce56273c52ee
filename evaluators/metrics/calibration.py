"""Whether scores come true as often as they say, and how far they are from what happened."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from data_contracts.findings import WHOLE
from data_contracts.vocabulary import Reason
from evaluators.columns import Measures
from evaluators.kinds import LABELS, Evaluator
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.scoring.calibrated import Calibrated
from evaluators.scoring.scores import (
    UNIT,
    WHOLE_UNITS,
    ScoreSums,
    by_confidence,
    says_how_sure,
    why_unusable,
)
from evaluators.statistics.calibration import spiegelhalter_z
from evaluators.statistics.intervals import wilson
from evaluators.statistics.risk_coverage import area_under_risk

ANY_LOOK = "mature cases; root mean square over ten bins, debiased; interval valid at any look"
ONE_LOOK = "mature cases; normal interval for one look, widened for days that differ"
TEST = "mature cases; a calibrated model is within 1.96 of 0 for one look, cases independent"
CURVE = "mature cases; every step's Wilson limit for one look, all together (Bonferroni)"

Number = tuple[float, float, float]


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return calibration error, Brier score, log loss, Spiegelhalter's z and AURC of all cases.

    Notes
    -----
    Nothing where the study's scores are just ranks. Of all cases together, not by cut. Over
    mature cases with a score and a known outcome; the calibration error's interval fills missing
    outcomes both ways. Where scores lie outside 0 to 1 they are no probabilities, and every number
    says so instead.

    References
    ----------
    Kumar, Liang & Ma (2019), arXiv:1909.10155; Brier (1950),
    doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2; Spiegelhalter (1986),
    doi:10.1002/sim.4780050506; Geifman, Uziel & El-Yaniv (2019), arXiv:1805.08206.
    """
    if not says_how_sure(scope):
        return ()
    table = measures["score_sums"]
    sums = ScoreSums.of(table, scope)
    found = Calibrated.of(sums)
    n = int(found.cases[0])
    reason = why_unusable(sums, table)
    if reason is Reason.OK and n == 0:
        reason = Reason.NO_OUTCOMES if found.n.sum() else Reason.NOT_MATURE
    nothing = (np.nan, np.nan, np.nan)
    usable = reason is Reason.OK
    numbers = {
        "calibration_error": (_error(found, scope.alpha) if usable else nothing, ANY_LOOK),
        "brier": (_mean(sums, "brier", scope.alpha) if usable else nothing, ONE_LOOK),
        "log_loss": (_mean(sums, "log_loss", scope.alpha) if usable else nothing, ONE_LOOK),
        "spiegelhalter_z": (_test(sums, scope.alpha) if usable else nothing, TEST),
        "area_under_risk": (_curve(sums, scope) if usable else nothing, CURVE),
    }
    return tuple(
        Findings.measured(
            metric,
            scope,
            (WHOLE,),
            [value],
            ([low], [high]),
            [n if usable else 0],
            method,
            (Reason.SINGLE_CLASS if usable and np.isnan(value) else reason,),
        )
        for metric, ((value, low, high), method) in numbers.items()
    )


def _error(found: Calibrated, alpha: float) -> Number:
    value = float(found.estimate[0])
    low, high = (float(end[0]) for end in found.bounds(alpha / 2))
    return value, min(low, value), max(high, value)


def _mean(sums: ScoreSums, loss: str, alpha: float) -> Number:
    """Return the mean of a loss with its interval from the spread of cases and of days."""
    keep = sums.known
    part = ScoreSums(sums.table.where(keep), 0, sums.at[keep], sums.ends)
    n = part.table["n"].astype(np.int64)
    if loss == "brier":
        # (y - p)**2 = y - 2 y p + p**2, since y is 0 or 1.
        event, p = part.event, part.table["probability"]
        total = n * event * WHOLE_UNITS + part.table["probability_squared"] - 2 * event * p
    else:
        total = part.table["log_loss"]
    squares = part.table[f"{loss}_squared"]
    clusters = part.clusters(np.zeros(len(n), np.int64), 1, n, total, squares)
    mean = float(clusters.total[0, -1] / clusters.n[0, -1])
    variance = max(float(clusters.squares[0, -1] / clusters.n[0, -1]) - mean**2, 0.0)
    error = np.sqrt(variance * clusters.design_effect()[0, -1] / clusters.n[0, -1])
    reach = float(ndtri(1 - alpha / 2) * error)
    return mean, max(mean - reach, 0.0), mean + reach


def _test(sums: ScoreSums, alpha: float) -> Number:
    events, known = sums.event == 1, sums.known
    y = sums.running("n", events)[-1].sum()
    hits = sums.running("probability", events)[-1].sum() * UNIT
    p = sums.running("probability", known)[-1].sum() * UNIT
    squared = sums.running("probability_squared", known)[-1].sum() * UNIT
    spread = sums.running("spread", known)[-1].sum() * UNIT
    z = float(spiegelhalter_z(y - p - 2 * hits + 2 * squared, spread))
    reach = float(ndtri(1 - alpha / 2))
    return z, z - reach, z + reach


def _curve(sums: ScoreSums, scope: Scope) -> Number:
    meaning, known = scope.terms.score, sums.known
    n = by_confidence(sums.running("n", known)[-1], meaning)
    wrong = by_confidence(sums.running("n", sums.right == 0)[-1], meaning)
    steps = int((n > 0).sum())
    low, high = wilson(np.cumsum(wrong), np.cumsum(n), scope.alpha / max(steps, 1))
    share = n / n.sum()
    return float(area_under_risk(n, wrong)), float(share @ low), float(share @ high)


EVALUATOR = Evaluator(
    "calibration",
    "Whether scores come true as often as they say",
    ("score_sums",),
    evaluate,
    LABELS,
)
