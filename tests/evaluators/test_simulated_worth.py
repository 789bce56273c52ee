"""How planned sizes, intervals of savings and samples of reviews hold up in simulated studies."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import logsumexp, stdtrit
from simulated import told

from evaluators.planning.plan import Assumptions, needed
from evaluators.statistics.active import chances
from evaluators.statistics.asymptotic import asymptotic_sequence
from evaluators.statistics.atoms import lower_bound_of_atoms
from evaluators.statistics.betting import general_grid, planned_grid
from evaluators.statistics.intervals import tango_z
from evaluators.statistics.reviews import share_interval, stratified_mean
from evaluators.statistics.sample_size import noninferiority_power, score_size
from evaluators.statistics.stopping import stopping_looks, stopping_quantiles

SETTINGS = ((0.05, 0.0, 0.02), (0.10, 0.0, 0.02), (0.10, 0.01, 0.02), (0.20, 0.0, 0.03))
SAVED = np.array([-20.0, -500.0, 0.0, 20.0, 500.0])
"""What one case may save under the reference's costs."""


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def stops(
    chance: np.random.Generator, a_day: int, psi: float, delta: float, margin: float, weeks: int
) -> np.ndarray:
    """Return the week in which each of 1,000 studies passes, case by case and week by week."""
    share = [(psi + delta) / 2, 1 - psi, (psi - delta) / 2]
    counts = chance.multinomial(7 * a_day, share, (1000, weeks)).cumsum(axis=1)
    grid = planned_grid(margin, psi, delta)
    r = 1 / (1 - margin)
    logs = np.stack(
        [np.log(1 - grid + 2 * grid * r), np.log(1 - grid + grid * r), np.log(1 - grid)]
    )
    shown = logsumexp(counts @ logs, axis=2) - math.log(len(grid)) >= math.log(40)
    shown[:, :2] = False  # 20 days with cases come first
    return np.where(shown.any(axis=1), shown.argmax(axis=1) + 1, np.inf)


def coverage_of_savings(paths: int, days: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return how often an interval misses the true saving on any day, and on the last."""
    chance = np.random.default_rng(seed)
    share = np.array([0.05, 0.01, 0.84, 0.05, 0.05])
    truth = float(share @ SAVED)
    counts = chance.multinomial(20, share, (paths, days)).cumsum(axis=1).astype(float)
    n, total, squares = counts.sum(axis=2), counts @ SAVED, counts @ SAVED**2
    variance = squares / n - (total / n) ** 2
    reach = stdtrit(n - 1, 0.975) * np.sqrt(variance / (n - 1))
    found = {"t interval, every day": (total / n - reach, total / n + reach)}
    burnt = (n >= 200) & (counts[..., :2].sum(axis=2) >= 10) & (counts[..., 3:].sum(axis=2) >= 10)
    low, high = asymptotic_sequence(n, total, squares, 0.05, 1000)
    found["asymptotic, after the burn-in"] = (
        np.where(burnt, low, -np.inf),
        np.where(burnt, high, np.inf),
    )
    grid, scaled = general_grid(), SAVED / 500
    found["betting"] = (
        500 * lower_bound_of_atoms(counts, scaled, 0.025, grid),
        -500 * lower_bound_of_atoms(counts, -scaled, 0.025, grid),
    )
    missed = {}
    for name, (bottom, top) in found.items():
        out = (bottom > truth) | (top < truth)
        missed[name] = (float(out.any(axis=1).mean()), float((top - bottom)[:, -1].mean()))
    return missed


def reviewed(paths: int, seed: int) -> dict[tuple[str, float], float]:
    """Return how often intervals from stratified reviews hold the true share."""
    chance = np.random.default_rng(seed)
    population = np.array([9000, 600, 400])
    found = {}
    for label, share in (
        ("agreements almost all right", np.array([0.97, 0.45, 0.70])),
        ("agreements often wrong", np.array([0.90, 0.45, 0.70])),
    ):
        right = np.round(population * share).astype(int)
        truth = right.sum() / population.sum()
        for n in (np.array([100, 100, 100]), np.array([200, 60, 40]), np.array([240, 30, 30])):
            hits = chance.hypergeometric(right, population - right, n, (paths, 3))
            _, _, low, high, _ = stratified_mean(population, n, hits, hits)
            where = f"{label}, {'/'.join(map(str, n))}"
            found[where, "t"] = float(((low <= truth) & (truth <= high)).mean())
            _, low, high = share_interval(population, n, hits)
            found[where, "mover"] = float(((low <= truth) & (truth <= high)).mean())
            found[where, "pooled"] = float((hits.sum(axis=1) / n.sum()).mean() - truth)
    return found


def active(paths: int, seed: int) -> dict[str, float]:
    """Return the spread of the estimated difference for 400 reviews of 12,000 cases."""
    chance = np.random.default_rng(seed)
    size, budget, some_differ = 12_000, 400, 1060
    differ = np.zeros(size, bool)
    differ[:some_differ] = True
    d = np.zeros(size)
    d[:some_differ] = np.where(chance.random(some_differ) < 0.55, 1.0, -1.0)
    guess = np.where(differ, np.clip(chance.normal(1, 0.2, size), 0.4, 1.6), 0.0)
    designs = {
        "any case, by equal chance": np.full(size, budget / size),
        "disagreements only": chances(differ.astype(float), budget),
        "disagreements by a model's guess": chances(guess, budget),
    }
    spread = {}
    for name, pi in designs.items():
        some = np.flatnonzero((pi > 0) & (d != 0))
        drawn = chance.random((paths, len(some))) < pi[some]
        estimate = drawn @ (d[some] / pi[some]) / size
        assert abs(estimate.mean() - d.mean()) < 4 * estimate.std() / math.sqrt(paths)
        spread[name] = float(estimate.std())
    return spread


def test_a_quarter_of_the_paths_tells_the_same_plan() -> None:
    grid = planned_grid(0.02, 0.1)
    few, many = (
        stopping_quantiles(
            stopping_looks(700, 0.1, 0, 0.02, 0.025, grid, 40, 3, paths=paths, seed=paths)
        )
        for paths in (500, 2000)
    )
    assert np.abs(few - many).max() <= 1


def test_reviews_hold_the_truth_in_a_small_simulation() -> None:
    found = reviewed(400, 5)
    assert all(share >= 0.92 for (_, kind), share in found.items() if kind == "mover")


def test_savings_are_rarely_missed_in_a_small_simulation() -> None:
    assert coverage_of_savings(100, 20, 7)["betting"][0] <= 0.05


@pytest.mark.slow
def test_planned_sizes_have_their_power_and_weeks_their_quantiles() -> None:
    chance = np.random.default_rng(17)
    rows = []
    for psi, delta, margin in SETTINGS:
        n = int(score_size(psi, delta, margin))
        exact = noninferiority_power(n, psi, delta, margin)
        share = [(psi + delta) / 2, (psi - delta) / 2, 1 - psi]
        b, c, _ = chance.multinomial(n, share, 20_000).T
        drawn = float((tango_z(n, b, c, -margin) >= 1.959964).mean())
        assert 0.9 <= exact <= 0.91
        assert abs(drawn - exact) < 4 * math.sqrt(0.09 / 20_000)
        plan = needed(
            Assumptions(psi, 100, margin, delta, grid=tuple(planned_grid(margin, psi, delta)))
        )
        weeks = stopping_quantiles(stops(chance, 100, psi, delta, margin, 60))
        planned = [w for w in plan.weeks if w is not None]
        assert np.abs(weeks - planned).max() <= 1
        rows.append(
            [
                psi,
                delta,
                margin,
                f"{n:,}",
                percent(exact),
                percent(drawn),
                " / ".join(map(str, planned)),
                " / ".join(f"{w:.0f}" for w in weeks),
            ]
        )
    head = ["disagreement", "difference", "margin", "cases, one look", "exact power"]
    head += ["simulated power", "planned weeks q10 / q50 / q90", "simulated weeks"]
    told("statistics/planning.md", "planning", head, rows)


@pytest.mark.slow
def test_a_saving_is_rarely_missed_though_looked_at_every_day() -> None:
    found = coverage_of_savings(1000, 60, 23)
    rows = [[name, percent(missed), f"{width:.1f}"] for name, (missed, width) in found.items()]
    assert found["betting"][0] <= 0.05
    assert found["asymptotic, after the burn-in"][0] <= 0.05
    assert found["t interval, every day"][0] > 0.15
    head = ["interval", "misses the truth on some day", "mean width on day 60"]
    told("statistics/value.md", "savings", head, rows)


@pytest.mark.slow
def test_intervals_of_stratified_reviews_hold_the_truth() -> None:
    found = reviewed(20_000, 29)
    rows = [
        [
            where,
            percent(found[where, "t"]),
            percent(found[where, "mover"]),
            f"{100 * found[where, 'pooled']:+.1f} points".replace("-", "\u2212"),
        ]
        for where in dict.fromkeys(where for where, _ in found)
    ]
    assert all(share >= 0.94 for (_, kind), share in found.items() if kind == "mover")
    assert found["agreements almost all right, 100/100/100", "t"] < 0.92
    head = ["truth and reviews of agreements / two kinds of disagreement", "t interval holds it"]
    head += ["MOVER-Wilson holds it", "error of the unweighted share"]
    told("statistics/people.md", "S9", head, rows)


@pytest.mark.slow
def test_reviews_of_disagreements_tell_most() -> None:
    found = active(4000, 31)
    whole = found["any case, by equal chance"]
    rows = [
        [name, f"{spread:.4f}", f"{400 * (spread / whole) ** 2:.0f} in place of 400"]
        for name, spread in found.items()
    ]
    assert found["disagreements only"] < whole / 3
    assert found["disagreements by a model's guess"] > 0.9 * found["disagreements only"]
    head = ["400 reviews of 12,000 cases, 1,060 disagreements", "standard error of the difference"]
    told("statistics/people.md", "S16", [*head, "reviews for the same error"], rows)
