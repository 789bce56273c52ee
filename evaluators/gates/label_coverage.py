"""Whether outcomes come as often where the two differ as where they agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.outcomes.coverage_groups import (
    CoverageGroups,
    by_disagreement,
    by_score,
    by_segment,
)
from evaluators.scope import Scope
from evaluators.wording import count, percent


@dataclass(frozen=True, slots=True)
class Settings:
    """What may not differ, and how sure a difference must be.

    Attributes
    ----------
    false_alarm
        Chance that sound outcomes are ever blamed, at any number of looks.
    segments
        Whether a difference between segments, or between scores, blocks too; else it is told.
    """

    false_alarm: float = 0.01
    segments: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.false_alarm < 0.5:
            raise ValueError("`false_alarm` must be above 0 and below 0.5")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return FAIL when outcomes come more, or less, often where the two differ in some way.

    Notes
    -----
    Over mature cases whose outcome can be seen. Each day is compared with itself (`log_evidence`),
    so a day on which no outcome was delivered does no harm, and the error holds at any number of
    looks. Whatever the difference is worth: where outcomes are missing by what the two said, the
    labelled cases are no sample of all. The `noninferiority` gate stays valid even then, since it
    fills what is missing; numbers that leave missing cases out do not. Segments, and tenths of
    the score, share out the same error once more among themselves.

    References
    ----------
    Hoeffding (1963), doi:10.1080/01621459.1963.10500830; Ville (1939); Little & Rubin (2019),
    *Statistical Analysis with Missing Data*, chapter 1.
    """
    result = partial(
        GateResult,
        name,
        "label_coverage",
        GateFamily.DATA,
        rule="Outcomes come as often where the two differ as where they agree",
        threshold=settings.false_alarm,
    )
    cells = by_disagreement(measures, scope)
    labelled, n = cells.totals
    if n.sum() == 0:
        empty = len(measures["outcome_counts"]) == 0
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES if empty else Reason.NOT_MATURE,
            sentence="No case has arrived yet."
            if empty
            else "No case is old enough for its outcome yet.",
            measured="no mature cases",
        )
    evidence = cells.log_evidence[1:]
    chance = _chance(evidence)
    worst = 1 + int(np.argmax(evidence)) if len(evidence) else 0
    rest = [int(a.sum() - a[worst]) for a in (labelled, n)]
    told = _shares(cells, worst, rest) if len(evidence) else "The two have never differed yet."
    others = [one for one in (*by_segment(measures, scope), by_score(measures, scope)) if one]
    beyond = [one for one in others if _chance(one.log_evidence) <= settings.false_alarm]
    numbers = partial(result, value=chance, n=int(n.sum()))
    warning = "" if not beyond else f" Warning: {_warned(beyond[0])}"
    if chance <= settings.false_alarm:
        return numbers(
            status=Status.FAIL,
            reason=Reason.COVERAGE_DIFFERS,
            sentence=f"Whether the outcome is known depends on what the two said: {told}{warning}",
            measured=f"{percent(labelled[worst] / n[worst])} against {percent(rest[0] / rest[1])}",
        )
    every = percent(labelled.sum() / n.sum())
    if beyond and settings.segments:
        sentence = _warned(beyond[0])
        return numbers(
            status=Status.FAIL,
            reason=Reason.COVERAGE_DIFFERS,
            sentence=sentence[0].upper() + sentence[1:],
            measured=f"{every} of outcomes known, not alike by {beyond[0].grouping}",
        )
    return numbers(
        status=Status.PASS,
        reason=Reason.WITHIN_LIMIT,
        sentence="No difference is shown between cases on which the two differ and others in how"
        f" often the outcome is known: {told}{warning}",
        measured=f"{every} of outcomes known",
    )


def _chance(log_evidence: np.ndarray) -> float:
    """Return the anytime p-value of a difference in any of some groups."""
    if not len(log_evidence):
        return 1.0
    return min(1.0, math.exp(min(700.0, math.log(len(log_evidence)) - float(log_evidence.max()))))


def _shares(cells: CoverageGroups, worst: int, rest: list[int]) -> str:
    labelled, n = cells.totals
    return (
        f"it is known for {percent(labelled[worst] / n[worst])} of"
        f" {count(int(n[worst]), 'case')} with {cells.levels[worst]}, and for"
        f" {percent(rest[0] / max(rest[1], 1))} of the others."
    )


def _warned(groups: CoverageGroups) -> str:
    labelled, n = groups.totals
    worst = int(np.argmax(groups.log_evidence))
    return (
        f"outcomes come unevenly by {groups.grouping}: they are known for"
        f" {percent(labelled[worst] / n[worst])} of `{groups.levels[worst]}`, and for"
        f" {percent(labelled.sum() / n.sum())} of all cases."
    )


GATE = GateKind("label_coverage", GateFamily.DATA, Settings, judge, ("outcome_counts",))
