"""Who may see the pages: with a login, those who are logged in; without, this computer only."""

from __future__ import annotations

import getpass

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from dashboard.escape import plain
from dashboard.people import Action, Person, Role

LOCAL = ("localhost", "127.0.0.1", "::1")
NO_LOGIN = "No login is set up, so this page answers on this computer only."
NOT_LOCAL = (
    "No login is set up and this server can be reached from other computers, so nothing is shown. "
    "Start it with `understudy dashboard`, or set up a login."
)


def login_configured() -> bool:
    """Return whether an `[auth]` section names an OpenID Connect provider."""
    try:
        return "auth" in st.secrets
    except (StreamlitSecretNotFoundError, FileNotFoundError):
        return False


NOT_ALLOWED = "Your role does not allow this. Ask an administrator of this dashboard."


def require(action: Action) -> Person:
    """Return who is looking; stop the script here for whoever may not do the action."""
    _require_access()
    person = who()
    if not person.may(action):
        st.error(NOT_ALLOWED, icon=":material/block:")
        st.stop()
    return person


def who() -> Person:
    """Return who is looking; without a login, the user of this computer, in every role."""
    if not login_configured():
        return Person(_local_user(), "", frozenset(Role), logged_in=False)
    email = str(st.user.get("email") or "")
    return Person(str(st.user.get("name") or email), email, frozenset({Role.VIEWER}), True)


def _local_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "local user"


def _require_access() -> None:
    """Stop the script here for whoever may not see the pages."""
    if login_configured():
        if not st.user.is_logged_in:
            st.title("Understudy", anchor=False)
            st.button("Log in", icon=":material/login:", on_click=st.login)
            st.stop()
    elif st.get_option("server.address") not in LOCAL:
        st.title("Understudy", anchor=False)
        st.error(NOT_LOCAL, icon=":material/block:")
        st.stop()


def access_notice() -> None:
    """Say who is looking, or that only this computer can."""
    if login_configured():
        st.markdown(f":small[Logged in as {plain(who().name)}]")
        st.button("Log out", icon=":material/logout:", type="tertiary", on_click=st.logout)
    else:
        st.markdown(f":small[{NO_LOGIN}]")
