"""Simulated rates of drift alarms, with and without what ours do about chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from simulated import told

from data_contracts.data_words import DriftKind
from evaluators.drifting.day_effect import effect_of
from evaluators.drifting.drift import Limits, compare
from evaluators.drifting.drift_subjects import Subject
from evaluators.statistics.homogeneity import merged, occupied
from evaluators.statistics.multiplicity import benjamini_hochberg
from evaluators.statistics.stability_index import by_chance, critical_psi, psi, psi_p_value

PAGE = "statistics/drift.md"
TEN = np.full(10, 0.1)
SPECIFIED = {
    50: (0.97, 0.78, 0.636),
    100: (0.80, 0.32, 0.330),
    200: (0.32, 0.015, 0.165),
    500: (0.003, 0.0, 0.068),
    1000: (0.0, 0.0, 0.0338),
}
"""Shares of PSI above 0.1 and above 0.2 and its 95 % quantile, as simulated elsewhere."""


def percent(rate: float) -> str:
    """Return a simulated rate."""
    return f"{100 * rate:.1f}%" if rate < 0.995 else f"{100 * rate:.0f}%"


def judged(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return p-values and the index less chance, as `compare` takes them."""
    a, b = merged(a, b)
    n, m, df = a.sum(axis=-1), b.sum(axis=-1), occupied(a, b) - 1
    value = psi(a, b)
    return psi_p_value(value, n, m, df), value - by_chance(n, m, df)


@pytest.mark.slow
def test_fixed_limits_against_the_critical_index() -> None:
    rng = np.random.default_rng(31)
    rows = []
    for n in (50, 100, 200, 500, 1000, 10_000, 100_000):
        a, b = rng.multinomial(n, TEN, 20_000), rng.multinomial(n, TEN, 20_000)
        value, critical = psi(a, b), float(critical_psi(n, n, 9))
        p, debiased = judged(a, b)
        error = float((value > critical).mean())
        found = [(value > 0.1).mean(), (value > 0.2).mean(), np.quantile(value, 0.95)]
        if n in SPECIFIED:  # within four standard errors of both simulations
            np.testing.assert_allclose(found, SPECIFIED[n], rtol=0.03, atol=0.015)
        alarms = float(((p <= 0.05) & (debiased > 0.1)).mean())
        assert error <= 0.056
        assert float((p <= 0.05).mean()) <= 0.056
        rows.append(
            (
                f"{n:,}",
                percent((value > 0.1).mean()),
                percent((value > 0.2).mean()),
                f"{np.quantile(value, 0.95):.4f}",
                f"{critical:.4f}",
                percent(error),
                percent(alarms),
            )
        )
        assert alarms <= 0.056
    header = (
        "cases",
        "PSI > 0.1",
        "PSI > 0.2",
        "95% quantile",
        "critical PSI",
        "beyond it",
        "alarm",
    )
    told(PAGE, "S3", header, rows)


@pytest.mark.slow
def test_a_real_shift_is_found() -> None:
    rng = np.random.default_rng(32)
    shares = np.diff(norm.cdf(norm.ppf(np.linspace(0, 1, 11)) - 0.3))
    reference, current = rng.multinomial(1000, TEN, 4000), rng.multinomial(1000, shares, 4000)
    centres = norm.ppf(np.linspace(0.05, 0.95, 10))
    p, debiased = judged(reference, current)
    alarms = []
    for a, b in zip(reference[:400], current[:400], strict=True):
        days = np.full((7, 10), 1)
        one = (DriftKind.INPUT, "x", ("",) * 10)
        subject = Subject(*one, a, days, b[None], 0, centres, 1.0, -1, -1)
        alarms.append(compare([subject], 0.05, Limits()).alarm[0, 0])
    fixed = float((psi(reference, current) > 0.2).mean())
    found = float((p <= 0.05).mean())
    assert fixed < 0.02
    assert found > 0.99
    assert np.mean(alarms) > 0.95
    told(
        PAGE,
        "S3 shift",
        ("true PSI", "PSI > 0.2", "p <= 5%", "PSI less chance > 0.1", "alarm (PSI or W1)"),
        [
            (
                f"{((shares - TEN) * np.log(shares / TEN)).sum():.3f}",
                percent(fixed),
                percent(found),
                percent(float((debiased > 0.1).mean())),
                percent(float(np.mean(alarms))),
            )
        ],
    )


@pytest.mark.slow
def test_many_features_for_many_days() -> None:
    rng = np.random.default_rng(33)
    studies, features, days = 400, 20, 30
    reference = rng.multinomial(5000, TEN, (studies, 1, features))
    current = rng.multinomial(500, TEN, (studies, days, features))
    p, debiased = judged(np.broadcast_to(reference, current.shape), current)
    adjusted = benjamini_hochberg(p, axis=-1)
    rows = []
    for name, alarm in (
        ("p <= 5%, each feature by itself", p <= 0.05),
        ("p adjusted <= 5%", adjusted <= 0.05),
        ("alarm: and PSI less chance > 0.1", (adjusted <= 0.05) & (debiased > 0.1)),
    ):
        a_day = float(alarm.any(axis=-1).mean())
        rows.append((name, percent(a_day), percent(float(alarm.any(axis=(1, 2)).mean()))))
    assert (adjusted <= 0.05).any(axis=-1).mean() <= 0.06
    assert not ((adjusted <= 0.05) & (debiased > 0.1)).any()
    told(PAGE, "many", ("rule", "days with an alarm", "studies with an alarm"), rows)


def weeks_that_differ(
    rng: np.random.Generator, effect: float, studies: int, a_day: int = 200
) -> tuple[np.ndarray, np.ndarray]:
    """Return days of reference and of one week, whose shares differ from day to day."""
    if effect == 1:
        shares = np.broadcast_to(TEN, (studies, 35, 10))
    else:
        # Of n cases of a Dirichlet-multinomial the effect is 1 + (n - 1) / (1 + sum of weights).
        weight = (a_day - 1) / (effect - 1) - 1
        shares = rng.dirichlet(TEN * weight, (studies, 35))
    days = rng.multinomial(a_day, shares)
    return days[:, :28], days[:, 28:]


def false_alarms(rng: np.random.Generator, effect: float, studies: int) -> tuple[float, ...]:
    """Return how often p is at most 5 % without and with the deflation, and the mean effect."""
    days, week = weeks_that_differ(rng, effect, studies)
    reference, current = days.sum(axis=1), week.sum(axis=1)
    found = effect_of(days)
    plain, _ = judged(reference, current)
    deflated, _ = judged(reference / found[:, None], current / found[:, None])
    return float((plain <= 0.05).mean()), float((deflated <= 0.05).mean()), float(found.mean())


@pytest.mark.slow
def test_days_that_differ() -> None:
    rng = np.random.default_rng(34)
    rows = []
    for effect in (1.0, 1.5, 2.0, 4.0, 10.0):
        plain, deflated, mean = false_alarms(rng, effect, 4000)
        assert deflated <= 0.07
        rows.append((f"{effect:g}", f"{mean:.2f}", percent(plain), percent(deflated)))
    header = ("true design effect", "mean estimate", "cases as independent", "counts divided by it")
    told(PAGE, "days", header, rows)


def test_days_that_differ_do_not_raise_alarms() -> None:
    plain, deflated, _ = false_alarms(np.random.default_rng(35), 4.0, 400)
    assert plain > 0.5
    assert deflated < 0.09
