"""The decomposition against hand-worked values, its laws, and how often its interval holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluators.statistics.decomposition import Decomposition, decompose

Group = list[tuple[int, int, int, int]]

cells = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda t: (max(t), min(t)))
groups = st.lists(st.tuples(cells, cells), min_size=1, max_size=8).map(
    lambda rows: [(*a, *b) for a, b in rows]
)


def of(rows: Group, alpha: float = 0.05) -> Decomposition:
    n0, r0, n1, r1 = np.array(rows).T
    return decompose(n0, r0, n1, r1, alpha)


def has_cases(rows: Group) -> bool:
    return sum(r[0] for r in rows) > 0 and sum(r[2] for r in rows) > 0


def parts(d: Decomposition) -> tuple[float, ...]:
    return (d.mix, 0.0 if math.isnan(d.within) else d.within, d.arrived, d.gone)


def test_a_hand_worked_example() -> None:
    # Pilot: 80 easy cases at 95 %, 20 hard ones at 80 %: 92 %. Production: half and half at 90 %
    # and 60 %: 75 %. Mix: -0.3 * 0.925 + 0.3 * 0.70; within: 0.65 * -0.05 + 0.35 * -0.20.
    found = of([(80, 76, 50, 45), (20, 16, 50, 30)])
    assert (found.before, found.after) == (pytest.approx(0.92), pytest.approx(0.75))
    assert found.mix == pytest.approx(-0.0675)
    assert found.within == pytest.approx(-0.1025)
    # Threefold, from the pilot: -0.3 * 0.95 + 0.3 * 0.8; 0.8 * -0.05 + 0.2 * -0.2; the rest.
    assert found.endowments == pytest.approx(-0.045)
    assert found.coefficients == pytest.approx(-0.08)
    assert found.interaction == pytest.approx(-0.045)


def test_by_another_formula_counterfactual_rates() -> None:
    rng = np.random.default_rng(1)
    n0, n1 = rng.integers(5, 400, (2, 6))
    r0, r1 = rng.binomial(n0, 0.9), rng.binomial(n1, 0.7)
    # The same as averages of two counterfactuals: the rate one group would have with the other's
    # segments, and with the other's results (Oaxaca's two baselines, averaged by Reimers).
    p0, p1 = r0 / n0, r1 / n1
    overall0, overall1 = r0.sum() / n0.sum(), r1.sum() / n1.sum()
    new_mix_old_rates, old_mix_new_rates = np.average(p0, weights=n1), np.average(p1, weights=n0)
    found = decompose(n0, r0, n1, r1)
    assert found.mix == pytest.approx(
        ((new_mix_old_rates - overall0) + (overall1 - old_mix_new_rates)) / 2
    )
    assert found.within == pytest.approx(
        ((old_mix_new_rates - overall0) + (overall1 - new_mix_old_rates)) / 2
    )


def test_segments_of_one_group_are_parts_of_their_own() -> None:
    # Common: 50 of 60 and 30 of 50. Only in the pilot: 40 cases, all right; only in production:
    # 50 cases, 10 right.
    found = of([(60, 50, 50, 30), (40, 40, 0, 0), (0, 0, 50, 10)])
    assert (found.before, found.after) == (0.9, 0.4)
    assert found.mix == 0
    assert found.within == pytest.approx(30 / 50 - 50 / 60)
    assert found.arrived == pytest.approx(0.5 * (10 / 50 - 30 / 50))
    assert found.gone == pytest.approx(-0.4 * (1 - 50 / 60))
    assert (found.arrived_share, found.gone_share) == (pytest.approx(0.5), pytest.approx(0.4))
    apart = of([(10, 9, 0, 0), (0, 0, 10, 5)])
    assert (apart.arrived_share, apart.gone_share) == (1, 1)
    assert math.isnan(apart.within)
    assert sum(parts(apart)) == pytest.approx(-0.4)
    assert math.isnan(of([(0, 0, 10, 5)]).mix)


@given(groups)
def test_the_parts_add_up_to_the_change(rows: Group) -> None:
    assume(has_cases(rows))
    found = of(rows)
    assert sum(parts(found)) == pytest.approx(found.change, abs=1e-12)
    if not math.isnan(found.within):
        threefold = found.endowments + found.coefficients + found.interaction
        assert threefold == pytest.approx(found.mix + found.within, abs=1e-12)
        assert found.within_low <= found.within <= found.within_high


@given(groups)
def test_swapping_the_groups_mirrors_every_part(rows: Group) -> None:
    assume(has_cases(rows))
    one, other = of(rows), of([(c, d, a, b) for a, b, c, d in rows])
    if math.isnan(one.within):
        return  # no common segment: all of it stands as arrived
    assert (one.mix, one.within) == (
        pytest.approx(-other.mix, abs=1e-12),
        pytest.approx(-other.within, abs=1e-12),
    )
    assert (one.arrived, one.gone) == (
        pytest.approx(-other.gone, abs=1e-12),
        pytest.approx(-other.arrived, abs=1e-12),
    )
    assert one.within_low == pytest.approx(-other.within_high, abs=1e-12)


@given(groups, st.integers(2, 5))
def test_the_same_mix_leaves_nothing_to_the_mix(rows: Group, times: int) -> None:
    rows = [(a, b, a * times, min(d, a * times)) for a, b, _, d in rows]
    assume(has_cases(rows))
    found = of(rows)
    assert found.mix == pytest.approx(0, abs=1e-12)
    assert found.within == pytest.approx(found.change, abs=1e-12)


@given(st.lists(st.tuples(*[st.integers(1, 30)] * 4), min_size=1, max_size=6))
def test_the_same_rates_leave_nothing_inside(drawn: list[tuple[int, ...]]) -> None:
    rows = [
        (a * (r + w), a * r, b * (r + w), b * r) for a, b, r, w in drawn
    ]  # right : wrong = r : w on both sides
    found = of(rows)
    assert found.within == pytest.approx(0, abs=1e-12)
    assert found.mix == pytest.approx(found.change, abs=1e-12)


@given(groups, st.randoms(use_true_random=False))
def test_the_order_of_segments_does_not_matter(rows: Group, random: object) -> None:
    assume(has_cases(rows))
    turned = list(rows)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert parts(of(turned)) == pytest.approx(parts(of(rows)), abs=1e-12)


@given(groups, st.integers(2, 4))
def test_splitting_a_segment_into_identical_ones_changes_nothing(rows: Group, times: int) -> None:
    assume(has_cases(rows))
    whole = [(times * a, times * b, times * c, times * d) for a, b, c, d in rows]
    split = [rows[0]] * times + whole[1:]
    one, other = of(whole), of(split)
    assert parts(other) == pytest.approx(parts(one), abs=1e-12)
    assert other.arrived_share == pytest.approx(one.arrived_share, abs=1e-12)


def test_more_cases_make_it_surer() -> None:
    small, large = (
        of([(k * 80, k * 76, k * 50, k * 45), (k * 20, k * 16, k * 50, k * 30)]) for k in (1, 100)
    )
    assert small.within_high > 0 > small.within_low or small.within_high < 0
    assert large.within_error == pytest.approx(small.within_error / 10, rel=0.05)
    sure = of([(50, 50, 50, 50)])
    assert sure.within_error > 0.02, "all right in fifty cases is not certainty"


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1, 10])
def test_the_interval_of_within_holds_as_often_as_it_says(scale: int) -> None:
    rng = np.random.default_rng(11)
    share0, share1 = np.array([0.6, 0.3, 0.1]), np.array([0.3, 0.4, 0.3])
    rate0, rate1 = np.array([0.97, 0.93, 0.8]), np.array([0.9, 0.7, 0.5])
    truth = ((share0 + share1) / 2) @ (rate1 - rate0)
    held, runs = 0, 4000
    for _ in range(runs):
        n0, n1 = rng.multinomial(150 * scale, share0), rng.multinomial(250 * scale, share1)
        found = decompose(n0, rng.binomial(n0, rate0), n1, rng.binomial(n1, rate1))
        held += found.within_low <= truth <= found.within_high
    assert 0.94 <= held / runs <= 0.975


@pytest.mark.slow
def test_the_standard_error_of_the_mix_is_the_spread_of_the_mix() -> None:
    rng = np.random.default_rng(12)
    share0, share1 = np.array([0.6, 0.4]), np.array([0.3, 0.7])
    rate0, rate1 = np.array([0.95, 0.7]), np.array([0.9, 0.5])
    found = []
    for _ in range(4000):
        n0, n1 = rng.multinomial(800, share0), rng.multinomial(900, share1)
        found.append(decompose(n0, rng.binomial(n0, rate0), n1, rng.binomial(n1, rate1)))
    spread = np.std([d.mix for d in found])
    assert np.mean([d.mix_error for d in found]) == pytest.approx(spread, rel=0.04)
