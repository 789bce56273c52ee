"""Who is looking, in which roles, and what each role may do; asked by every page and action."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the studies shown here."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    SPONSOR = "sponsor"
    ADMIN = "admin"


class Action(StrEnum):
    """Something a person may be allowed to do."""

    VIEW = "view"
    REVIEW = "review"
    SIGN_OFF = "sign_off"
    ADMINISTER = "administer"


GRANTED: dict[Action, frozenset[Role]] = {
    Action.VIEW: frozenset(Role),
    Action.REVIEW: frozenset({Role.REVIEWER}),
    Action.SIGN_OFF: frozenset({Role.SPONSOR}),
    Action.ADMINISTER: frozenset({Role.ADMIN}),
}
"""Roles that may do each action; having one of them is enough."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is looking.

    Attributes
    ----------
    name
        As the identity provider gives it; without a login, the user of this computer.
    email
        What identifies them in events; without a login, empty.
    """

    name: str
    email: str
    roles: frozenset[Role]
    logged_in: bool

    @property
    def identity(self) -> str:
        """What names them in events: the address they log in with, else the user of the computer.

        Examples
        --------
        >>> Person("ada", "", frozenset({Role.REVIEWER}), False).identity
        'local:ada'
        """
        return self.email or f"local:{self.name}"

    def may(self, action: Action) -> bool:
        """Return whether one of their roles allows the action; `access.allowed` knows the study.

        Examples
        --------
        >>> Person("A. Viewer", "a@example.org", frozenset({Role.VIEWER}), True).may(Action.REVIEW)
        False
        """
        return bool(self.roles & GRANTED[action])
