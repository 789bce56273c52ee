"""One subject looked at closer: where its cases went, and how far it stood apart by week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboard.drifting.bins import bins_figure
from dashboard.drifting.overview import ranked_subjects
from dashboard.drifting.published import Watched
from dashboard.drifting.weeks import weeks_figure
from dashboard.page import Visit
from dashboard.published import table


def choose_subject(subjects: Sequence[Watched], longer: bool) -> Watched:
    """Return the subject asked for, which lives in the address; else what has moved farthest."""
    ordered = [one for one, _ in ranked_subjects(subjects, longer)]
    titles = Counter(one.title for one in ordered)
    offered = {one.title if titles[one.title] == 1 else one.key: one for one in ordered}
    name = st.selectbox(
        "Look closer at", list(offered), key="subject", bind="query-params", width=320
    )
    return offered.get(name or "", ordered[0])


def subject(visit: Visit, it: Watched, longer: bool) -> None:
    """Show the bins of a subject and its weeks."""
    rows = table(visit, "drift_bins", "position", kind=it.kind, name=it.name)
    if rows:
        bins_figure(visit, it, rows, longer)
    if it.weekly:
        weeks_figure(visit, it)
