"""What the identity provider says of somebody, read without trust in its types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from data_contracts.addresses import same_address

Claims = Mapping[str, Any]

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def address(claims: Claims) -> str:
    """Return the e-mail address the provider vouches for; empty when there is none.

    Examples
    --------
    >>> address({"email": "Ada@example.org", "email_verified": True})
    'ada@example.org'
    >>> address({"email": "ada@example.org", "email_verified": False})
    ''
    """
    found = claims.get("email")
    verified = claims.get("email_verified", True)
    if verified is not True and str(verified).lower() != "true":
        return ""
    if not isinstance(found, str) or not _ADDRESS.fullmatch(found):
        return ""
    return same_address(found)


def full_name(claims: Claims) -> str:
    """Return what the provider calls them, or their address; on one line, not endless."""
    found = claims.get("name")
    name = " ".join(found.split()) if isinstance(found, str) else ""
    return name[:80] or address(claims)


def values(claims: Claims, name: str) -> frozenset[str]:
    """Return the texts of a claim: one, or a list; a dotted name looks inside.

    Examples
    --------
    >>> sorted(values({"realm_access": {"roles": ["a", "b", 7]}}, "realm_access.roles"))
    ['a', 'b']
    >>> values({"https://example.org/roles": "a"}, "https://example.org/roles")
    frozenset({'a'})
    """
    found: Any = claims.get(name)
    if found is None and "." in name:
        found = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    if isinstance(found, list | tuple):
        return frozenset(one for one in found if isinstance(one, str))
    return frozenset()
