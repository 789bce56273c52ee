"""The gate on checks of the data: what blocks, what is told, and that no policy leaves it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from data_contracts.data_words import CheckKind, Severity
from data_contracts.findings import CheckResult, GateResult
from data_contracts.study.policy import GateSpec, Policy
from data_contracts.vocabulary import Reason, RiskTier, Status, Stream, VerdictState
from evaluators.assess import assess
from evaluators.columns import Measures
from evaluators.kinds import all_gate_kinds
from evaluators.mandatory import missing_families
from evaluators.policy import build_gates
from evaluators.scope import DataState, Scope

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]
CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO


def result(status: Status, severity: Severity, sentence: str = "It is odd.") -> CheckResult:
    kind = CheckKind.UNIQUE
    return CheckResult("it", Stream.DECISIONS, kind, "", severity, status, sentence, "It is even")


def judged(scope: Scope, *results: CheckResult, **settings: Any) -> GateResult:
    gate = all_gate_kinds()["checks"]
    data = replace(scope, data=DataState(checks=results))
    return gate.judge("checks", gate.settings(**settings), {}, data)


def test_without_any_check_there_is_nothing_to_trust(scope: MakeScope) -> None:
    assert judged(scope(10)).status is Status.NO_DATA
    assert judged(scope(10), result(Status.NO_DATA, CRITICAL)).status is Status.NO_DATA


@pytest.mark.parametrize(
    ("status", "severity", "blocks", "expected"),
    [
        (Status.PASS, CRITICAL, "critical", Status.PASS),
        (Status.FAIL, CRITICAL, "critical", Status.FAIL),
        (Status.ERROR, CRITICAL, "critical", Status.FAIL),
        (Status.FAIL, WARNING, "critical", Status.PASS),
        (Status.FAIL, WARNING, "warning", Status.FAIL),
        (Status.FAIL, INFO, "warning", Status.PASS),
    ],
)
def test_what_blocks(
    scope: MakeScope, status: Status, severity: Severity, blocks: str, expected: Status
) -> None:
    assert judged(scope(10), result(status, severity), blocks=blocks).status is expected


def test_the_sentence_says_which_failed_and_why_and_tells_warnings(scope: MakeScope) -> None:
    found = judged(
        scope(10),
        result(Status.FAIL, WARNING, "Few records came."),
        result(Status.FAIL, CRITICAL, "Keys repeat."),
        result(Status.FAIL, CRITICAL, "Values are missing."),
        result(Status.PASS, CRITICAL),
    )
    assert found.reason is Reason.CHECKS_FAILED
    assert found.sentence == (
        "A critical check has failed: keys repeat. 1 more has failed. Warning: few records came."
    )
    assert found.measured == "2 of 4 checks failed"


def test_severity_that_blocks_is_one_of_two() -> None:
    with pytest.raises(ValueError, match="must be critical or warning"):
        all_gate_kinds()["checks"].settings(blocks="info")


@pytest.mark.parametrize("listed", [False, True])
def test_it_blocks_whether_or_not_the_policy_names_it(
    measures_of: Build, scope: MakeScope, listed: bool
) -> None:
    names = [{"kind": "duration"}, *([{"kind": "checks", "name": "mine"}] if listed else [])]
    gates = build_gates(Policy(gates=tuple(GateSpec(**name) for name in names)))
    state = DataState(checks=(result(Status.FAIL, CRITICAL, "Keys repeat."),))
    found = assess(measures_of([]), replace(scope(60), data=state), gates)
    assert found.verdict.state is VerdictState.BLOCKED
    assert "keys repeat" in found.verdict.sentence
    assert [gate.gate for gate in found.gates] == ["duration", "mine" if listed else "checks"]
    assert [gate.name for gate in found.policy] == [gate.gate for gate in found.gates]


def test_bare_counts_are_judged_by_the_policy_alone(measures_of: Build, scope: MakeScope) -> None:
    gates = build_gates(Policy(gates=(GateSpec(kind="duration"),)))
    assert [gate.gate for gate in assess(measures_of([]), scope(60), gates).gates] == ["duration"]


def test_a_gate_of_another_kind_may_have_its_name(measures_of: Build, scope: MakeScope) -> None:
    gates = build_gates(Policy(gates=(GateSpec(kind="duration", name="checks"),)))
    data = replace(scope(60), data=DataState(checks=(result(Status.PASS, CRITICAL),)))
    names = [gate.gate for gate in assess(measures_of([]), data, gates).gates]
    assert names == ["checks", "checks of the data"]


def test_naming_it_does_not_stand_in_for_the_books() -> None:
    gates = [GateSpec(kind="checks"), GateSpec(kind="noninferiority")]
    missing = missing_families(gates, RiskTier.LOW)
    ((_, kinds),) = missing
    assert "books" in kinds
    assert "checks" not in kinds
