"""Whom a server lets in, settled before it starts: its address, its login and its roles file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.access.auth_section import LOOPBACK, Login, find_secrets, read_login
from dashboard.access.roles import read_roles
from dashboard.access.settings import LOGIN_VARIABLE, REQUIRED, ROLES_VARIABLE
from data_contracts.errors import UnderstudyError

SECRETS_VARIABLE = "UNDERSTUDY_SECRETS"
"""Environment variable with the path of the secrets file."""

_USUAL = Path(".streamlit") / "secrets.toml"


class NeedsLogin(UnderstudyError):
    """Something was asked for that is only safe with a login."""

    def sentence(self) -> str:
        """Return what was asked for and what to do."""
        return (
            f"{self.facts['asked']} needs a login, and none is set up: put an `[auth]` section "
            "into a file and name it with `--secrets` (docs/access.md shows how)."
        )


class InsideStudy(UnderstudyError):
    """Who is let in would be settled by a file that people of a study can change."""

    def sentence(self) -> str:
        """Return where, what was found, what was expected and what to do."""
        return (
            f"`{self.facts['path']}` lies in the study folder `{self.facts['study']}`, where the "
            "people of the study can change it; keep it elsewhere, readable by the dashboard only."
        )


@dataclass(frozen=True, slots=True)
class Doors:
    """Whom the server lets in: where it listens, the login if there is one, the roles file."""

    host: str
    port: int
    login: Login | None
    roles: Path | None

    @property
    def address(self) -> str:
        """What people type."""
        if self.login is None:
            return f"http://{self.host}:{self.port}"
        return "/".join(filter(None, (self.login.origin, self.login.base)))

    def options(self) -> tuple[tuple[str, str], ...]:
        """Return Streamlit's options; they win over its configuration files and environment.

        Only known names may stand in the address, lest a foreign page rename itself to this
        computer; no header of a request may say who somebody is.
        """
        it = self.login
        shown, port = (self.host, self.port) if it is None else (it.host, it.port or self.port)
        names = dict.fromkeys((*((it.host,) if it else ()), *LOOPBACK))
        return (
            ("server.address", self.host),
            ("server.port", str(self.port)),
            ("server.baseUrlPath", it.base if it else ""),
            ("server.enableCORS", "true"),
            ("server.enableXsrfProtection", "true"),
            ("server.trustedUserHeaders", "{}"),
            *(("server.allowedHosts", name) for name in names),
            *((("server.corsAllowedOrigins", it.origin),) if it else ()),
            ("browser.serverAddress", shown),
            ("browser.serverPort", str(port)),
            *((("secrets.files", str(it.secrets)),) if it else ()),
        )

    def environment(self) -> dict[str, str]:
        """Return what the app must know of this."""
        return {
            LOGIN_VARIABLE: REQUIRED if self.login else "",
            ROLES_VARIABLE: str(self.roles) if self.roles else "",
        }


def settle(
    host: str,
    port: int,
    secrets: Path | None,
    roles: Path | None,
    studies: Sequence[Path] = (),
) -> Doors:
    """Return whom a server lets in.

    Raises
    ------
    UnderstudyError
        When it would be open without a login, the login cannot work, or the files that settle
        this are unreadable or lie inside a study.
    """
    for file in filter(None, (secrets, roles)):
        _outside(file.resolve(), studies)
    if secrets is None:
        if host not in LOOPBACK:
            raise NeedsLogin(asked=f"Listening on `{host}`, which other computers can reach,")
        if roles is not None:
            raise NeedsLogin(asked=f"The roles file `{roles}`")
        return Doors(host, port, None, None)
    if roles is not None:
        read_roles(roles.resolve())
    return Doors(
        host, port, read_login(secrets.resolve(), port), None if roles is None else roles.resolve()
    )


def named_secrets(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the file with the login: as named, else where Streamlit looks for it, else None."""
    named = environment.get(SECRETS_VARIABLE)
    if given is not None or named:
        return given or Path(str(named))
    return find_secrets((Path.cwd() / _USUAL, Path.home() / _USUAL))


def named_roles(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the roles file, if one is named."""
    named = environment.get(ROLES_VARIABLE)
    return given or (Path(named) if named else None)


def _outside(file: Path, studies: Sequence[Path]) -> None:
    for study in studies:
        if file.is_relative_to(study.resolve()):
            raise InsideStudy(path=file, study=study)
