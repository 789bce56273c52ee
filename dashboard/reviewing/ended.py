"""Rounds that a reviewer has ended: they have seen the results, so that nothing of them is open."""

from __future__ import annotations

from datetime import UTC, datetime

from dashboard.access import require
from dashboard.page import Visit
from dashboard.people import Action
from dashboard.reviewing.batch import drawn
from data_contracts import ended_rounds
from data_contracts.ended_rounds import EndedRound


def latest_round(visit: Visit) -> int:
    """Return the number of the latest draw, 0 without one."""
    return max((case.round for case in drawn(visit)), default=0)


def ended_round(visit: Visit, reviewer: str) -> int:
    """Return the last round that somebody has ended, 0 where none is."""
    it = visit.candidate
    return ended_rounds.ended_round(visit.folder, reviewer, it.name, it.version)


def end_round(visit: Visit) -> None:
    """Save that whoever looks ends the latest round, and with it all before.

    Raises
    ------
    InboxUnusable
        When it cannot be written; the results stay shut then.
    """
    reviewer = require(Action.REVIEW, visit).identity
    it, now = visit.candidate, datetime.now(UTC)
    event = EndedRound(reviewer, it.name, it.version, latest_round(visit), now)
    ended_rounds.drop_ended(visit.folder, event)
