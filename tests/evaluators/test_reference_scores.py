"""Statistics of scores against other people's code, the definition on rows, and enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from oracles import Reference
from score_tables import score_sums
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from statsmodels.stats.proportion import proportion_confint

from evaluators.columns import Columns
from evaluators.scoring.scores import UNIT, ScoreSums, rolled_up
from evaluators.statistics.auc import auc, auc_interval
from evaluators.statistics.calibration import (
    brier,
    debiased_expected_error,
    debiased_squared_error,
    decomposition,
    expected_error,
    spiegelhalter_z,
    squared_error,
)
from evaluators.statistics.intervals import wilson
from evaluators.statistics.risk_coverage import (
    area_under_risk,
    learned_threshold,
    risk_coverage,
    staff_quantile,
    tail,
)

SMALL = ([100] * 5, [10, 30, 50, 70, 90], [14, 28, 55, 64, 93])
SURE_FIRST = ([200] * 5, [2, 9, 22, 40, 70])
ROUNDING = 1e-9
"""Sums in units of 1e-9 move a mean by half a unit a term at most."""


def series() -> tuple[np.ndarray, np.ndarray]:
    """Return 2,000 scores that are a little too sure, and what came true."""
    rng = np.random.default_rng(20)
    p = rng.beta(0.8, 1.4, 2000)
    return p, (rng.random(2000) < 0.5 + 0.8 * (p - 0.5)).astype(int)


P, Y = series()


def table() -> Columns:
    return score_sums(P, Y, ((P >= 0.5) == Y).astype(int), np.zeros(len(P), np.int64))


def sums() -> ScoreSums:
    found = table()
    return ScoreSums(found, 0, np.zeros(len(found), np.int64), 1)


def bins() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cases, scores and events of ten bins, from the measure."""
    found = sums()
    n, p = rolled_up(found.running("n")), rolled_up(found.running("probability")) * UNIT
    return n[0], p[0], rolled_up(found.running("n", found.event == 1))[0]


def our_brier() -> float:
    found = sums()
    hit = found.event == 1
    squares, hits = found.running("probability_squared"), found.running("probability", hit)
    y = found.running("n", hit).sum()
    return float(brier(len(P), squares.sum() * UNIT, hits.sum() * UNIT, y))


def our_z() -> float:
    found = sums()
    hit = found.event == 1
    p, squared, spread = (
        found.running(c).sum() * UNIT for c in ("probability", "probability_squared", "spread")
    )
    hits, y = found.running("probability", hit).sum() * UNIT, found.running("n", hit).sum()
    return float(spiegelhalter_z(y - p - 2 * hits + 2 * squared, spread))


def members() -> list[np.ndarray]:
    """Return the rows of each of ten equal bins."""
    place = np.minimum((P * 10).astype(int), 9)
    return [np.flatnonzero(place == b) for b in range(10)]


def ece_of_rows() -> float:
    found = calibration_curve(Y, P, n_bins=10)
    size = np.array([len(m) for m in members() if len(m)])
    return float((size * np.abs(found[0] - found[1])).sum() / len(P))


def debiased_of_rows() -> float:
    """Return the debiased squared error bin by bin, with the sample variance of outcomes."""
    parts = [
        len(m) * ((P[m].mean() - Y[m].mean()) ** 2 - np.var(Y[m], ddof=1) / len(m))
        for m in members()
    ]
    return float(sum(parts) / len(P))


def debiased_ece_of_draws() -> float:
    """Return the debiased ECE with its mean from a million draws instead of the closed form."""
    rng = np.random.default_rng(5)
    average = 0.0
    for m in members():
        rate = Y[m].mean()
        spread = np.sqrt(rate * (1 - rate) / len(m))
        gaps = rng.normal(rate - P[m].mean(), spread, 100_000)
        average += len(m) / len(P) * np.abs(gaps).mean()
    return 2 * ece_of_rows() - average


def brier_against_its_expectation() -> float:
    """Return Spiegelhalter's statistic in its first form: Brier score less its expectation."""
    loss, expected = (Y - P) ** 2, P * (1 - P)
    variance = (1 - P) ** 4 * P + P**4 * (1 - P) - expected**2
    return float((loss - expected).sum() / np.sqrt(variance.sum()))


def risk_of_rows() -> list[float]:
    n, wrong = (np.array(a) for a in SURE_FIRST)
    rows = np.concatenate([np.repeat([1, 0], [w, k - w]) for k, w in zip(n, wrong, strict=True)])
    return [float(rows[:end].mean()) for end in range(200, 1001, 200)]


REFERENCES = [
    Reference("6.Brier from sums", "sklearn.brier_score_loss", our_brier,
              lambda: brier_score_loss(Y, P), ROUNDING),
    Reference("6.ECE 10 equal-width bins", "sklearn.calibration_curve",
              lambda: expected_error(*bins()), ece_of_rows, ROUNDING),
    Reference("6.debiased L2^2", "definition on rows, with the sample variance (numpy)",
              lambda: debiased_squared_error(*bins()), debiased_of_rows, ROUNDING),
    Reference("6.debiased ECE (closed form vs 20k MC)", "100,000 draws a bin",
              lambda: debiased_expected_error(*bins()), debiased_ece_of_draws, 3e-4),
    Reference("6.ECE, debiased ECE, L2^2, debiased L2^2", "sklearn, draws, definition on rows",
              lambda: [f(*bins()) for f in (expected_error, debiased_expected_error,
                                            squared_error, debiased_squared_error)],
              lambda: [ece_of_rows(), debiased_ece_of_draws(),
                       sum(len(m) * (P[m].mean() - Y[m].mean()) ** 2 for m in members()) / len(P),
                       debiased_of_rows()], 3e-4),
    Reference("6.Spiegelhalter z", "Brier score less its expectation, on rows", our_z,
              brier_against_its_expectation, 1e-6),
    Reference("6.small: ece, ece_deb, l2, l2deb, rel, res, unc", "reference values",
              lambda: [f(*SMALL) for f in (expected_error, debiased_expected_error, squared_error,
                                           debiased_squared_error)] + list(decomposition(*SMALL)),
              [0.04, 0.03206360704067506, 0.0018, 5.25252525252522e-05, 0.0018, 0.076936,
               0.249936]),
    Reference("6.small debiased L2^2", "uncertainty-calibration",
              lambda: debiased_squared_error(*SMALL), 5.25252525252522e-05),
    Reference("6.risk-coverage cov", "definition", lambda: risk_coverage(*SURE_FIRST)[0],
              [0.2, 0.4, 0.6, 0.8, 1.0]),
    Reference("6.risk-coverage risk", "definition", lambda: risk_coverage(*SURE_FIRST)[1],
              [0.01, 0.0275, 0.055, 0.09125, 0.143]),
    Reference("6.risk-coverage from rows", "the same from rows (numpy)",
              lambda: risk_coverage(*SURE_FIRST)[1], risk_of_rows),
    Reference("6.AURC", "mean of the risks of five equal bins, from rows",
              lambda: area_under_risk(*SURE_FIRST), lambda: np.mean(risk_of_rows())),
    Reference("6.AURC", "reference value", lambda: area_under_risk(*SURE_FIRST), 0.06535),
    Reference("6.LTT index at 5% target, delta .05", "reference value",
              lambda: learned_threshold(*SURE_FIRST, 0.05), 1),
    Reference("6.LTT p-values", "scipy binomial tail",
              lambda: tail([200, 400, 600], [2, 11, 33], 0.05),
              [0.002336294190063899, 0.019046030707389028, 0.749115770834461]),
]  # fmt: skip


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: f"{r.key} ({r.oracle})")
def test_reference(reference: Reference) -> None:
    reference.check()


def test_binomial_tail_is_that_of_all_outcomes() -> None:
    chance = sum(
        0.2 ** sum(case) * 0.8 ** (8 - sum(case))
        for case in product((0, 1), repeat=8)
        if sum(case) <= 2
    )
    assert tail(8, 2, 0.2) == pytest.approx(chance, abs=1e-12)


def test_sums_give_the_log_loss_of_rows() -> None:
    found = sums().running("log_loss").sum() * UNIT / len(P)
    assert found == pytest.approx(log_loss(Y, P), abs=ROUNDING)


def test_area_is_that_of_rows_with_ties() -> None:
    step = np.round(P, 1)
    levels = np.unique(step)
    counts = [np.array([((step == s) & (y == Y)).sum() for s in levels]) for y in (1, 0)]
    assert auc(*counts) == pytest.approx(roc_auc_score(Y, step), abs=1e-12)


def test_delong_is_the_jackknife_of_pairs() -> None:
    rng = np.random.default_rng(2)
    ones, zeros = rng.integers(0, 5, 40) + 1, rng.integers(0, 5, 50)
    wins = (ones[:, None] > zeros) + 0.5 * (ones[:, None] == zeros)
    variance = wins.mean(1).var(ddof=1) / 40 + wins.mean(0).var(ddof=1) / 50
    counts = [np.bincount(a, minlength=6) for a in (ones, zeros)]
    low, high = auc_interval(*counts)
    assert auc(*counts) == pytest.approx(wins.mean())
    assert high - low == pytest.approx(2 * 1.959963984540054 * np.sqrt(variance))


def test_reliability_bins_have_wilson_intervals() -> None:
    assert wilson(28, 100) == pytest.approx(proportion_confint(28, 100, method="wilson"))


def test_staff_is_the_quantile_of_a_poisson() -> None:
    days = np.random.default_rng(1).poisson(37, 400_000)
    assert staff_quantile(37.0) == np.quantile(days, 0.95, method="inverted_cdf")
