"""Agreement over time: how often the two say the same, when and in which ways they differ."""

from __future__ import annotations

import streamlit as st

from dashboard.agreement.answer import answer
from dashboard.agreement.beyond_chance import beyond_chance
from dashboard.agreement.by_day import by_day
from dashboard.agreement.by_week import by_week
from dashboard.agreement.confusion import confusion
from dashboard.agreement.counted import Asked, counted, found
from dashboard.agreement.left_out import left_out
from dashboard.agreement.numeric import numeric_header
from dashboard.agreement.numeric_days import numeric_days
from dashboard.agreement.numeric_tables import limits, losses
from dashboard.agreement.where import where
from dashboard.drifting.alarm import alarm_line
from dashboard.filters import choose_period, choose_segment, is_whole
from dashboard.page import Page, Visit
from dashboard.parts import empty
from dashboard.published import OUTCOMES
from data_contracts.vocabulary import DecisionType
from evaluators.metrics.agreement import EVALUATOR
from evaluators.wording import count


def render(visit: Visit) -> None:
    """Draw the page."""
    if OUTCOMES not in visit.evidence.measures:
        st.header("Nothing can be said about agreement.", anchor=False)
        empty("This publication holds no counts of answers: run `understudy run` again.")
        return
    top, filters = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
    with filters:
        period = choose_period(visit)
        segment = choose_segment(visit)
    asked = Asked(segment, period)
    it = counted(visit, asked)
    smallest = visit.evidence.publication.smallest_segment
    if not is_whole(segment) and it.total() < smallest:
        with top:
            st.header("Too few cases to be shown by themselves.", anchor=False)
        empty(
            f"This segment has fewer than {count(smallest, 'case')} in these days: choose a longer "
            "period."
        )
        return
    numbers = visit.evidence.publication.decision_type is DecisionType.NUMERIC
    with top:
        if numbers:
            compared = numeric_header(visit, asked)
            agreement = found(visit, asked, it, "agreement_raw", EVALUATOR)
        else:
            agreement = answer(visit, asked, it)
        alarm_line(visit)
    if numbers:
        numeric_days(visit, compared)
        limits(visit, compared)
        losses(visit, asked)
    if agreement.n:
        by_day(visit, asked, it, agreement)
        by_week(visit, asked, it)
        where(visit, asked, agreement)
    if not numbers:
        confusion(visit, asked)
        beyond_chance(visit, asked)
    left_out(visit, it)


PAGE = Page(
    title="Agreement over time",
    heading="Where do we differ today?",
    icon="show_chart",
    order=60,
    path="agreement",
    render=render,
)
