"""Rows that were set aside, by reason; and those that were sent in again."""

from __future__ import annotations

import streamlit as st

from dashboard.feed.published import Feed
from dashboard.parts import empty, prose, table
from evaluators.wording import NO_VALUE, count


def quarantine(feed: Feed) -> None:
    """Show rows that were set aside, by reason; and those that were sent in again."""
    rows = feed.rows("quarantine_counts")
    st.subheader("Set aside", anchor=False)
    if not rows:
        empty("No row has been set aside.", "check_circle")
        return
    again = sum(row["n"] for row in rows if row["state"] == "resubmitted")
    prose(
        f"{count(feed.waiting, 'row')} {'waits' if feed.waiting == 1 else 'wait'} in quarantine"
        + (
            f"; {again:,} more {'was' if again == 1 else 'were'} mended and sent in again."
            if again
            else "."
        )
        + " To work with them: `understudy quarantine list`, then `export` and `resubmit`."
    )
    table(
        [
            {
                "State": row["state"],
                "Rows": f"{row['n']:,}",
                "Stream": row["stream"],
                "Reason": row["reason"].replace("_", " "),
                "Field": row["field"] or NO_VALUE,
                "File": row["path"],
            }
            for row in rows
        ],
        "Rows set aside, by reason, field and file",
    )
