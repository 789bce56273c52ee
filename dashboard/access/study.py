"""What a study says of people: its sponsor and reviewers, and who has made its reviews."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.access.rules import StudyFacts
from dashboard.people import Action
from data_contracts.addresses import same_address
from data_contracts.inbox import read_events

if TYPE_CHECKING:
    from dashboard.page import Visit
    from dashboard.records import Publication


def study_facts(visit: Visit, action: Action) -> StudyFacts:
    """Return what matters for an action in the study of a visit; reviews are read for sign-off."""
    it = visit.evidence.publication
    signing = action is Action.SIGN_OFF
    return StudyFacts(
        title=it.title,
        sponsor=_email(it.part("sponsor")),
        reviewers=_reviewers(it),
        reviewed_by=reviewed_by(visit.folder) if signing else frozenset(),
    )


def reviewed_by(folder: Path) -> frozenset[str]:
    """Return who has made reviews of a study, also those who took them back.

    Every event counts: a later one under the same identity hides nobody.
    """
    return frozenset(same_address(review.reviewer.strip()) for review in read_events(folder))


def _reviewers(it: Publication) -> frozenset[str]:
    listed = it.part("review").get("reviewers") or ()
    return frozenset(filter(None, map(_email, listed)))


def _email(person: object) -> str:
    found = person.get("email") if isinstance(person, Mapping) else None
    return same_address(found.strip()) if isinstance(found, str) else ""
