"""Laws of what is said about many segments at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.statistics.beta_binomial import shrink_rates
from evaluators.statistics.conjunction_at_one_look import (
    bonferroni_conjunction,
    good_at_least_at_one_look,
    share_of_volume,
    simes_conjunction,
)
from evaluators.statistics.fewer_errors import least_reduction, log_e_fewer, most_reduction, values
from evaluators.statistics.multiplicity import (
    benjamini_hochberg,
    benjamini_hochberg_e,
    benjamini_yekutieli,
    holm,
    holm_e,
)
from evaluators.statistics.raters import RaterSums, fleiss_kappa, krippendorff_alpha
from evaluators.statistics.shrinkage import shrink
from evaluators.statistics.slices import contrast
from evaluators.statistics.two_rates import newcombe_of_two, two_rates_p

P = st.lists(st.floats(1e-12, 1), min_size=1, max_size=12)
LOG_E = st.lists(st.floats(-20, 20), min_size=1, max_size=12)
GRID = np.array([0.05, 0.2, 0.6])


@given(P)
def test_adjusted_p_values_are_ordered_as_the_procedures_are_strict(p: list[float]) -> None:
    raw = np.array(p)
    assert (raw <= benjamini_hochberg(raw) + 1e-15).all()
    assert (benjamini_hochberg(raw) <= holm(raw) + 1e-12).all()
    assert (benjamini_hochberg(raw) <= benjamini_yekutieli(raw) + 1e-15).all()
    assert (holm(raw) <= np.minimum(1, len(raw) * raw) + 1e-12).all()


@given(LOG_E, st.randoms(use_true_random=False))
def test_e_values_are_adjusted_whatever_their_order(log_e: list[float], random: object) -> None:
    e = np.array(log_e)
    order = np.random.default_rng(len(e)).permutation(len(e))
    for adjust in (holm_e, benjamini_hochberg_e):
        np.testing.assert_allclose(adjust(e)[order], adjust(e[order]))
    assert (benjamini_hochberg_e(e) <= holm_e(e) + 1e-12).all()
    # As p-values 1/e are: what falls by e-values falls by them.
    np.testing.assert_allclose(holm_e(e), holm(np.exp(-e).clip(1e-300)), rtol=1e-9)


@given(P, st.floats(0.01, 0.2))
def test_the_bound_is_the_largest_k_not_ruled_out_by_closed_testing(
    p: list[float], alpha: float
) -> None:
    least = int(good_at_least_at_one_look(p, alpha))
    assert 0 <= least <= len(p)
    assert least >= int((bonferroni_conjunction_all(p) <= alpha * (1 - 1e-9)).sum() > 0)
    if least:
        assert (np.sort(p)[:least] < alpha + 1e-12).all()
    for k in range(1, len(p) + 1):
        assert simes_conjunction(p, k) <= bonferroni_conjunction(p, k) + 1e-15


def bonferroni_conjunction_all(p: list[float]) -> np.ndarray:
    return np.array([bonferroni_conjunction(p, 1)])


@given(P)
def test_smaller_p_values_never_lower_the_bound(p: list[float]) -> None:
    raw = np.array(p)
    assert good_at_least_at_one_look(raw / 2, 0.05) >= good_at_least_at_one_look(raw, 0.05)


def test_nothing_is_nothing() -> None:
    assert holm([]).tolist() == holm_e([]).tolist() == []
    assert int(good_at_least_at_one_look([], 0.05)) == 0
    assert float(share_of_volume([False], [0])) == 0
    assert np.isnan(fleiss_kappa(RaterSums.of(np.zeros((0, 2)))))
    assert np.isnan(krippendorff_alpha(RaterSums.of([[3, 0], [2, 0]])))
    assert np.isnan(shrink_rates([0], [0]).mean)
    assert newcombe_of_two(0, 0, 1, 2)[0] == -1
    assert two_rates_p(0, 5, 0, 7) == 1
    assert np.isnan(contrast(5, 0, 0, 5, 0, 0).t)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 300)), min_size=2, max_size=20))
def test_shrunken_rates_lie_between_their_own_and_the_common_one(
    pairs: list[tuple[int, int]],
) -> None:
    hits, n = np.array(pairs).T
    found = shrink_rates(hits, n)
    own = hits / n
    low, high = np.minimum(own, found.mean), np.maximum(own, found.mean)
    assert ((found.estimate >= low - 1e-12) & (found.estimate <= high + 1e-12)).all()


@given(st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(1e-4, 0.1)), min_size=2, max_size=15))
def test_shrunken_differences_lie_between_too_and_are_surer(
    pairs: list[tuple[float, float]],
) -> None:
    y, v = np.array(pairs).T
    found = shrink(y, v)
    assert (np.abs(found.estimate - found.mean) <= np.abs(y - found.mean) + 1e-9).all()
    assert (found.error <= np.sqrt(v) + 1e-12).all()
    assert 0 <= found.inconsistency <= 1


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=20))
def test_rater_sums_add_up(table: list[list[int]]) -> None:
    counts = np.array(table)
    whole = RaterSums.of(counts)
    parts = [RaterSums.of(counts[::2]), RaterSums.of(counts[1::2])]
    assert whole.items.sum() == sum(p.items.sum() for p in parts)
    assert whole.agreeing.sum() == sum(p.agreeing.sum() for p in parts)
    np.testing.assert_array_equal(
        whole.classes.sum(axis=0), sum(p.classes.sum(axis=0) for p in parts)
    )
    alpha = krippendorff_alpha(whole)
    assert np.isnan(alpha) or alpha <= 1 + 1e-12


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.floats(-0.5, 0.9),
    st.floats(0, 0.3),
)
def test_less_is_easier_to_show(
    wins: int, losses: int, both: int, reduction: float, less: float
) -> None:
    more = log_e_fewer(wins, losses, both, reduction, GRID)
    assert log_e_fewer(wins, losses, both, reduction - less, GRID) >= more - 1e-9
    assert max(abs(value) for value in values(reduction)) <= 1


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 200), st.integers(0, 200), st.integers(0, 200))
def test_the_interval_of_a_reduction_holds_its_estimate(wins: int, losses: int, both: int) -> None:
    low = float(least_reduction(wins, losses, both, 0.025, GRID))
    high = float(most_reduction(wins, losses, both, 0.025, GRID))
    estimate = 1 - (losses + both) / (wins + both)
    assert low <= high
    assert low <= max(estimate, -9) + 1e-9
    assert estimate <= high + 1e-9


def test_a_bet_on_errors_loses_on_average_at_the_limit() -> None:
    """The mean of one case's factor is exactly 1 where errors are fewer by exactly r."""
    for r in (-0.5, 0.0, 0.15, 0.5):
        win, loss, both = values(r)
        p_win, p_both = 0.06, 0.05
        p_loss = (1 - r) * (p_win + p_both) - p_both
        assert abs(p_win * win + p_loss * loss + p_both * both) < 1e-12
