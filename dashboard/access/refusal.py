"""Why somebody may not: a reason for tests, a sentence for the person, and what they can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from data_contracts.errors import UnderstudyError

NO_LOGIN = "No login is set up, so this page answers on this computer only."
NOT_LOCAL = (
    "No login is set up and this server can be reached from other computers, so nothing is shown. "
    "Start it with `understudy dashboard`, or set up a login."
)
ASK = "Ask an administrator of this dashboard"


class Reason(StrEnum):
    """What stands in the way."""

    NOT_LOCAL = "not_local"
    LOGGED_OUT = "logged_out"
    EXPIRED = "expired"
    UNDATED = "undated"
    UNVERIFIED = "unverified"
    ROLES_UNREADABLE = "roles_unreadable"
    NO_ROLE = "no_role"
    WRONG_ROLE = "wrong_role"
    NOT_PROVED = "not_proved"
    NO_STUDY = "no_study"
    NOT_A_REVIEWER = "not_a_reviewer"
    NO_SPONSOR = "no_sponsor"
    NOT_THE_SPONSOR = "not_the_sponsor"
    FOUR_EYES = "four_eyes"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody may not.

    Attributes
    ----------
    sentence
        What they read; plain text, which may hold names from the login or the study.
    advice
        What to do about it, in our own words as markdown; may be empty.
    """

    reason: Reason
    sentence: str
    advice: str = ""

    @property
    def login_helps(self) -> bool:
        """Whether logging in (again) mends it."""
        return self.reason in {Reason.LOGGED_OUT, Reason.EXPIRED, Reason.UNDATED}


class NotAllowed(UnderstudyError):
    """Somebody tried what they may not, where no page can be stopped and told so."""

    def sentence(self) -> str:
        """Return why not."""
        return str(self.facts["why"])
