"""Intervals for one look against published examples and other libraries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.statistics.intervals import share_p_value, tango, tango_z, wilson

# (n, b, c) -> Tango's 95 % interval. Oracle: R contingencytables (airway is its own example);
# b = c = 0 from the closed form z^2 / (n + z^2).
TANGO = [
    (21, 1, 7, -0.5172322764213774, -0.026003032480868552),
    (1000, 64, 51, -0.008131297692328652, 0.034402909673418934),
    (100, 0, 0, -0.03699349820700275, 0.03699349820700274),
]


def test_wilson_equals_statsmodels() -> None:
    assert np.allclose(wilson(118, 125), (0.8889121558924442, 0.9726117744945619))


@pytest.mark.parametrize(("n", "b", "c", "low", "high"), TANGO)
def test_tango_equals_r(n: int, b: int, c: int, low: float, high: float) -> None:
    assert np.allclose(tango(n, b, c), (low, high), atol=1e-9)


def test_tango_of_nothing_but_wins_ends_at_one() -> None:
    assert float(tango(10, 10, 0)[1]) == 1.0


def test_tango_without_a_case_is_everything() -> None:
    assert [float(end) for end in tango(0, 0, 0)] == [-1, 1]


def test_tango_z_equals_a_constrained_maximum_likelihood_fit() -> None:
    # Oracle: numeric constrained fit with scipy.optimize.minimize_scalar; superiority from R.
    found = tango_z(1000, 64, 51, [-0.02, 0.0])
    assert found == pytest.approx([3.0192430633911727, 1.212256250712408])


@given(st.integers(0, 200), st.integers(0, 60), st.integers(0, 60))
def test_tango_mirrors_and_contains_the_estimate(both: int, b: int, c: int) -> None:
    n = both + b + c
    low, high = tango(n, b, c)
    assert np.allclose(tango(n, c, b), (-high, -low), atol=1e-12)
    if n:
        assert low <= (b - c) / n <= high


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_contains_the_share(hits: int, misses: int) -> None:
    low, high = wilson(hits, hits + misses)
    assert 0 <= low <= high <= 1
    if hits + misses:
        assert low <= hits / (hits + misses) <= high
    else:
        assert (low, high) == (0, 1)


def test_the_score_test_of_a_share_equals_statsmodels() -> None:
    from statsmodels.stats.proportion import proportions_ztest

    for hits, n, share in ((118, 125, 0.9), (3, 50, 0.2), (40, 400, 0.1)):
        oracle = proportions_ztest(hits, n, share, prop_var=share)[1]
        assert float(share_p_value(hits, n, share)) == pytest.approx(oracle, rel=1e-12)


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.01, 0.99), st.floats(0.001, 0.3))
def test_wilson_holds_the_shares_that_the_score_test_keeps(
    hits: int, misses: int, share: float, alpha: float
) -> None:
    low, high = wilson(hits, hits + misses, alpha)
    p = float(share_p_value(hits, hits + misses, share))
    if hits + misses and abs(p - alpha) > 1e-9:
        assert (p > alpha) == (low < share < high)
