"""Whether the data are as their contracts and the study expect them; judged in every policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from data_contracts.data_words import Severity
from data_contracts.findings import CheckResult, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.scope import Scope
from evaluators.wording import count, within

_ORDER = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Settings:
    """Which failures block.

    Attributes
    ----------
    blocks
        Least severity whose failure blocks the verdict: `critical` or `warning`.
    """

    blocks: str = Severity.CRITICAL.value

    def __post_init__(self) -> None:
        if self.blocks not in (Severity.CRITICAL, Severity.WARNING):
            raise ValueError("`blocks` must be critical or warning")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when no check of the severities that block has failed.

    Notes
    -----
    Exact: it counts what the checks of the latest run found. A check that could not be made
    blocks like one that failed. Failures that do not block are told with the result. Without any
    check made there is nothing to trust, and the gate says NO_DATA.
    """
    results = scope.data.checks or ()
    severities = _ORDER[: _ORDER.index(Severity(settings.blocks)) + 1]
    which = " or ".join(severities)
    result = partial(
        GateResult,
        name,
        "checks",
        GateFamily.DATA,
        rule=f"No check of the data that is {which} has failed",
    )
    judged = [one for one in results if one.status is not Status.NO_DATA]
    if not judged:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="The data have not been checked yet.",
            measured="no check made",
        )
    failed = [one for one in judged if one.status is not Status.PASS]
    blocking = [one for one in failed if one.severity in severities]
    told = _warnings([o for o in failed if o not in blocking and o.severity is Severity.WARNING])
    numbers = partial(
        result,
        measured=f"{len(blocking)} of {count(len(judged), 'check')} failed"
        if blocking
        else f"{count(len(judged), 'check')} made",
        value=float(len(blocking)),
        threshold=0.0,
        n=len(judged),
    )
    if blocking:
        first = min(blocking, key=lambda one: _ORDER.index(one.severity))
        more = len(blocking) - 1
        rest = f" {more} more {'has' if more == 1 else 'have'} failed." if more else ""
        return numbers(
            status=Status.FAIL,
            reason=Reason.CHECKS_FAILED,
            sentence=f"A {first.severity} check has failed: {within(first.sentence)}{rest}{told}",
        )
    return numbers(
        status=Status.PASS,
        reason=Reason.WITHIN_LIMIT,
        sentence=f"No {which} check has failed, of {count(len(judged), 'check')} made.{told}",
    )


def _warnings(failed: Sequence[CheckResult]) -> str:
    if not failed:
        return ""
    more = len(failed) - 1
    rest = f" {count(more, 'more warning')}." if more else ""
    return f" Warning: {within(failed[0].sentence)}{rest}"


GATE = GateKind("checks", GateFamily.DATA, Settings, judge, always=True)
