"""The check on the server, before every page and action, and what is shown to the refused."""

from __future__ import annotations

import getpass
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

import streamlit as st

from dashboard.access.identity import LOCAL_ROLES, NOBODY, identify
from dashboard.access.refusal import NO_LOGIN, NOT_LOCAL, NotAllowed, Reason, Refusal
from dashboard.access.roles import RolesUnreadable
from dashboard.access.rules import allowed
from dashboard.access.screens import show_at_the_door, show_inside
from dashboard.access.session import LONGEST, began
from dashboard.access.settings import login_configured, reachable_from_outside, roles_now
from dashboard.access.study import study_facts
from dashboard.escape import plain
from dashboard.people import Action, Person
from dashboard.words import moment

if TYPE_CHECKING:
    from dashboard.page import Visit

log = logging.getLogger(__name__)


def enter() -> Person:
    """Return who is looking; show nothing but the door to whoever may see nothing."""
    refused = refusal(Action.VIEW)
    if refused is not None:
        show_at_the_door(refused)
        _stop(refused)
    return who()


def require(action: Action, visit: Visit | None = None) -> Person:
    """Return who is looking; stop the script here for whoever may not do the action.

    Call it before every action, with the visit when the action is about a study: the study says
    who its reviewers and its sponsor are.

    Raises
    ------
    NotAllowed
        Where there is no script to stop.
    """
    refused = refusal(action, visit)
    if refused is not None:
        show_inside(refused)
        _stop(refused)
    return who()


def _stop(refused: Refusal) -> NoReturn:
    st.stop()
    # Outside of a page's run, as in a thread, `st.stop` just returns.
    raise NotAllowed(why=refused.sentence)


def refusal(action: Action, visit: Visit | None = None) -> Refusal | None:
    """Return why whoever is looking may not do the action now, or None."""
    found = standing()
    if isinstance(found, Refusal):
        return found
    return allowed(found, action, None if visit is None else study_facts(visit, action))


def who() -> Person:
    """Return who is looking, with the roles they have now; somebody without roles when refused."""
    found = standing()
    return NOBODY if isinstance(found, Refusal) else found


def standing() -> Person | Refusal:
    """Return who is looking, or why they see nothing, at this moment."""
    if not login_configured():
        if reachable_from_outside():
            return Refusal(Reason.NOT_LOCAL, NOT_LOCAL)
        return Person(_local_user(), "", LOCAL_ROLES, logged_in=False)
    try:
        roles = roles_now()
    except RolesUnreadable as fault:
        log.error("%s", fault)
        return Refusal(
            Reason.ROLES_UNREADABLE,
            "Who may see this cannot be told at the moment, so nothing is shown.",
            "An administrator finds the reason in the log of this dashboard.",
        )
    return identify(st.user.to_dict(), roles, datetime.now(UTC))


def access_notice() -> None:
    """Say who is looking, in which roles and how long, or that only this computer can."""
    if not login_configured():
        st.markdown(f":small[{NO_LOGIN}]")
        return
    person = who()
    held = ", ".join(sorted(person.roles))
    lines = [f"Logged in as {plain(person.name)}", f"Role: {plain(held)}"]
    start = began(st.user.to_dict())
    if start is not None:
        lines.append(f"Login ends {plain(moment(start + LONGEST))}")
    st.markdown("  \n".join(f":small[{line}]" for line in lines))
    st.button("Log out", icon=":material/logout:", type="tertiary", on_click=st.logout)


def _local_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "local user"
