"""Every segment with its interval, to search and to sort, where they are too many for a picture."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from dashboard.accuracy.forest_figure import table_row
from dashboard.accuracy.view import FILTERS, lowest
from dashboard.page import Visit
from dashboard.parts import READABLE_ROWS, table
from dashboard.period import Period
from dashboard.records import Candidate
from dashboard.segment_rows import SegmentRow, SegmentTable
from dashboard.segments import segment_table
from dashboard.words import bounds, state_words

ALT = "Every segment with its interval"


def listing(visit: Visit, rows: SegmentTable, wanted: str, period: Period | None) -> None:
    """Show all segments of a view, or those whose name holds what the reader looks for."""
    chosen = rows.having(*FILTERS[wanted])
    st.subheader(f"All {len(chosen):,} segments", anchor=False)
    searched = st.text_input("Find a segment", key="find", bind="query-params", width=320)
    asked = (searched or "").strip().lower()
    found = [row for row in chosen if asked in row.name.lower()] if asked else chosen
    if asked and len(found) <= READABLE_ROWS:
        table([table_row(row, rows.limit) for row in sorted(found, key=lowest)], ALT)
        return
    who = (str(visit.evidence.path), visit.candidate, rows.cut, period)
    names = [row.name for row in found]
    every = _every(*who)
    shown = every.filter(pc.is_in(every["Segment"], pa.array(names, pa.string())))
    st.dataframe(
        shown,
        hide_index=True,
        alt=ALT,
        column_config={
            "Cases": st.column_config.NumberColumn(format="localized"),
            "Points": st.column_config.NumberColumn(format="%+.2f"),
        },
    )


@st.cache_resource(max_entries=12, show_spinner=False)
def _every(path: str, candidate: Candidate, cut: str, period: Period | None) -> pa.Table:
    """Return all segments of a cut as columns, formatted once."""
    rows = segment_table(path, candidate, cut, period)
    listed = sorted(rows.rows, key=lowest)
    return pa.table(
        {
            "Segment": [row.name for row in listed],
            "Cases": [row.n for row in listed],
            "Points": pa.array([_points(row) for row in listed], pa.float64()),
            "Interval": [bounds(row.low, row.high, rows.limit) for row in listed],
            "Shown": [state_words(row.shown, rows.limit) for row in listed],
        }
    )


def _points(row: SegmentRow) -> float | None:
    return None if row.estimate is None else 100 * row.estimate
