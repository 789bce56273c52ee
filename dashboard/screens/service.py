"""Service levels and cost: whether the AI is fast enough, up and within its budget."""

from __future__ import annotations

import streamlit as st

from dashboard.declared import Declared
from dashboard.escape import plain
from dashboard.filters import choose_period
from dashboard.overall import number
from dashboard.page import Page, Visit
from dashboard.parts import tiles
from dashboard.service.answers import answers
from dashboard.service.costs import costs
from dashboard.service.headline import headline, service_tiles
from dashboard.service.spending import month_so_far
from dashboard.service.times import times


def render(visit: Visit) -> None:
    """Draw the page."""
    declared = Declared.of(visit.evidence)
    speed, up = number(visit, "latency_p95_ms"), number(visit, "availability")
    month = month_so_far(visit, declared)
    st.header(plain(headline(speed, up, month, declared)), anchor=False)
    tiles(service_tiles(visit, declared))
    period = choose_period(visit)
    times(visit, declared, period)
    answers(visit, declared, period)
    costs(visit, declared)


PAGE = Page(
    title="Service levels and cost",
    heading="Fast enough, up, within budget?",
    icon="speed",
    order=100,
    path="service",
    render=render,
)
