"""A review as an event: its identity, what the reviewer saw first, and its line in the inbox."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

REVIEWS_FOLDER = "reviews"
"""Folder of the inbox that holds reviews, one JSON-lines file for each event or import."""


KNOWN_DIFFERENCE = "known_difference"
"""What a judgement of a disagreement is counted as, whoever was right, when its reason is one."""


class Judgement(StrEnum):
    """Who was right; `withdrawn` takes back what the same person said before."""

    PRODUCTION = "production"
    CANDIDATE = "candidate"
    BOTH = "both"
    NEITHER = "neither"
    CANNOT_TELL = "cannot_tell"
    WITHDRAWN = "withdrawn"


class Said(StrEnum):
    """What a reviewer answers about two answers of which they do not know whose they are."""

    X = "X"
    Y = "Y"
    BOTH = "both"
    NEITHER = "neither"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Review:
    """One person's judgement of one case; the fields of the contract `reviews`.

    A later event with the same `review_id` takes the place of an earlier one.
    """

    review_id: str
    decision_id: str
    candidate: str
    model_version: str
    reviewer: str
    reviewed_at: datetime
    judgement: Judgement
    reason: str | None = None
    note: str | None = None
    recorded_at: datetime | None = None

    def line(self) -> str:
        """Return the event as one line of JSON, without its end."""
        facts = {name: value for name, value in asdict(self).items() if value is not None}
        return json.dumps(facts, default=datetime.isoformat, ensure_ascii=False)


def review_id(
    study: str, candidate: str, model_version: str, decision_id: str, reviewer: str
) -> str:
    """Return the identity of one person's judgement of one case; 32 hex digits.

    Examples
    --------
    >>> len(review_id("flights", "gbm", "1", "UA-1", "ada@example.org"))
    32
    """
    return _digest("review", study, candidate, model_version, decision_id, reviewer)[:32]


def candidate_is_x(
    study: str, candidate: str, model_version: str, decision_id: str, reviewer: str
) -> bool:
    """Return whether the candidate's answer is shown as X to this reviewer.

    Settled by a hash, so that the same person sees a case the same way again, and half of all cases
    one way; nothing on screen tells which.
    """
    digest = _digest("order", study, candidate, model_version, decision_id, reviewer)
    return int(digest[:8], 16) % 2 == 0


def sayable(*, same: bool, classes: Sequence[str]) -> tuple[Said, ...]:
    """Return what can be said of two answers; the same on screen and in a sheet.

    Of two classes one is right, so that `neither` can be true only where there are more, where the
    answers are numbers (no classes), or where both answers are the same.

    Parameters
    ----------
    same
        Whether the two answers, as they are shown, are one.

    Examples
    --------
    >>> [said.value for said in sayable(same=False, classes=("late", "on_time"))]
    ['X', 'Y', 'both', 'cannot tell']
    >>> [said.value for said in sayable(same=True, classes=("late", "on_time"))]
    ['both', 'cannot tell', 'neither']
    """
    one = () if same else (Said.X, Said.Y)
    neither = (Said.NEITHER,) if same or len(classes) != 2 else ()
    return (*one, Said.BOTH, Said.CANNOT_TELL, *neither)


def judgement_of(said: Said, *, candidate_x: bool) -> Judgement:
    """Return who was right, by what the reviewer said and which answer was X.

    Examples
    --------
    >>> judgement_of(Said.X, candidate_x=False)
    <Judgement.PRODUCTION: 'production'>
    """
    match said:
        case Said.X:
            return Judgement.CANDIDATE if candidate_x else Judgement.PRODUCTION
        case Said.Y:
            return Judgement.PRODUCTION if candidate_x else Judgement.CANDIDATE
        case Said.BOTH:
            return Judgement.BOTH
        case Said.NEITHER:
            return Judgement.NEITHER
        case Said.CANNOT_TELL:
            return Judgement.CANNOT_TELL


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
