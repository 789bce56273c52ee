"""What the refused see: at the door a page of its own, inside one sentence in place of the rest."""

from __future__ import annotations

import streamlit as st

from dashboard.access.claims import address
from dashboard.access.refusal import NOT_LOCAL, Reason, Refusal
from dashboard.access.settings import providers
from dashboard.escape import plain

WIDTH = 560
"""Of the door in pixels."""


def show_at_the_door(refused: Refusal) -> None:
    """Draw the page of somebody who sees nothing else."""
    with (
        st.container(horizontal_alignment="center"),
        st.container(width=WIDTH, border=True),
    ):
        st.title("Understudy", anchor=False)
        if refused.reason is Reason.NOT_LOCAL:
            st.error(NOT_LOCAL, icon=":material/block:")
            return
        st.header(plain(refused.sentence), anchor=False)
        if refused.advice:
            st.markdown(refused.advice)
        if refused.login_helps:
            _log_in()
            st.markdown(":small[If a link brought you here, follow it again afterwards.]")
        else:
            _as_whom()


def show_inside(refused: Refusal) -> None:
    """Draw why an action or a page is refused, in its place."""
    text = " ".join(filter(None, (plain(refused.sentence), refused.advice)))
    st.error(text, icon=":material/block:")
    if refused.login_helps:
        _log_in()


def _log_in() -> None:
    named = providers()
    with st.container(horizontal=True):
        for name in named:
            st.button(
                f"Log in with {plain(name.capitalize())}",
                icon=":material/login:",
                on_click=st.login,
                args=(name,),
                key=f"login-{name}",
            )
        if not named:
            st.button("Log in", icon=":material/login:", on_click=st.login)


def _as_whom() -> None:
    claims = st.user.to_dict()
    known = address(claims) or str(claims.get("email") or claims.get("name") or "")
    if known:
        st.markdown(f":small[Logged in as {plain(known)}]")
    st.button("Log out", icon=":material/logout:", on_click=st.logout)
