"""The assessment of one candidate version: every finding, the trajectory and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data_contracts.findings import WHOLE, GateResult, Verdict
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import Evaluator, Rows, all_evaluators, all_gate_kinds, all_reports
from evaluators.policy import Gate
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.trajectory import Trajectory, trajectory
from evaluators.verdict import verdict

_LOUD = (Status.FAIL, Status.ERROR)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one candidate version came to.

    Attributes
    ----------
    findings
        One table per metric.
    weeks
        The overall difference week by week.
    reports
        Columns of further published tables, by the name of the table.
    policy
        The gates as they were asked, settings and all, and those that are always asked.
    verdict
        The answer, with the result of every gate in the same order.
    """

    findings: tuple[Findings, ...]
    weeks: Trajectory
    reports: Mapping[str, Rows]
    policy: tuple[Gate, ...]
    verdict: Verdict

    @property
    def gates(self) -> tuple[GateResult, ...]:
        """Results of the gates, in the policy's order."""
        return self.verdict.gates

    def trajectory_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the published table `trajectory`."""
        return self.weeks.rows()


def assess(measures: Measures, scope: Scope, gates: Sequence[Gate]) -> Assessment:
    """Return the assessment of one candidate version by one policy.

    Evaluators whose kinds of decision or whose measures do not fit are skipped. An evaluator or
    a gate that raises is reported with status ERROR, never as a pass, and blocks nothing else.
    """
    findings = tuple(
        table
        for evaluator in all_evaluators().values()
        if scope.decision_type in evaluator.decision_types
        and all(name in measures for name in evaluator.needs)
        for table in _found(evaluator, measures, scope)
    )
    reports, faults = _reported(measures, scope)
    named = [(gate, _judged(gate, measures, scope)) for gate in gates]
    more = [(gate, _judged(gate, measures, scope)) for gate in _always(gates, scope)]
    told = [pair for pair in more if not pair[0].kind.quiet or pair[1].status in _LOUD]
    policy = tuple(gate for gate, _ in (*named, *told))
    results = tuple(result for _, result in (*named, *told))
    return Assessment(
        (*findings, *faults),
        trajectory(measures, scope),
        reports,
        policy,
        verdict(scope.candidate, scope.version, results),
    )


def _reported(measures: Measures, scope: Scope) -> tuple[dict[str, Rows], tuple[Findings, ...]]:
    """Return the tables that have rows, and an ERROR for each that could not be made."""
    tables: dict[str, Rows] = {}
    faults: list[Findings] = []
    for name, report in all_reports().items():
        fits = scope.decision_type in report.decision_types
        if not fits or any(needed not in measures for needed in report.needs):
            continue
        try:
            columns = report.tabulate(measures, scope)
        except Exception as fault:
            faults.append(_fault(name, scope, fault))
            continue
        size = len(next(iter(columns.values()))) if columns else 0
        if size:
            subject = {"candidate": [scope.candidate], "model_version": [scope.version]}
            tables[name] = {**{key: one * size for key, one in subject.items()}, **columns}
    return tables, tuple(faults)


def _always(gates: Sequence[Gate], scope: Scope) -> Iterator[Gate]:
    """Yield the gates that are judged although the policy does not name their kind."""
    if scope.data.checks is None:
        return
    named = {gate.kind.name for gate in gates}
    names = {gate.name for gate in gates}
    for kind in all_gate_kinds().values():
        if kind.always and kind.name not in named:
            name = kind.name if kind.name not in names else f"{kind.name} of the data"
            yield Gate(name, kind, kind.settings())


def _found(evaluator: Evaluator, measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    try:
        return evaluator.evaluate(measures, scope)
    except Exception as fault:
        return (_fault(evaluator.name, scope, fault),)


def _fault(name: str, scope: Scope, fault: Exception) -> Findings:
    nothing, none = np.full(1, np.nan), np.zeros(1, np.int64)
    error, reason = (Status.ERROR,), (Reason.FAULT,)
    subject = (name, scope.candidate, scope.version, (WHOLE,))
    return Findings(*subject, nothing, nothing, nothing, none, _told(fault), error, reason)


def _judged(gate: Gate, measures: Measures, scope: Scope) -> GateResult:
    kind = gate.kind
    missing = [name for name in kind.needs if name not in measures]
    try:
        if missing:
            raise LookupError(f"there is no measure {missing[0]}")
        return kind.judge(gate.name, gate.settings, measures, scope)
    except Exception as fault:
        return GateResult(
            gate.name,
            kind.name,
            kind.family,
            Status.ERROR,
            Reason.FAULT,
            f"Gate `{gate.name}` of kind `{kind.name}`",
            f"The gate `{gate.name}` could not be evaluated ({_told(fault)}).",
            "could not be evaluated",
        )


def _told(fault: Exception) -> str:
    text = str(fault).strip().split("\n")[0]
    return f"{type(fault).__name__}: {text}" if text else type(fault).__name__
