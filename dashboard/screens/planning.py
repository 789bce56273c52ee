"""Planning: how long this record must still run, and how long a new one would."""

from __future__ import annotations

import streamlit as st

from dashboard.escape import plain
from dashboard.page import Page, Visit
from dashboard.planning.basis import basis
from dashboard.planning.by_segment import by_segment
from dashboard.planning.headline import headline
from dashboard.planning.needs import needs
from dashboard.planning.what_if import what_if
from data_contracts.findings import ALL_CASES


def render(visit: Visit) -> None:
    """Draw the page."""
    found = needs(visit)
    gates = visit.evidence.gates(visit.candidate)
    limits = visit.evidence.limits
    asks = bool(found) or limits.get(ALL_CASES) is not None or any(limits.values())
    today = visit.evidence.publication.data_to
    start = basis(visit, found)
    st.header(plain(headline(found, gates, today, asks, start)), anchor=False)
    by_segment(visit, found)
    what_if(visit, start)


PAGE = Page(
    title="Planning",
    heading="How long must it run?",
    icon="event_upcoming",
    order=110,
    path="planning",
    render=render,
)
