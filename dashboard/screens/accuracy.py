"""Accuracy by segment: whether the candidate is at least as good everywhere it matters."""

from __future__ import annotations

import streamlit as st

from dashboard.accuracy.both_arms import both_arms
from dashboard.accuracy.forest_figure import ORDERS, forest_figure, table_row
from dashboard.answers import segments_answer, whole_answer
from dashboard.escape import plain
from dashboard.figures import gated_cut, joint_count
from dashboard.filters import choose_period
from dashboard.page import Page, Visit
from dashboard.parts import badge, empty, figure, prose, table
from dashboard.period import Period
from dashboard.published import OUTCOMES
from dashboard.segment_rows import SegmentTable
from dashboard.segments import segment_table
from dashboard.theme import GATES, Badge
from data_contracts.findings import ALL_CASES
from data_contracts.vocabulary import Shown
from evaluators.wording import count, points, within

MOST_ROWS = 60
"""Beyond so many segments the picture shows the worst `WORST_ROWS` only."""

WORST_ROWS = 40
EXPLORATION = Badge("Exploration, does not count", "explore", "gray")
FILTERS: dict[str, tuple[Shown, ...]] = {
    "All": tuple(Shown),
    "Not proved": (Shown.UNDECIDED, Shown.WORSE, Shown.NO_DATA),
    "Worse": (Shown.WORSE,),
}


def render(visit: Visit) -> None:
    """Draw the page."""
    if OUTCOMES not in visit.evidence.measures:
        empty("This publication holds no counts of outcomes: run `understudy run` again.")
        return
    answer = st.container()
    cut, order, wanted, period = _controls(visit)
    rows = segment_table(str(visit.evidence.path), visit.candidate, cut, period)
    with answer:
        _answer(visit, rows)
    if rows.whole.n == 0:
        empty("There is no case in these days." if period else "There is no case yet.")
        return
    _picture(visit, rows, order, wanted)
    both_arms(visit, period)


def _controls(visit: Visit) -> tuple[str, str, str, Period | None]:
    """Return cut, order, filter and period; all four live in the address."""
    cuts = visit.evidence.cuts
    first = gated_cut(visit)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        cut = ALL_CASES
        if first is not None:
            cut = st.selectbox(
                "Segments",
                cuts,
                index=cuts.index(first),
                key="cut",
                bind="query-params",
                width=190,
            )
        order = st.segmented_control(
            "Order", ORDERS, default=ORDERS[0], required=True, key="order", bind="query-params"
        )
        wanted = st.segmented_control(
            "Show", list(FILTERS), default="All", required=True, key="show", bind="query-params"
        )
        period = choose_period(visit)
    return cut, order or ORDERS[0], wanted or "All", period


def _answer(visit: Visit, rows: SegmentTable) -> None:
    """Say in how many segments it is as good, whether that counts, and what the words mean."""
    states = [row.shown for row in rows.rows]
    counts = rows.registered and not rows.recomputed
    judging = visit.evidence.gate_on(visit.candidate, rows.cut) if counts else None
    gate = joint_count(visit, rows.cut) if counts else None
    answer = segments_answer(states, gate) if states else whole_answer(rows.whole.shown)
    st.header(plain(answer), anchor=False)
    with st.container(horizontal=True, gap="small"):
        if not counts and rows.rows:
            badge(EXPLORATION)
        if judging is not None:
            state = GATES[judging.result.status]
            badge(state, f"Gate: {state.word.lower()}")
    notes = [f"The gate: {within(judging.result.rule)}."] if judging is not None else []
    notes += [
        "\u201cAt least as good\u201d means: the whole interval is above "
        f"{points(rows.limit)} points."
    ]
    if gate and gate[0] > sum(s in (Shown.BETTER, Shown.AT_LEAST_AS_GOOD) for s in states):
        notes.append("The gate judges all segments together, so it can vouch for more of them.")
    if rows.recomputed:
        notes.append(
            "Computed for the chosen days from the published counts; the verdict rests on the "
            "whole record."
        )
    if not rows.registered and rows.rows:
        notes.append(
            "The policy has no gate on this cut; the limit drawn is the one for all cases."
        )
    if rows.pooled:
        notes.append(
            f"{count(rows.pooled, 'segment')} with fewer than {rows.threshold:,} cases "
            f"({count(rows.pooled_cases, 'case')}) {'is' if rows.pooled == 1 else 'are'} pooled as "
            "\u201cAll small segments\u201d."
        )
    prose(plain(" ".join(notes)))


def _picture(visit: Visit, rows: SegmentTable, order: str, wanted: str) -> None:
    chosen = rows.having(*FILTERS[wanted])
    if rows.rows and not chosen:
        empty(f"No segment is {'worse than the limit' if wanted == 'Worse' else 'unproved'}.")
    most = WORST_ROWS if len(chosen) > MOST_ROWS else MOST_ROWS
    figure(forest_figure(visit, rows, chosen, order, most), visit)
    if len(chosen) > most:
        st.subheader(f"All {len(chosen):,} segments", anchor=False)
        listed = sorted(chosen, key=lambda row: row.name)
        searched = st.text_input("Find a segment", key="find", bind="query-params", width=320)
        found = [row for row in listed if (searched or "").lower() in row.name.lower()]
        table([table_row(row, rows.limit) for row in found], "Every segment with its interval")


PAGE = Page(
    title="Accuracy by segment",
    heading="Accuracy by segment",
    icon="segment",
    order=50,
    path="accuracy",
    render=render,
)
