"""How the dashboard was started, as far as people go: with a login or not, and with which roles."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard.access.roles import NOBODY, Roles, read_roles

LOCAL = ("localhost", "127.0.0.1", "::1")
LOGIN_VARIABLE = "UNDERSTUDY_LOGIN"
"""Environment variable that says `required`: a login that is taken away opens nothing."""

ROLES_VARIABLE = "UNDERSTUDY_ROLES"
"""Environment variable with the path of the roles file."""

REQUIRED = "required"


def login_configured() -> bool:
    """Return whether people log in: an `[auth]` section is there, or was there at the start."""
    return os.environ.get(LOGIN_VARIABLE) == REQUIRED or bool(_auth())


def providers() -> tuple[str, ...]:
    """Return the names of the identity providers to choose from; empty: there is one, unnamed."""
    return tuple(name for name, part in _auth().items() if _has_client(part))


def roles_now() -> Roles:
    """Return who has which role at this moment; the file is read anew whenever it changes.

    Raises
    ------
    RolesUnreadable
        When it cannot be read any more.
    """
    named = os.environ.get(ROLES_VARIABLE)
    return read_roles(Path(named)) if named else NOBODY


def reachable_from_outside() -> bool:
    """Return whether the server listens to more than this computer."""
    return st.get_option("server.address") not in LOCAL


def _auth() -> Mapping[str, object]:
    try:
        found = st.secrets.get("auth", {})
    except (StreamlitSecretNotFoundError, FileNotFoundError):
        return {}
    return found if isinstance(found, Mapping) else {"": found}


def _has_client(part: object) -> bool:
    return isinstance(part, Mapping) and "client_id" in part
