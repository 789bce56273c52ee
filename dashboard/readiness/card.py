"""The verdict card: the state, the answer, who acts next, and the facts the reader needs."""

from __future__ import annotations

import streamlit as st

from dashboard.answers import next_step
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import badge, prose, small
from dashboard.studies.cards import days_of
from dashboard.studies.summary import least_days
from dashboard.theme import VERDICTS
from dashboard.words import day
from evaluators.wording import within


def verdict_card(visit: Visit) -> None:
    """Show the verdict, and below it what is tried, for how long and by which policy."""
    verdict = visit.evidence.verdict(visit.candidate)
    with st.container(border=True):
        badge(VERDICTS[verdict.state])
        st.header(plain(verdict.sentence), anchor=False)
        prose(next_step(visit.evidence, visit.candidate))
        if "evidence" in visit.links:
            st.page_link(
                visit.links["evidence"], label="What it rests on", icon=":material/folder_open:"
            )
    small(" · ".join(facts(visit)))


def facts(visit: Visit) -> list[str]:
    """Return what is tried in place of what, the day of the study, and the policy's date."""
    it = visit.evidence.publication
    found = [f"{visit.candidate} in place of {it.production}"]
    counted = days_of(it, least_days(visit.evidence.gates(visit.candidate)))
    if counted:
        found.append(within(counted))
    if it.data_to is not None:
        found.append(f"decisions to {day(it.data_to)}")
    if it.mature_to is not None and it.mature_to != it.data_to:
        found.append(f"outcomes expected to {day(it.mature_to)}")
    registered = visit.evidence.registrations
    if registered:
        found.append(f"policy registered {day(registered[-1].registered_at.date())}")
    return found
