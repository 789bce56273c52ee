"""What rules over many segments really do, over many simulated studies; printed in the docs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from simulated import told

from data_contracts.vocabulary import DecisionType, RiskTier
from evaluators.columns import Columns
from evaluators.scope import Scope
from evaluators.segments.gap_changes import GroupChanges, widened_at_most
from evaluators.segments.slice_confirmation import confirm
from evaluators.segments.slice_search import search
from evaluators.statistics.betting import general_grid, log_e_value, planned_grid
from evaluators.statistics.conjunction_at_one_look import simes_conjunction
from evaluators.statistics.fairness import gap
from evaluators.statistics.fewer_errors import log_e_fewer
from evaluators.statistics.intervals import tango_z
from evaluators.statistics.partial_conjunction import means, products

PAGE = "statistics/segments.md"
SIZE, NEEDED, MARGIN, SHARE = 40, 38, 0.02, 0.10
LEVEL = np.log(20)
Numbers = np.ndarray


def counts(
    rng: np.random.Generator, n: int, difference: Numbers, shape: tuple[int, ...]
) -> Numbers:
    """Return (wins, losses) of n cases in each cell; differences along the last axis but one."""
    wins = rng.binomial(n, (SHARE + difference) / 2, shape)
    losses = rng.binomial(n - wins, (SHARE - difference) / 2 / (1 - (SHARE + difference) / 2))
    return np.stack([wins, losses])


def rate(passed: Numbers) -> str:
    return f"{100 * passed.mean():.1f}%"


@pytest.mark.slow
def test_rules_of_thumb_over_segments() -> None:
    """Forty segments at one look: three exactly at the limit, or all equal."""
    rng = np.random.default_rng(6)
    bad = np.where(np.arange(SIZE) < 3, -MARGIN, 0.0)
    rows = []
    for n in (1000, 5000):
        wins, losses = counts(rng, n, np.zeros(SIZE), (4000, SIZE))
        no_worse = ((wins - losses >= 0).sum(axis=-1) >= NEEDED).astype(float)
        wins, losses = counts(rng, n, bad, (4000, SIZE))
        above = ((wins - losses) / n > -MARGIN).sum(axis=-1) >= NEEDED
        p = ndtr(-tango_z(n, wins, losses, -MARGIN))
        single = (p < 0.05).sum(axis=-1) >= NEEDED
        simes = simes_conjunction(p, NEEDED) <= 0.05
        e = log_e_value(n, wins[:1000], losses[:1000], -MARGIN, general_grid())
        product = products(e)[..., NEEDED - 1] >= LEVEL
        rows.append([f"{n:,}", *map(rate, (no_worse, above, single, simes, product))])
        assert no_worse.mean() < 0.01
        assert above.mean() > 0.4
        assert simes.mean() < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 4000)
        assert product.mean() <= 0.05
    assert single.mean() > 0.08  # with many cases the good ones all pass, and one of three will do
    header = [
        "cases a segment",
        "at least as good in 95 % of segments, all equal",
        "above the limit in 95 %, three exactly at it",
        "each with p < .05",
        "partial conjunction of p-values, one look",
        "product of e-values",
    ]
    told(PAGE, "S6", header, rows)


@pytest.mark.slow
def test_looking_every_day() -> None:
    """Twenty cases a segment and day: whether the rule ever passes, and when."""
    rng = np.random.default_rng(13)
    days, paths = 300, 250
    day = np.arange(1, days + 1)
    grid = planned_grid(MARGIN, SHARE)

    def first_days(difference: Numbers) -> dict[str, Numbers]:
        found: dict[str, list[int]] = {"p": [], "product": [], "mean": []}
        for _ in range(paths):
            daily = counts(rng, 20, difference[:, None], (SIZE, days))
            wins, losses = np.cumsum(daily, axis=-1)
            p = ndtr(-tango_z(20 * day, wins, losses, -MARGIN))
            e = log_e_value(20 * day, wins, losses, -MARGIN, grid).T
            passed = {
                "p": simes_conjunction(np.nan_to_num(p.T, nan=1.0), NEEDED) <= 0.05,
                "product": products(e)[:, NEEDED - 1] >= LEVEL,
                "mean": means(e)[:, NEEDED - 1] >= LEVEL,
            }
            for name, at in passed.items():
                found[name].append(int(np.argmax(at)) + 1 if at.any() else 10_000)
        return {name: np.array(values) for name, values in found.items()}

    at_limit = first_days(np.where(np.arange(SIZE) < 3, -MARGIN, 0.0))
    equal = first_days(np.zeros(SIZE))
    names = {
        "p": "partial conjunction of p-values (Simes)",
        "product": "product of e-values",
        "mean": "mean of e-values",
    }
    rows = []
    for name, words in names.items():
        median = np.median(equal[name])
        rows.append([words, rate(at_limit[name] <= days), f"{median:.0f}"])
    assert (at_limit["p"] <= days).mean() > 0.06
    assert (at_limit["product"] <= days).mean() <= 0.05
    assert (at_limit["mean"] <= days).mean() <= 0.05
    assert np.median(equal["p"]) < np.median(equal["product"]) < np.median(equal["mean"])
    assert 150 < np.median(equal["product"]) < 215
    header = ["rule, looked at every day", "passes with three segments at the limit", "median day"]
    told(PAGE, "S13", [*header[:2], "median day of passing, all equal"], rows)


def slices_of(rng: np.random.Generator, worse: float, days: int) -> Columns:
    """Return a study of 5 x 8 x 4 cells without days that differ; one slice may be worse."""
    shape = (days, 2, 5, 8, 4)
    day, half, region, product, channel = (a.ravel() for a in np.indices(shape))
    n = rng.poisson(2.0, day.shape)
    difference = np.where((region == 0) & (product <= 1), worse, 0.0)
    wins = rng.binomial(n, (SHARE + difference) / 2 * (difference > -SHARE))
    share = np.where(difference > -SHARE, (SHARE - difference) / 2, -difference)
    losses = rng.binomial(n - wins, share / (1 - (SHARE + difference) / 2))
    keep = n > 0
    arrays = {
        "cohort_day": 100 + day,
        "half": half,
        "segment_region": region,
        "segment_product": product,
        "segment_channel": channel,
        "n": n,
        "only_candidate": wins,
        "only_production": losses,
        "open_disagreements": np.zeros_like(n),
    }
    labels = {
        "segment_region": tuple("abcde"),
        "segment_product": tuple("abcdefgh"),
        "segment_channel": tuple("abcd"),
    }
    return Columns({name: array[keep] for name, array in arrays.items()}, labels)


def searched(paths: int, worse: float, days: int) -> tuple[float, float]:
    """Return how often the search alone names a slice, and how often one is confirmed."""
    scope = Scope(
        "c",
        "1",
        DecisionType.BINARY,
        ("no", "yes"),
        "yes",
        RiskTier.LOW,
        first_day=100,
        last_day=99 + days,
        mature_day=99 + days,
    )
    named = confirmed = 0
    for seed in range(paths):
        table = slices_of(np.random.default_rng(seed), worse, days)
        found = search(table, scope)
        named += bool(found.found)
        confirmed += bool(confirm(table, found, scope).shown(0.025).any())
    return named / paths, confirmed / paths


@pytest.mark.slow
def test_slices_are_rarely_accused_wrongly() -> None:
    rows = []
    for words, worse in (("none is worse", 0.0), ("one in 20 cases is 15 points worse", -0.15)):
        named, confirmed = searched(400, worse, 84)
        rows.append([words, f"{100 * named:.1f}%", f"{100 * confirmed:.1f}%"])
        if worse:
            assert confirmed > 0.9
        else:
            assert named > 0.1
            assert confirmed <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / 400)
    told(PAGE, "slices", ["truth", "the search alone names one", "one is confirmed"], rows)


def test_a_slice_is_not_confirmed_by_the_half_it_was_found_in() -> None:
    """Guard of the above in little: 24 studies without a worse slice, none accused."""
    assert searched(24, 0.0, 42)[1] == 0


def changes(rng: np.random.Generator, difference: tuple[float, float], weeks: int) -> GroupChanges:
    """Return two groups with 60 cases a day each, of which production selects 30 % and 20 %."""
    n = np.full((2, weeks), 420.0)
    moved = np.array(difference)[:, None]
    plus = rng.binomial(420, (0.1 + moved) / 2, (2, weeks))
    minus = rng.binomial(420, (0.1 - moved) / 2, (2, weeks))
    picked = rng.binomial(420, [[0.3], [0.2]], (2, weeks))
    zero = np.zeros((2, weeks))
    running = [np.cumsum(a, axis=1).astype(float) for a in (n, plus, minus, picked)]
    days = np.cumsum(np.full((2, weeks), 7.0), axis=1)
    return GroupChanges(*running, zero, zero, zero, zero, days, np.ones((2, weeks)))


@pytest.mark.slow
def test_the_gate_on_fairness_at_its_limit() -> None:
    """The candidate widens the gap by exactly the limit, or not at all; 26 weekly looks."""
    rng = np.random.default_rng(8)
    rows = []
    for words, moved in (("exactly by the limit", (0.025, -0.025)), ("not at all", (0.0, 0.0))):
        naive, gate = [], []
        for _ in range(400):
            one = changes(rng, moved, 26)
            before, after = (gap(rates.T) for rates in one.rates)
            allowed = np.arange(26) >= 2
            naive.append(((after - before <= 0.05) & allowed).any())
            most = widened_at_most([one], 0.025, general_grid())
            gate.append(((most <= 0.05) & allowed).any())
        rows.append([words, rate(np.array(naive)), rate(np.array(gate))])
        if moved[0]:
            assert np.mean(naive) > 0.5
            assert np.mean(gate) <= 0.025
        else:
            assert np.mean(gate) > 0.9
    told(PAGE, "fairness", ["the gap widens", "by the estimate", "by the gate"], rows)


@pytest.mark.slow
def test_fewer_errors_at_the_limit() -> None:
    """Errors are fewer by exactly 15 %: how often more than that is ever claimed."""
    rng = np.random.default_rng(15)
    paths, weeks, n = 2000, 26, 350
    # Production errs in 10 % of cases, the candidate in 8.5 %, both in 5 %.
    draws = rng.multinomial(n, [0.05, 0.035, 0.05, 0.865], (paths, weeks)).cumsum(axis=1)
    wins, losses, both = (draws[..., i] for i in range(3))
    e = log_e_fewer(wins, losses, both, 0.15, general_grid())
    before, after = wins + both, losses + both
    naive = (1 - after / before >= 0.15).any(axis=1)
    gate = (e >= np.log(40)).any(axis=1)
    assert gate.mean() <= 0.025
    assert naive.mean() > 0.5
    told(
        PAGE,
        "priority",
        ["errors are fewer by exactly 15 %", "passes by the estimate", "passes by the e-value"],
        [["26 weekly looks", rate(naive), rate(gate)]],
    )
