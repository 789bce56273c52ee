"""Readiness over time: how many gates had passed, verdict by verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.charts.gate_steps import STACK, Standing, Step, gate_steps, look
from dashboard.history.differences import BAD
from dashboard.history.past import gate_counts
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.records import PastVerdict
from dashboard.words import day
from data_contracts.vocabulary import Status, VerdictState
from evaluators.wording import count

DRAWN = 60
"""Verdicts in the picture at most, the latest ones; the file holds them all."""


def over_time(visit: Visit) -> None:
    """Show how the gates stood, or say why there is nothing to show."""
    steps = steps_of(visit)
    if not steps:
        st.subheader("Readiness over time", anchor=False)
        empty(
            "The gates of past verdicts are not in this publication; "
            "they are from the next run of `understudy run` on."
        )
        return
    last = steps[-1]
    sentence = over_time_answer(steps)
    numbers = f"{state_of(last)} (verdict {last.number:,} of {day(last.day)})."
    if len(steps) > DRAWN:
        numbers += f" Shown are the last {DRAWN} of {len(steps):,} verdicts."
    figure(
        Figure(
            name="readiness-over-time",
            sentence=sentence,
            numbers=numbers,
            takeaway=f"Gates by state, verdict by verdict. {sentence}.",
            chart=gate_steps(steps[-DRAWN:], visit.palette),
            how=(
                "Each column is one published verdict, by the day it was published; it is as high "
                "as its policy has gates. Full boxes at the bottom have passed; paler boxes above "
                "them have not: they collect, have no data, have failed or could not be judged. "
                "Under BLOCKED the gates that are not about the data do not count. "
                "The words at the right are of the latest verdict. All gates must pass, so the "
                "number of those that have is no score."
            ),
            table=[_row(step) for step in steps],
            csv=lambda: [row for step in steps for row in _csv(step, visit)],
        ),
        visit,
    )


def steps_of(visit: Visit) -> tuple[Step, ...]:
    """Return the verdicts whose gates were kept, the first one first."""
    counts = gate_counts(visit)
    history = visit.evidence.history(visit.candidate)
    return tuple(
        step_of(verdict, counts[verdict.evidence_no])
        for verdict in reversed(history)
        if verdict.evidence_no in counts
    )


def step_of(verdict: PastVerdict, counts: Mapping[Status, int]) -> Step:
    """Return how the gates of a verdict stood; of a blocked one only failed ones count."""
    number, on = verdict.evidence_no, verdict.published_at.date()
    if verdict.state is not VerdictState.BLOCKED:
        return Step(number, on, {status: n for status, n in counts.items()})
    gates: dict[Standing, int] = {s: n for s, n in counts.items() if s in BAD}
    gates[None] = sum(counts.values()) - sum(gates.values())
    return Step(number, on, gates, blocked=True)


def state_of(step: Step) -> str:
    """Return how the gates of a verdict stand, in numbers, as markdown."""
    rest = [f"{step.gates[s]:,} {look(s).word.lower()}" for s in STACK[1:] if step.gates.get(s)]
    if step.blocked:
        return f"**Blocked**: {', '.join(rest)}"
    passed = f"**{_passed(step)} of {count(step.total, 'gate')} passed**"
    return ", ".join((passed, *rest))


def over_time_answer(steps: Sequence[Step]) -> str:
    """Return how many gates have passed now, and how many had at first.

    Examples
    --------
    >>> from datetime import date
    >>> one = Step(1, date(2013, 11, 3), {Status.PASS: 2, Status.INCONCLUSIVE: 1})
    >>> over_time_answer([one])
    'In the one verdict so far 2 of 3 gates have passed'
    """
    first, last = steps[0], steps[-1]
    if last.blocked:
        trusted = next((step for step in reversed(steps) if not step.blocked), None)
        if trusted is None:
            return "No verdict so far has rested on data that could be trusted"
        had = _have(trusted).removesuffix(" has").removesuffix(" have")
        return (
            f"The verdict is blocked; in the last one before, of {day(trusted.day)}, {had} had "
            "passed"
        )
    if len(steps) == 1:
        return f"In the one verdict so far {_have(last)} passed"
    passed = f"{_capital(_have(last))} passed"
    if first.blocked:
        counted = next(step for step in steps if not step.blocked)
        if counted is last and len(steps) == 2:
            return f"{passed}; the verdict before, of {day(first.day)}, was blocked"
        if counted is last:
            return f"{passed}; every verdict before, from {day(first.day)} on, was blocked"
        return (
            f"{passed}; in the first verdict that was not blocked, of {day(counted.day)}, it was "
            f"{_passed(counted)} of {counted.total}"
        )
    if {(_passed(step), step.total) for step in steps} == {(_passed(last), last.total)}:
        same = "both" if len(steps) == 2 else f"all {len(steps):,}"
        return f"{passed}, as in {same} verdicts since {day(first.day)}"
    return (
        f"{passed}; in the first of {len(steps):,} verdicts, on {day(first.day)}, it was "
        f"{_passed(first)} of {first.total}"
    )


def _passed(step: Step) -> int:
    return step.gates.get(Status.PASS, 0)


def _have(step: Step) -> str:
    passed, total = _passed(step), step.total
    if passed == 0:
        return "no gate has"
    if total == 1:
        return "the one gate has"
    if passed == total:
        return "both gates have" if total == 2 else f"all {total} gates have"
    return f"{passed} of {total} gates {'has' if passed == 1 else 'have'}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _row(step: Step) -> dict[str, str]:
    states = {look(status).word: f"{step.gates.get(status, 0):,}" for status in STACK}
    return {"No.": f"{step.number:,}", "Published": day(step.day), **states}


def _csv(step: Step, visit: Visit) -> list[dict[str, object]]:
    return [
        {
            **stamp(visit),
            "verdict": step.number,
            "published": step.day.isoformat(),
            "state": "NOT_COUNTED" if status is None else status.value,
            "gates": step.gates.get(status, 0),
            "low": step.gates.get(status, 0),
            "high": step.gates.get(status, 0),
            "n": step.total,
        }
        for status in STACK
    ]
