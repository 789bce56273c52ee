"""Checks the `[auth]` section before anything is served, so that a fault is one sentence."""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from data_contracts.errors import UnderstudyError

CALLBACK = "/oauth2callback"
LEAST_SECRET = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_NEEDED = ("client_id", "client_secret", "server_metadata_url")
_ANYBODY = ("/common/", "/organizations/", "/consumers/")
_MAKE = "make one with `python -c 'import secrets; print(secrets.token_urlsafe(32))'`"


class LoginMisconfigured(UnderstudyError):
    """The section that names the identity provider cannot work, or would not be safe."""

    def sentence(self) -> str:
        """Return where, what was found, what was expected and what to do."""
        return (
            f"The login in `{self.facts['path']}` cannot be used: {self.facts['found']}; "
            f"{self.facts['expected']}."
        )


@dataclass(frozen=True, slots=True)
class Login:
    """A login that fits: where people meet the dashboard, and where Streamlit finds the section.

    Attributes
    ----------
    secrets
        The file that holds the section.
    origin
        Scheme, host and port that people type.
    host
        The host of the origin.
    port
        Its port; None when the scheme tells.
    base
        Path in front of every page, without slashes; usually empty.
    """

    secrets: Path
    origin: str
    host: str
    port: int | None
    base: str


def find_secrets(places: Iterable[Path]) -> Path | None:
    """Return the first of some files that has an `[auth]` section."""
    return next((place for place in places if place.is_file() and "auth" in _read(place)), None)


def read_login(path: Path, port: int) -> Login:
    """Return the login a secrets file describes, for a server on a port.

    Raises
    ------
    LoginMisconfigured
        When something is missing, does not fit, or would let in people whom nobody vouches for.
    """
    auth = _read(path).get("auth")
    if not isinstance(auth, dict):
        raise _fault(path, "there is no section `[auth]`", "see docs/access.md for one")
    if importlib.util.find_spec("authlib") is None:
        raise _fault(path, "Authlib is not installed", "install `understudy[dashboard]`")
    _check_secret(path, auth.get("cookie_secret"))
    _check_providers(path, auth)
    return _fitting(path, auth.get("redirect_uri"), port)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise _fault(path, fault.strerror or str(fault), "name a readable file") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        # The message of the parser can quote the line, and the line can be a secret.
        raise _fault(path, "it is not TOML", "mend it; texts stand in quotes") from fault


def _check_secret(path: Path, secret: object) -> None:
    if not isinstance(secret, str) or not secret:
        raise _fault(path, "`cookie_secret` is missing", _MAKE)
    if len(secret) < LEAST_SECRET or len(set(secret)) < LEAST_SECRET // 4:
        raise _fault(
            path,
            "`cookie_secret` can be guessed",
            f"at least {LEAST_SECRET} random characters: {_MAKE}",
        )


def _check_providers(path: Path, auth: Mapping[str, Any]) -> None:
    named = {name: part for name, part in auth.items() if isinstance(part, dict)}
    named.pop("client_kwargs", None)
    if not named or any(name in auth for name in _NEEDED):
        named[""] = dict(auth)
    for name, part in named.items():
        where = f"`[auth.{name}]`" if name else "`[auth]`"
        if "_" in name:
            raise _fault(path, f"{where} has an underscore in its name", "give it another name")
        for key in _NEEDED:
            if not isinstance(part.get(key), str) or not part[key].strip():
                raise _fault(path, f"{where} has no `{key}`", "the identity provider gives it")
        address = _address(path, f"`server_metadata_url` of {where}", part["server_metadata_url"])
        if any(part_of in f"{address.path}/" for part_of in _ANYBODY):
            raise _fault(
                path,
                f"`server_metadata_url` of {where} lets in every organisation, "
                "and there people choose their e-mail addresses themselves",
                "put the number of your own tenant into it",
            )


def _fitting(path: Path, uri: object, port: int) -> Login:
    if not isinstance(uri, str) or not uri:
        raise _fault(path, "`redirect_uri` is missing", f"for this server `{_here(port)}`")
    address = _address(path, "`redirect_uri`", uri.replace("{port}", str(port)))
    if not address.path.endswith(CALLBACK) or address.query or address.fragment:
        raise _fault(path, f"`redirect_uri` is `{uri}`", f"it must end with `{CALLBACK}`")
    host = address.hostname or ""
    if host in LOOPBACK and (address.port or 80) != port:
        raise _fault(
            path,
            f"`redirect_uri` is `{uri}` and the dashboard is on port {port}",
            f"write `{_here(port)}`, and register the same with the provider",
        )
    base = address.path.removesuffix(CALLBACK).strip("/")
    return Login(path, f"{address.scheme}://{address.netloc}", host, address.port, base)


def _address(path: Path, name: str, text: str) -> SplitResult:
    try:
        address = urlsplit(text)
        whole = bool(address.hostname) and address.scheme in ("http", "https")
        port_fits = address.port is None or address.port > 0
    except ValueError:
        whole = port_fits = False
    if not whole or not port_fits or address.username is not None:
        raise _fault(path, f"{name} is `{text}`", "a whole address, as `https://host/path`")
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        raise _fault(path, f"{name} is `{text}`", "beyond this computer it must be `https`")
    return address


def _here(port: int) -> str:
    return f"http://localhost:{port}{CALLBACK}"


def _fault(path: Path, found: str, expected: str) -> LoginMisconfigured:
    return LoginMisconfigured(path=path, found=found, expected=expected)
