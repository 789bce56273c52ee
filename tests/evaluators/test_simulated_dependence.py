"""Days that differ, weekdays, outcomes that come late or never: what rules do under each."""

from __future__ import annotations

import numpy as np
import pytest
from simulated import told

from evaluators.statistics.betting import general_grid, log_e_value, planned_grid
from evaluators.statistics.clusters import ClusterSums

pytestmark = pytest.mark.slow
PAGE = "statistics/sequential.md"
U64, PLANNED = general_grid(), planned_grid(0.02, 0.10)
MARGIN, LEVEL = 0.02, np.log(40)
PATHS, DAYS, CASES = 4_000, 90, 100


def percent(rate: float) -> str:
    return f"{100 * rate:.1f}%"


def close(found: float, expected: float, paths: int = PATHS) -> None:
    """Compare a rate with one that was simulated over 2,000 paths or so."""
    error = np.sqrt(expected * (1 - expected) * (1 / paths + 1 / 2_000))
    assert abs(found - expected) <= 4 * error + 0.002, (found, expected)


def studies(rng: np.random.Generator, difference: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the wins and losses of each day, given its difference."""
    gain = np.clip((0.10 + difference) / 2, 0, 0.5)
    wins = rng.binomial(CASES, gain, (1_000, DAYS))
    losses = rng.binomial(CASES - wins, np.clip((0.10 - difference) / 2, 0, 0.5) / (1 - gain))
    return wins, losses


def effects(wins: np.ndarray, losses: np.ndarray) -> np.ndarray:
    """Return the design effect of all days so far, as the product computes it."""
    cell = np.arange(wins.size) // DAYS * DAYS + np.arange(wins.size) % DAYS
    total = (wins - losses).ravel()
    sums = ClusterSums.of(np.full(wins.size, CASES), total, (wins + losses).ravel())
    return sums.binned(cell, wins.shape).design_effect()


def test_days_that_differ() -> None:
    """Exactly at the limit on average, 90 days of 100 cases, a look every day from the 14th on."""
    expected = {0: (0.002, 0.002), 2: (0.013, 0.006), 3: (0.038, 0.006), 5: (0.159, 0.009)}
    rows, rng = [], np.random.default_rng(4)
    n = np.cumsum(np.full((1_000, DAYS), CASES), axis=1)
    for swing, wanted in expected.items():
        hits, effect_at_end = np.zeros(2), []
        for _ in range(PATHS // 1_000):
            # Days swing evenly, so that no share is cut off at 0 and the mean stays at the limit.
            shift = rng.uniform(-1, 1, (1_000, DAYS)) * np.sqrt(3) * swing / 100
            wins, losses = studies(rng, shift - MARGIN)
            effect = effects(wins, losses)
            effect_at_end.append(effect[:, -1].mean())
            b, c = np.cumsum(wins, axis=1), np.cumsum(losses, axis=1)
            for i, by in enumerate((np.ones_like(effect), effect)):
                shown = log_e_value(n / by, b / by, c / by, -MARGIN, U64) >= LEVEL
                hits[i] += shown[:, 13:].any(axis=1).sum()
        rates = hits / PATHS
        rows.append([swing, f"{np.mean(effect_at_end):.1f}", *map(percent, rates)])
        assert abs(rates[0] - wanted[0]) <= 0.004 + 0.15 * wanted[0]
        close(rates[1], wanted[1])
        assert rates[1] <= 0.025
    header = ["swing of a day, points", "design effect", "cases taken as independent"]
    told(PAGE, "clusters", [*header, "deflated by days"], rows)


def test_weekends_that_differ() -> None:
    """Exactly at the limit over a week, two points of swing within it, planned bets."""
    week = np.where(np.arange(DAYS) % 7 < 5, 0.4, -1.0)
    swing = 0.02 * week / np.sqrt((week[:7] ** 2).mean())
    rng, hits = np.random.default_rng(5), np.zeros(3)
    day = np.arange(1, DAYS + 1)
    for _ in range(PATHS // 1_000):
        wins, losses = studies(rng, swing - MARGIN)
        n, b, c = (np.cumsum(a, axis=1) for a in (np.full(wins.shape, CASES), wins, losses))
        shown = log_e_value(n, b, c, -MARGIN, PLANNED) >= LEVEL
        looks = (day > 0, day >= 14, (day >= 14) & (day % 7 == 0))
        hits += [shown[:, look].any(axis=1).sum() for look in looks]
    rates = hits / PATHS
    for found, wanted in zip(rates, (0.034, 0.012, 0.005), strict=True):
        close(found, wanted)
    assert rates[2] <= 0.025
    when = ("every day", "every day from day 14 on", "at the end of whole weeks from day 14 on")
    rows = [[look, percent(rate)] for look, rate in zip(when, rates, strict=True)]
    told(PAGE, "calendar", ["looks", "calls it non-inferior"], rows)


def arrivals(rng: np.random.Generator, cases: np.ndarray) -> np.ndarray:
    """Return how many outcomes come in on each day when they take 15 days on average."""
    paths, days = cases.shape
    share = np.diff(1 - np.exp(-np.arange(days + 1) / 15))
    found = np.zeros((paths, days))
    for day in range(days):
        open_ = share[: days - day]
        known = rng.multinomial(cases[:, day], [*open_, 1 - open_.sum()])
        found[:, day:] += known[:, :-1]
    return found


def late(rng: np.random.Generator, difference: float, limit: float) -> np.ndarray:
    """Return which of 200 studies ever claim something by each of the three rules."""
    days, wait = 180, 61
    gain = 0.05 + difference / 2
    wins = rng.binomial(CASES, gain, (200, days))
    losses = rng.binomial(CASES - wins, (0.10 - gain) / (1 - gain))
    never = rng.binomial(losses, 0.05)
    late_ones = np.zeros(losses.shape)
    late_ones[:, wait - 1 :] = (losses - never)[:, : days - wait + 1]
    same = arrivals(rng, CASES - wins - losses)
    so_far = [np.cumsum(a, axis=1) for a in (arrivals(rng, wins), late_ones, same)]
    whole = [np.cumsum(a[:, : days - wait], axis=1) for a in (wins, losses, never)]
    n = np.cumsum(np.full((200, days - wait), CASES), axis=1)
    b, c, u = whole
    rules = ((sum(so_far), so_far[0], so_far[1]), (n - u, b, c - u), (n, b, c))
    return np.stack([(log_e_value(*rule, limit, PLANNED) >= LEVEL).any(axis=1) for rule in rules])


def test_outcomes_that_come_late_or_never() -> None:
    """Good news early, bad news after 60 days, a twentieth of it never; 180 days of 100 cases."""
    rows, rng = [], np.random.default_rng(6)
    claims = {
        "2 points worse: calls it non-inferior": (-0.02, -MARGIN),
        "no difference: calls it better": (0.0, 0.0),
        "no difference: calls it non-inferior, rightly": (0.0, -MARGIN),
    }
    for what, (difference, limit) in claims.items():
        rates = np.mean([late(rng, difference, limit).mean(axis=1) for _ in range(5)], axis=0)
        rows.append([what, *map(percent, rates)])
        assert rates[0] > 0.99
        if "rightly" in what:
            assert rates[2] > 0.95
        else:
            assert rates[2] <= 0.025
            assert rates[1] > 0.025
    header = ["truth: claim", "labels so far", "mature, complete cases"]
    told(PAGE, "late", [*header, "mature, missing ones against it (ours)"], rows)
