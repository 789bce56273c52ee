"""Numeric decisions: laws of the statistics, and what evaluators and the gate `loss` say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric_measures import loss_measures

from data_contracts.vocabulary import DecisionType, Loss, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import all_evaluators, all_gate_kinds, all_reports
from evaluators.scope import Scope
from evaluators.statistics.atoms import lower_bound_of_atoms, sequence_of_atoms
from evaluators.statistics.betting import general_grid
from evaluators.statistics.concordance import concordance, limits_of_agreement
from evaluators.statistics.moments import Moments
from evaluators.statistics.paired_means import fieller
from evaluators.statistics.serial import diebold_mariano, long_run
from evaluators.statistics.split_edges import split_to_edges
from evaluators.terms import Terms

FIRST = 15_826
KIND = all_gate_kinds()["loss"]
numbers = st.floats(-1e6, 1e6, allow_nan=False)
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30)


def moments(of: list[tuple[float, float]]) -> Moments:
    return Moments.of([x for x, _ in of], [y for _, y in of])


@given(pairs, st.integers(0, 30))
def test_moments_of_any_two_parts_merge_to_those_of_the_whole(
    of: list[tuple[float, float]], cut: int
) -> None:
    whole, parts = moments(of), moments(of[:cut]).merge(moments(of[cut:]))
    for name in ("n", "mean_x", "mean_y", "m2_x", "m2_y", "cross"):
        scale = 1e12 if name in ("m2_x", "m2_y", "cross") else 1e6
        assert getattr(parts, name) == pytest.approx(
            getattr(whole, name), rel=1e-9, abs=1e-9 * scale
        )


@given(pairs)
def test_swapping_the_two_mirrors_the_limits_and_keeps_the_concordance(
    of: list[tuple[float, float]],
) -> None:
    there, back = moments(of), moments([(y, x) for x, y in of])
    one, other = limits_of_agreement(there), limits_of_agreement(back)
    assert one.low == pytest.approx(-other.high, nan_ok=True)
    assert one.bias == pytest.approx(-other.bias, nan_ok=True)
    value = concordance(there)[0]
    assert value == pytest.approx(concordance(back)[0], nan_ok=True, abs=1e-9)
    assert np.isnan(value) or -1 - 1e-9 <= value <= 1 + 1e-9


def test_agreement_at_its_edges() -> None:
    constant = Moments.of([1.0] * 9, np.arange(9.0))
    value, low, high = concordance(constant)
    assert (float(value), np.isnan(low), np.isnan(high)) == (0.0, True, True)
    assert [float(a) for a in concordance(Moments.of([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]))] == [1] * 3
    nothing = Moments.of([], [])
    assert np.isnan(concordance(nothing)[0])
    assert np.isnan(limits_of_agreement(nothing).bias)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 40), min_size=20, max_size=20), st.data())
def test_moving_mass_to_edges_never_makes_evidence(counts: list[int], data: st.DataObject) -> None:
    edges, n = np.linspace(-1, 1, 21), np.array(counts)
    place = data.draw(st.lists(st.floats(0, 1), min_size=20, max_size=20))
    values = edges[:-1] + np.array(place) * 0.1
    exact = np.argsort(values)
    grid = general_grid()
    rows = lower_bound_of_atoms(n[exact], values[exact], 0.025, grid)
    assert (
        lower_bound_of_atoms(split_to_edges(n, n * values, edges), edges, 0.025, grid)
        <= rows + 1e-9
    )


def test_swapping_the_arms_mirrors_the_interval_of_a_histogram() -> None:
    mass, atoms = np.array([3.0, 40.0, 9.0, 2.0]), np.array([-1.0, 0.0, 0.25, 1.0])
    low, high = sequence_of_atoms(mass, mass, atoms, 0.05, general_grid())
    mirrored = sequence_of_atoms(mass[::-1], mass[::-1], -atoms[::-1], 0.05, general_grid())
    assert mirrored == (pytest.approx(-high), pytest.approx(-low))
    assert sequence_of_atoms(0 * mass, 0 * mass, atoms, 0.05, general_grid()) == (-1, 1)


def test_a_denominator_that_may_be_nothing_gives_no_interval() -> None:
    assert np.isnan(fieller(1.0, 1.0, 1.0, 1.0, 0.0, 1.96)).all()
    low, high = fieller(10.0, 10.0, 1.0, 1.0, 1.0, 1.96)
    assert (float(low), float(high)) == pytest.approx((1.0, 1.0))


def test_a_series_that_never_varies_has_no_test() -> None:
    assert np.isnan(diebold_mariano(np.ones(9), 2)[0])
    assert np.isnan(diebold_mariano([[1.0]], 1)[0]).all()
    gap = diebold_mariano([1.0, np.nan, 3.0, 2.5], 1)
    assert gap[0] == pytest.approx(diebold_mariano([1.0, 3.0, 2.5], 1)[0])


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=60), st.integers(1, 9))
def test_serial_correlation_only_ever_widens(values: list[float], horizon: int) -> None:
    r = np.array(values) - np.mean(values)
    variance, effective = long_run(r, len(r), horizon)
    assert variance >= (r * r).sum() * len(r) / (len(r) - 1) * (1 - 1e-12)
    assert 0 < effective <= len(r)


def cases(seed: int = 3, days: int = 84, a_day: int = 20, **how: Any) -> dict[str, Any]:
    """Return numeric cases; the candidate's errors are smaller by `better` on average."""
    rng = np.random.default_rng(seed)
    size = days * a_day
    truth = rng.normal(50, 10, size)
    off = rng.normal(0, how.get("spread", 5), size)
    shrink = 1 - how.get("better", 0.0)
    return {
        "day": FIRST + np.repeat(np.arange(days), a_day),
        "decision": truth + off,
        "recommendation": truth + shrink * rng.permutation(off),
        "outcome": truth,
    }


@pytest.fixture
def study(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> Callable[..., tuple[Measures, Scope]]:
    """Return a function that makes measures and scope of numeric cases."""

    def make(found: dict[str, Any], days: int | None = 84, **terms: Any) -> tuple[Measures, Scope]:
        how = {k: v for k, v in terms.items() if k in ("quantile",) and v is not None}
        rows = measures_of(
            {"day": int(d), "decision": "no", "outcome": None if np.isnan(y) else "no", "n": 1}
            for d, y in zip(found["day"], found["outcome"], strict=True)
        )
        measures = loss_measures(
            **found,
            **how,
            loss=str(terms.get("loss", "absolute")),
            largest=terms.get("largest_loss"),
        )
        about = scope(days, decision_type=DecisionType.NUMERIC, classes=(), positive=None)
        return {**rows, **measures}, replace(about, terms=Terms(**terms))

    return make


Make = Callable[..., tuple[Measures, Scope]]


def judged(made: tuple[Measures, Scope], **asked: Any) -> Any:
    return KIND.judge("loss", KIND.settings(**asked), *made)


def test_errors_equal_those_of_the_rows(study: Make) -> None:
    found = cases(better=0.2)
    measures, about = study(found, loss=Loss.QUANTILE, quantile=0.9)
    told = {
        t.metric: t
        for name in ("forecast_errors", "loss_difference", "numeric_agreement")
        for t in all_evaluators()[name].evaluate(measures, about)
    }
    e = {
        "production": found["decision"] - found["outcome"],
        "candidate": found["recommendation"] - found["outcome"],
    }
    for arm, off in e.items():
        expected = {
            "mae": np.abs(off).mean(),
            "rmse": np.sqrt((off**2).mean()),
            "bias": off.mean(),
            "wape": np.abs(off).sum() / np.abs(found["outcome"]).sum(),
            "pinball": np.maximum(-0.9 * off, 0.1 * off).mean(),
        }
        for metric, value in expected.items():
            assert told[f"{metric}_{arm}"].estimate[0] == pytest.approx(value), metric
    gap = np.abs(e["production"]).mean() - np.abs(e["candidate"]).mean()
    assert told["mae_difference"].estimate[0] == pytest.approx(gap)
    pinball = told["pinball_production"].estimate[0], told["pinball_candidate"].estimate[0]
    assert told["loss_difference"].estimate[0] == pytest.approx(pinball[0] - pinball[1])
    assert told["loss_improvement"].estimate[0] == pytest.approx(1 - pinball[1] / pinball[0])
    between = found["recommendation"] - found["decision"]
    assert told["agreement_bias"].estimate[0] == pytest.approx(between.mean())
    assert told["agreement_high"].estimate[0] == pytest.approx(
        between.mean() + 1.959963984540054 * between.std(ddof=1)
    )


@pytest.mark.parametrize("largest", [None, 30.0])
@pytest.mark.parametrize("asked", [{"margin": 0.5}, {"relative": -0.1}])
def test_the_gate_passes_the_better_and_fails_the_worse(
    study: Make, asked: dict[str, float], largest: float | None
) -> None:
    better = judged(study(cases(better=0.4), largest_loss=largest), **asked)
    worse = judged(study(cases(better=-0.6), largest_loss=largest), **asked)
    assert (better.status, worse.status) == (Status.PASS, Status.FAIL)
    assert "mean absolute error" in better.sentence
    assert better.low > better.threshold > worse.high


def test_an_undecided_gate_says_when(study: Make) -> None:
    found = judged(study(cases(days=35, better=0.05), 35), relative=0.0)
    assert found.status is Status.INCONCLUSIVE
    assert found.forecast is not None
    early = judged(study(cases(days=9, better=0.5), 9), relative=0.0)
    assert (early.status, early.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_WEEKS)


def test_another_metric_that_disagrees_is_named(study: Make) -> None:
    found = cases(better=0.5)
    found["recommendation"][::200] += 150  # now and then far off
    told = judged(study(found), relative=-0.1)
    assert "mean squared error says otherwise: the candidate's is larger" in told.sentence
    squared = judged(study(found), relative=-0.1, metric="squared")
    assert squared.status is not Status.PASS
    assert "mean absolute error says otherwise: the candidate's is smaller" in squared.sentence


@pytest.mark.parametrize("metric", ["squared", "wape"])
def test_missing_outcomes_that_cannot_be_filled_hold_the_gate(study: Make, metric: str) -> None:
    found = cases(better=0.5)
    found["outcome"] = np.where(np.arange(len(found["day"])) % 40 == 0, np.nan, found["outcome"])
    held = judged(study(found), margin=0.5 if metric == "squared" else 0.01, metric=metric)
    assert (held.status, held.reason) == (Status.INCONCLUSIVE, Reason.NO_OUTCOMES)
    assert "2.5% of the cases have no outcome" in held.sentence
    let = judged(
        study(found), margin=0.5 if metric == "squared" else 0.01, metric=metric, missing=0.03
    )
    assert let.status is Status.PASS
    assert "left out" in let.sentence


@pytest.mark.parametrize("largest", [None, 30.0])
def test_hiding_the_bad_outcomes_does_not_help(study: Make, largest: float | None) -> None:
    found = cases(better=-0.3)
    before = judged(study(found, largest_loss=largest), margin=0.5)
    worse = np.abs(found["recommendation"] - found["outcome"]) > np.abs(
        found["decision"] - found["outcome"]
    )
    found["outcome"] = np.where(worse, np.nan, found["outcome"])
    hidden = judged(study(found, largest_loss=largest), margin=0.5)
    assert before.status is not Status.PASS
    assert hidden.status is not Status.PASS
    assert hidden.low <= before.low
    assert "filled" in hidden.sentence


def test_days_that_resemble_each_other_hold_the_gate(study: Make) -> None:
    found = cases(days=42, better=0.3)
    month = np.where(found["day"] - FIRST < 21, 6.0, 0.0)
    found["recommendation"] = found["outcome"] + (
        np.sign(found["recommendation"] - found["outcome"]) * month
    )
    told = judged(study(found, 42), relative=-0.02)
    assert (told.status, told.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_CLUSTERS)
    assert "independent days" in told.sentence


def test_a_loss_above_the_largest_is_cut_and_counted(study: Make) -> None:
    found = cases(better=0.2)
    found["recommendation"][5] += 1e6
    told = judged(study(found, largest_loss=20.0), margin=2.0)
    assert "Losses above 20 count as that much" in told.sentence
    assert told.value > -1


def test_settings_must_make_sense() -> None:
    for wrong in ({}, {"margin": 1.0, "relative": 0.0}, {"relative": 1.0}, {"margin": -1.0}):
        with pytest.raises(ValueError, match=r"margin|relative"):
            KIND.settings(**wrong)
    with pytest.raises(ValueError, match="`metric` must be absolute"):
        KIND.settings(relative=0.0, metric="mape")


def test_a_quantile_must_be_registered(study: Make) -> None:
    told = judged(study(cases()), relative=0.0, metric="quantile")
    assert (told.status, told.reason) == (Status.NO_DATA, Reason.NOT_APPLICABLE)


def test_intervals_stand_side_by_side(study: Make) -> None:
    rows = all_reports()["loss_intervals"].tabulate(*study(cases(better=0.2)))
    assert rows["metric"] == ["absolute", "squared"]
    for i in range(2):
        ends = [
            rows[f"{name}_{side}"][i]
            for side in ("low", "high")
            for name in ("anytime", "serial", "naive")
        ]
        assert ends[0] < ends[1] < ends[2] < rows["difference"][i] < ends[5] < ends[4] < ends[3]
