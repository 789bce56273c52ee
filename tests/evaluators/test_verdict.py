"""The verdict and its sentence, at none, one and all; and that faults never pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from data_contracts.findings import GateResult
from data_contracts.study.policy import GateSpec, Policy
from data_contracts.vocabulary import DecisionType, GateFamily, Reason, Status, VerdictState
from evaluators.assess import Assessment, assess
from evaluators.columns import Columns, Measures
from evaluators.kinds import GateKind
from evaluators.policy import Gate, build_gates
from evaluators.scope import DataState, Scope
from evaluators.verdict import verdict

PASS, FAIL, WAIT, NONE, ERROR = (
    Status.PASS,
    Status.FAIL,
    Status.INCONCLUSIVE,
    Status.NO_DATA,
    Status.ERROR,
)
GO, NO_GO, COLLECTING, BLOCKED = (
    VerdictState.GO,
    VerdictState.NO_GO,
    VerdictState.COLLECTING,
    VerdictState.BLOCKED,
)


def gate(status: Status, family: GateFamily = GateFamily.QUALITY) -> GateResult:
    data = family is GateFamily.DATA
    sentence = "1,204 decisions of 9 Nov 2013 have no recommendation." if data else "It is worse."
    return GateResult("g", "k", family, status, Reason.OK, "rule", sentence, "measured")


DATA_FAIL = gate(FAIL, GateFamily.DATA)

TABLE = [
    ([], COLLECTING, "Not yet: the policy has no gates."),
    ([gate(WAIT)], COLLECTING, "Not yet: the one gate needs more data."),
    ([gate(NONE)], COLLECTING, "Not yet: the one gate needs more data."),
    (
        [gate(WAIT)] * 2,
        COLLECTING,
        "Not yet: no gate has passed, none has failed, both need more data.",
    ),
    (
        [gate(WAIT)] * 14,
        COLLECTING,
        "Not yet: no gate has passed, none has failed, all 14 need more data.",
    ),
    (
        [gate(PASS)] + [gate(WAIT)] * 13,
        COLLECTING,
        "Not yet: 1 of 14 gates has passed, none has failed, 13 need more data.",
    ),
    (
        [gate(PASS)] * 11 + [gate(WAIT)] * 2 + [gate(NONE)],
        COLLECTING,
        "Not yet: 11 of 14 gates have passed, none has failed, 3 need more data.",
    ),
    (
        [gate(PASS)] * 13 + [gate(NONE)],
        COLLECTING,
        "Not yet: 13 of 14 gates have passed, none has failed, 1 needs more data.",
    ),
    ([gate(PASS)], GO, "The one gate has passed."),
    ([gate(PASS)] * 2, GO, "Both gates have passed."),
    ([gate(PASS)] * 14, GO, "All 14 gates have passed."),
    ([gate(FAIL)], NO_GO, "The evidence says no: it is worse."),
    ([gate(PASS)] * 3 + [gate(FAIL)], NO_GO, "The evidence says no: it is worse."),
    (
        [gate(WAIT)] + [gate(FAIL)] * 2,
        NO_GO,
        "The evidence says no: 2 of 3 gates have failed. It is worse.",
    ),
    ([gate(FAIL)] * 2, NO_GO, "The evidence says no: both gates have failed. It is worse."),
    ([gate(FAIL)] * 3, NO_GO, "The evidence says no: all 3 gates have failed. It is worse."),
    (
        [gate(PASS), DATA_FAIL],
        BLOCKED,
        "The data cannot be trusted yet: 1,204 decisions of 9 Nov 2013 have no recommendation.",
    ),
    (
        [gate(FAIL), DATA_FAIL, DATA_FAIL],
        BLOCKED,
        "The data cannot be trusted yet: 1,204 decisions of 9 Nov 2013 have no recommendation."
        " 1 more gate blocks it.",
    ),
    ([gate(PASS)] * 3 + [gate(ERROR)], BLOCKED, "The verdict cannot be given: it is worse."),
    ([gate(FAIL), gate(ERROR)], BLOCKED, "The verdict cannot be given: it is worse."),
    ([gate(PASS), gate(NONE, GateFamily.DATA)], COLLECTING, None),
]


@pytest.mark.parametrize(("gates", "state", "sentence"), TABLE)
def test_verdict(gates: list[GateResult], state: VerdictState, sentence: str | None) -> None:
    found = verdict("late-gbm", "1.4.0", gates)
    assert found.state is state
    assert found.gates == tuple(gates)
    if sentence is not None:
        assert found.sentence == sentence


@pytest.mark.parametrize("status", [s for s in Status if s is not PASS])
def test_nothing_but_passes_is_a_go(status: Status) -> None:
    assert verdict("c", "1", [gate(PASS)] * 5 + [gate(status)]).state is not GO


@dataclass(frozen=True)
class NoSettings:
    """Nothing to set."""


def broken(name: str, settings: object, measures: Measures, scope: Scope) -> GateResult:
    raise ZeroDivisionError("float division by zero")


def test_a_gate_that_raises_is_an_error_that_names_it(
    daily: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    kind = GateKind("broken", GateFamily.QUALITY, NoSettings, broken)
    found = assess(daily(np.full(30, 50), 3, 3), scope(30), [Gate("brk", kind, NoSettings())])
    (result,) = found.gates
    assert (result.status, result.reason) == (Status.ERROR, Reason.FAULT)
    assert result.sentence == (
        "The gate `brk` could not be evaluated (ZeroDivisionError: float division by zero)."
    )
    assert found.verdict.state is BLOCKED
    assert found.findings


POLICY = Policy(
    gates=(
        GateSpec(kind="duration"),
        GateSpec(kind="books"),
        GateSpec(kind="pairing"),
        GateSpec(kind="noninferiority"),
        GateSpec(kind="segments", cut="unit"),
        GateSpec(kind="answered"),
    )
)


def study(daily: Callable[..., Measures], b: float, c: float, days: int = 84) -> Measures:
    rng = np.random.default_rng(2)
    shape = (4, days)
    return daily(np.full(shape, 80), rng.poisson(b, shape), rng.poisson(c, shape))


@pytest.mark.parametrize(
    ("b", "c", "days", "state"),
    [(5, 3, 84, GO), (3, 3, 21, COLLECTING), (1, 9, 84, NO_GO)],
)
def test_a_whole_assessment(
    b: float,
    c: float,
    days: int,
    state: VerdictState,
    daily: Callable[..., Measures],
    scope: Callable[..., Scope],
) -> None:
    found = assess(study(daily, b, c, days), scope(days), build_gates(POLICY))
    assert found.verdict.state is state
    assert [g.gate for g in found.gates] == [g.name for g in found.policy]
    assert len(list(found.trajectory_rows())) == days // 7
    names = [table.metric for table in found.findings]
    assert len(names) == len(set(names))
    assert {"paired_difference", "accuracy_production", "agreement_ac1"} <= set(names)


def test_untrusted_data_block_whatever_the_rest_says(
    daily: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    data = DataState(("decisions: read = accepted + rejected, but 7 = 5 + 1",), (), 9)
    found = assess(study(daily, 5, 3), scope(84, data=data), build_gates(POLICY))
    assert found.verdict.state is BLOCKED
    assert found.verdict.sentence == (
        "The data cannot be trusted yet: the books do not balance:"
        " decisions: read = accepted + rejected, but 7 = 5 + 1."
    )


def test_a_study_without_days_never_goes_live_on_a_duration_gate(
    daily: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    found = assess(study(daily, 5, 3), scope(), build_gates(POLICY))
    assert found.verdict.state is COLLECTING
    assert {g.kind for g in found.gates if g.status is NONE} == {"duration"}


def test_missing_measures_are_errors_of_gates_and_skip_evaluators(
    scope: Callable[..., Scope],
) -> None:
    found = assess({}, scope(30), build_gates(POLICY))
    failed = {g.kind for g in found.gates if g.status is ERROR}
    assert failed == {"duration", "pairing", "noninferiority", "segments", "answered"}
    assert not found.findings


def test_an_evaluator_that_raises_is_told_and_stops_nothing(
    daily: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    measures = dict(study(daily, 3, 3))
    table = measures["outcome_counts"]
    labels = {k: v for k, v in table.labels.items() if k != "recommendation"}
    measures["outcome_counts"] = Columns(table.arrays, labels)
    found = assess(measures, scope(84), build_gates(POLICY))
    told = {t.metric: t for t in found.findings}
    assert told["agreement"].status == (ERROR,)
    assert "KeyError" in told["agreement"].method
    assert told["paired_difference"].status[0] is WAIT


def test_numeric_decisions_have_agreement_and_difference_only(
    daily: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    numeric = replace(scope(84), decision_type=DecisionType.NUMERIC, classes=(), positive=None)
    found: Assessment = assess(study(daily, 5, 3), numeric, build_gates(POLICY))
    names = {t.metric for t in found.findings}
    assert "agreement_raw" in names
    assert "agreement_kappa" not in names
    assert "false_positive_rate_production" not in names
    assert found.verdict.state is GO
