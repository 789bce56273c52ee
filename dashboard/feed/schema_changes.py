"""Columns that changed: which file was the first, and how it was handled."""

from __future__ import annotations

import streamlit as st

from dashboard.feed.published import Feed
from dashboard.parts import prose, table
from dashboard.words import day

_HANDLED = {"accept": "read on", "quarantine": "rows set aside", "stop": "file refused"}


def schema_changes(feed: Feed) -> None:
    """Show which files have other columns than those before them."""
    changes = feed.rows("schema_changes")
    if not changes:
        return
    st.subheader("Columns that changed", anchor=False)
    prose(f"The columns changed {'once' if len(changes) == 1 else f'{len(changes)} times'}.")
    table(
        [
            {
                "Since": day(row["day"]),
                "Stream": row["stream"],
                "What changed": row["sentence"],
                "First file": row["path"],
                "Handled": _HANDLED.get(str(row["rule"]), str(row["rule"])),
            }
            for row in reversed(changes)
        ],
        "Every change of columns, the newest first",
    )
