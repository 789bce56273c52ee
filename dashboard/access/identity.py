"""From the login's claims to a person with roles, or to why there is none; pure."""

from __future__ import annotations

from datetime import datetime

from dashboard.access.claims import Claims, address, full_name
from dashboard.access.refusal import ASK, Reason, Refusal
from dashboard.access.roles import Roles
from dashboard.access.session import too_old
from dashboard.people import Person, Role

LOGGED_OUT = Refusal(Reason.LOGGED_OUT, "Log in to see the studies.")
UNVERIFIED = Refusal(
    Reason.UNVERIFIED,
    "The identity provider does not vouch for your e-mail address.",
    f"Confirm the address there, then log in again. {ASK} if that does not help.",
)
NOBODY = Person("", "", frozenset(), logged_in=False)
"""Whoever has not come in."""

LOCAL_ROLES = frozenset(Role) - {Role.SPONSOR}
"""Roles of the user of this computer: nothing proves who they are, so they never sign."""


def identify(claims: Claims, roles: Roles, now: datetime) -> Person | Refusal:
    """Return who has logged in, with the roles they have at this moment.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> claims = {"is_logged_in": True, "email": "ada@example.org", "iat": now.timestamp()}
    >>> identify(claims, Roles(everyone=Role.VIEWER), now).email
    'ada@example.org'
    >>> identify(claims, Roles(), now + timedelta(hours=9)).reason
    <Reason.EXPIRED: 'expired'>
    """
    if claims.get("is_logged_in") is not True:
        return LOGGED_OUT
    refused = too_old(claims, now)
    if refused is not None:
        return refused
    email = address(claims)
    if not email:
        return UNVERIFIED
    return Person(full_name(claims), email, roles.held_by(claims), logged_in=True)
