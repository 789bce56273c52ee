"""How often statistics and gates of scores are wrong, simulated; the tables are in the docs."""

from __future__ import annotations

import numpy as np
import pytest
from simulated import told

from evaluators.statistics.betting import log_e_value
from evaluators.statistics.calibration import (
    debiased_expected_error,
    debiased_squared_error,
    expected_error,
)
from evaluators.statistics.calibration_bounds import calibration_bounds
from evaluators.statistics.fallback import shown_thresholds
from evaluators.statistics.reassigned import reassigned, resampled
from evaluators.statistics.risk_coverage import learned_threshold
from evaluators.statistics.shares import rare_grid

PAGE = "statistics/scores.md"
RISK = 0.158
MIDDLES = (np.arange(10) + 0.5) / 10


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


@pytest.mark.slow
def test_a_perfectly_calibrated_model() -> None:
    rng = np.random.default_rng(5)
    shown, expected = [], {100: (0.103, 0.065), 500: (0.047, 0.028), 2_000: (0.023, 0.014)}
    expected[10_000] = (0.010, 0.006)
    for n, (ece, debiased) in expected.items():
        found = np.zeros((3, 400))
        for turn in range(found.shape[1]):
            p = rng.random(n)
            place, y = np.minimum((p * 10).astype(int), 9), rng.random(n) < p
            bins = [np.bincount(place, weights=w, minlength=10) for w in (np.ones(n), p, y)]
            found[:, turn] = [
                f(*bins) for f in (expected_error, debiased_expected_error, debiased_squared_error)
            ]
        mean = found.mean(axis=1)
        assert mean[0] == pytest.approx(ece, abs=0.007)
        assert mean[1] == pytest.approx(debiased, abs=0.007)
        assert abs(mean[2]) < 4 * found[2].std() / 20
        shown.append([f"{n:,}", *(f"{m:.3f}" for m in mean[:2]), f"{round(mean[2], 4) + 0:.4f}"])
    told(PAGE, "S5", ["cases", "ECE", "debiased ECE", "debiased squared error"], shown)


def thresholds_in_use(n: int, paths: int, rng: np.random.Generator) -> np.ndarray:
    """Return the laxest threshold each rule allows, -1 for none; shape (3, paths).

    Confidence is uniform over 25 bins, and a case is wrong the more often the less sure it is: at
    a coverage of 0.28 the true risk is 4.4 %, at 0.32 it is 5.06 %, the first that is too much.
    Cases come in 20 equal parts.
    """
    bins, looks = 25, 20
    sure = rng.integers(0, bins, (paths, looks, n // looks))
    wrong = rng.random(sure.shape) < (sure + rng.random(sure.shape)) / bins * 2 * RISK
    cell = (np.arange(paths * looks).reshape(paths, looks, 1) * bins + sure).ravel()
    size = paths * looks * bins
    counts = [
        np.bincount(cell, weights=w, minlength=size).reshape(paths, looks, bins).cumsum(axis=1)
        for w in (np.ones(cell.size), wrong.ravel())
    ]
    cases, errors = (np.cumsum(c, axis=2) for c in counts)
    lowest = errors[:, -1] <= 0.05 * np.maximum(cases[:, -1], 1)
    plug_in = np.where(lowest, np.arange(bins), -1).max(axis=1)
    once = learned_threshold(*(c[:, -1].astype(int) for c in counts), 0.05)
    log_e = log_e_value(cases, cases - errors, errors, 0.9, rare_grid())
    shown = shown_thresholds(log_e.max(axis=1), 0.05)
    always = np.where(shown, np.arange(bins), -1).max(axis=1)
    return np.stack([plug_in, once, always])


@pytest.mark.slow
def test_thresholds_at_a_target_error() -> None:
    rng = np.random.default_rng(10)
    shown = []
    for n in (500, 2_000, 10_000):
        chosen = thresholds_in_use(n, 1_000 if n < 10_000 else 400, rng)
        coverage = (chosen + 1) / 25
        broken = (coverage * RISK > 0.05 + 1e-12).mean(axis=1)
        mean = coverage.mean(axis=1)
        assert broken[0] > 0.3
        assert (broken[1:] < 0.05).all()
        shown.append(
            [f"{n:,}", *(f"{percent(b)} / {m:.2f}" for b, m in zip(broken, mean, strict=True))]
        )
    told(
        PAGE,
        "S10",
        ["outcomes", "rate found below 5 %", "Learn then Test, once", "at any of 20 looks"],
        shown,
    )


@pytest.mark.slow
def test_the_bound_of_calibration_under_looks() -> None:
    rng = np.random.default_rng(7)
    shown, paths, looks, daily = [], 60, 12, 1_000
    signs = np.where(np.arange(10) % 2 == 0, 1, -1)
    for gap in (0.0, 0.02, 0.05, 0.10):
        n = rng.multinomial(daily, np.full(10, 0.1), (paths, looks))
        y = rng.binomial(n, np.clip(MIDDLES + gap * signs, 0, 1)).cumsum(axis=1)
        n = n.cumsum(axis=1)
        low, high = calibration_bounds(n, n * MIDDLES, y, y, 0.025)
        true = float(np.sqrt(np.mean((np.clip(MIDDLES + gap * signs, 0, 1) - MIDDLES) ** 2)))
        missed = ((low > true + 1e-12) | (high < true - 1e-12)).any(axis=1).mean()
        passed, failed = ((high <= 0.05).any(axis=1).mean(), (low > 0.05).any(axis=1).mean())
        assert missed <= 0.025
        if gap >= 0.05:
            assert passed <= 0.025
        if gap <= 0.05:
            assert failed <= 0.025
        shown.append([f"{gap:.2f}", *(percent(s) for s in (passed, failed, missed))])
    told(
        PAGE,
        "calibration gate",
        ["true error", "ever shown below 0.05", "ever shown above 0.05", "ever outside the bounds"],
        shown,
    )


@pytest.mark.slow
def test_the_interval_of_days_earlier() -> None:
    rng = np.random.default_rng(8)
    shown = []
    for swing in (0.0, 0.5):
        found = []
        for _ in range(240):
            days, each = 42, 20
            day = np.repeat(np.arange(days), each)
            base = -1.2 + rng.normal(0, swing, days)[day]
            y = (rng.random(len(day)) < 1 / (1 + np.exp(-base))).astype(int)
            score = np.round(rng.normal(0, 1, len(day)) + 0.7 * y, 2)
            ones = np.ones(len(day))
            gain = reassigned(day, score, ones).earlier
            drawn = resampled(day, score, ones, y, repetitions=100)[:, 0]
            found.append(((gain * y).sum() / y.sum(), np.nanstd(drawn, ddof=1)))
        value, error = np.array(found).T
        covers = (np.abs(value - value.mean()) <= 2.0195 * error).mean()
        assert covers > 0.90
        shown.append([f"{swing}", f"{value.mean():.2f}", f"{value.std():.2f}", percent(covers)])
    told(
        PAGE,
        "ranking",
        ["swing between days", "mean gain in days", "standard deviation", "intervals that cover"],
        shown,
    )


def test_the_bound_rarely_falls_below_the_truth() -> None:
    rng = np.random.default_rng(3)
    n = rng.multinomial(500, np.full(10, 0.1), (12, 8)).cumsum(axis=1)
    rates = np.clip(MIDDLES + 0.05, 0, 1)
    y = np.diff(n, axis=1, prepend=0)
    y = rng.binomial(y, rates).cumsum(axis=1)
    low, high = calibration_bounds(n, n * MIDDLES, y, y, 0.025)
    outside = ((low > 0.05) | (high < 0.05)).any(axis=1)
    assert outside.mean() <= 0.025
