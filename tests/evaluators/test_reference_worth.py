"""Planning, value, reliance and reviews against values that somebody else's code gave."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from oracles import Reference
from scipy import optimize, stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint

from data_contracts.study.production import BusinessValue
from evaluators.metrics.value import evaluate as value
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.statistics.active import chances, judged_mean, weighted_mean
from evaluators.statistics.asymptotic import asymptotic_sequence
from evaluators.statistics.betting import general_grid, planned_grid
from evaluators.statistics.intervals import wilson
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.reviews import allocation, share_interval, stratified_mean
from evaluators.statistics.sample_size import (
    noninferiority_power,
    score_size,
    superiority_power,
    superiority_size,
    wald_size,
)
from evaluators.terms import Terms
from evaluators.worth.prices import Prices
from evaluators.worth.savings import savings_at

CELLS = {
    (1, 1, 0): 700,
    (1, 1, 1): 40,
    (1, 0, 1): 60,
    (1, 0, 0): 50,
    (0, 1, 0): 30,
    (0, 1, 1): 10,
    (0, 0, 0): 60,
    (0, 0, 1): 50,
}
"""Cases by (production approves, candidate approves, turned out bad)."""
COSTS = {"deny": {"good": 0.0, "bad": 0.0}, "approve": {"good": -20.0, "bad": 500.0}}
STRATA = ([300, 150, 50], [60, 60, 40], [21, 42, 10])
WORDS = (("deny", "approve"), ("good", "bad"))


def savings() -> np.ndarray:
    """Return the saving of every one of the 1,000 cases, row by row."""
    rows = []
    for (p, a, y), n in CELLS.items():
        decided, truth = WORDS
        rows += [COSTS[decided[p]][truth[y]] - COSTS[decided[a]][truth[y]]] * n
    return np.array(rows)


def sums() -> tuple[float, float, float]:
    d = savings()
    return float(len(d)), float(d.sum()), float((d**2).sum())


def needed(psi: float, delta: float, margin: float, *, planned: bool = False) -> float:
    grid = planned_grid(margin, psi, delta) if planned else general_grid()
    return float(np.ceil(cases_needed(psi, delta, margin, 0.025, grid)))


def sizes(psi: float, delta: float, margin: float) -> list[float]:
    return [
        float(score_size(psi, delta, margin)),
        float(wald_size(psi, delta, margin)),
        needed(psi, delta, margin),
    ]


def by_likelihood(psi: float, delta: float, margin: float) -> float:
    """Return the score size with the constrained maximum found numerically."""
    b, c = (psi + delta) / 2, (psi - delta) / 2

    def loss(losses: float) -> float:
        wins = losses - margin
        return -(
            b * math.log(wins) + c * math.log(losses) + (1 - b - c) * math.log(1 - wins - losses)
        )

    found = optimize.minimize_scalar(
        loss, bounds=(margin + 1e-12, (1 + margin) / 2 - 1e-12), method="bounded",
        options={"xatol": 1e-12},
    ).x  # fmt: skip
    under = 2 * found - margin - margin**2
    z = stats.norm.ppf([0.975, 0.9])
    return math.ceil(
        (z[0] * math.sqrt(under) + z[1] * math.sqrt(psi - delta**2)) ** 2 / (delta + margin) ** 2
    )


def mean_path(psi: float, delta: float, margin: float, *, planned: bool = False) -> float:
    """Return the mean-path size by bracketing the crossing of the averaged stakes."""
    grid = planned_grid(margin, psi, delta) if planned else general_grid()
    r = 1 / (1 - margin)
    gain = (
        (psi + delta) / 2 * np.log(1 - grid + 2 * grid * r)
        + (1 - psi) * np.log(1 - grid + grid * r)
        + (psi - delta) / 2 * np.log(1 - grid)
    )

    def height(n: float) -> float:
        return float(np.logaddexp.reduce(n * gain) - math.log(len(grid)) - math.log(40))

    return math.ceil(optimize.brentq(height, 1.0, 1e6))


def by_hand_fixed(n: int, psi: float, delta: float, margin: float) -> float:
    """Return the exact power by walking through every table, with a numeric inner maximum."""
    total = 0.0
    b, c = (psi + delta) / 2, (psi - delta) / 2
    for wins in range(n + 1):
        for losses in range(n + 1 - wins):
            gap = wins - losses + n * margin
            if gap <= 0:
                continue
            linear = -wins - losses - (2 * n - wins + losses) * margin
            root = math.sqrt(linear**2 - 8 * n * losses * margin * (1 + margin))
            share = (root - linear) / (4 * n)
            if gap >= stats.norm.ppf(0.975) * math.sqrt(n * (2 * share - margin * (1 + margin))):
                total += stats.multinomial.pmf(
                    [wins, losses, n - wins - losses], n, [b, c, 1 - psi]
                )
    return total


SIZES: dict[str, tuple[tuple[float, float, float], tuple[int, int, int]]] = {
    "8.NI n score/wald psi=0.1 d=0.0 mg=0.02": ((0.1, 0.0, 0.02), (2676, 2627, 2907)),
    "8.NI n score/wald psi=0.1 d=0.01 mg=0.02": ((0.1, 0.01, 0.02), (1201, 1167, 1303)),
    "8.NI n score/wald psi=0.2 d=0.0 mg=0.03": ((0.2, 0.0, 0.03), (2354, 2335, 2557)),
    "8.NI n score/wald psi=0.05 d=0.0 mg=0.01": ((0.05, 0.0, 0.01), (5364, 5254, 5826)),
}
"""Disagreement, difference and margin to the sizes by score, by Wald and at any look."""

TABLE = {
    (0.03, 0.01): (3332, 3625, 3009),
    (0.05, 0.01): (5364, 5826, 4968),
    (0.05, 0.02): (1413, 1539, 1258),
    (0.10, 0.01): (10558, 11466, 9762),
    (0.10, 0.02): (2676, 2907, 2479),
    (0.10, 0.03): (1215, 1321, 1108),
    (0.20, 0.02): (5273, 5726, 4875),
}
"""Disagreement and margin to the sizes looked at once, by general and by planned bets."""

REFERENCES = [
    *(
        Reference(
            key,
            "numeric constrained maximum; mean path by bracketing",
            lambda a=a: sizes(*a),
            lambda a=a, e=e: [by_likelihood(*a), e[1], mean_path(*a)],
            0,
        )
        for key, (a, e) in SIZES.items()
    ),
    *(
        Reference(key, "specification", lambda a=a: sizes(*a), e, 0)
        for key, (a, e) in SIZES.items()
    ),
    Reference(
        "   exact trinomial power at n_score",
        "specification, for disagreement .2 and margin .03",
        lambda: noninferiority_power(2354, 0.2, 0.0, 0.03),
        0.9008547520537294,
        1e-10,
    ),
    Reference(
        "8.exact power at 2 676 and 1 201",
        "specification",
        lambda: [
            noninferiority_power(2676, 0.1, 0, 0.02),
            noninferiority_power(1201, 0.1, 0.01, 0.02),
        ],
        [0.9017, 0.9045],
        5e-5,
    ),
    Reference(
        "8.McNemar Connor psi=.1 d=.02 90%",
        "specification",
        lambda: superiority_size(0.1, 0.02),
        2623,
        0,
    ),
    Reference(
        "8.Connor n=2623: exact McNemar power",
        "exact enumeration (scipy.binom)",
        lambda: superiority_power(2623, 0.1, 0.02),
        0.9024520619279472,
        1e-10,
    ),
    Reference(
        "8.Wald size is that of a one-sample z test",
        "statsmodels.NormalIndPower (ratio=0)",
        lambda: wald_size(0.1, 0.0, 0.02),
        lambda: math.ceil(
            NormalIndPower().solve_power(
                0.02 / math.sqrt(0.1), alpha=0.025, power=0.9, ratio=0, alternative="larger"
            )
        ),
        0,
    ),
    Reference(
        "9.cost saving mean, lo, hi",
        "scipy.stats.t.interval on rows",
        lambda: t_interval_from_sums(),
        lambda: [24.6, *stats.t.interval(0.95, 999, savings().mean(), stats.sem(savings()))],
    ),
    Reference(
        "9.cost saving mean, lo, hi (specification)",
        "specification",
        lambda: t_interval_from_sums(),
        [24.6, 16.522447668699115, 32.67755233130089],
    ),
    Reference(
        "9.cost AsympCS",
        "normal-mixture form of Howard et al. (2021), eq. 14, on rows",
        lambda: asymptotic_sequence(*sums(), 0.05, 1000),
        lambda: robbins(savings(), 0.05, 1000),
    ),
    Reference(
        "9.cost AsympCS (specification)",
        "specification",
        lambda: asymptotic_sequence(*sums(), 0.05, 1000),
        [12.112470002977306, 37.0875299970227],
    ),
    Reference(
        "10.RAIR,RSR (42/120, 55/80)",
        "the definition; intervals by statsmodels.proportion_confint",
        lambda: [42 / 120, 55 / 80, *np.ravel([wilson(42, 120), wilson(55, 80)])],
        lambda: [
            0.35,
            0.6875,
            *proportion_confint(42, 120, method="wilson"),
            *proportion_confint(55, 80, method="wilson"),
        ],
    ),
    Reference(
        "10.stratified HT mean, se",
        "hand formula (Cochran 1977 eq 5.6)",
        lambda: stratified_mean(*STRATA, STRATA[2])[:2],
        [0.445, 0.03622605759701384],
    ),
    Reference(
        "10.HT ci, df",
        "specification",
        lambda: stratified_mean(*STRATA, STRATA[2])[2:],
        [0.37290768536133156, 0.5170923146386684, 79.98825404939875],
    ),
    Reference(
        "10.Neyman allocation n=160",
        "specification",
        # With standard deviations to four digits, as there.
        lambda: allocation(STRATA[0], deviations().round(4), 160),
        [98.05777425640805, 47.106790295295404, 14.835435448296536],
    ),
    Reference(
        "10.MOVER-Wilson mean, lo, hi",
        "specification",
        lambda: share_interval([9000, 600, 400], [200, 60, 40], [195, 27, 28]),
        [0.9325, 0.9025955044979583, 0.9478217922249821],
    ),
    Reference(
        "10.MOVER-Wilson by statsmodels' limits",
        "statsmodels.proportion_confint and the definition",
        lambda: share_interval([9000, 600, 400], [200, 60, 40], [195, 27, 28]),
        lambda: mover([9000, 600, 400], [200, 60, 40], [195, 27, 28]),
    ),
]


def deviations() -> np.ndarray:
    share = np.array(STRATA[2]) / np.array(STRATA[1])
    return np.sqrt(share * (1 - share))


def t_interval_from_sums() -> list[float]:
    n, total, squares = sums()
    found = stratified_mean([1e18], [n], [total], [squares])
    return [float(found[0]), float(found[2]), float(found[3])]


def robbins(values: np.ndarray, alpha: float, t_opt: float) -> list[float]:
    """Return the interval from the boundary of the normal mixture in its own words."""
    n, log = len(values), -2 * math.log(alpha)
    rho = t_opt / (log + math.log(log + 1))
    edge = math.sqrt((n + rho) * math.log((n + rho) / (rho * alpha**2)))
    reach = float(values.std()) * edge / n
    return [float(values.mean()) - reach, float(values.mean()) + reach]


def mover(population: list[int], n: list[int], hits: list[int]) -> list[float]:
    weights = np.array(population) / sum(population)
    share = np.array(hits) / np.array(n)
    ends = []
    for size, count, p in zip(population, n, share, strict=True):
        effective = count * (size - 1) / (size - count)
        ends.append(proportion_confint(p * effective, effective, method="wilson"))
    low, high = np.array(ends).T
    mean = float(weights @ share)
    return [
        mean,
        mean - math.sqrt(float(weights**2 @ (share - low) ** 2)),
        mean + math.sqrt(float(weights**2 @ (high - share) ** 2)),
    ]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: r.key)
def test_ours_is_the_oracle_s(reference: Reference) -> None:
    reference.check()


@pytest.mark.parametrize(("psi", "margin"), TABLE)
def test_the_planning_table(psi: float, margin: float) -> None:
    fixed, general, planned = TABLE[psi, margin]
    assert float(score_size(psi, 0, margin)) == fixed == by_likelihood(psi, 0, margin)
    assert needed(psi, 0, margin) == general == mean_path(psi, 0, margin)
    assert needed(psi, 0, margin, planned=True) == planned
    assert mean_path(psi, 0, margin, planned=True) == planned


def test_the_exact_power_is_that_of_every_table_by_itself() -> None:
    ours = noninferiority_power(60, 0.2, 0.02, 0.1)
    assert ours == pytest.approx(by_hand_fixed(60, 0.2, 0.02, 0.1), abs=1e-10)


def test_neyman_is_the_least_variance() -> None:
    size, spread = np.array(STRATA[0]), deviations()

    def variance(n: np.ndarray) -> float:
        return float((size**2 * spread**2 / n).sum())

    best = allocation(size, spread, 160)
    found = optimize.minimize(
        lambda z: variance(160 * np.exp(z) / np.exp(z).sum()), np.zeros(3), method="BFGS"
    )
    by_descent = 160 * np.exp(found.x) / np.exp(found.x).sum()
    np.testing.assert_allclose(best, by_descent, rtol=1e-3)
    assert variance(best) <= variance(by_descent) + 1e-9


def test_the_value_evaluator_finds_the_reference_savings(
    measures_of: Callable[..., Any], scope: Callable[..., Scope]
) -> None:
    decided, truth = WORDS
    rows = [
        {"decision": decided[p], "recommendation": decided[a], "outcome": truth[y], "n": n}
        for (p, a, y), n in CELLS.items()
    ]
    terms = Terms(value=BusinessValue(costs=COSTS), cases_per_year=10_000)
    found = {t.metric: t for t in value(measures_of(rows), scope(None, terms=terms))}

    def numbers(metric: str) -> list[float]:
        table = found[metric]
        return [float(table.estimate[0]), float(table.low[0]), float(table.high[0])]

    Reference(
        "9.cost prod, AI per case",
        "specification",
        lambda: [numbers(f"cost_per_case_{side}")[0] for side in ("production", "candidate")],
        [35.0, 10.4],
    ).check()
    np.testing.assert_allclose(
        numbers("saving_per_case_asymptotic"), [24.6, 12.112470002977306, 37.0875299970227]
    )
    estimate, low, high = numbers("saving_per_case")
    assert estimate == pytest.approx(24.6)
    assert low < 12.11 < 37.09 < high  # holds at every look from the first, so it is wider
    assert numbers("saving_possible") == pytest.approx([24.6] * 3)
    assert numbers("saving_per_year") == pytest.approx([246_000, 10_000 * low, 10_000 * high])


def test_betting_on_savings_is_a_product_of_single_bets(
    measures_of: Callable[..., Any], scope: Callable[..., Scope]
) -> None:
    decided, truth = WORDS
    rows = [
        {"decision": decided[p], "recommendation": decided[a], "outcome": truth[y], "n": n}
        for (p, a, y), n in CELLS.items()
    ]
    prices = Prices.of(BusinessValue(costs=COSTS))
    assert prices is not None
    assert prices.largest == 500
    found = savings_at(CaseCounts.of(measures_of(rows)["outcome_counts"]), scope(None), prices)
    x, m, grid = savings() / 500, 10 / 500, general_grid()
    chance = np.random.default_rng(4).permutation(x)
    stakes = np.log1p(grid * ((1 + chance[:, None]) / (1 + m) - 1)).sum(axis=0)
    by_case = np.logaddexp.reduce(stakes) - math.log(len(grid))
    assert float(found.log_above(10.0, grid)[0, 0]) == pytest.approx(by_case, abs=1e-9)


def test_weighted_reviews_are_unbiased_over_every_draw() -> None:
    value, pi = np.array([1.0, -1.0, 1.0, 0.0]), chances([1, 1, 4, 1], 2)
    judge = np.array([1.0, 1.0, 0.0, 0.0])
    mean = variance = judged = 0.0
    for draw in np.ndindex(2, 2, 2, 2):
        drawn = np.array(draw, bool)
        chance = float(np.where(drawn, pi, 1 - pi).prod())
        one, error, _, _ = weighted_mean(value[drawn], pi[drawn], 4)
        two, _ = judged_mean(judge.sum(), value[drawn], judge[drawn], pi[drawn], 4)
        mean += chance * one
        variance += chance * error**2
        judged += chance * two
    assert mean == pytest.approx(value.mean())
    assert judged == pytest.approx(value.mean())
    assert variance == pytest.approx(float((value**2 * (1 - pi) / pi).sum()) / 16)
