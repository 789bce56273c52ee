"""What the reader of the accuracy page asked for; all of it lives in the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.figures import gated_cut
from dashboard.filters import choose_period, choose_segment
from dashboard.page import Visit
from dashboard.period import Period
from dashboard.segment_rows import SegmentRow, SegmentTable
from data_contracts.findings import ALL_CASES, WHOLE, Segment
from data_contracts.vocabulary import Shown

FILTERS: dict[str, tuple[Shown, ...]] = {
    "All": tuple(Shown),
    "Not proved": (Shown.UNDECIDED, Shown.WORSE, Shown.NO_DATA),
    "Worse": (Shown.WORSE,),
}


@dataclass(frozen=True, slots=True)
class View:
    """One view of the page.

    Attributes
    ----------
    cut
        The cut whose segments are shown; that of the segment where one is asked for.
    order, wanted
        Names of an order and of a filter.
    """

    cut: str
    order: str
    wanted: str
    segment: Segment
    period: Period | None

    @property
    def single(self) -> str | None:
        """Name of the one segment asked for, None for all of them."""
        return None if self.segment == WHOLE else self.segment.value

    def chosen(self, rows: SegmentTable) -> list[SegmentRow]:
        """Return the rows asked for, in the order asked for."""
        return sorted(rows.having(*FILTERS[self.wanted]), key=ORDERS[self.order])


def lowest(row: SegmentRow) -> tuple[float, str]:
    """Return where a row stands from the worst to the best."""
    value = row.low if row.estimate is None else row.estimate
    return (-1.0 if value is None else value, row.name)


ORDERS: dict[str, Callable[[SegmentRow], tuple[float, str]]] = {
    "Worst first": lowest,
    "Largest first": lambda row: (-float(row.n), row.name),
    "A to Z": lambda row: (0.0, row.name),
}
FIRST = next(iter(ORDERS))


def choose_view(visit: Visit) -> View:
    """Offer the choices and return what was chosen."""
    cuts = visit.evidence.cuts
    gated = gated_cut(visit)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        cut, segment = ALL_CASES, WHOLE
        if gated is not None:
            cut = st.selectbox(
                "Segments",
                cuts,
                index=cuts.index(gated),
                key="cut",
                bind="query-params",
                width=190,
            )
            segment = choose_segment(visit)
        order = st.segmented_control(
            "Order", list(ORDERS), default=FIRST, required=True, key="order", bind="query-params"
        )
        wanted = st.segmented_control(
            "Show", list(FILTERS), default="All", required=True, key="show", bind="query-params"
        )
        period = choose_period(visit)
    if segment != WHOLE:
        cut = segment.cut
    return View(cut, order or FIRST, wanted or "All", segment, period)
