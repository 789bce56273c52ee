"""Data quality: whether the feed is healthy, and whose move it is."""

from __future__ import annotations

import streamlit as st

from dashboard.escape import plain
from dashboard.feed.answer import answer, feed_tiles, whose_move
from dashboard.feed.arrivals import arrivals
from dashboard.feed.checks import checks
from dashboard.feed.conflicts import conflicts
from dashboard.feed.ladder import ladder
from dashboard.feed.ledger import books, sources
from dashboard.feed.pairing import pairing
from dashboard.feed.pilot import pilot
from dashboard.feed.published import feed
from dashboard.feed.quarantine import quarantine
from dashboard.feed.schema_changes import schema_changes
from dashboard.page import Page, Visit
from dashboard.parts import prose, tiles


def render(visit: Visit) -> None:
    """Draw the page."""
    it = feed(str(visit.evidence.path))
    gates = tuple(gate.result for gate in visit.evidence.gates(visit.candidate))
    st.header(plain(answer(it, gates, visit.candidate)), anchor=False)
    prose(whose_move(it, visit))
    tiles(feed_tiles(it, visit.candidate))
    ladder(it, visit)
    books(it)
    pairing(it, visit)
    sources(it)
    checks(it)
    arrivals(it, visit)
    schema_changes(it)
    conflicts(it)
    quarantine(it)
    pilot(it, visit)


PAGE = Page(
    title="Data quality",
    heading="Is the feed healthy?",
    icon="fact_check",
    order=90,
    path="data",
    render=render,
)
