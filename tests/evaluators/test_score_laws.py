"""Laws of the statistics of scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.statistics.auc import auc, auc_interval
from evaluators.statistics.calibration import (
    debiased_expected_error,
    debiased_squared_error,
    decomposition,
    expected_error,
    spiegelhalter_z,
    squared_error,
)
from evaluators.statistics.calibration_bounds import calibration_bounds
from evaluators.statistics.fallback import shown_thresholds
from evaluators.statistics.reassigned import reassigned, resampled
from evaluators.statistics.risk_coverage import area_under_risk, learned_threshold, risk_coverage

counts = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@st.composite
def bins(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cases, sums of scores and events of five bins."""
    n = np.array(draw(st.lists(st.integers(0, 200), min_size=5, max_size=5)))
    y = np.array([draw(st.integers(0, int(k))) for k in n])
    mean = (np.arange(5) + np.array([draw(st.floats(0, 1)) for _ in n])) / 5
    return n, n * mean, y


@given(bins())
def test_calibration_does_not_depend_on_the_order_of_bins(b: tuple[np.ndarray, ...]) -> None:
    for statistic in (expected_error, debiased_expected_error, debiased_squared_error):
        turned = statistic(*(a[::-1] for a in b))
        assert statistic(*b) == pytest.approx(turned, abs=1e-12, nan_ok=True)


@given(bins())
def test_naming_the_other_class_mirrors_calibration(b: tuple[np.ndarray, ...]) -> None:
    n, p, y = b
    for statistic in (expected_error, debiased_squared_error):
        assert statistic(n, p, y) == pytest.approx(
            statistic(n, n - p, n - y), abs=1e-12, nan_ok=True
        )


@given(bins())
def test_debiasing_takes_off_and_parts_add_up(b: tuple[np.ndarray, ...]) -> None:
    n, p, y = b
    if not n.sum():
        assert np.isnan(expected_error(*b))
        return
    assert debiased_squared_error(*b) <= squared_error(*b) + 1e-15
    assert debiased_expected_error(*b) <= expected_error(*b) + 1e-12
    parts = decomposition(*b)
    mean = np.where(n > 0, p / np.maximum(n, 1), 0)
    binned = (n * mean**2 - 2 * mean * y + y).sum() / n.sum()
    assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(binned)


def test_one_class_has_no_resolution_and_no_area() -> None:
    assert decomposition([50, 50], [10, 40], [0, 0]).resolution == 0
    assert np.isnan(auc([3, 4], [0, 0]))
    assert [float(e) for e in auc_interval([3, 4], [0, 0])] == [0, 1]
    assert np.isnan(spiegelhalter_z(0.0, 0.0))
    assert debiased_squared_error([1, 1], [0.2, 0.9], [0, 1]) == pytest.approx(0.025)


@given(bins(), st.integers(0, 30))
def test_bounds_hold_the_estimate_and_widen_with_what_is_missing(
    b: tuple[np.ndarray, ...], missing: int
) -> None:
    n, p, y = b
    low, high = calibration_bounds(n, p, y, y, 0.025)
    assert low <= np.sqrt(np.nan_to_num(squared_error(n, p, y))) + 1e-9
    assert high >= np.sqrt(np.nan_to_num(squared_error(n, p, y))) - 1e-9
    fewer = np.maximum(y - missing, 0)
    lower, higher = calibration_bounds(n, p, fewer, y, 0.025)
    assert lower <= low + 0.01
    assert higher >= high - 0.01
    deflated = calibration_bounds(n, p, y, y, 0.025, 3.0)
    assert deflated[0] <= low + 0.01
    assert deflated[1] >= high - 0.01


def test_bounds_come_together_on_the_truth() -> None:
    mean = (np.arange(10) + 0.5) / 10
    for size in (2_000, 20_000, 2_000_000):
        n = np.full(10, size)
        y = n * (mean + np.where(mean < 0.5, 0.06, -0.06))
        low, high = calibration_bounds(n, n * mean, y, y, 0.025)
        assert low < 0.06 < high
        assert high - low < 6 / np.sqrt(size) + 0.004


@given(counts, counts)
def test_turning_scores_round_mirrors_the_area(ones: list[int], zeros: list[int]) -> None:
    there, back = auc(ones, zeros), auc(ones[::-1], zeros[::-1])
    assert np.isnan(there) == (not sum(ones) or not sum(zeros))
    assert np.isnan(there) or there + back == pytest.approx(1)
    assert auc(zeros, ones) == pytest.approx(back, nan_ok=True)


@given(counts, st.data())
def test_answering_everything_is_the_whole_risk(n: list[int], data: st.DataObject) -> None:
    wrong = [data.draw(st.integers(0, k)) for k in n]
    coverage, risk = risk_coverage(n, wrong)
    if sum(n):
        assert coverage[-1] == 1
        assert risk[-1] == pytest.approx(sum(wrong) / sum(n))
        assert (np.diff(coverage) >= 0).all()
        assert 0 <= area_under_risk(n, wrong) <= 1


@given(counts, st.data())
def test_more_errors_never_lower_the_bar(n: list[int], data: st.DataObject) -> None:
    fewer = np.array([data.draw(st.integers(0, k)) for k in n])
    more = np.minimum(fewer + 3, n)
    assert learned_threshold(n, more, 0.1) <= learned_threshold(n, fewer, 0.1)


@given(st.lists(st.floats(-5, 12), min_size=1, max_size=8), st.floats(0, 3))
def test_more_evidence_never_takes_a_threshold_away(log_e: list[float], more: float) -> None:
    before = shown_thresholds(log_e, 0.05)
    assert (shown_thresholds(np.array(log_e) + more, 0.05) >= before).all()
    assert (before <= (np.array(log_e) >= -np.log(0.05))).all()


@st.composite
def pools(draw: st.DrawFn) -> tuple[np.ndarray, ...]:
    size = draw(st.integers(1, 12))
    return tuple(
        np.array(draw(st.lists(st.integers(low, 9), min_size=size, max_size=size)))
        for low in (0, 0, 1)
    )


@given(pools())
def test_nobody_gains_on_average_and_rows_may_be_split(pool: tuple[np.ndarray, ...]) -> None:
    day, score, n = pool
    found = reassigned(day, score, n)
    assert (n * found.earlier).sum() == pytest.approx(0, abs=1e-9)
    assert (n * found.first_half).sum() == pytest.approx((n * found.first_half_before).sum())
    single = reassigned(*(np.repeat(a, n) for a in (day, score)), np.ones(n.sum()))
    assert np.repeat(found.earlier, n) == pytest.approx(single.earlier)
    assert np.repeat(found.first_half, n) == pytest.approx(single.first_half)


@given(pools())
def test_the_order_in_use_changes_nothing(pool: tuple[np.ndarray, ...]) -> None:
    day, _, n = pool
    assert reassigned(day, -day, n).earlier == pytest.approx(np.zeros(len(day)), abs=1e-9)


def test_ties_are_served_in_any_order_on_average() -> None:
    rng = np.random.default_rng(4)
    day, score = rng.integers(0, 6, 40), rng.integers(0, 4, 40)
    slots, mean = np.sort(day), np.zeros(40)
    for _ in range(4000):
        order = np.lexsort((rng.random(40), -score))
        mean[order] += slots
    assert reassigned(day, score, np.ones(40)).earlier == pytest.approx(day - mean / 4000, abs=0.12)


def test_drawing_days_anew_is_repeatable_and_centred() -> None:
    rng = np.random.default_rng(6)
    day = np.repeat(np.arange(40), 20)
    hit = (rng.random(800) < 0.3).astype(int)
    score = hit + rng.normal(0, 1, 800)
    found = resampled(day, score, np.ones(800), hit)
    assert (found == resampled(day, score, np.ones(800), hit)).all()
    once = reassigned(day, score, np.ones(800)).earlier[hit == 1].mean()
    assert found[:, 0].mean() == pytest.approx(once, abs=found[:, 0].std() / 2)
