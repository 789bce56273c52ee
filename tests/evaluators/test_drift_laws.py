"""Laws of the statistics of drift."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from evaluators.statistics.homogeneity import homogeneity, merged, occupied
from evaluators.statistics.multiplicity import benjamini_hochberg
from evaluators.statistics.ordered_shift import ks_distance, wasserstein, wasserstein_p_value
from evaluators.statistics.overdispersion import overdispersion
from evaluators.statistics.stability_index import (
    by_chance,
    cases_to_tell,
    critical_psi,
    js_divergence,
    psi,
)

COUNTS = arrays(np.int64, (2, 6), elements=st.integers(0, 400))
some = COUNTS.filter(lambda c: bool((c.sum(axis=1) > 0).all()))


@given(some)
def test_distances_are_symmetric_and_nothing_between_equals(counts: np.ndarray) -> None:
    a, b = counts
    for distance in (psi, js_divergence, ks_distance):
        assert np.isclose(distance(a, b), distance(b, a), atol=1e-12)
        assert distance(a, b) >= 0
        assert np.isclose(distance(a, a), 0)
    assert js_divergence(a, b) <= np.log(2) + 1e-12
    assert ks_distance(a, b) <= 1


@given(some, st.permutations(range(6)))
def test_the_order_of_bins_is_nothing_to_psi_js_and_chi_square(
    counts: np.ndarray, order: list[int]
) -> None:
    a, b = counts
    assert np.isclose(psi(a, b), psi(a[order], b[order]))
    assert np.isclose(js_divergence(a, b), js_divergence(a[order], b[order]), atol=1e-12)
    assert np.isclose(homogeneity(a, b).p, homogeneity(a[order], b[order]).p)
    assert np.isclose(merged(a, b)[0].sum(), merged(a[order], b[order])[0].sum())


@given(some)
def test_empty_bins_change_nothing(counts: np.ndarray) -> None:
    a, b = counts
    wider = np.insert(counts, 3, 0, axis=1)
    assert np.isclose(psi(a, b), psi(*wider))
    assert np.isclose(homogeneity(a, b).p, homogeneity(*wider).p)


@given(some)
def test_merging_keeps_every_case_and_leaves_no_small_bin(counts: np.ndarray) -> None:
    a, b = merged(*counts)
    np.testing.assert_allclose([a.sum(), b.sum()], counts.sum(axis=1))
    share = (a + b) / counts.sum()
    expected = share * counts.sum(axis=1).min()
    if occupied(a, b) > 1:
        assert expected[expected > 0].min() >= 5 - 1e-9


@given(some, st.floats(1, 20))
def test_deflated_counts_never_tell_more(counts: np.ndarray, effect: float) -> None:
    full, less = homogeneity(*counts), homogeneity(*(counts / effect))
    assert less.p >= full.p - 1e-12


@given(some)
def test_wasserstein_is_no_more_than_moving_everything_across(counts: np.ndarray) -> None:
    at = np.cumsum([0.0, 1.0, 0.5, 2.0, 1.0, 0.1])
    found = float(wasserstein(*counts, at))
    assert 0 <= found <= at[-1] + 1e-12
    assert found >= ks_distance(*counts) * np.diff(at).min() - 1e-12


@given(arrays(float, st.integers(1, 40), elements=st.floats(0, 1)))
def test_adjusted_p_values_keep_their_order_and_are_never_smaller(p: np.ndarray) -> None:
    found = benjamini_hochberg(p)
    assert (found >= p - 1e-12).all()
    order = np.argsort(p, kind="stable")
    assert (np.diff(found[order]) >= -1e-12).all()
    with_none = benjamini_hochberg(np.append(p, np.nan))
    np.testing.assert_allclose(with_none[:-1], found)
    assert np.isnan(with_none[-1])


@given(st.integers(20, 10_000), st.integers(1, 30))
def test_the_cases_needed_bring_the_critical_index_to_the_limit(n: int, df: int) -> None:
    needed = float(cases_to_tell(n, df, 0.1))
    if np.isfinite(needed):
        assert np.isclose(critical_psi(n, needed, df), 0.1)
    else:
        assert critical_psi(n, 1e15, df) >= 0.1 - 1e-9


def test_nothing_to_compare_is_no_number_and_no_alarm() -> None:
    empty, some_ = np.zeros(3), np.array([1, 2, 3])
    assert np.isnan(psi(empty, some_))
    assert np.isnan(js_divergence(some_, empty))
    assert np.isnan(ks_distance(empty, some_))
    assert np.isnan(wasserstein_p_value(np.zeros(3, int), some_, [0.0, 1.0, 2.0]))
    found = homogeneity([5, 0], [7, 0])
    assert (float(found.p), float(found.df)) == (1.0, 0.0)
    assert np.isnan(overdispersion(np.zeros((7, 3)), np.zeros(7))[0])


def test_a_new_bin_is_finite_with_half_a_case_and_infinite_without() -> None:
    assert np.isinf(psi([10, 0], [5, 5], 0))
    assert 0 < psi([10, 0], [5, 5]) < 10


@pytest.mark.parametrize("axis", [0, 1])
def test_families_are_adjusted_by_themselves(axis: int) -> None:
    p = np.array([[0.01, 0.2], [0.02, 0.9], [0.5, 0.04]])
    found = benjamini_hochberg(p, axis)
    parts = [benjamini_hochberg(x) for x in (p.T if axis == 0 else p)]
    np.testing.assert_allclose(found, np.stack(parts, axis=1 - axis))


def test_chance_is_what_the_index_is_without_drift() -> None:
    rng = np.random.default_rng(8)
    shares = np.full(10, 0.1)
    a, b = rng.multinomial(2000, shares, 4000), rng.multinomial(700, shares, 4000)
    assert np.isclose(psi(a, b).mean(), by_chance(2000, 700, 9), rtol=0.03)


def test_dispersion_is_one_for_independent_days_and_ignores_a_weekly_cycle() -> None:
    rng = np.random.default_rng(9)
    week = np.stack([rng.dirichlet(np.full(8, 20.0)) for _ in range(7)])
    days = np.stack([rng.multinomial(200, week[d % 7], 500) for d in range(28)], axis=1)
    of_weekday, _ = overdispersion(days, np.arange(28) % 7)
    assert np.isclose(of_weekday.mean(), 1, atol=0.02)
    plain, _ = overdispersion(days, np.zeros(28, np.int64))
    assert plain.mean() > 1.5
