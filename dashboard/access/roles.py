"""Who has which role: a TOML file of the administrator, and values of a claim of the login."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from dashboard.access.claims import Claims, address, values
from dashboard.people import Role
from data_contracts.addresses import same_address
from data_contracts.errors import UnderstudyError

CLAIMS = ("roles", "groups")
"""Claims that are looked at when the file names none."""

PREFIX = "understudy-"
"""A claim's value `understudy-reviewer` gives the role without any file; others need the file."""

_GROUP = "group:"
_KNOWN = ("everyone", "claim", *Role)


class RolesUnreadable(UnderstudyError):
    """The roles file is gone or is not what it should be."""

    def sentence(self) -> str:
        """Return where, what was found, what was expected and what to do."""
        return (
            f"The roles file `{self.facts['path']}` cannot be used: {self.facts['found']}. "
            f"Expected {self.facts['expected']}."
        )


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has which role.

    Attributes
    ----------
    everyone
        Role of everybody who can log in, if any.
    claims
        Names of the claims whose values count.
    members
        E-mail addresses, `@domains` and `group:values` of each role.
    """

    everyone: Role | None = None
    claims: tuple[str, ...] = CLAIMS
    members: Mapping[Role, frozenset[str]] = field(default_factory=dict)

    def held_by(self, claims: Claims) -> frozenset[Role]:
        """Return the roles of somebody with these claims.

        Examples
        --------
        >>> roles = Roles(members={Role.REVIEWER: frozenset({"@example.org"})})
        >>> roles.held_by({"email": "Ada@Example.org"})
        frozenset({<Role.REVIEWER: 'reviewer'>})
        >>> roles.held_by({"email": "ada@sub.example.org"})
        frozenset()
        >>> Roles().held_by({"email": "ada@example.org", "roles": ["understudy-sponsor"]})
        frozenset({<Role.SPONSOR: 'sponsor'>})
        """
        email = address(claims)
        if not email:
            return frozenset()
        groups = frozenset().union(*(values(claims, name) for name in self.claims))
        names = {email, email[email.rindex("@") :], *(f"{_GROUP}{name}" for name in groups)}
        return frozenset(
            role
            for role in Role
            if role is self.everyone
            or f"{PREFIX}{role}" in groups
            or names & self.members.get(role, frozenset())
        )


NOBODY = Roles()
"""What holds without a file: claims alone."""


def read_roles(path: Path) -> Roles:
    """Return what a roles file says now.

    Raises
    ------
    RolesUnreadable
        When it is gone, is no TOML, or holds something else than roles with their members.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise RolesUnreadable(
            path=path, found=fault.strerror or str(fault), expected="a readable TOML file"
        ) from fault
    return _parsed(path, content)


@lru_cache(maxsize=8)
def _parsed(path: Path, content: bytes) -> Roles:
    try:
        facts = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RolesUnreadable(path=path, found=f"{fault}", expected="TOML in UTF-8") from fault
    unknown = [name for name in facts if name not in _KNOWN]
    if unknown:
        expected = ", ".join(f"`{name}`" for name in _KNOWN)
        raise RolesUnreadable(
            path=path, found=f"it holds `{unknown[0]}`", expected=f"of {expected}"
        )
    return Roles(
        everyone=_everyone(path, facts),
        claims=_claims(path, facts),
        members={role: _members(path, facts, role) for role in Role if role in facts},
    )


def _everyone(path: Path, facts: Mapping[str, Any]) -> Role | None:
    found = facts.get("everyone")
    if found is None:
        return None
    if found != Role.VIEWER:
        raise RolesUnreadable(
            path=path,
            found=f"`everyone` is {found!r}",
            expected='`everyone = "viewer"` or no `everyone`: other roles are given by name',
        )
    return Role.VIEWER


def _claims(path: Path, facts: Mapping[str, Any]) -> tuple[str, ...]:
    found = facts.get("claim", list(CLAIMS))
    names = [found] if isinstance(found, str) else found
    if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
        raise RolesUnreadable(
            path=path, found=f"`claim` is {found!r}", expected="the name of a claim, or a list"
        )
    return tuple(names)


def _members(path: Path, facts: Mapping[str, Any], role: Role) -> frozenset[str]:
    found = facts[role]
    if not isinstance(found, list):
        raise RolesUnreadable(
            path=path, found=f"`{role}` is {found!r}", expected=f"a list: `{role} = [...]`"
        )
    for member in found:
        if not _is_member(member):
            raise RolesUnreadable(
                path=path,
                found=f"`{role}` lists {member!r}",
                expected="an e-mail address, `@domain` or `group:value`",
            )
    return frozenset(m if m.startswith(_GROUP) else same_address(m) for m in found)


def _is_member(member: object) -> bool:
    if not isinstance(member, str):
        return False
    if member.startswith(_GROUP):
        return len(member) > len(_GROUP)
    domain = member.removeprefix("@")
    if member.startswith("@"):
        return bool(domain) and "@" not in domain and not any(c.isspace() for c in domain)
    return bool(address({"email": member}))
