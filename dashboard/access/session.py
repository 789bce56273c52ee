"""How old a login is: after eight hours it asks again, whatever the cookie says."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from dashboard.access.claims import Claims
from dashboard.access.refusal import ASK, Reason, Refusal

LONGEST = timedelta(hours=8)
SKEW = timedelta(minutes=5)
"""How far the provider's clock may be ahead of ours."""

EXPIRED = Refusal(Reason.EXPIRED, "Your login is older than 8 hours.", "Log in again to go on.")
UNDATED = Refusal(
    Reason.UNDATED,
    "The time of your login is missing, or still to come.",
    "Log in again. If this comes back, the identity provider does not send `iat`, or its clock "
    f"is wrong. {ASK}.",
)


def began(claims: Claims) -> datetime | None:
    """Return when the provider issued the login; None when it does not say so in a usable way.

    Examples
    --------
    >>> began({"iat": 1763712000}).isoformat()
    '2025-11-21T08:00:00+00:00'
    """
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not math.isfinite(issued):
        return None
    try:
        return datetime.fromtimestamp(issued, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def too_old(claims: Claims, now: datetime) -> Refusal | None:
    """Return why a login does not count any more at this moment, or None."""
    start = began(claims)
    if start is None or start - now > SKEW:
        return UNDATED
    return EXPIRED if now - start >= LONGEST else None
