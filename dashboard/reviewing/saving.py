"""Saves what a reviewer said; who they are and what they may do is asked at this very moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from dashboard.access import refusal, require
from dashboard.page import Visit
from dashboard.people import Action
from dashboard.reviewing.batch import Case, drawn, offered
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
        When the case was not drawn, or the answer, the reason or the
        note is not one that can be given.
    InboxUnusable
        When it cannot be written.
    """
    reviewer = _reviewer(visit)
    case = _case(visit, decision_id)
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
        When somebody else said it.
    InboxUnusable
        When it cannot be written.
    """
    if _reviewer(visit) != review.reviewer:
        raise ReviewRefused(found="Only who said it can take it back.")
    _case(visit, review.decision_id)
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
    person = require(Action.REVIEW, visit)
    # Outside of a script run Streamlit cannot stop it, so that whoever calls is asked again.
    refused = refusal(Action.REVIEW, visit)
    if refused is not None:
        raise ReviewRefused(found=refused.sentence)
    return person.identity


def _case(visit: Visit, decision_id: str) -> Case:
    found = next((case for case in drawn(visit) if case.decision_id == decision_id), None)
    if found is None:
        raise ReviewRefused(found="This case was not drawn for review.")
    return found


def _study(visit: Visit) -> tuple[str, str, str]:
    return visit.evidence.publication.study, visit.candidate.name, visit.candidate.version
