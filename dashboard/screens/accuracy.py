"""Accuracy by segment: whether the candidate is at least as good everywhere it matters."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.accuracy.answer import show_answer
from dashboard.accuracy.both_arms import both_arms
from dashboard.accuracy.fairness import fairness
from dashboard.accuracy.forest_figure import MOST_ROWS, PAGE_ROWS, forest_figure
from dashboard.accuracy.listing import listing
from dashboard.accuracy.losses import losses
from dashboard.accuracy.scores import scores
from dashboard.accuracy.slices import slices
from dashboard.accuracy.view import View, choose_view
from dashboard.page import Page, Visit
from dashboard.parts import empty, figure, small
from dashboard.published import OUTCOMES
from dashboard.segment_rows import SegmentTable
from dashboard.segments import segment_table

WHOLE_ONLY = "Slices, groups and scores are told for all cases of the whole record only."


def render(visit: Visit) -> None:
    """Draw the page."""
    if OUTCOMES not in visit.evidence.measures:
        st.header("Nothing has been counted yet.", anchor=False)
        empty("This publication holds no counts of outcomes: run `understudy run` again.")
        return
    answer = st.container()
    view = choose_view(visit)
    rows = _rows(visit, view)
    with answer:
        show_answer(visit, rows, view)
    if rows.whole.n == 0:
        empty("There is no case in these days." if view.period else "There is no case yet.")
        return
    _picture(visit, rows, view)
    both_arms(visit, view.segment, view.period)
    if view.period is None and view.single is None:
        losses(visit, rows.cut)
        slices(visit)
        fairness(visit)
        scores(visit)
    else:
        small(WHOLE_ONLY)


def _rows(visit: Visit, view: View) -> SegmentTable:
    """Return the segments of the cut, or the one that was asked for; none where it is small."""
    only = view.single if view.period else None
    rows = segment_table(str(visit.evidence.path), visit.candidate, view.cut, view.period, only)
    if view.single is None:
        return rows
    return replace(rows, rows=tuple(row for row in rows.rows if row.name == view.single), pooled=0)


def _picture(visit: Visit, rows: SegmentTable, view: View) -> None:
    chosen = view.chosen(rows)
    if rows.rows and not chosen:
        worse = view.wanted == "Worse"
        below = "production" if rows.limit is None else "the limit"
        empty(f"No segment is {f'worse than {below}' if worse else 'unproved'}.")
    drawn, page = st.container(), 1
    if len(chosen) > MOST_ROWS:
        pages = -(-len(chosen) // PAGE_ROWS)
        page = st.pagination(pages, key="rows", bind="query-params")
    with drawn:
        figure(forest_figure(visit, rows, chosen, view, page), visit)
    if len(chosen) > MOST_ROWS:
        listing(visit, rows, view.wanted, view.period)


PAGE = Page(
    title="Accuracy by segment",
    heading="Accuracy by segment",
    icon="segment",
    order=50,
    path="accuracy",
    render=render,
)
