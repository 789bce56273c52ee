"""How often a difference of losses is declared that is not there, looking every week."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from simulated import told

from data_contracts.vocabulary import DecisionType
from evaluators.columns import Columns
from evaluators.numeric.loss_columns import ErrorSize
from evaluators.numeric.loss_intervals import LEAST_DAYS, around, burnt_in, naive, standard_errors
from evaluators.numeric.losses import loss_table
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.statistics.asymptotic import asymptotic_ratio
from evaluators.statistics.atoms import log_e_of_atoms, sequence_of_atoms
from evaluators.statistics.betting import general_grid
from evaluators.statistics.moments import Moments
from evaluators.statistics.paired_means import fieller_interval
from evaluators.statistics.split_edges import split_to_edges

PAGE = "statistics/numeric.md"
A_DAY = 20
MakeScope = Callable[..., Scope]


def daily_effects(rng: np.random.Generator, paths: int, days: int, phi: float) -> np.ndarray:
    """Return stationary series of first order with standard deviation 1."""
    noise = rng.normal(size=(paths, days + 100)) * np.sqrt(1 - phi**2)
    for day in range(1, days + 100):
        noise[:, day] += phi * noise[:, day - 1]
    return noise[:, 100:]


def columns(differences: np.ndarray, first: int) -> Columns:
    """Return `loss_sums` of one segment a path; production's loss is always 10."""
    paths, days, n = differences.shape
    segment, day = np.indices((paths, days))
    count, unit = np.full(paths * days, float(n)), 1.0
    candidate = 10 - differences

    def total(values: np.ndarray) -> np.ndarray:
        return values.sum(-1).ravel()

    nothing = dict.fromkeys(("y", "yy", "y_p", "y_a", "open_d", "open_dd"), 0 * count)
    return Columns(
        {
            "cut": np.zeros(paths * days, np.int64),
            "segment": segment.ravel(),
            "cohort_day": first + day.ravel(),
            "unit": np.full(paths * days, unit),
            "n": count,
            "known": count,
            "open_differ": 0 * count,
            "abs_p": 10 * count,
            "abs_a": total(candidate),
            "ee_p": 100 * count,
            "ee_a": total(candidate**2),
            "abs_dd": total(differences**2),
            **nothing,
        },
        {"cut": ("unit",), "segment": tuple(f"u{i}" for i in range(paths))},
    )


def ever_above(differences: np.ndarray, limit: float, scope: Scope) -> np.ndarray:
    """Return shares of paths ever declared above a limit: naive, days ignored, ours."""
    cases = CaseCounts.of(columns(differences, scope.first_day or 0))
    shown = np.zeros((3, len(cases.segments)), np.bool_)
    for week in range(3, differences.shape[1] // 7 + 1):
        table = loss_table(
            cases.until((scope.first_day or 0) + 7 * week - 1), scope, ErrorSize.ABSOLUTE
        )
        value, spread = table.means[0] - table.means[1], table.spread(1.0, -1.0)
        iid = standard_errors(table, spread, 0.05) * np.sqrt(spread.alone)
        ours = around(table, value, 0.05, 1.0, -1.0)[0]
        enough = burnt_in(table)
        shown[0] |= enough & (naive(table, value, 0.05, 1.0, -1.0)[0] > limit)
        shown[1] |= enough & (value - iid > limit)
        shown[2] |= enough & (spread.effective >= LEAST_DAYS) & (ours > limit)
    return shown[:, 1:].mean(axis=1)  # number 0 is the whole, which has no case here


def differences(seed: int, paths: int, days: int, phi: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    effects = 0.5 * daily_effects(rng, paths, days, phi)
    return effects[:, :, None] + rng.normal(size=(paths, days, A_DAY))


@pytest.fixture
def numeric(scope: MakeScope) -> Callable[[int], Scope]:
    """Return the scope of a numeric study of so many days."""
    return lambda days: scope(days, decision_type=DecisionType.NUMERIC, classes=(), positive=None)


def test_days_that_resemble_each_other_rarely_pass_a_candidate_at_the_limit(
    numeric: Callable[[int], Scope],
) -> None:
    plain, _, ours = ever_above(differences(1, 300, 84, 0.5) - 0.3, -0.3, numeric(84))
    assert plain > 0.4
    assert ours <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / 300)


@pytest.mark.slow
def test_false_passes_under_serial_correlation(numeric: Callable[[int], Scope]) -> None:
    rows = []
    for phi in (0.0, 0.3, 0.5, 0.7, 0.8, 0.9):
        rates = []
        for days, paths in ((84, 1000), (364, 600)):
            found = ever_above(differences(7, paths, days, phi) - 0.3, -0.3, numeric(days))
            rates.append(found)
            chance = 0.0 if phi <= 0.5 else 2 * np.sqrt(0.025 * 0.975 / paths)
            assert found[2] <= 0.025 + chance
        rows.append([f"{phi:g}", *(f"{100 * r:.1f}%" for found in rates for r in found)])
    told(
        PAGE,
        "serial correlation",
        (
            "correlation of a day with the day before",
            "12 weeks: naive",
            "days ignored",
            "the gate",
            "52 weeks: naive",
            "days ignored",
            "the gate",
        ),
        rows,
    )


@pytest.mark.slow
def test_relative_loss_looked_at_daily() -> None:
    """S17: the interval of a ratio of mean losses ever misses the truth over 60 daily looks."""
    rng, paths = np.random.default_rng(17), 1500
    production = rng.gamma(2.0, 1.0, (paths, 60, 100))
    candidate = 0.9 * production * rng.gamma(4.0, 0.25, (paths, 60, 100))
    missed = np.zeros((2, paths), np.bool_)
    sums = [
        values.sum(-1).cumsum(1)
        for values in (
            production,
            candidate,
            production**2,
            candidate**2,
            (candidate - production) ** 2,
        )
    ]
    for day in range(1, 60):
        losses = Moments.from_sums(100.0 * (day + 1), *(total[:, day] for total in sums))
        ends = (fieller_interval(losses, 0.05), asymptotic_ratio(losses, 0.05, 1000))
        for kind, (low, high) in enumerate(ends):
            missed[kind] |= (low > 0.9) | (high < 0.9)
    plain, ours = missed.mean(axis=1)
    assert plain > 0.25
    assert ours <= 0.05
    told(
        PAGE,
        "S17",
        ("interval of the relative loss", "ever misses the truth in 60 daily looks"),
        [
            ("Fieller's, for one look", f"{100 * plain:.1f}%"),
            ("at every look", f"{100 * ours:.1f}%"),
        ],
    )


@pytest.mark.slow
def test_width_of_bins() -> None:
    """S11: moving mass to edges costs little where bins are narrow, and never validity."""
    values = np.clip(np.random.default_rng(11).normal(0.023, 0.25, 5000), -1, 1)
    grid, rows = general_grid(), []
    exact = sequence_of_atoms(np.ones(5000), np.ones(5000), values, 0.05, grid)
    for bins in (4, 10, 20, 40):
        edges = np.linspace(-1, 1, bins + 1)
        n, _ = np.histogram(values, edges)
        total, _ = np.histogram(values, edges, weights=values)
        mass = split_to_edges(n, total, edges)
        low, high = sequence_of_atoms(mass, mass, edges, 0.05, grid)
        assert low <= exact[0] + 1e-12
        assert high >= exact[1] - 1e-12
        rows.append((f"{bins} bins", f"{low:.5f}", f"{high:.5f}"))
    assert float(rows[2][1]) > exact[0] - 0.001
    told(
        PAGE,
        "S11",
        ("5,000 differences", "low", "high"),
        [*rows, ("every case by itself", f"{exact[0]:.5f}", f"{exact[1]:.5f}")],
    )


@pytest.mark.slow
def test_bets_on_a_bounded_loss_rarely_pass_a_candidate_at_the_limit() -> None:
    rng, edges, paths = np.random.default_rng(4), np.linspace(-1, 1, 21), 400

    def skewed(size: tuple[int, ...]) -> np.ndarray:
        return np.clip(rng.gamma(0.5, 0.2, size) - 0.13, -1, 1)

    truth, passed = float(skewed((4_000_000,)).mean()), 0
    for _ in range(paths):
        values = skewed((60, 50))
        cell = np.arange(60)[:, None] * 20 + np.clip(np.floor((values + 1) * 10), 0, 19).astype(int)
        n = np.bincount(cell.ravel(), minlength=1200).reshape(60, 20)
        total = np.bincount(cell.ravel(), values.ravel(), 1200).reshape(60, 20)
        running = split_to_edges(n, total, edges).cumsum(0)
        log_e = log_e_of_atoms(running, edges, truth, general_grid())
        passed += bool((log_e >= np.log(40)).any())
    assert passed / paths <= 0.025
