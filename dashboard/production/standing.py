"""Where each handoff stands on a day: accepted, overdue, due soon, or open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from dashboard.production.definition import Handoff
from dashboard.theme import Badge
from dashboard.words import day
from evaluators.wording import count

SOON = timedelta(days=14)
"""A handoff is due from so long before its day on."""


class Standing(StrEnum):
    """Where a handoff stands."""

    ACCEPTED = "accepted"
    OVERDUE = "overdue"
    DUE = "due"
    OPEN = "open"


BADGES: dict[Standing, Badge] = {
    Standing.ACCEPTED: Badge("Accepted", "check_circle", "green"),
    Standing.OVERDUE: Badge("Overdue", "block", "orange"),
    Standing.DUE: Badge("Due", "hourglass_top", "blue"),
    Standing.OPEN: Badge("Open", "remove_circle_outline", "gray"),
}


def standing(step: Handoff, on: date) -> Standing:
    """Return where a handoff stands on a day; an acceptance that lies ahead is none yet.

    Examples
    --------
    >>> step = Handoff("a", "b", date(2025, 10, 15), "ready")
    >>> [standing(step, date(2025, 10, d)).value for d in (1, 15, 16)]
    ['due', 'due', 'overdue']
    >>> standing(step, date(2025, 9, 1)).value
    'open'
    """
    if step.accepted_on is not None and step.accepted_on <= on:
        return Standing.ACCEPTED
    if step.on < on:
        return Standing.OVERDUE
    return Standing.DUE if step.on - on <= SOON else Standing.OPEN


def told(step: Handoff, on: date) -> str:
    """Return where a handoff stands, in words.

    Examples
    --------
    >>> told(Handoff("a", "b", date(2025, 10, 15), "ready"), date(2025, 10, 16))
    'overdue by 1 day'
    """
    match standing(step, on):
        case Standing.ACCEPTED:
            by = f" by {step.accepted_by}" if step.accepted_by else ""
            return f"accepted {day(step.accepted_on)}{by}"
        case Standing.OVERDUE:
            return f"overdue by {count((on - step.on).days, 'day')}"
        case _:
            left = (step.on - on).days
            return f"due in {count(left, 'day')}" if left else "due today"


def accepted_of(steps: Sequence[Handoff], on: date) -> int:
    """Return how many handoffs have been accepted."""
    return sum(standing(step, on) is Standing.ACCEPTED for step in steps)
