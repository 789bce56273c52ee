"""How often a gate passes what it should not, over many simulated studies with a weekly look."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from data_contracts.vocabulary import Status
from evaluators.columns import Measures
from evaluators.kinds import all_gate_kinds
from evaluators.scope import Scope
from evaluators.statistics.betting import general_grid, log_e_value, lower_bound, planned_grid

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]
MARGIN = 0.02
LEVEL = np.log(40)


def passes(
    build: Build, scope: Scope, seeds: range, difference: float, days: int, swing: float = 0.0
) -> float:
    """Return the share of studies in which `noninferiority` has passed by their end."""
    kind = all_gate_kinds()["noninferiority"]
    passed = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        shift = rng.normal(0, swing, days) if swing else np.zeros(days)
        p = np.clip(np.array([0.1 + difference + shift, 0.1 - difference - shift]) / 2, 0.0, 0.5)
        wins, losses = rng.binomial(100, p)
        found = kind.judge(
            "g", kind.settings(margin=MARGIN), build(np.full(days, 100), wins, losses), scope
        )
        passed += found.status is Status.PASS
    return passed / len(seeds)


def running(rng: np.random.Generator, paths: int, days: int, b: float, c: float) -> np.ndarray:
    """Return cumulative (n, wins, losses) of many studies day by day; shape (3, paths, days)."""
    wins = rng.binomial(100, b, (paths, days))
    losses = rng.binomial(100 - wins, c / (1 - b))
    return np.cumsum(np.stack([np.full((paths, days), 100), wins, losses]), axis=-1)


def test_a_candidate_at_the_limit_rarely_passes(daily: Build, scope: MakeScope) -> None:
    # Nominal 2.5 %; of 200 studies 12 or more would be a one-in-a-thousand accident at that rate.
    assert passes(daily, scope(84), range(200), -MARGIN, 84) <= 11 / 200


def test_days_that_swing_do_not_pass_a_candidate_at_the_limit(
    daily: Build, scope: MakeScope
) -> None:
    assert passes(daily, scope(84), range(120), -MARGIN, 84, swing=0.05) <= 8 / 120


def test_an_equal_candidate_mostly_passes(daily: Build, scope: MakeScope) -> None:
    assert passes(daily, scope(84), range(60), 0.0, 84) > 0.85


def test_a_look_every_day_is_still_valid() -> None:
    n, b, c = running(np.random.default_rng(3), 400, 60, 0.04, 0.06)
    shown = (log_e_value(n, b, c, -MARGIN, general_grid()) >= LEVEL).any(axis=1)
    assert shown.mean() <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / 400)


def test_outcomes_that_stay_away_on_purpose_do_not_pass_a_candidate(
    daily: Build, scope: MakeScope
) -> None:
    """Most of production's wins never get an outcome, all of the candidate's do."""
    kind = all_gate_kinds()["noninferiority"]
    filled = naive = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        wins, losses = rng.binomial(100, 0.04, 84), rng.binomial(100, 0.06, 84)
        hidden = rng.binomial(losses, 0.7)
        seen = {"n": np.full(84, 100), "wins": wins, "losses": losses - hidden}
        settings = kind.settings(margin=MARGIN)
        told = kind.judge("g", settings, daily(**seen, open_=hidden), scope(84))
        filled += told.status is Status.PASS
        naive += kind.judge("g", settings, daily(**seen), scope(84)).status is Status.PASS
    assert naive > 54
    assert filled <= 5


@pytest.mark.slow
@pytest.mark.parametrize(
    ("disagreement", "planned", "expected"), [(0.10, False, 0.006), (0.10, True, 0.012)]
)
def test_false_pass_at_the_limit_as_simulated_before(
    disagreement: float, planned: bool, expected: float
) -> None:
    """Daily looks over 90 days of 100 cases at a difference of exactly the limit."""
    grid = planned_grid(MARGIN, disagreement) if planned else general_grid()
    rng = np.random.default_rng(5)
    paths, hits = 500, 0
    for _ in range(8):
        n, b, c = running(rng, paths, 90, (disagreement - MARGIN) / 2, (disagreement + MARGIN) / 2)
        hits += int((log_e_value(n, b, c, -MARGIN, grid) >= LEVEL).any(axis=1).sum())
    rate = hits / (8 * paths)
    assert rate <= 0.025
    assert abs(rate - expected) < 0.006


@pytest.mark.slow
def test_an_interval_looked_at_daily_covers() -> None:
    rng = np.random.default_rng(6)
    n, b, c = running(rng, 1000, 90, 0.05, 0.05)
    above = lower_bound(n, b, c, 0.025, general_grid()) > 0
    below = lower_bound(n, c, b, 0.025, general_grid()) > 0
    assert (above | below).any(axis=1).mean() <= 0.05


@pytest.mark.slow
def test_segments_gate_rarely_passes_what_it_should_not(daily: Build, scope: MakeScope) -> None:
    """Twenty segments, one may fall short, two stand exactly at the limit."""
    kind = all_gate_kinds()["segments"]
    settings, passed = kind.settings(cut="unit", margin=MARGIN), 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        difference = np.where(np.arange(20) < 2, -MARGIN, 0.01)[:, None]
        wins = rng.binomial(60, (0.1 + difference) / 2, (20, 84))
        losses = rng.binomial(60, (0.1 - difference) / 2, (20, 84))
        found = kind.judge("g", settings, daily(np.full((20, 84), 60), wins, losses), scope(84))
        passed += found.status is Status.PASS
    assert passed <= 9
