"""After the last case: the way back for a slip, then the results."""

from __future__ import annotations

import streamlit as st

from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import prose
from dashboard.reviewing import cards
from dashboard.reviewing.answer import done_answer, stopped_answer
from dashboard.reviewing.batch import Batch
from dashboard.reviewing.ended import ended_round, latest_round
from dashboard.reviewing.review import Desk, undo_last
from data_contracts.errors import UnderstudyError

SHOW = "Show the results"


def ending(desk: Desk) -> None:
    """Say that the batch is done; the last judgement can be taken back until results are seen."""
    if st.session_state.get(cards.UNDO):
        try:
            undo_last(desk)
            st.rerun()
        except UnderstudyError as fault:
            desk.sitting.fault = plain(str(fault))
    now = desk.batch()
    st.header(ended_answer(now), anchor=False)
    if desk.sitting.fault:
        st.error(desk.sitting.fault, icon=":material/block:")
    prose(f":material/info: {desk.sitting.message}")
    prose("The results are open to you now. Once you have seen them, nothing can be taken back.")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if st.button(SHOW, key="review-results"):
            desk.end()
            st.rerun()
        if now.undoable:
            cards.undo_button()


def results_open(visit: Visit, desk: Desk) -> bool:
    """Return whether this reviewer may see the results: their batch is done, or they ended it."""
    if ended_round(visit, desk.reviewer) >= latest_round(visit):
        return True
    return not desk.sitting.saved and not desk.batch().left


def keep_open(desk: Desk, now: Batch) -> None:
    """Keep that a reviewer has seen the results of what they judged, which is then settled."""
    if now.undoable:
        desk.end()


def ended_answer(now: Batch) -> str:
    """Return what somebody with nothing left has done."""
    if now.skipped:
        return stopped_answer(len(now.mine), now.skipped, now.total)
    return done_answer(len(now.mine), now.total)
