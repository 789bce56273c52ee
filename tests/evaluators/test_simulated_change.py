"""How long detectors run without a change, and how soon they tell of one."""

from __future__ import annotations

import numpy as np
import pytest
from simulated import told

from evaluators.statistics.betting import general_grid, log_growth
from evaluators.statistics.change import bernoulli_cusum, log_detector

pytestmark = pytest.mark.slow
PAGE = "statistics/sequential.md"
THRESHOLD, CASES, U64 = 365, 100, general_grid()


def detector(rng: np.random.Generator, days: int, before: int, drop: float) -> np.ndarray:
    """Return the e-detector of 100 studies, whose difference is 0 and then falls."""
    fall = np.where(np.arange(days) < before, 0.0, drop)
    wins = rng.binomial(CASES, 0.05 - fall / 2, (100, days))
    losses = rng.binomial(CASES - wins, (0.05 + fall / 2) / (0.95 + fall / 2))
    return np.exp(log_detector(log_growth(CASES, losses, wins, 0.0, U64)))


def first(alarm: np.ndarray) -> np.ndarray:
    """Return the day of each first alarm, from 1, and the number of days where there is none."""
    return np.where(alarm.any(axis=1), alarm.argmax(axis=1) + 1, alarm.shape[1])


def test_days_without_a_false_alarm() -> None:
    """The difference lies exactly at the floor, which is the worst case without a change."""
    rng = np.random.default_rng(7)
    runs = np.concatenate([first(detector(rng, 1_000, 1_000, 0.0) >= THRESHOLD) for _ in range(5)])
    wins = rng.binomial(CASES, 0.05, (1_000, 365))
    losses = rng.binomial(CASES - wins, 0.05 / 0.95)
    week = np.ones(7)
    b, c = (np.apply_along_axis(np.convolve, 1, a, week, "valid") for a in (wins, losses))
    alarm = (b - c) / np.sqrt(b + c - (b - c) ** 2 / 700) < -1.645
    month, year = alarm[:, :24].any(axis=1).mean(), alarm.any(axis=1).mean()
    assert runs.mean() >= 455
    assert abs(month - 0.37) < 0.06
    assert year > 0.99
    within = [f"{100 * (runs <= days).mean():.0f}%" for days in (30, 365)]
    rows = [
        [
            "95 % upper bound of the last 7 days below 0",
            f"{100 * month:.0f}%",
            f"{100 * year:.0f}%",
        ],
        ["e-detector, alarm from 365", *within],
    ]
    told(PAGE, "run length", ["rule", "false alarm within 30 days", "within a year"], rows)


def test_days_until_a_fall_is_told() -> None:
    """After 100 days without a difference it falls; studies with an earlier alarm are left out."""
    rng, rows = np.random.default_rng(8), []
    for drop, expected in ((0.01, 47), (0.02, 20), (0.04, 7)):
        found = np.concatenate([detector(rng, 350, 100, drop) for _ in range(5)])
        quiet = ~(found[:, :100] >= THRESHOLD).any(axis=1)
        delay = first(found[quiet, 100:] >= THRESHOLD)
        q10, middle, q90 = np.quantile(delay, [0.1, 0.5, 0.9])
        assert abs(middle - expected) <= max(2, 0.15 * expected)
        rows.append([f"{100 * drop:g} points", f"{middle:.0f}", f"{q10:.0f} to {q90:.0f}"])
    told(PAGE, "delay", ["fall", "median days", "10 to 90 %"], rows)


def test_cusum_of_a_rate_of_errors() -> None:
    rng, level = np.random.default_rng(9), np.log(THRESHOLD)

    def mean_run(rate: float, days: int) -> float:
        path = bernoulli_cusum(CASES, rng.binomial(CASES, rate, (1_000, days)), 0.10, 0.13)
        return float(first(path >= level).mean())

    quiet = mean_run(0.10, 3_000)  # of paths that end after 3,000 days, so the mean is larger
    assert quiet > 1_750 - 4 * 36
    rows = [["10 %", f"over {quiet // 100 * 100:,.0f}"]]
    for rate, expected in ((0.12, 27), (0.13, 13), (0.15, 6)):
        found = mean_run(rate, 600)
        assert abs(found - expected) <= max(1, 0.12 * expected)
        rows.append([f"{100 * rate:.0f} %", f"{found:.0f}"])
    told(PAGE, "cusum", ["rate of errors", "mean days to the alarm"], rows)
