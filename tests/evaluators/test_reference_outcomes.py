"""Reference values for late and selective outcomes."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from oracles import Reference
from scipy.optimize import brentq
from scipy.stats import chi2_contingency, norm

from evaluators.statistics.arrival import cumulative_incidence, kaplan_meier
from evaluators.statistics.contraction import assignment_test, contraction
from evaluators.statistics.coverage import chi_square
from evaluators.statistics.partial_identification import (
    bounds,
    break_even,
    critical_value,
    difference_at,
    good_share,
    imbens_manski,
    tipping_odds,
)

TIMES = np.array([1, 1, 2, 3, 3, 3, 5, 8, 8, 10, 10, 10])
CLASSES = np.array([1, 2, 1, 1, 0, 2, 1, 0, 2, 0, 0, 0])
AT = [1, 2, 3, 5, 8, 10]
COUNTS = (10_000, 420, 260, 300)


def by_age(classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return events by class and age, and censored cases by age."""
    ages = np.arange(TIMES.max() + 1)
    which = CLASSES if classes == 2 else (CLASSES > 0).astype(int)
    event = np.array(
        [[np.sum((t == TIMES) & (which == k)) for t in ages] for k in range(1, classes + 1)]
    )
    return event, np.array([np.sum((t == TIMES) & (CLASSES == 0)) for t in ages])


def km() -> tuple[np.ndarray, np.ndarray]:
    event, censored = by_age(1)
    share, error = kaplan_meier(event[0], censored)
    return share[AT], error[AT]


def lifelines_km() -> Any:
    fitter = KaplanMeierFitter().fit(TIMES, CLASSES > 0)
    return fitter.survival_function_at_times(AT).to_numpy()


def rows_of_bounds() -> list[float]:
    """Return the ends of the difference by filling every unseen case of the rows in turn."""
    n, b, c, u = COUNTS
    known = np.concatenate([np.ones(b), -np.ones(c), np.zeros(n - b - c - u)])
    means = [np.concatenate([known, np.full(u, fill)]).mean() for fill in (-1, 1)]
    errors = [np.concatenate([known, np.full(u, fill)]).std() / np.sqrt(n) for fill in (-1, 1)]
    gap = (means[1] - means[0]) / max(errors)
    far = brentq(lambda x: norm.cdf(x + gap) - norm.cdf(-x) - 0.95, 0, 5, xtol=1e-14)
    share = brentq(lambda q: (known.sum() + u * q - u * (1 - q)) / n + 0.01, 0, 1, xtol=1e-15)
    return [*means, means[0] - far * errors[0], means[1] + far * errors[1], far, share]


def ours_of_bounds() -> list[float]:
    low, high = bounds(*COUNTS)
    ends = imbens_manski(*COUNTS)
    n = COUNTS[0]
    square = (420 + 260 + 300) / n
    error = max(np.sqrt((square - end**2) / n) for end in (low, high))
    return [
        float(low),
        float(high),
        *(float(end) for end in ends),
        float(critical_value(high - low, error)),
        float(break_even(*COUNTS, 0.01)),
    ]


def toy_by_rows() -> list[float]:
    """Return the contraction of ten cases, by hand: sort the released, drop the riskiest."""
    released = sorted(
        [(0.1, 0), (0.2, 0), (0.3, 0), (0.4, 0), (0.5, 1), (0.6, 0), (0.7, 0), (0.8, 1), (0.9, 1)]
    )
    kept = released[: int(0.7 * 10)]
    return [sum(bad for _, bad in kept) / 10]


def toy() -> np.ndarray:
    return contraction(np.ones(9), [0, 0, 0, 0, 1, 0, 0, 1, 1], 10, 0.7)


REFERENCES = [
    Reference(
        "7.KM S",
        "R survival::survfit",
        lambda: km()[0],
        [
            0.8333333333333334,
            0.75,
            0.5833333333333334,
            0.48611111111111116,
            0.38888888888888895,
            0.38888888888888895,
        ],
    ),
    Reference(
        "7.KM Greenwood se",
        "R survival::survfit",
        lambda: km()[1],
        [
            0.10758287072798381,
            0.125,
            0.14231876063832777,
            0.14813006255348293,
            0.14698618394803284,
            0.14698618394803284,
        ],
    ),
    Reference("7.KM (lifelines)", "lifelines KaplanMeierFitter", lambda: km()[0], lifelines_km),
    Reference(
        "7.Aalen-Johansen cause1 @1,2,3,5,8,10",
        "R survival (multi-state)",
        lambda: cumulative_incidence(*by_age(2))[0][0][AT],
        [
            0.08333333333333333,
            0.16666666666666669,
            0.25,
            0.3472222222222222,
            0.3472222222222222,
            0.3472222222222222,
        ],
    ),
    Reference(
        "7.Aalen-Johansen cause2",
        "R survival (multi-state)",
        lambda: cumulative_incidence(*by_age(2))[0][1][AT],
        [
            0.08333333333333333,
            0.08333333333333333,
            0.16666666666666666,
            0.16666666666666666,
            0.2638888888888889,
            0.2638888888888889,
        ],
    ),
    Reference(
        "7.selective bounds lo,hi,CI,C,q*",
        "rows filled one by one, scipy brentq",
        ours_of_bounds,
        rows_of_bounds,
    ),
    Reference(
        "7.selective bounds lo,hi,CI,C,q*",
        "specification",
        ours_of_bounds,
        [
            -0.014,
            0.046,
            -0.01914405454854779,
            0.05109331256210031,
            1.644853626951486,
            0.06666666666666665,
        ],
        1e-8,
    ),
    Reference(
        "7.Imbens-Manski C eq",
        "defining equation, scipy.stats.norm",
        lambda: (
            norm.cdf(critical_value(0.06, 0.0031275) + 0.06 / 0.0031275)
            - norm.cdf(-critical_value(0.06, 0.0031275))
        ),
        0.9500000000000014,
    ),
    Reference("7.contraction toy", "rows sorted and dropped by hand", toy, toy_by_rows),
    Reference("7.contraction toy", "specification", toy, 0.1),
    Reference(
        "7.label-coverage chi2, p (88.0% vs 86.0%)",
        "scipy.stats.chi2_contingency",
        lambda: chi_square([880, 430], [1000, 500])[:2],
        lambda: chi2_contingency([[880, 430], [120, 70]], correction=False)[:2],
    ),
    Reference(
        "7.label-coverage chi2, p (88.0% vs 86.0%)",
        "specification",
        lambda: chi_square([880, 430], [1000, 500])[:2],
        [1.2053033346725592, 0.2722642832181741],
    ),
    Reference(
        "7. tipping odds, share at odds 5, difference there",
        "specification",
        lambda: [
            tipping_odds(0.95, break_even(*COUNTS, 0.01)),
            good_share(0.95, 5),
            difference_at(*COUNTS, good_share(0.95, 5)),
        ],
        [266.0, 0.95 / (0.95 + 5 * 0.05), 0.0335],
        1e-9,
    ),
    Reference(
        "7. assignment of cases to deciders",
        "scipy.stats.chi2_contingency",
        lambda: assignment_test([[10, 20, 5], [20, 10, 9]]),
        lambda: chi2_contingency([[10, 20, 5], [20, 10, 9]], correction=False)[:2],
    ),
]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: f"{r.key} ({r.oracle})")
def test_reference_values(reference: Reference) -> None:
    reference.check()


def test_the_variance_of_the_incidence_is_that_of_lifelines() -> None:
    rng = np.random.default_rng(2)
    times = rng.permutation(200) + 1  # no ties: lifelines would move them at random
    classes = rng.integers(0, 3, 200)
    ages = np.arange(202)
    event = np.array([[np.sum((times == t) & (classes == k)) for t in ages] for k in (1, 2)])
    censored = np.array([np.sum((times == t) & (classes == 0)) for t in ages])
    share, variance = cumulative_incidence(event, censored)
    for cause in (1, 2):
        fitter = AalenJohansenFitter(calculate_variance=True).fit(times, classes, cause)
        at = fitter.cumulative_density_.index.to_numpy().astype(int)
        # lifelines leaves out the last ages, where its formula divides by nothing.
        expected = fitter.variance_.to_numpy().ravel()
        use = at < 190
        assert share[cause - 1][at[use]] == pytest.approx(
            fitter.cumulative_density_.to_numpy().ravel()[use]
        )
        assert variance[cause - 1][at[use]] == pytest.approx(expected[use], rel=1e-6)


def test_bounds_are_those_of_every_way_to_fill_the_rows() -> None:
    known, u = [1, 1, -1, 0, 0], 4
    means = [np.mean([*known, *fill]) for fill in product((-1, 1), repeat=u)]
    low, high = bounds(9, 2, 1, u)
    assert (float(low), float(high)) == (pytest.approx(min(means)), pytest.approx(max(means)))
    share = break_even(9, 2, 1, u, 0.1)
    good = [np.mean(np.array(fill) > 0) for fill in product((-1, 1), repeat=u)]
    for mean, q in zip(means, good, strict=True):
        assert (mean >= -0.1) == (q >= share)
        assert float(difference_at(9, 2, 1, u, q)) == pytest.approx(mean)
