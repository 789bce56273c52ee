"""Saves what a reviewer said; who they are and what they may do is asked at this very moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dashboard.access import require
from dashboard.page import Visit
from dashboard.people import Action
from dashboard.reviewing.batch import Case, drawn, offered
from dashboard.reviewing.ended import ended_round
from dashboard.reviewing.plan import classes_of, reasons_of, review_plan
from data_contracts.errors import UnderstudyError
from data_contracts.inbox import drop_reviews
from data_contracts.reviews import (
    Judgement,
    Review,
    Said,
    candidate_is_x,
    judgement_of,
    review_id,
)

LONGEST_NOTE = 2000
"""Characters of a note."""


class ReviewRefused(UnderstudyError):
    """What was sent is no review that can be saved."""

    def sentence(self) -> str:
        """Return what was found and that nothing was saved."""
        return f"{self.facts['found']} Nothing was saved."


def save(
    visit: Visit, decision_id: str, said: Said, reason: str | None = None, note: str = ""
) -> Review:
    """Save one person's judgement of one case and return it.

    Raises
    ------
    ReviewRefused
        When the case was not drawn or is of a round they have ended, or the answer, the reason or
        the note is not one that can be given.
    InboxUnusable
        When it cannot be written.
    """
    reviewer = _reviewer(visit)
    case = _case(visit, decision_id, reviewer)
    if said not in offered(case, classes_of(visit)):
        raise ReviewRefused(found=f"\u201c{said}\u201d cannot be answered about this case.")
    if reason is not None and reason not in reasons_of(review_plan(visit)):
        raise ReviewRefused(found="The reason is none of the study's.")
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise ReviewRefused(
            found=f"The note has {len(note):,} characters; {LONGEST_NOTE:,} at most can be kept."
        )
    about = (*_study(visit), decision_id, reviewer)
    now = datetime.now(UTC)
    review = Review(
        review_id(*about),
        decision_id,
        visit.candidate.name,
        visit.candidate.version,
        reviewer,
        now,
        judgement_of(said, candidate_x=candidate_is_x(*about)),
        reason,
        note or None,
        recorded_at=now,
    )
    drop_reviews(visit.folder, [review])
    return review


def take_back(visit: Visit, review: Review) -> Review:
    """Save that a person takes back what they said and return that event.

    Raises
    ------
    ReviewRefused
        When somebody else said it, or they have ended the round since.
    InboxUnusable
        When it cannot be written.
    """
    reviewer = _reviewer(visit)
    if reviewer != review.reviewer:
        raise ReviewRefused(found="Only who said it can take it back.")
    _case(visit, review.decision_id, reviewer)
    now = datetime.now(UTC)
    event = replace(
        review,
        judgement=Judgement.WITHDRAWN,
        reason=None,
        note=None,
        reviewed_at=now,
        recorded_at=now,
    )
    drop_reviews(visit.folder, [event])
    return event


def x_and_y(visit: Visit, case: Case, reviewer: str) -> tuple[str, str]:
    """Return the two answers in the order this reviewer sees them."""
    if candidate_is_x(*_study(visit), case.decision_id, reviewer):
        return case.recommendation, case.decision
    return case.decision, case.recommendation


def _reviewer(visit: Visit) -> str:
    return require(Action.REVIEW, visit).identity


def _case(visit: Visit, decision_id: str, reviewer: str) -> Case:
    """Return a case that a reviewer may still say something of."""
    found = next((case for case in drawn(visit) if case.decision_id == decision_id), None)
    if found is None:
        raise ReviewRefused(found="This case was not drawn for review.")
    if found.round <= ended_round(visit, reviewer):
        raise ReviewRefused(found="You have ended this round, and its results are open to you.")
    return found


def _study(visit: Visit) -> tuple[str, str, str]:
    return visit.evidence.publication.study, visit.candidate.name, visit.candidate.version
