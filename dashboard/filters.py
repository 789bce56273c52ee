"""Choices that several pages offer: period and segment; they live in the address of the page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.page import Visit
from dashboard.period import Period
from dashboard.published import OUTCOMES, column, counts
from data_contracts.findings import ALL_CASES, WHOLE, Segment

EVERYTHING = "All cases"


def choose_period(visit: Visit) -> Period | None:
    """Return the first and last day asked for, None for the whole record or a timeless study."""
    it = visit.evidence.publication
    if it.first_day is None or it.data_to is None:
        return None
    whole = (it.first_day, it.data_to)
    asked = st.date_input(
        "Period",
        value=whole,
        min_value=it.first_day,
        max_value=it.data_to,
        format="YYYY-MM-DD",
        key="period",
        bind="query-params",
        width=215,
    )
    # An address may name them the wrong way round.
    days = tuple(sorted(asked)) if isinstance(asked, tuple) else (asked,)
    if len(days) != 2 or days == whole:
        return None
    return days


def choose_segment(visit: Visit) -> Segment:
    """Return the segment asked for, all cases when none was; small ones are not offered."""
    offered = {EVERYTHING: WHOLE} | {
        f"{cut}: {value}": Segment(cut, value)
        for cut in visit.evidence.cuts
        for value in large_segments(visit, cut)
    }
    name = st.selectbox("Segment", list(offered), key="segment", bind="query-params", width=260)
    return offered.get(name or EVERYTHING, WHOLE)


def large_segments(visit: Visit, cut: str) -> Sequence[str]:
    """Return the segments of a cut that have enough cases to be shown by themselves."""
    rows = counts(visit, OUTCOMES, ("segment",), cut=cut)
    smallest = visit.evidence.publication.smallest_segment
    return column([row for row in rows if row["n"] >= smallest], "segment")


def is_whole(segment: Segment) -> bool:
    """Return whether it stands for all cases."""
    return segment.cut == ALL_CASES
