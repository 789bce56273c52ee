"""Protected groups: how far production and the candidate keep them apart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import prose, table
from dashboard.published import Row
from dashboard.published import table as published
from dashboard.words import bounds
from evaluators.wording import NO_VALUE, points

GAPS = "fairness_gaps"
KINDS = {
    "selection": "Selected",
    "opportunity": "True positives",
    "odds": "True or false positives",
}
"""Kinds of gap in points; the ratio of selection rates is told by its sentence."""


def fairness(visit: Visit) -> None:
    """Show for every protected cut the gaps of both sides and what the candidate changes."""
    rows = published(visit, GAPS, "cut, gap")
    for cut in dict.fromkeys(row["cut"] for row in rows):
        mine = [row for row in rows if row["cut"] == cut]
        known = [row for row in mine if row["gap"] in KINDS and row["change"] is not None]
        st.subheader(plain(groups_sentence(cut, known)), anchor=False)
        for row in mine:
            if row["gap"] == "selection_ratio" or not known:
                prose(plain(row["sentence"]))
        if known:
            prose(
                "Gaps are the largest difference between groups, in points; many small groups "
                "have one by chance alone, so read the change."
            )
            table([_cells(row) for row in known], f"Gaps between groups by {cut}")


def groups_sentence(cut: str, known: Sequence[Row]) -> str:
    """Return whether the candidate is shown to widen or narrow a gap, whatever is still open.

    Examples
    --------
    >>> row = {"gap": "selection", "low_any_look": 0.01, "high_any_look": 0.03}
    >>> groups_sentence("sex", [row])
    'Groups by sex: the AI is shown to widen 1 of 1 gap'
    >>> groups_sentence("sex", [row | {"low_any_look": -0.01}])
    'Groups by sex: it is undecided whether the AI widens a gap'
    >>> groups_sentence("sex", [])
    'Groups by sex: there is nothing to compare yet'
    """
    if not known:
        return f"Groups by {cut}: there is nothing to compare yet"
    total = f"{len(known)} gap{'' if len(known) == 1 else 's'}"
    wider = sum((row["low_any_look"] or 0) > 0 for row in known)
    narrower = sum((row["high_any_look"] or 0) < 0 for row in known)
    if wider:
        return f"Groups by {cut}: the AI is shown to widen {wider} of {total}"
    if narrower:
        return f"Groups by {cut}: the AI is shown to narrow {narrower} of {total}, to widen none"
    return f"Groups by {cut}: it is undecided whether the AI widens a gap"


def _cells(row: Row) -> dict[str, str]:
    def gap(value: float | None) -> str:
        return NO_VALUE if value is None else points(value).lstrip("+")

    left = f" ({row['left_out']} left out)" if row["left_out"] else ""
    return {
        "Gap": KINDS[row["gap"]],
        "Groups": f"{row['groups']}{left}",
        "Production": gap(row["production_gap"]),
        "AI": gap(row["candidate_gap"]),
        "Change": points(row["change"]),
        "Valid at any look": NO_VALUE
        if row["low_any_look"] is None
        else bounds(row["low_any_look"], row["high_any_look"]),
    }
