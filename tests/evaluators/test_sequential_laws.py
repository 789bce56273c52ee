"""Laws of the sequential engine: order, merging, mirrors, filling, sums over entities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data_contracts.findings import WHOLE, Segment
from evaluators.columns import Columns, Measures
from evaluators.kinds import all_reports
from evaluators.pairs.entity_clusters import EntityClusters, Quantity
from evaluators.scope import Scope
from evaluators.statistics.betting import general_grid, log_e_value, log_growth
from evaluators.statistics.change import bernoulli_cusum, log_detector, strongest_since
from evaluators.statistics.clusters import ClusterSums
from evaluators.statistics.intervals import tango
from evaluators.statistics.mcnemar import asymptotic_p, exact_p, log_e_equal, mid_p, one_sided
from evaluators.statistics.paired_intervals import agresti_min, bonett_price, newcombe, wald

GRID = general_grid()
cells = st.tuples(*[st.integers(0, 60)] * 4)
days = arrays(np.int64, st.tuples(st.just(3), st.integers(1, 12)), elements=st.integers(0, 20))


@given(cells)
def test_swapping_the_arms_mirrors_every_interval(table: tuple[int, ...]) -> None:
    a, b, c, d = table
    n = a + b + c + d
    for interval in (wald, agresti_min, bonett_price, tango):
        (low, high), (other_low, other_high) = interval(n, b, c), interval(n, c, b)
        np.testing.assert_allclose((low, high), (-other_high, -other_low), atol=1e-9)
        assert -1 <= low <= high <= 1
        if n == 0:
            assert (low, high) == (-1, 1)
    (low, high), (other_low, other_high) = newcombe(a, b, c, d), newcombe(a, c, b, d)
    np.testing.assert_allclose((low, high), (-other_high, -other_low), atol=1e-9)
    for test in (exact_p, mid_p, asymptotic_p):
        assert test(b, c) == test(c, b)
        assert 0 <= test(b, c) <= 1
    assert mid_p(b, c) <= exact_p(b, c) + 1e-12
    assert log_e_equal(b, c) == pytest.approx(float(log_e_equal(c, b)))
    assert one_sided(n, b, c, 0.0)[0] == pytest.approx(-float(one_sided(n, c, b, 0.0)[0]))


@given(cells, st.integers(0, 15), st.floats(-0.3, 0.3))
def test_whatever_a_missing_outcome_was_filling_it_was_on_the_safe_side(
    table: tuple[int, ...], open_: int, limit: float
) -> None:
    a, b, c, d = table
    n, wins = a + b + c + d + open_, np.arange(open_ + 1)
    possible = log_e_value(n, b + wins, c + open_ - wins, limit, GRID)
    assert log_e_value(n, b, c + open_, limit, GRID) <= possible.min() + 1e-9
    even = np.clip((c - b + open_) / 2, 0, open_)
    least = log_e_equal(b + even, c + open_ - even)
    assert least <= log_e_equal(b + wins, c + open_ - wins).min() + 1e-9


@given(days, st.floats(-0.2, 0.2))
def test_days_in_any_order_and_any_parts_give_the_same_evidence(
    counts: np.ndarray, limit: float
) -> None:
    ties, b, c = counts
    n = ties + b + c
    whole = log_growth(n.sum(), b.sum(), c.sum(), limit, GRID)
    np.testing.assert_allclose(log_growth(n, b, c, limit, GRID).sum(axis=0), whole, atol=1e-9)
    mean = np.logaddexp.reduce(whole) - np.log(len(GRID))
    assert mean == pytest.approx(float(log_e_value(n.sum(), b.sum(), c.sum(), limit, GRID)))


@given(days, st.floats(-0.2, 0.2))
@settings(max_examples=50)
def test_the_detector_is_the_sum_over_every_day_a_change_may_have_come(
    counts: np.ndarray, floor: float
) -> None:
    ties, b, c = counts
    growth = log_growth(ties + b + c, c, b, -floor, GRID)
    found = np.exp(log_detector(growth))
    state = np.zeros(len(GRID))
    for day in range(len(b)):
        state = (state + 1) * np.exp(growth[day])
        assert found[day] == pytest.approx(state.mean(), rel=1e-9)
        since = [np.exp(growth[start : day + 1].sum(axis=0)).mean() for start in range(day + 1)]
        assert found[day] == pytest.approx(sum(since), rel=1e-9)
    best = int(strongest_since(growth))
    assert since[best] == pytest.approx(max(since))
    step, path = 0.0, []
    for x, total in zip(c, ties + b + c, strict=True):
        step = max(0.0, step) + x * np.log(1.3) + (total - x) * np.log(0.87 / 0.9)
        path.append(step)
    np.testing.assert_allclose(bernoulli_cusum(ties + b + c, c, 0.10, 0.13), path, atol=1e-9)


def increments(day: np.ndarray, who: np.ndarray, value: np.ndarray, segment: np.ndarray) -> Columns:
    """Return the measure `cluster_sums` of cases, from the definition, case by case."""
    table: dict[str, list[int]] = {}
    rows: list[dict[str, int]] = []
    for cut, codes in ((0, np.zeros_like(segment)), (1, segment + 1)):
        for code in np.unique(codes):
            before = dict.fromkeys(("clusters", "n", "total", "squares", "nn", "nt", "tt"), 0)
            for today in np.unique(day):
                keep = (codes == code) & (day <= today)
                names, index = np.unique(who[keep], return_inverse=True)
                n = np.bincount(index, minlength=len(names))
                total = np.bincount(index, weights=value[keep], minlength=len(names)).astype(int)
                sums = (len(names), n.sum(), total.sum(), (value[keep] ** 2).sum())
                sums += ((n * n).sum(), (n * total).sum(), (total**2).sum())
                now = dict(zip(before, map(int, sums), strict=True))
                place = {"cut": cut, "segment": int(code), "cohort_day": int(today), "cluster": 0}
                for quantity in (0, 1):
                    more = {name: now[name] - before[name] for name in now}
                    rows.append({**place, "quantity": quantity, **more})
                before = now
    for name in rows[0]:
        table[name] = [row[name] for row in rows]
    labels = {
        "cut": ("all", "unit"),
        "segment": ("all", "u0", "u1"),
        "cluster": ("customer",),
        "quantity": ("worst", "best"),
    }
    return Columns({name: np.array(values, np.int64) for name, values in table.items()}, labels)


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_increments_by_day_add_up_to_the_effect_of_all_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = 80
    day, who = rng.integers(0, 6, size), rng.integers(0, 9, size)
    value, segment = rng.integers(-1, 2, size), rng.integers(0, 2, size)
    segments = (WHOLE, Segment("unit", "u0"), Segment("unit", "u1"))
    found = EntityClusters.of(increments(day, who, value, segment), segments)
    assert found is not None
    ends = np.array([2, 5])
    effect, fewest = found.effect(Quantity.WORST, ends), found.fewest(ends)
    for number, part in enumerate((segment >= 0, segment == 0, segment == 1)):
        for at, end in enumerate(ends):
            keep = part & (day <= end)
            names, index = np.unique(who[keep], return_inverse=True)
            powers = (value[keep] ** power for power in range(3))
            sums = (np.bincount(index, weights=one, minlength=1) for one in powers)
            expected = float(ClusterSums.of(*sums).along(-1).design_effect())
            assert effect[number, at] == pytest.approx(expected)
            assert fewest[number, at] == len(names)
    together = found.regrouped(np.array([-1, 0, 0]), 1)
    assert (together.effect(Quantity.WORST, ends)[0] >= effect[0] - 1e-12).all()
    assert (together.fewest(ends)[0] <= fewest[0]).all()


@pytest.mark.parametrize("name", ["standings", "change_detection"])
def test_a_report_is_the_same_for_rows_in_any_order(
    name: str, daily: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    rng = np.random.default_rng(2)
    measures: dict[str, Any] = dict(
        daily(np.full((3, 60), 30), rng.integers(0, 4, (3, 60)), rng.integers(0, 4, (3, 60)), 1)
    )
    about = scope(60, limits={"unit": -0.05}, floors={"unit": -0.02})
    found = all_reports()[name].tabulate(measures, about)
    table = measures["outcome_counts"]
    order = rng.permutation(len(table))
    arrays_ = {column: values[order] for column, values in table.arrays.items()}
    mixed = {**measures, "outcome_counts": Columns(arrays_, table.labels)}
    # As text, since a NaN equals nothing.
    assert str(found) == str(all_reports()[name].tabulate(mixed, about))
    assert all_reports()[name].tabulate({"outcome_counts": Columns({})}, about) == {}
