"""One person's sitting: the case in front of them, what they put off, and what they just said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

import streamlit as st

from dashboard.page import Visit
from dashboard.reviewing.batch import Case

TOO_SOON = 0.3
"""Seconds after a case was drawn in which nobody has read it: a press was meant for the last."""


@dataclass(slots=True)
class Sitting:
    """What a session remembers between two presses; what was said lies in the inbox.

    Attributes
    ----------
    later
        Cases put off, in the order in which they come back at the end.
    reopened
        The case that was taken back last; it comes first.
    shown
        The case in front of the reviewer, and how many were shown before it.
    message
        What was saved or taken back last, escaped.
    fault
        Why the last press could not be done, escaped.
    saved
        How many judgements this sitting has saved.
    drawn_at
        When the case in front of the reviewer came up; drawing it again does not count.
    """

    later: list[str] = field(default_factory=list)
    reopened: str | None = None
    shown: str | None = None
    number: int = 0
    message: str = ""
    fault: str = ""
    saved: int = 0
    drawn_at: float = 0.0

    def next_of(self, left: Sequence[Case]) -> Case | None:
        """Return the case to show: the one taken back, then the rest, then what was put off."""
        if not left:
            return None
        by_id = {case.decision_id: case for case in left}
        if self.reopened in by_id:
            return by_id[self.reopened]
        ready = next((case for case in left if case.decision_id not in self.later), None)
        return ready or next(by_id[one] for one in self.later if one in by_id)

    def show(self, case: Case) -> None:
        """Remember which case is in front of the reviewer from now on."""
        if case.decision_id != self.shown:
            self.shown = case.decision_id
            self.number += 1
            self.drawn_at = monotonic()

    def put_off(self) -> None:
        """Put the case in front of the reviewer at the end."""
        if self.shown is not None:
            self.later = [one for one in self.later if one != self.shown] + [self.shown]
            self.reopened = None
            self.shown = None

    def pressed_too_soon(self) -> bool:
        """Return whether nobody can have read the case by now."""
        return monotonic() - self.drawn_at < TOO_SOON


def sitting_of(visit: Visit) -> Sitting:
    """Return this session's sitting with a study's candidate."""
    it = visit.evidence.publication
    key = f"sitting {visit.folder} {it.study} {visit.candidate}"
    found: Sitting = st.session_state.setdefault(key, Sitting())
    return found
