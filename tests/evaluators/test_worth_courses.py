"""Percentiles by period and spending to come: exact small cases, laws and coverage."""

from __future__ import annotations

import numpy as np
import pytest

from evaluators.columns import Columns
from evaluators.worth.latency import edge, quantile
from evaluators.worth.latency_course import percentiles
from evaluators.worth.spending import foreseen, runs_out


def bins_of(times: np.ndarray) -> np.ndarray:
    return np.floor(20 * np.log2(times + 1)).astype(np.int64)


def test_the_interval_covers_the_true_percentile() -> None:
    rng = np.random.default_rng(4)
    truth = np.exp(5 + 0.5 * 1.6448536269514722)
    times = rng.lognormal(5, 0.5, (1500, 400))
    periods = np.repeat(np.arange(1500), 400)
    found = percentiles(periods, bins_of(times.ravel()), np.ones(times.size), 0.95, 0.05)
    covered = (found.low <= truth) & (truth <= found.high)
    assert covered.mean() >= 0.95
    assert np.isfinite(found.high).all()
    assert (found.n == 400).all()


def test_few_answers_leave_the_percentile_without_an_upper_end() -> None:
    found = percentiles(np.zeros(20, int), np.full(20, 100), np.ones(20), 0.95, 0.05)
    assert np.isinf(found.high[0])
    assert found.low[0] == edge(100)
    enough = percentiles(np.zeros(1, int), np.array([100]), np.array([73]), 0.95, 0.05)
    assert np.isfinite(enough.high[0])


def test_periods_without_an_answer_are_left_out() -> None:
    found = percentiles([0, 1], [40, 40], [0, 500], 0.95, 0.05)
    assert found.period.tolist() == [1]
    assert percentiles([], [], [], 0.95, 0.05).period.tolist() == []


def test_the_middle_is_that_of_the_whole_record() -> None:
    rng = np.random.default_rng(5)
    bins, answered = np.unique(bins_of(rng.lognormal(5, 0.5, 5000)), return_counts=True)
    day = np.full(len(bins), -(2**31))
    table = Columns({"cohort_day": day, "latency_bin": bins, "answered": answered})
    found = percentiles(np.zeros(len(bins), int), bins, answered, 0.95, 0.05)
    value, low, high, n = quantile(table, 0.95, 0.05)
    assert (found.value[0], found.n[0]) == (value, n)
    assert low <= found.low[0] <= value <= found.high[0] <= high, "one look is narrower"


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(6)
    rows = rng.integers(0, 5, 200), rng.integers(50, 90, 200), rng.integers(1, 40, 200)
    order = rng.permutation(200)
    one = percentiles(*rows, 0.95, 0.05)
    other = percentiles(*(row[order] for row in rows), 0.95, 0.05)
    assert one.low.tolist() == other.low.tolist()
    assert one.high.tolist() == other.high.tolist()


@pytest.mark.parametrize("ahead", [1, 10])
def test_spending_to_come_is_covered(ahead: int) -> None:
    rng = np.random.default_rng(7)
    days = rng.gamma(25, 4, (4000, 28 + ahead))
    hits = 0
    for row in days[:1500]:
        low, high = foreseen(row[:28], ahead)
        hits += low[-1] <= row[28:].sum() <= high[-1]
    assert hits / 1500 > 0.93


def test_too_few_days_foresee_nothing() -> None:
    low, high = foreseen([10.0, 11.0], 3)
    assert low.tolist() == [0.0] * 3
    assert np.isinf(high).all()
    assert foreseen([10.0] * 7, 0)[0].tolist() == []


def test_the_range_never_shrinks_and_is_never_negative() -> None:
    low, high = foreseen([0.0, 0.0, 0.0, 100.0, 0.0, 0.0], 20)
    assert (low >= 0).all()
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) > 0).all()


def test_a_budget_runs_out_in_a_range_of_days() -> None:
    low, high = foreseen([8.0, 9.0, 10.0, 11.0, 12.0, 10.0], 30)
    may, must = runs_out(150.0, low, high)
    assert may is not None
    assert must is not None
    assert may < 15 < must + 1
    assert runs_out(1e9, low, high) == (None, None)
    assert runs_out(0.0, np.array([0.0]), np.array([0.0])) == (None, None)
