"""The answer of the page, and who moves next in the transition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.escape import plain
from dashboard.production.definition import Handoff
from dashboard.production.standing import Standing, accepted_of, standing, told
from dashboard.words import day


def answer(system: str, cases: int | None, owner: str, steps: Sequence[Handoff], on: date) -> str:
    """Return the one sentence: what decides how many cases, who owns it, how far the handover is.

    Examples
    --------
    >>> answer("a rule", 333_000, "M. Ortega", (), date(2025, 1, 1))
    'Production (a rule) decides 333,000 cases a year; owner M. Ortega; no handoff is planned.'
    """
    flat = system.replace(" (", ", ").replace("(", "").replace(")", "")
    volume = "today" if cases is None else f"{cases:,} {'case' if cases == 1 else 'cases'} a year"
    return f"Production ({flat}) decides {volume}; owner {owner}; {accepted_words(steps, on)}."


def accepted_words(steps: Sequence[Handoff], on: date) -> str:
    """Return how many handoffs have been accepted, in words."""
    done, every = accepted_of(steps, on), len(steps)
    if not every:
        return "no handoff is planned"
    if every == 1:
        return f"the one handoff is {'accepted' if done else 'not accepted yet'}"
    if done == every:
        return f"all {every} handoffs accepted"
    if not done:
        return f"none of {every} handoffs accepted yet"
    return f"{done} of {every} handoffs accepted"


def whose_move(steps: Sequence[Handoff], on: date) -> str:
    """Return who acts next, as markdown; names from the study are escaped."""
    if not steps:
        return "The study file names no handoffs (`transition`), so nobody is told to take over."
    left = [step for step in steps if standing(step, on) is not Standing.ACCEPTED]
    if not left:
        return "Every handoff has been accepted. Nothing is asked of anybody here."
    first = left[0]
    return (
        f"Next: **{plain(first.sender)}** hands over to **{plain(first.to)}**, due "
        f"{day(first.on)} ({told(first, on)}), when this holds: {plain(first.criterion)}"
    )


def plan_sentence(steps: Sequence[Handoff], on: date) -> str:
    """Return what the picture of the handoffs shows."""
    late = sum(standing(step, on) is Standing.OVERDUE for step in steps)
    soon = sum(standing(step, on) is Standing.DUE for step in steps)
    if not late:
        if accepted_of(steps, on) == len(steps):
            return (
                "Every handoff has been accepted" if len(steps) > 1 else "The handoff is accepted"
            )
        return (
            f"No handoff is overdue; {soon} due within two weeks"
            if soon
            else "No handoff is overdue"
        )
    if late == len(steps):
        return "The handoff is overdue" if late == 1 else f"All {late} handoffs are overdue"
    return f"{late} of {len(steps)} handoffs {'is' if late == 1 else 'are'} overdue"
