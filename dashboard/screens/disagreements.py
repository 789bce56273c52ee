"""Disagreements: cases to judge blind; and who was right, and why the two differ."""

from __future__ import annotations

import streamlit as st

from dashboard.access import Reason, refusal
from dashboard.escape import plain
from dashboard.page import Page, Visit
from dashboard.parts import prose
from dashboard.people import Action
from dashboard.reviewing.answer import results_answer
from dashboard.reviewing.batch import drawn
from dashboard.reviewing.by_segment import by_segment
from dashboard.reviewing.ending import ended_answer, ending, keep_open, results_open
from dashboard.reviewing.found import of_judgement, shares
from dashboard.reviewing.reasons import why_they_differ
from dashboard.reviewing.results import who_was_right
from dashboard.reviewing.review import Desk, review
from dashboard.reviewing.states import nothing_drawn
from data_contracts.reviews import Judgement

REVIEWERS = "Cases are judged by people with the role reviewer."
SPREADSHEET = (
    "To judge in a spreadsheet: `understudy review export`, then `understudy review import`."
)


def render(visit: Visit) -> None:
    """Draw the page: the queue for those who judge, the results for all others."""
    if not drawn(visit):
        nothing_drawn(visit)
        return
    refused = refusal(Action.REVIEW, visit)
    if refused is not None:
        other_role = refused.reason is Reason.WRONG_ROLE
        _results(visit, REVIEWERS if other_role else refused.sentence)
        return
    desk = Desk.of(visit)
    now = desk.batch()
    if results_open(visit, desk):
        keep_open(desk, now)
        _results(visit, ended_answer(now))
    elif now.left:
        review(visit)
    else:
        ending(desk)


def _results(visit: Visit, note: str) -> None:
    differ = of_judgement(shares(visit, "disagreements"), Judgement.CANDIDATE)
    st.header(plain(results_answer(differ)), anchor=False)
    if note:
        prose(plain(note))
    who_was_right(visit)
    by_segment(visit)
    why_they_differ(visit)
    prose(SPREADSHEET)


PAGE = Page(
    title="Disagreements",
    heading="Who was right?",
    icon="compare_arrows",
    order=70,
    path="disagreements",
    render=render,
)
