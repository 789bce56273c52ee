"""The search for slices of several segments in which the candidate is worse: those confirmed."""

from __future__ import annotations

import streamlit as st

from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import prose, table
from dashboard.published import table as published
from dashboard.words import bounds
from evaluators.wording import count, level, points

SLICES = "worst_slices"


def slices(visit: Visit) -> None:
    """Name the slices that were confirmed; of the others only say how many were searched."""
    rows = published(visit, SLICES)
    search = next((row for row in rows if row["slice"] is None), None)
    if search is None:
        return
    confirmed = sorted(
        (row for row in rows if row["slice"] is not None), key=lambda row: row["estimate"]
    )
    st.subheader(slices_sentence(int(search["searched"]), len(confirmed)), anchor=False)
    prose(
        f"{plain(search['sentence'])} A slice that was not confirmed is not named: of many, some "
        "look bad by chance."
    )
    if confirmed:
        bound = level(visit.evidence.publication.alpha)
        table(
            [
                {
                    "Slice": row["slice"],
                    "Cases": f"{row['n']:,}",
                    "Points": points(row["estimate"]),
                    f"Interval ({bound})": bounds(row["low"], row["high"]),
                }
                for row in confirmed
            ],
            "Slices in which the AI is shown to be worse than production",
        )


def slices_sentence(searched: int, confirmed: int) -> str:
    """Return what the search has found.

    Examples
    --------
    >>> slices_sentence(0, 0), slices_sentence(253, 0)
    ('No slice has enough cases to be searched yet', 'In no slice is the AI shown to be worse')
    >>> slices_sentence(253, 1), slices_sentence(1, 1)
    ('In 1 slice the AI is shown to be worse', 'In the one slice the AI is shown to be worse')
    """
    if searched == 0:
        return "No slice has enough cases to be searched yet"
    if confirmed == 0:
        return "In no slice is the AI shown to be worse"
    where = "the one slice" if confirmed == searched == 1 else count(confirmed, "slice")
    return f"In {where} the AI is shown to be worse"
