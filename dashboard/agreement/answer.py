"""The answer of the agreement page: how often the two say the same, and of which cases."""

from __future__ import annotations

import streamlit as st

from dashboard.agreement.counted import Asked, Counted, found
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import badge, prose
from dashboard.theme import Badge
from dashboard.words import day
from data_contracts.findings import WHOLE, Finding
from evaluators.metrics.agreement import EVALUATOR
from evaluators.wording import count, level, percent

AGREEMENT = "agreement_raw"
EXPLORATION = Badge("Exploration, does not count", "explore", "gray")


def agreement_answer(it: Finding, same: int | None = None, *, everything: bool = True) -> str:
    """Return how often the two give the same answer.

    Parameters
    ----------
    same
        Cases with the same answer, said in full where fewer than 100 stand behind the share.
    everything
        Whether it is about all cases of the whole record.

    Examples
    --------
    >>> from data_contracts.vocabulary import Reason, Status
    >>> rest = ("", Status.NO_DATA, Reason.OK)
    >>> agreement_answer(Finding("agreement_raw", "c", "1", WHOLE, .965, .962, .967, 64042, *rest))
    'The two give the same answer in 96.5% of cases (96.2% to 96.7%; 64,042 cases).'
    """
    if it.n == 0 or it.estimate is None:
        return nothing_answered(everything=everything)
    if it.n == 1:
        given = "the same answer" if it.estimate else "different answers"
        return f"The two give {given} in the one case."
    if it.n < 100 and same is not None:
        if same in (0, it.n):
            those = f"none of the {it.n}" if same == 0 else f"all {it.n}"
            return f"The two give the same answer in {those} cases."
        return f"The two give the same answer in {same} of {it.n} cases."
    ends = f"{percent(it.low)} to {percent(it.high)}"
    cases = count(it.n, "case")
    if it.estimate == 0:
        return f"The two have never given the same answer ({ends}; {cases})."
    if it.estimate == 1:
        return f"The two have given the same answer in every case ({ends}; {cases})."
    return f"The two give the same answer in {percent(it.estimate)} of cases ({ends}; {cases})."


def nothing_answered(*, everything: bool) -> str:
    """Return that there is nothing to compare, in the record or in what the reader chose."""
    if everything:
        return "There is no case yet that the AI has answered."
    return "Of what is chosen here the AI has answered no case."


def answer(visit: Visit, asked: Asked, it: Counted) -> Finding:
    """Say how often the two give the same answer; return the finding behind it."""
    agreement = found(visit, asked, it, AGREEMENT, EVALUATOR)
    same = sum(int(r["n"]) for r in it.rows if r["answer"] == "answered" and r["agree"])
    st.header(plain(agreement_answer(agreement, same, everything=asked.everything)), anchor=False)
    if not asked.everything:
        badge(EXPLORATION)
    prose(plain(" ".join(_notes(visit, asked, agreement))))
    return agreement


def _notes(visit: Visit, asked: Asked, agreement: Finding) -> list[str]:
    notes = []
    if agreement.n:
        bound = level(visit.evidence.publication.alpha)
        notes.append(
            f"The range in brackets is a {bound} interval; it holds however often you look."
        )
    notes.append("That they agree does not say that they are right.")
    if not asked.everything:
        notes.append(f"Shown: {shown_of(asked)}; the verdict rests on the whole record.")
    return notes


def shown_of(asked: Asked) -> str:
    """Return in words what was chosen; texts are not escaped."""
    part = "all cases" if asked.segment == WHOLE else f"{asked.segment.cut} {asked.segment.value}"
    if asked.period is None:
        return part
    first, last = asked.period
    return f"{part}, {day(first)} to {day(last)}"
