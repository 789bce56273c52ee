"""Laws that every evaluator and every gate kind obeys; a new file is under them at once."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from score_tables import SUMS

from data_contracts.findings import WHOLE, GateResult
from data_contracts.study.production import Budget, BusinessValue, ServiceLevels
from data_contracts.vocabulary import DecisionType, Reason, ScoreMeaning, Status
from evaluators.columns import Columns, Measures
from evaluators.kinds import Evaluator, GateKind, all_evaluators, all_gate_kinds
from evaluators.results import Findings
from evaluators.scope import DataState, Scope
from evaluators.terms import Asked, Terms

EVALUATORS = list(all_evaluators().values())
KINDS = list(all_gate_kinds().values())
REQUIRED = {
    "cut": "unit",
    "segment": "u0",
    "segments": ("u0",),
    "fewer_errors": 0.15,
    "relative": -0.02,
}
TERMS = Terms(
    score=ScoreMeaning.PROBABILITY,
    served_in_order=True,
    cases_per_year=5000,
    value=BusinessValue(
        currency="EUR",
        costs={"no": {"no": 0.0, "yes": 80.0}, "yes": {"no": 10.0, "yes": 5.0}},
        review_cost=2.0,
    ),
    budget=Budget(per_decision=0.002, per_month=100.0, tokens_per_decision=400.0),
    service_levels=ServiceLevels(latency_p95_ms=800.0),
    asked=(Asked("g", "noninferiority", "all", 0.05), Asked("s", "segments", "unit", 0.05)),
)
NUMBERS = ("estimate", "low", "high", "n")

each_evaluator = pytest.mark.parametrize("evaluator", EVALUATORS, ids=lambda e: e.name)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)


def rows(days: int | None = 60) -> list[dict[str, Any]]:
    """Return a small study with every kind of answer, open outcomes and uneven days."""
    rng = np.random.default_rng(11)
    found: list[dict[str, Any]] = []
    for _ in range(600):
        truth = "yes" if rng.random() < 0.3 else "no"
        decision = truth if rng.random() < 0.85 else "no"
        given = truth if rng.random() < 0.9 else "yes"
        answer = rng.choice(["answered"] * 14 + ["missing", "abstained", "hindsight", "exposed"])
        found.append(
            {
                "day": None if days is None else 15_826 + int(rng.integers(0, days)),
                "unit": f"u{rng.integers(0, 4)}",
                "answer": str(answer),
                "decision": decision,
                "recommendation": given,
                "outcome": truth if rng.random() < 0.9 else None,
                "score": float(round(rng.random(), 4)),
                "n": int(rng.integers(1, 8)),
            }
        )
    return found


def settings_of(kind: GateKind) -> Any:
    names = {f.name for f in fields(kind.settings)}
    return kind.settings(**{k: v for k, v in REQUIRED.items() if k in names})


def fit(scope: Scope, evaluator: Evaluator) -> Scope:
    scope = replace(scope, terms=TERMS)
    if scope.decision_type in evaluator.decision_types:
        return scope
    return replace(scope, decision_type=evaluator.decision_types[0])


def by_name(tables: tuple[Findings, ...]) -> dict[str, Findings]:
    return {table.metric: table for table in tables}


def shuffled(measures: Measures) -> Measures:
    rng = np.random.default_rng(5)
    return {
        name: Columns(
            {k: a[order] for k, a in table.arrays.items()} if len(table) else {}, table.labels
        )
        for name, table in measures.items()
        for order in [rng.permutation(len(table))]
    }


def twice(measures: Measures) -> Measures:
    counts = ("n", "decisions", "recommendations", "outcomes", "answered", "priced", "metered")
    counts += ("millionths", "squares", "input_tokens", "output_tokens", *SUMS)
    counts += ("only_candidate", "only_production", "open_disagreements")
    counts += ("items", "agreeing_pairs", "most", "agreeing_answers")
    sums = set(measures["loss_sums"].arrays) - {"cohort_day", "cut", "segment", "unit"}
    return {
        name: Columns(
            {
                k: 2 * a if k in counts or (name == "loss_sums" and k in sums) else a
                for k, a in table.arrays.items()
            },
            table.labels,
        )
        for name, table in measures.items()
    }


def assert_same(left: tuple[Findings, ...], right: tuple[Findings, ...]) -> None:
    assert [t.metric for t in left] == [t.metric for t in right]
    for one, other in zip(left, right, strict=True):
        for name in NUMBERS:
            assert np.allclose(
                getattr(one, name), getattr(other, name), rtol=1e-12, atol=1e-12, equal_nan=True
            )
        assert (one.status, one.reason, one.segments) == (
            other.status,
            other.reason,
            other.segments,
        )


SELECTIVE = replace(TERMS, observed_when=("no",))


@pytest.fixture(params=["dated", "timeless", "selective"])
def study(
    request: pytest.FixtureRequest, measures_of: Callable[..., Any], scope: Callable[..., Scope]
) -> tuple[Measures, Scope]:
    if request.param == "timeless":
        return measures_of(rows(None)), scope(None, terms=TERMS)
    more = SELECTIVE if request.param == "selective" else TERMS
    return measures_of(rows(60)), scope(60, matures_after_days=7, terms=more)


@each_evaluator
def test_evaluator_is_named_like_its_file_and_explains_itself(evaluator: Evaluator) -> None:
    assert evaluator.evaluate.__module__ == f"evaluators.metrics.{evaluator.name}"
    text = evaluator.evaluate.__doc__ or ""
    assert text.startswith("Return")
    assert "Notes" in text
    assert "References" in text
    assert evaluator.title
    assert evaluator.needs


@each_evaluator
@pytest.mark.parametrize("days", [None, 30])
def test_evaluator_says_no_data_without_cases(
    evaluator: Evaluator,
    days: int | None,
    measures_of: Callable[..., Any],
    scope: Callable[..., Scope],
) -> None:
    for table in evaluator.evaluate(measures_of([]), fit(scope(days), evaluator)):
        assert set(table.status) == {Status.NO_DATA}
        assert Reason.OK not in table.reason
        assert np.isnan(table.estimate).all()


@each_evaluator
def test_evaluator_tells_nothing_unlabelled(
    evaluator: Evaluator, study: tuple[Measures, Scope]
) -> None:
    measures, scope = study
    for table in evaluator.evaluate(measures, fit(scope, evaluator)):
        assert len(table.status) == len(table.reason) == len(table.segments) == len(table.n)
        assert table.method
        for finding in table.rows():
            assert finding.status in (Status.INCONCLUSIVE, Status.NO_DATA)
            if finding.status is Status.NO_DATA:
                assert finding.estimate is None
                assert finding.reason is not Reason.OK
            else:
                assert finding.n > 0
                assert finding.low is not None
                assert finding.high is not None
                assert finding.low <= finding.high
            if finding.estimate is not None:
                assert finding.low - 1e-12 <= finding.estimate <= finding.high + 1e-12


@each_evaluator
def test_evaluator_gives_the_same_again_and_for_rows_in_any_order(
    evaluator: Evaluator, study: tuple[Measures, Scope]
) -> None:
    measures, scope = study
    found = evaluator.evaluate(measures, fit(scope, evaluator))
    assert_same(found, evaluator.evaluate(measures, fit(scope, evaluator)))
    assert_same(found, evaluator.evaluate(shuffled(measures), fit(scope, evaluator)))


@each_evaluator
def test_twice_the_data_never_widens_an_interval(
    evaluator: Evaluator, study: tuple[Measures, Scope]
) -> None:
    measures, scope = study
    once = by_name(evaluator.evaluate(measures, fit(scope, evaluator)))
    double = by_name(evaluator.evaluate(twice(measures), fit(scope, evaluator)))
    for metric, table in once.items():
        known = ~np.isnan(table.low)
        width, narrower = table.high - table.low, double[metric].high - double[metric].low
        assert (narrower[known] <= width[known] + 1e-9).all(), metric


@each_evaluator
def test_evaluator_and_findings_pickle_and_are_frozen(
    evaluator: Evaluator, study: tuple[Measures, Scope]
) -> None:
    measures, scope = study
    found = evaluator.evaluate(measures, fit(scope, evaluator))
    assert_same(found, pickle.loads(pickle.dumps(found)))
    assert pickle.loads(pickle.dumps(evaluator)) == evaluator
    with pytest.raises(FrozenInstanceError):
        evaluator.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("decision_type", list(DecisionType))
@each_evaluator
def test_evaluator_works_for_every_kind_of_decision_it_claims(
    evaluator: Evaluator,
    decision_type: DecisionType,
    study: tuple[Measures, Scope],
) -> None:
    if decision_type not in evaluator.decision_types:
        pytest.skip("not claimed")
    measures, scope = study
    if decision_type is DecisionType.NUMERIC:
        scope = replace(scope, classes=(), positive=None)
        table = measures["outcome_counts"]
        none = np.full(len(table), -1)
        blank = dict.fromkeys(("decision", "recommendation", "outcome"), none)
        labels = {**table.labels, **dict.fromkeys(blank, ())}
        measures = {**measures, "outcome_counts": Columns({**table.arrays, **blank}, labels)}
    found = evaluator.evaluate(measures, replace(scope, decision_type=decision_type))
    assert found
    assert all(len(table) == 5 or table.segments == (WHOLE,) for table in found)


@each_kind
def test_kind_is_named_like_its_file_and_explains_itself(kind: GateKind) -> None:
    assert kind.judge.__module__ == f"evaluators.gates.{kind.name}"
    text = kind.judge.__doc__ or ""
    assert text.startswith("Return")
    assert "Notes" in text
    assert is_dataclass(kind.settings)
    assert kind.settings.__doc__


@each_kind
@pytest.mark.parametrize("days", [None, 30])
def test_gate_says_no_data_without_cases(
    kind: GateKind, days: int | None, measures_of: Callable[..., Any], scope: Callable[..., Scope]
) -> None:
    empty = scope(days, data=DataState())
    found = kind.judge("g", settings_of(kind), measures_of([]), empty)
    if kind.name == "duration" and days:
        assert found.status is Status.PASS
        return
    assert found.status is Status.NO_DATA
    assert found.reason is not Reason.OK


@each_kind
def test_gate_result_is_whole(kind: GateKind, study: tuple[Measures, Scope]) -> None:
    measures, scope = study
    found = kind.judge("my gate", settings_of(kind), measures, scope)
    assert (found.gate, found.kind, found.family) == ("my gate", kind.name, kind.family)
    assert found.rule
    assert found.measured
    assert found.sentence.endswith(".")
    assert found.sentence[0].isupper() or found.sentence[0].isdigit()
    for number in (found.value, found.low, found.high, found.threshold):
        assert number is None or np.isfinite(number)
    if found.since is not None:
        assert found.status is Status.PASS
    if found.forecast is not None:
        assert found.status in (Status.INCONCLUSIVE, Status.NO_DATA)


@each_kind
def test_gate_gives_the_same_again_for_rows_in_any_order_and_pickles(
    kind: GateKind, study: tuple[Measures, Scope]
) -> None:
    measures, scope = study

    def judged(of: Measures) -> GateResult:
        return kind.judge("g", settings_of(kind), of, scope)

    found = judged(measures)
    assert found == judged(measures)
    assert found == judged(shuffled(measures))
    assert pickle.loads(pickle.dumps(found)) == found
    assert pickle.loads(pickle.dumps(kind)) == kind
    with pytest.raises(FrozenInstanceError):
        found.status = Status.PASS  # type: ignore[misc]


@each_kind
def test_settings_are_frozen_and_pickle(kind: GateKind) -> None:
    found = settings_of(kind)
    assert pickle.loads(pickle.dumps(found)) == found
    for field in fields(found):
        with pytest.raises(FrozenInstanceError):
            setattr(found, field.name, None)


def test_swapping_the_arms_mirrors_the_difference(
    measures_of: Callable[..., Any], scope: Callable[..., Scope]
) -> None:
    cases = [r for r in rows() if r["answer"] == "answered"]
    swapped = [
        {**r, "decision": r["recommendation"], "recommendation": r["decision"]} for r in cases
    ]
    evaluate = all_evaluators()["paired_difference"].evaluate
    one = by_name(evaluate(measures_of(cases), scope(60)))["paired_difference"]
    other = by_name(evaluate(measures_of(swapped), scope(60)))["paired_difference"]
    assert np.allclose(one.estimate, -other.estimate)
    assert np.allclose(one.low, -other.high)
    assert np.allclose(one.high, -other.low)
