"""Business case: what going live is worth, and what the answer depends on."""

from __future__ import annotations

import streamlit as st

from dashboard.declared import Declared
from dashboard.escape import plain
from dashboard.page import Page, Visit
from dashboard.parts import empty, prose, tiles
from dashboard.worth.by_segment import by_segment
from dashboard.worth.case import business_case
from dashboard.worth.headline import DECLARE, headline, notes, worth_tiles
from dashboard.worth.refused import refused
from dashboard.worth.sensitivity import sensitivity


def render(visit: Visit) -> None:
    """Draw the page."""
    declared = Declared.of(visit.evidence)
    case = business_case(visit, declared)
    st.header(plain(headline(case)), anchor=False)
    if declared.value is None:
        empty(DECLARE)
    else:
        tiles(worth_tiles(case, visit))
        prose(notes(case))
    refused(visit, declared)
    sensitivity(visit, case)
    by_segment(visit, case)


PAGE = Page(
    title="Business case",
    heading="What is it worth?",
    icon="payments",
    order=30,
    path="business",
    render=render,
)
