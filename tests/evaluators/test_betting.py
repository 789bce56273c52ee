"""The sequence that gates and charts rest on: reference values and the laws that make it valid."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluators.statistics.betting import (
    confidence_sequence,
    general_grid,
    log_e_value,
    lower_bound,
    planned_grid,
)
from evaluators.statistics.shares import share_sequence

U64 = general_grid()

# (n, b, c) -> 95 % sequence with the general grid. From n = 100 on, both ends of each give the
# log wealth log 40 in confseq's betting_mart on shuffled rows.
SEQUENCES = [
    (0, 0, 0, -1.0, 1.0),
    (1, 1, 0, -0.9915285725257661, 1.0),
    (100, 0, 0, -0.06731718283119141, 0.06731718283119141),
    (1000, 0, 0, -0.0069664338872526, 0.0069664338872526),
    (100, 8, 2, -0.057161107905418604, 0.192417527329397),
    (1000, 64, 51, -0.023741792565543943, 0.05028052341481255),
    (5000, 300, 250, -0.005863625394465666, 0.02596178337032028),
    (20000, 1100, 900, 0.0024540176318866127, 0.01757484321530947),
]

# Oracle: confseq.betting_mart on rows, averaged over the grid.
E_VALUES = [
    (1000, 64, 51, -0.02, 2.7666168742529598),
    (1000, 64, 51, 0.0, 0.08227216655497838),
    (200, 12, 3, -0.05, 7.536332922609902),
    (100, 0, 0, -0.05, 2.2160013060823687),
]


@pytest.mark.parametrize(("n", "b", "c", "low", "high"), SEQUENCES)
def test_sequence_equals_the_reference(n: int, b: int, c: int, low: float, high: float) -> None:
    found = confidence_sequence(n, b, c, 0.05, U64)
    assert np.allclose(found, (low, high), atol=2e-10, rtol=0)


@pytest.mark.parametrize(("n", "b", "c", "mean", "expected"), E_VALUES)
def test_log_e_value_equals_confseq(n: int, b: int, c: int, mean: float, expected: float) -> None:
    assert float(log_e_value(n, b, c, mean, U64)) == pytest.approx(expected, abs=1e-9)


def test_planned_grid_equals_confseq() -> None:
    grid = planned_grid(0.02, 0.10)
    low, high = confidence_sequence(1000, 64, 51, 0.05, grid)
    assert grid[[0, -1]] == pytest.approx([0.049, 0.784])
    assert (float(low), float(high)) == pytest.approx(
        (-0.020769430135634284, 0.04724595032012503), abs=2e-10
    )
    assert float(log_e_value(1000, 64, 51, -0.02, grid)) == pytest.approx(3.5018008373428313)


def test_counts_deflated_by_two_equal_the_reference() -> None:
    low, high = confidence_sequence(500, 32, 25.5, 0.05, U64)
    assert (float(low), float(high)) == pytest.approx(
        (-0.03992990146719298, 0.06689294128243131), abs=2e-10
    )


def test_both_ends_are_roots_of_the_e_value() -> None:
    rng = np.random.default_rng(7)
    n = rng.integers(1, 100_000, 500)
    b = rng.binomial(n, 0.04)
    c = rng.binomial(n - b, 0.03)
    bound = lower_bound(n, b, c, 0.025, U64)
    inside = bound > -1 + 1e-9
    at_bound = log_e_value(n[inside], b[inside], c[inside], bound[inside], U64)
    assert inside.sum() > 490
    assert np.allclose(at_bound, np.log(40), atol=1e-8)


def test_the_shape_of_the_question_is_kept() -> None:
    low, high = confidence_sequence(np.full((3, 4), 100), 5, np.arange(4), 0.05, U64)
    assert low.shape == high.shape == (3, 4)
    assert (low[0] == low[2]).all()


@pytest.mark.parametrize("counts", [(1e-9, 1e-9, 0), (5, 0, 5), (5, 5, 0), (1e9, 5e7, 5e7)])
def test_extreme_counts_stay_in_range(counts: tuple[float, float, float]) -> None:
    low, high = confidence_sequence(*counts, 0.05, U64)
    assert -1 <= low < high <= 1


@pytest.mark.parametrize("counts", [(1, 1, 1), (3, -1, 0), (np.nan, 0, 0)])
def test_impossible_counts_are_refused(counts: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="counts"):
        lower_bound(*counts, 0.025, U64)


def test_share_of_nothing_is_anything_and_of_all_reaches_one() -> None:
    low, high = share_sequence([0, 50], [0, 50], 0.05)
    assert (low[0], high[0], high[1]) == (0, 1, 1)
    assert 0.8 < low[1] < 1


def test_share_mirrors() -> None:
    low, high = share_sequence(30, 1000, 0.05)
    other_low, other_high = share_sequence(970, 1000, 0.05)
    assert (float(low), float(high)) == pytest.approx((1 - float(other_high), 1 - float(other_low)))


counts = st.integers(0, 300)


@given(counts, counts, counts, st.floats(-0.5, 0.5))
def test_e_value_rises_with_every_case(both: int, b: int, c: int, mean: float) -> None:
    n = both + b + c + 1  # one more case: lost, tied or won
    lost, tied, won = log_e_value(n, [b, b, b + 1], [c + 1, c, c], mean, U64)
    assert lost < tied < won


@given(counts, counts, counts, st.floats(-0.5, 0.4))
def test_e_value_falls_in_the_mean(both: int, b: int, c: int, mean: float) -> None:
    below, above = log_e_value(both + b + c, b, c, [mean, mean + 0.05], U64)
    assert above <= below


@given(counts, counts, counts)
def test_swapping_the_arms_mirrors_the_interval(both: int, b: int, c: int) -> None:
    low, high = confidence_sequence(both + b + c, b, c, 0.05, U64)
    other_low, other_high = confidence_sequence(both + b + c, c, b, 0.05, U64)
    assert (float(low), float(high)) == (-float(other_high), -float(other_low))


@given(counts, counts, counts)
def test_interval_contains_the_estimate_and_narrows_with_more(both: int, b: int, c: int) -> None:
    n = both + b + c
    low, high = confidence_sequence([n, 2 * n], [b, 2 * b], [c, 2 * c], 0.05, U64)
    if n:
        assert (low <= (b - c) / n).all()
        assert ((b - c) / n <= high).all()
    assert high[1] - low[1] <= high[0] - low[0] + 1e-12


@given(st.data(), counts, counts, counts, st.integers(1, 40))
def test_pessimistic_fill_never_exceeds_complete_data(
    data: st.DataObject, both: int, b: int, c: int, unknown: int
) -> None:
    won = data.draw(st.integers(0, unknown))
    lost = data.draw(st.integers(0, unknown - won))
    n = both + b + c + unknown
    filled = lower_bound(n, b, c + unknown, 0.025, U64)
    complete = lower_bound(n, b + won, c + lost, 0.025, U64)
    assert filled <= complete + 1e-12


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 20_000))
def test_parts_do_not_change_the_answer(size: int) -> None:
    n = np.arange(size) % 97
    whole = lower_bound(n, n // 10, n // 12, 0.025, U64)
    assert whole[-1] == lower_bound(n[-1], n[-1] // 10, n[-1] // 12, 0.025, U64)


def test_ten_thousand_segments_take_less_than_a_second_and_a_half() -> None:
    rng = np.random.default_rng(1)
    n = rng.integers(0, 5000, 10_000)
    b = rng.binomial(n, 0.05)
    c = rng.binomial(n - b, 0.05)
    start = time.process_time()
    confidence_sequence(n, b, c, 0.05, U64)
    assert time.process_time() - start < 1.5
