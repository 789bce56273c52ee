"""Checks of the latest run: what was expected of the data, and what was found."""

from __future__ import annotations

import streamlit as st

from dashboard.escape import plain
from dashboard.feed.published import BROKEN, Feed
from dashboard.parts import badge, empty, prose, table
from dashboard.theme import GATES, Badge
from data_contracts.vocabulary import Status
from evaluators.wording import count

WARNS = Badge("Warns", "warning", "orange")
"""A check that was not met and does not block."""
"""A check that was not met and does not block."""


def checks(feed: Feed) -> None:
    """Show what was expected of the data in the latest run: what was not met first."""
    every = feed.checks
    st.subheader("Checks", anchor=False)
    if not every:
        empty("No check has been run on the data yet.")
        return
    broken = feed.broken_checks
    prose(
        f"{len(broken)} of {count(len(every), 'check')} {'was' if len(broken) == 1 else 'were'}"
        " not met in the latest run."
        if broken
        else f"All {count(len(every), 'check')} of the latest run were met."
    )
    for row in broken:
        with st.container(border=True):
            state = GATES[Status.FAIL] if row["severity"] == "critical" else WARNS
            badge(state, f"{row['severity'].capitalize()}: {row['stream']}")
            prose(plain(row["sentence"]))
    with st.expander(f"All {count(len(every), 'check')}"):
        table(
            [
                {
                    "State": "not met" if row["status"] in BROKEN else "met",
                    "Stream": row["stream"],
                    "Check": row["check"],
                    "Weight": row["severity"],
                    "Expected": row["expected"],
                    "Rows": f"{row['n']:,}",
                    "Not so": f"{row['unexpected']:,}",
                }
                for row in (*broken, *(r for r in every if r["status"] not in BROKEN))
            ],
            "Every check of the latest run, those not met first",
        )
