"""Checks of the latest run: what was expected of the data, and what was found."""

from __future__ import annotations

import streamlit as st

from dashboard.basis.checks import checks_answer
from dashboard.escape import plain
from dashboard.feed.published import BROKEN, Feed
from dashboard.parts import badge, empty, prose, table
from dashboard.theme import GATES, Badge
from dashboard.words import all_of
from data_contracts.vocabulary import Status

WARNS = Badge("Warns", "warning", "orange")
"""A check that was not met and does not block."""


def checks(feed: Feed) -> None:
    """Show what was expected of the data in the latest run: what was not met first."""
    every = feed.checks
    st.subheader("Checks", anchor=False)
    if not every:
        empty("No check has been run on the data yet.")
        return
    broken = feed.broken_checks
    prose(checks_answer(every))
    for row in broken:
        with st.container(border=True):
            state = GATES[Status.FAIL] if row["severity"] == "critical" else WARNS
            badge(state, f"{row['severity'].capitalize()}: {row['stream']}")
            prose(plain(row["sentence"]))
    with st.expander(all_of(len(every), "check")):
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
