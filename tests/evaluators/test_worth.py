"""Laws of planning, value, costs, exposure and reviews, and what their gates say."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.study.production import Budget, BusinessValue, ServiceLevels
from data_contracts.vocabulary import Mode, Reason, Status
from evaluators.columns import Columns, Measures
from evaluators.kinds import all_evaluators, all_gate_kinds, all_reports
from evaluators.pairs.cases import CaseCounts
from evaluators.planning.outlook import outlook
from evaluators.planning.plan import Assumptions, needed
from evaluators.scope import Scope
from evaluators.statistics import atoms, betting
from evaluators.statistics.active import chances, scaled_back, weighted_mean, weighted_sequence
from evaluators.statistics.asymptotic import asymptotic_sequence
from evaluators.statistics.reviews import allocation, share_interval, stratified_mean
from evaluators.statistics.sample_size import noninferiority_power, score_size
from evaluators.statistics.stopping import stopping_looks, stopping_quantiles
from evaluators.terms import Asked, Terms
from evaluators.weeks import to_date
from evaluators.worth.counted import mean_of
from evaluators.worth.latency import edge, quantile, slow_share, slower
from evaluators.worth.prices import Prices
from evaluators.worth.savings import alike, savings_at

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]

COSTS = {"no": {"no": 0.0, "yes": 40.0}, "yes": {"no": 10.0, "yes": 5.0}}
VALUE = BusinessValue(currency="EUR", costs=COSTS, review_cost=3.0)
UNIT = BusinessValue(currency="EUR", unit_value=12.0)
GRID = betting.general_grid()

counts = st.lists(st.integers(0, 400), min_size=5, max_size=5)
VALUES = np.array([-1.0, -0.3, 0.0, 0.2, 0.9])


def judged(kind: str, measures: Measures, scope: Scope, **settings: Any) -> Any:
    found = all_gate_kinds()[kind]
    return found.judge(kind, found.settings(**settings), measures, scope)


# Betting on finitely many values


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 3000))
def test_three_values_are_the_paired_bet(b: int, c: int, ties: int) -> None:
    n = b + c + ties
    ours = atoms.log_e_of_atoms([b, ties, c], [1, 0, -1], -0.02, GRID)
    assert float(ours) == pytest.approx(float(betting.log_e_value(n, b, c, -0.02, GRID)), abs=1e-9)
    ends = atoms.sequence_of_atoms([b, ties, c], [b, ties, c], [1, 0, -1], 0.05, GRID)
    np.testing.assert_allclose(ends, betting.confidence_sequence(n, b, c, 0.05, GRID), atol=1e-7)


@given(counts)
def test_swapping_the_sides_mirrors_the_interval(n: list[int]) -> None:
    low, high = atoms.sequence_of_atoms(n, n, VALUES, 0.05, GRID)
    other = atoms.sequence_of_atoms(n[::-1], n[::-1], -VALUES[::-1], 0.05, GRID)
    np.testing.assert_allclose([low, high], [-other[1], -other[0]], atol=1e-9)
    total = sum(n)
    if total:
        assert low <= np.dot(n, VALUES) / total + 1e-9
        assert high >= np.dot(n, VALUES) / total - 1e-9
    else:
        assert (float(low), float(high)) == (-1.0, 1.0)


@given(counts, st.integers(0, 3))
def test_a_better_value_never_lowers_the_evidence(n: list[int], at: int) -> None:
    better = list(n)
    if better[at]:
        better[at] -= 1
        better[at + 1] += 1
    before, after = (float(atoms.log_e_of_atoms(x, VALUES, 0.05, GRID)) for x in (n, better))
    assert after >= before - 1e-12


@given(counts)
def test_the_bound_is_where_the_evidence_is_just_enough(n: list[int]) -> None:
    low = float(atoms.lower_bound_of_atoms(n, VALUES, 0.025, GRID))
    if low > -1 + 1e-6:
        there = float(atoms.log_e_of_atoms(n, VALUES, low, GRID))
        assert there == pytest.approx(math.log(40), abs=1e-5)


def test_values_beyond_the_bound_are_refused() -> None:
    with pytest.raises(ValueError, match="between -1 and 1"):
        atoms.log_e_of_atoms([1], [1.5], 0.0, GRID)


# The asymptotic sequence


@given(st.integers(2, 10_000), st.floats(-5, 5), st.floats(0.1, 5), st.floats(0.1, 9))
def test_another_unit_scales_the_interval(n: int, mean: float, sd: float, unit: float) -> None:
    total, squares = n * mean, n * (mean**2 + sd**2)
    one = asymptotic_sequence(n, total, squares, 0.05, 1000)
    other = asymptotic_sequence(n, unit * total, unit**2 * squares, 0.05, 1000)
    np.testing.assert_allclose(other, unit * np.array(one), rtol=1e-6, atol=1e-9)


def test_one_case_says_nothing_and_no_variation_a_point() -> None:
    assert [float(x) for x in asymptotic_sequence(1, 3, 9, 0.05, 10)] == [-math.inf, math.inf]
    assert [float(x) for x in asymptotic_sequence(9, 18, 36, 0.05, 10)] == [2.0, 2.0]


def test_days_that_differ_widen_a_mean() -> None:
    n = np.full(40, 50.0)
    even = np.where(np.arange(40) % 2, 1.0, 1.01) * n
    uneven = np.where(np.arange(40) % 2, 0.5, 1.51) * n
    narrow, wide = (mean_of(n, t, t**2 / n, True, 0.05) for t in (even, uneven))
    assert wide.high - wide.low > 20 * (narrow.high - narrow.low)


# Planning


@given(st.floats(0.02, 0.4), st.floats(0.01, 0.1), st.floats(0, 0.9))
def test_a_wider_margin_needs_fewer_cases(psi: float, margin: float, part: float) -> None:
    delta = -margin * part
    more, fewer = (
        float(score_size(max(psi, 2 * margin), delta, m)) for m in (margin, 1.5 * margin)
    )
    assert fewer <= more


def test_power_grows_with_the_cases() -> None:
    powers = [noninferiority_power(n, 0.1, 0.0, 0.05) for n in (100, 300, 600)]
    assert powers == sorted(powers)
    assert noninferiority_power(600, 0.1, -0.05, 0.05) < 0.03  # the error at the limit


def test_stopping_is_the_same_again_and_sooner_with_more_cases() -> None:
    def middle(cases: float) -> float:
        return float(stopping_quantiles(stopping_looks(cases, 0.1, 0, 0.02, 0.025, GRID, 60))[1])

    assert middle(300) == middle(300)
    assert middle(300) > middle(600) > middle(1200)
    assert math.isinf(float(stopping_quantiles(np.full(10, np.inf))[0]))


def test_plans_know_what_stands_in_the_way() -> None:
    good = Assumptions(0.1, 100, 0.02)
    assert needed(good).weeks == (3, 5, 8)
    assert needed(Assumptions(0.1, 100, 0.02, days_a_week=5)).weeks[0] == 4
    assert needed(Assumptions(0.1, 100, 0.02, effect=2)).fixed == 2 * 2676
    slower = needed(Assumptions(0.1, 100, 0.02, pairing=0.5))
    assert (slower.weeks[1] or 0) > 5
    missing = needed(Assumptions(0.1, 100, 0.02, unlabelled=0.25))
    assert not missing.reachable
    assert "count as losses" in missing.why
    never = needed(Assumptions(0.1, 1, 0.005))
    assert not never.reachable
    assert "more than ten years" in never.why
    undated = needed(Assumptions(0.1, 0.0, 0.02))
    assert (undated.anytime, undated.weeks, undated.reachable) == (2907, (None,) * 3, True)
    worse = needed(Assumptions(0.1, 100, 0.02, difference=-0.02))
    assert (worse.fixed, worse.anytime, worse.reachable) == (None, None, False)
    assert needed(Assumptions(0.1, 100, 0.02, so_far=(9000, 450, 450))).anytime == 0


def test_an_outlook_is_that_of_its_segments(daily: Build, scope: MakeScope) -> None:
    n, b, c = np.full((3, 40), 20), np.full((3, 40), 1), np.array([[0], [1], [3]])
    found = outlook(
        CaseCounts.of(daily(n, b, c)["outcome_counts"]).only([1, 2, 3]), scope(40), 0.02
    )
    assert found.more[0] <= found.more[1] <= found.more[2]
    assert found.a_week.tolist() == [140.0] * 3
    timeless = outlook(CaseCounts.of(daily(n, b, c)["outcome_counts"]), scope(None), 0.02)
    assert np.isnan(timeless.a_week).all()
    assert timeless.reachable.dtype == bool


def test_the_plan_is_published_for_every_gate_and_segment(daily: Build, scope: MakeScope) -> None:
    asked = (Asked("a", "noninferiority", "all", 0.02), Asked("s", "segments", "unit", 0.02))
    measures = daily(np.full((3, 30), 20), np.ones((3, 30), int), np.ones((3, 30), int))
    table = all_reports()["plan"].tabulate(measures, scope(30, terms=Terms(asked=asked)))
    assert list(table["segment"]) == ["all", "u0", "u1", "u2"]
    assert list(table["n"]) == [1800, 600, 600, 600]
    assert all(more > 0 for more in table["more_cases"])
    assert all(a <= b for a, b in zip(table["earliest"], table["latest"], strict=True) if b)
    assert not all_reports()["plan"].tabulate(measures, scope(30))
    one = Terms(asked=(Asked("b", "superiority", "unit", -0.01, "u1"),))
    table = all_reports()["plan"].tabulate(measures, scope(30, terms=one))
    assert list(table["segment"]) == ["u1"]
    assert list(table["fixed_cases"]) == [None]  # equal ones are never shown to be better


# Reviews


@given(
    st.lists(st.integers(1, 5000), min_size=2, max_size=6), st.integers(1, 400), st.integers(0, 40)
)
def test_an_allocation_keeps_the_budget_the_floor_and_the_size(
    sizes: list[int], reviews: int, floor: int
) -> None:
    spread = np.linspace(0, 0.5, len(sizes))
    found = allocation(sizes, spread, reviews, floor)
    assert (found <= np.array(sizes) + 1e-9).all()
    assert (found >= np.minimum(floor, sizes) - 1e-9).all()
    least, most = np.minimum(floor, sizes).sum(), sum(sizes)
    if least <= reviews <= most and (spread[1:] > 0).all() and floor > 0:
        assert found.sum() <= max(reviews, least) + 1e-6


def test_strata_in_any_order_give_the_same_and_whole_ones_are_known() -> None:
    size, n, hits = np.array([300, 150, 50]), np.array([60, 60, 40]), np.array([21, 42, 10])
    order = [2, 0, 1]
    np.testing.assert_allclose(
        stratified_mean(size, n, hits, hits)[:4],
        stratified_mean(size[order], n[order], hits[order], hits[order])[:4],
    )
    whole = stratified_mean([10, 5], [10, 5], [4, 5], [4, 5])
    assert [float(x) for x in whole[:4]] == pytest.approx([0.6, 0, 0.6, 0.6])
    assert [float(x) for x in share_interval([10, 5], [10, 5], [4, 5])] == pytest.approx([0.6] * 3)
    assert np.isnan(stratified_mean([10, 5], [5, 0], [2, 0], [2, 0])[0])
    mean, low, high = share_interval([10, 5], [5, 0], [2, 0])
    assert low < mean < high


@given(st.lists(st.floats(0, 4), min_size=3, max_size=30), st.floats(0.5, 20))
def test_chances_are_chances_and_keep_the_budget(expected: list[float], budget: float) -> None:
    found = chances(expected, budget)
    drawn = np.array(expected) > 0
    assert ((found >= 0) & (found <= 1)).all()
    assert (found[drawn] > 0).all()
    assert (found[~drawn] == 0).all()
    assert found.sum() <= max(budget, found[drawn].size * 0.01 * budget) + 1e-6


def test_weights_are_brought_back_between_minus_one_and_one() -> None:
    pi = np.array([0.1, 0.2, 0.5])
    value, times = scaled_back([1, -1, 1], pi, 0.1)
    assert np.abs(value).max() <= 1
    assert value.sum() * times == pytest.approx(float((np.array([1, -1, 1]) / pi).sum()))
    with pytest.raises(ValueError, match="above any chance"):
        scaled_back([1], [0.05], 0.1)
    one, other = weighted_mean([1, 1], [1, 1], 4), weighted_sequence([1, 1], [1, 1], 4, 0.05, 10)
    assert one[0] == 0.5
    assert one[1] == 0
    assert other[0] < 0.5 < other[1]


# Value


def paired(n: int, b: int, c: int, days: int = 60, open_: int = 0) -> dict[str, Any]:
    return {
        "n": np.full(days, n),
        "wins": np.full(days, b),
        "losses": np.full(days, c),
        "open_": open_,
    }


def test_a_unit_value_is_that_times_the_difference(daily: Build, scope: MakeScope) -> None:
    measures = daily(**paired(50, 5, 2))
    known = scope(60, terms=Terms(value=UNIT))
    found = {t.metric: t for t in all_evaluators()["value"].evaluate(measures, known)}
    assert found["saving_per_case"].estimate[0] == pytest.approx(12 * 3 / 50)
    low, high = betting.confidence_sequence(3000, 300, 120, 0.05, GRID)
    table = found["saving_per_case"]
    np.testing.assert_allclose([table.low[0], table.high[0]], [12 * low, 12 * high], atol=1e-6)


def test_unknown_outcomes_are_filled_with_the_worst_and_the_best(
    measures_of: Build, scope: MakeScope
) -> None:
    rows = [
        {"decision": "yes", "recommendation": "no", "outcome": None, "n": 4},
        {"decision": "no", "recommendation": "no", "outcome": None, "n": 5},
        {"answer": "escalated", "decision": "yes", "outcome": "yes", "n": 1},
    ]
    prices = Prices.of(VALUE)
    assert prices is not None
    cases = CaseCounts.of(measures_of(rows)["outcome_counts"])
    found = savings_at(cases, scope(None), prices)
    # Production alarms, the candidate does not: 10 saved if all is well, 35 lost if not.
    assert found.mean(found.low)[0, 0] == pytest.approx((4 * -35 - 3) / 10)
    assert found.mean(found.high)[0, 0] == pytest.approx((4 * 10 - 3) / 10)
    assert found.mean(found.middle)[0, 0] == pytest.approx(-3 / 10)


def test_rows_put_together_save_the_same(daily: Build, scope: MakeScope) -> None:
    prices = Prices.of(VALUE)
    assert prices is not None
    cases = CaseCounts.of(daily(**paired(50, 5, 2, open_=1))["outcome_counts"])
    one, other = (savings_at(x, scope(60), prices) for x in (cases, alike(cases)))
    np.testing.assert_allclose(one.mean(one.low), other.mean(other.low))
    assert len(alike(cases).segment) < len(cases.segment) / 20


def test_a_saving_passes_fails_or_waits(daily: Build, scope: MakeScope) -> None:
    known = scope(60, terms=Terms(value=UNIT))
    good = judged("value", daily(**paired(100, 10, 2)), known)
    assert (good.status, good.value) == (Status.PASS, pytest.approx(12 * 0.08))
    assert good.since is not None
    bad = judged("value", daily(**paired(100, 2, 10)), known)
    assert (bad.status, bad.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    unclear = judged("value", daily(**paired(20, 2, 2)), known, at_least=-0.1)
    assert unclear.status is Status.INCONCLUSIVE
    assert unclear.forecast is not None
    assert unclear.forecast.earliest is not None
    early = judged(
        "value", daily(**paired(100, 10, 2, days=10)), scope(10, terms=Terms(value=UNIT))
    )
    assert (early.status, early.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_WEEKS)
    hopeless = judged("value", daily(**paired(100, 10, 2)), known, at_least=12.0)
    assert hopeless.status is Status.FAIL
    assert "no case can save more than 12.00 EUR" in hopeless.sentence
    none = judged("value", daily(**paired(100, 10, 2)), scope(60))
    assert (none.status, none.reason) == (Status.NO_DATA, Reason.NOT_APPLICABLE)


def test_a_pass_about_savings_is_kept_until_it_is_contradicted(
    daily: Build, scope: MakeScope
) -> None:
    known = scope(112, terms=Terms(value=UNIT))
    ahead, even = np.full(56, 8), np.full(56, 2)
    fading = np.concatenate([ahead, even]), np.concatenate([even, ahead])
    kept = judged("value", daily(np.full(112, 100), *fading), known)
    assert kept.status is Status.PASS
    assert "what was shown is kept" in kept.sentence


def test_missing_outcomes_cannot_buy_a_saving(daily: Build, scope: MakeScope) -> None:
    known = scope(60, terms=Terms(value=UNIT))
    found = judged("value", daily(**paired(100, 6, 2, open_=6)), known)
    assert found.status is Status.INCONCLUSIVE
    assert found.low < 0


def test_a_candidate_that_saves_nothing_rarely_passes(daily: Build, scope: MakeScope) -> None:
    known, passed = scope(56, terms=Terms(value=UNIT)), 0
    for seed in range(80):
        chance = np.random.default_rng(seed)
        b, c = chance.binomial(100, 0.05, (2, 56))
        measures = daily(np.full(56, 100), b, c)
        passed += judged("value", measures, known).status is Status.PASS
    assert passed <= 7  # nominal 2.5 %


# Costs, times and exposure


def costs(days: int, per_record: float, n: int = 30) -> Measures:
    day = 15_826 + np.arange(days)
    units = np.full(days, round(per_record * 1e6) * n)
    table = {
        "cohort_day": day,
        "priced": np.full(days, n),
        "millionths": units + np.arange(days) % 3,
        "squares": (units / n) ** 2 * n,
        "metered": np.zeros(days, np.int64),
        "input_tokens": np.zeros(days, np.int64),
        "output_tokens": np.zeros(days, np.int64),
    }
    return {"running_costs": Columns(table), "outcome_counts": Columns({})}


def test_costs_are_held_against_the_budget(scope: MakeScope) -> None:
    terms = Terms(
        budget=Budget(currency="EUR", per_decision=0.01, per_month=20), cases_per_year=12_000
    )
    known = scope(30, terms=terms)
    assert judged("cost", costs(30, 0.01 / 2), known).status is Status.PASS
    dear = judged("cost", costs(30, 0.02), known)
    assert (dear.status, dear.threshold) == (Status.FAIL, 0.01)
    early = judged("cost", costs(10, 0.005), known)
    assert (early.status, early.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_CLUSTERS)
    assert early.forecast is not None
    month = judged("cost", costs(30, 0.005), known, per_month=4.0)
    assert (month.status, month.value) == (Status.FAIL, pytest.approx(5.0, abs=0.01))
    nothing = judged("cost", costs(0, 0.005), known)
    assert nothing.status is Status.NO_DATA
    assert "`cost`" in nothing.sentence
    tokens = judged("cost", costs(30, 0.005), known, tokens=100.0)
    assert tokens.status is Status.NO_DATA
    assert "`input_tokens`" in tokens.sentence
    assert judged("cost", costs(30, 0.005), scope(30)).reason is Reason.NOT_APPLICABLE


def times(values: np.ndarray, days: int) -> Columns:
    bins = np.floor(20 * np.log2(values + 1)).astype(np.int64)
    day = 15_826 + np.arange(len(values)) % days
    ones = np.ones(len(values), np.int64)
    return Columns({"cohort_day": day, "latency_bin": bins, "n": ones, "answered": ones})


def test_percentiles_are_those_of_the_times() -> None:
    values = np.random.default_rng(3).lognormal(5, 0.5, 4000)
    for share in (0.5, 0.95, 0.99):
        found, low, high, n = quantile(times(values, 30), share, 0.05)
        assert n == 4000
        assert found == pytest.approx(float(np.quantile(values, share)), rel=0.04)
        assert low <= float(np.quantile(values, share)) <= high
    assert float(edge(np.array([0, 20]))[1]) == 1.0
    slow = slow_share(times(values, 30), 300.0)
    assert slow.estimate[0] == pytest.approx((values > 300).mean(), abs=0.02)


def test_a_slow_candidate_fails_and_a_fast_one_passes(scope: MakeScope) -> None:
    values = np.random.default_rng(3).lognormal(5, 0.5, 4000)
    known = scope(30, terms=Terms(service_levels=ServiceLevels(latency_p95_ms=800)))
    measures = {"latency_counts": times(values, 30)}
    assert judged("latency", measures, known).status is Status.PASS
    slow = judged("latency", measures, known, p95_ms=200.0)
    assert (slow.status, slow.threshold) == (Status.FAIL, 200.0)
    few = {"latency_counts": times(values[:150], 30)}
    unclear = judged("latency", few, known, p95_ms=350.0)
    assert unclear.status is Status.INCONCLUSIVE
    assert unclear.forecast is not None
    assert judged("latency", measures, scope(30)).reason is Reason.NOT_APPLICABLE


def test_exposure_is_forbidden_in_the_shadow_and_counted_beside(
    measures_of: Build, scope: MakeScope
) -> None:
    rows = [
        {"decision": "yes", "recommendation": "yes", "outcome": "yes", "n": 90},
        {"answer": "exposed", "decision": "yes", "recommendation": "no", "outcome": "no", "n": 10},
    ]
    measures = {**measures_of(rows), "reliance_counts": Columns({})}
    shadow = judged("exposure", measures, scope(None))
    assert (shadow.status, shadow.value) == (Status.FAIL, 0.1)
    assert judged("exposure", measures, scope(None), share=0.1).status is Status.PASS
    parallel = scope(None, terms=Terms(mode=Mode.PARALLEL))
    assert judged("exposure", measures, parallel).status is Status.PASS
    assert CaseCounts.of(measures["outcome_counts"]).paired().n.tolist() == [90]
    found = {t.metric: t for t in all_evaluators()["exposure"].evaluate(measures, parallel)}
    assert found["override_rate_when_right"].estimate[0] == 1.0
    assert found["agreement_gain"].estimate[0] == -1.0
    assert np.isnan(found["override_rate_when_wrong"].estimate[0])


def test_a_pass_about_savings_waits_for_twenty_days(daily: Build, scope: MakeScope) -> None:
    found = judged("value", daily(**paired(1000, 100, 10)), scope(60, terms=Terms(value=UNIT)))
    assert found.since == to_date(15_826 + 20)  # shown in the first week, granted in the third


def test_exposed_cases_save_nothing(measures_of: Build, scope: MakeScope) -> None:
    seen = {"decision": "no", "recommendation": "yes", "outcome": "yes", "n": 10}
    rows = [{**seen, "answer": answer} for answer in ("exposed", "hindsight")]
    prices = Prices.of(VALUE)
    assert prices is not None
    for days in (None, 5):
        dated = [{**row, "day": None if days is None else 15_826} for row in rows]
        cases = CaseCounts.of(measures_of(dated)["outcome_counts"])
        assert savings_at(cases, scope(days), prices).n.tolist() == [[0.0]]


def test_an_answer_in_the_limit_s_own_bin_counts_as_slower() -> None:
    limit = float(np.exp2(150.5 / 20) - 1)
    bins = np.array([149, 150, 151])
    ones = np.ones(3, np.int64)
    table = Columns({"cohort_day": ones, "latency_bin": bins, "n": ones, "answered": ones})
    assert slower(table, limit).tolist() == [False, True, True]
    assert slower(table, float(edge(150))).tolist() == [False, True, True]


def test_a_mean_over_equal_days_is_that_of_the_daily_means() -> None:
    means = np.random.default_rng(8).normal(2, 0.3, 50)
    n = np.full(50, 40.0)
    found = mean_of(n, n * means, n * means**2, True, 0.05)
    wanted = asymptotic_sequence(50, means.sum(), (means**2).sum(), 0.05, 60)
    assert (found.low, found.high) == pytest.approx([float(end) for end in wanted])
    assert (found.n, found.clusters) == (2000, 50)
