"""Facts side by side with their names, as a table that every aid can read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.parts import empty, table

Fact = tuple[str, str]


def facts(title: str, said: Sequence[Fact], missing: str) -> None:
    """Show named facts below a heading; those without words are left out.

    Parameters
    ----------
    missing
        What is said when the study says none of them.
    """
    st.subheader(title, anchor=False)
    rows = [{"What": name, "As declared": words} for name, words in said if words]
    if rows:
        table(rows, f"{title}: what the study file declares")
    else:
        empty(missing)
