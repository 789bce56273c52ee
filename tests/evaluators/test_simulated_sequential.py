"""What looking every day does to intervals, and what an interval that bears it costs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from simulated import told

from evaluators.statistics.betting import (
    confidence_sequence,
    general_grid,
    log_e_value,
    planned_grid,
)
from evaluators.statistics.intervals import tango_z
from evaluators.statistics.paired_intervals import wald

pytestmark = pytest.mark.slow
PAGE = "statistics/sequential.md"
U64, PLANNED = general_grid(), planned_grid(0.02, 0.10)
MARGIN, LEVEL, Z = 0.02, np.log(40), 1.959963984540054
PATHS = 2_000


def daily(
    seed: int, n: int, days: int, gain: float, loss: float, paths: int = PATHS
) -> Iterator[tuple[np.ndarray, ...]]:
    """Yield running (n, wins, losses) of studies, 500 at a time; arrays (paths, days)."""
    rng = np.random.default_rng(seed)
    for _ in range(paths // 500):
        wins = rng.binomial(n, gain, (500, days))
        losses = rng.binomial(n - wins, loss / (1 - gain))
        size = np.cumsum(np.full((500, days), n), axis=1)
        yield size, np.cumsum(wins, axis=1), np.cumsum(losses, axis=1)


def wald_z(n: np.ndarray, b: np.ndarray, c: np.ndarray, limit: float) -> np.ndarray:
    spread = np.sqrt(np.maximum(b + c - (b - c) ** 2 / n, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((b - c - n * limit) / spread, nan=0.0, posinf=99, neginf=-99)


def close(found: float, expected: float, paths: int = PATHS) -> None:
    """Compare a rate with one that was simulated over 5,000 paths or more."""
    error = np.sqrt(expected * (1 - expected) * (1 / paths + 1 / 5_000))
    assert abs(found - expected) <= 4 * error + 0.002, (found, expected)


def percent(rate: float) -> str:
    return f"{100 * rate:.1f}%"


def test_looking_every_day_at_a_fixed_interval() -> None:
    """No difference at all; how often each rule ever says that there is one."""
    cases = {
        (0.10, 100, 30): (0.278, 0.274, 0.050, 0.006),
        (0.10, 100, 90): (0.371, 0.367, 0.048, 0.009),
        (0.10, 100, 365): (0.470, 0.467, 0.045, 0.015),
        (0.02, 20, 90): (0.267, 0.267, 0.053, 0.005),
        (0.30, 1000, 90): (0.370, 0.369, 0.050, 0.010),
        (0.10, 20, 365): (0.456, 0.448, 0.049, 0.011),
    }
    rows = []
    for (psi, n, days), expected in cases.items():
        hits = np.zeros(4)
        for size, b, c in daily(1, n, days, psi / 2, psi / 2):
            z, score = np.abs(wald_z(size, b, c, 0.0)), np.abs(tango_z(size, b, c, 0.0))
            up, down = (log_e_value(size, x, y, 0.0, U64) for x, y in ((b, c), (c, b)))
            ours = (np.maximum(up, down) >= LEVEL).any(axis=1)
            each = ((z > Z).any(axis=1), (score > Z).any(axis=1), z[:, -1] > Z, ours)
            hits += [one.sum() for one in each]
        rates = hits / PATHS
        for found, wanted in zip(rates, expected, strict=True):
            close(found, wanted)
        assert rates[3] <= 0.05
        rows.append([psi, n, days, *map(percent, rates)])
    header = ["disagreement", "cases a day", "days", "Wald, any day", "Tango, any day"]
    told(PAGE, "peeking", [*header, "Wald, last day only", "ours, any day"], rows)


def test_a_candidate_exactly_at_the_limit() -> None:
    """How often each rule ever calls it non-inferior; nominal 2.5 %."""
    cases = {
        (0.04, 0.06, 100, 90): (0.201, 0.188, 0.006, 0.012),
        (0.04, 0.06, 100, 365): (0.251, 0.239, 0.007, 0.013),
        (0.015, 0.035, 50, 90): (0.312, 0.172, 0.004, 0.014),
        (0.14, 0.16, 1000, 90): (0.184, 0.184, 0.006, 0.011),
        (0.0, 0.02, 20, 90): (0.729, 0.109, 0.003, 0.010),
    }
    rows = []
    for (gain, loss, n, days), expected in cases.items():
        grid, hits = planned_grid(MARGIN, max(gain + loss, 0.02)), np.zeros(4)
        for size, b, c in daily(2, n, days, gain, loss):
            score = tango_z(size, b, c, -MARGIN)
            each = (
                wald_z(size, b, c, -MARGIN) > Z,
                score > Z,
                log_e_value(size, b, c, -MARGIN, U64) >= LEVEL,
                log_e_value(size, b, c, -MARGIN, grid) >= LEVEL,
            )
            hits += [one.any(axis=1).sum() for one in each]
        rates = hits / PATHS
        for found, wanted in zip(rates, expected, strict=True):
            close(found, wanted)
        assert rates[2:].max() <= 0.025
        rows.append([f"{gain:g} / {loss:g}", n, days, *map(percent, rates)])
    header = ["only candidate / only production right", "cases a day", "days", "Wald", "Tango"]
    told(PAGE, "boundary", [*header, "ours, general bets", "ours, planned bets"], rows)


def test_what_it_costs_in_width() -> None:
    rows = []
    expected = {1_000: (1.77, 1.62), 5_000: (1.73, 1.60), 20_000: (1.73, 1.64)}
    for n, wanted in expected.items():
        low, high = wald(n, 0.05 * n, 0.05 * n)
        widths = []
        for grid in (U64, PLANNED):
            bottom, top = confidence_sequence(n, 0.05 * n, 0.05 * n, 0.05, grid)
            widths.append(float((top - bottom) / (high - low)))
        np.testing.assert_allclose(widths, wanted, atol=0.015)
        rows.append([f"{n:,}", *(f"{width:.2f}" for width in widths)])
    told(PAGE, "widths", ["cases", "general bets", "planned bets"], rows)


def test_what_it_costs_in_days() -> None:
    """Days until non-inferiority is shown; margin 2 points, disagreement 10 %, 100 cases a day."""
    expected = {
        0.00: (27, 24.2, 22, 28.4, 26),
        0.01: (13, 11.6, 11, 13.4, 12),
        0.02: (7, 6.9, 6, 8.0, 7),
        -0.01: (106, 93, 82, 108, 98),
    }
    rows = []
    for delta, (fixed, *wanted) in expected.items():
        days = 365 if delta < 0 else 150
        found: dict[str, list[np.ndarray]] = {"planned": [], "general": []}
        for size, b, c in daily(3, 100, days, 0.05 + delta / 2, 0.05 - delta / 2, 1_000):
            for name, grid in (("planned", PLANNED), ("general", U64)):
                shown = log_e_value(size, b, c, -MARGIN, grid) >= LEVEL
                first = np.where(shown.any(axis=1), shown.argmax(axis=1) + 1, days)
                found[name].append(first)
        numbers, cells = [], []
        for name in ("planned", "general"):
            first = np.concatenate(found[name])
            q10, middle, q90 = np.quantile(first, [0.1, 0.5, 0.9])
            numbers += [first.mean(), middle]
            cells.append(f"{first.mean():.1f} / {middle:.0f} / {q10:.0f} to {q90:.0f}")
        np.testing.assert_allclose(numbers, wanted, rtol=0.08, atol=1)
        rows.append([f"{100 * delta:+g}", fixed, *cells])
    header = ["true difference, points", "fixed n for 90 % power, days"]
    told(PAGE, "days", [*header, "planned: mean / median / 10 to 90 %", "general"], rows)
