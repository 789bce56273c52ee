"""Sources that disagree about the same case, with both values."""

from __future__ import annotations

import streamlit as st

from dashboard.feed.published import Feed
from dashboard.parts import prose, table
from dashboard.rows import Row
from evaluators.wording import count

_RULES = {
    "latest": "the latest record holds",
    "source_priority": "the first listed source holds",
    "quarantine": "neither holds until they agree",
}


def conflicts(feed: Feed) -> None:
    """Show where two sources disagree about the same case, with examples."""
    found = feed.rows("conflicts")
    if not found:
        return
    st.subheader("Sources that disagree", anchor=False)
    prose(
        f"Two sources disagree about {count(feed.conflicting, 'case')} or more; "
        "the study's rule decides which one holds."
    )
    table(
        [
            {
                "Stream": row["stream"],
                "Field": row["field"],
                "Source": row["source"],
                "Other source": row["other_source"],
                "Cases": f"{row['n']:,}",
                "Rule": _RULES.get(str(row["rule"]), str(row["rule"])),
            }
            for row in found
        ],
        "Pairs of sources that disagree, by field",
    )
    examples = feed.rows("conflict_examples")
    if examples:
        with st.expander(f"{count(len(examples), 'example')}"):
            table([_example(row) for row in examples], "Records about which two sources disagree")


def _example(row: Row) -> dict[str, str]:
    return {
        "Stream": row["stream"],
        "Record": row["record"],
        "Field": row["field"],
        "One says": f"{row['value']} ({row['source']})",
        "The other says": f"{row['other_value']} ({row['other_source']})",
    }
