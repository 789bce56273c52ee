"""The data cliff: what is not as it was in the pilot, and what that does to accuracy."""

from __future__ import annotations

import streamlit as st

from dashboard.escape import plain
from dashboard.feed.published import Feed
from dashboard.page import Visit
from dashboard.parts import prose, table
from dashboard.rows import Row
from dashboard.words import all_of
from evaluators.wording import NO_VALUE, count, percent, points

ARMS = {"production": "Production", "candidate": "AI"}


def pilot(feed: Feed, visit: Visit) -> None:
    """Show production's data beside the pilot's; nothing where no pilot was profiled."""
    compared, changes = feed.rows("data_cliff"), feed.changes_of(visit.candidate)
    if not compared and not changes:
        return
    st.subheader("Against the pilot", anchor=False)
    beyond = feed.beyond_pilot
    prose(_answer(len(beyond), len(compared)))
    for row in beyond:
        prose(f"- {plain(row['sentence'])}")
    if changes:
        _accuracy(changes)
    if compared:
        with st.expander(f"{all_of(len(compared), 'comparison')} with the pilot"):
            table(
                [
                    {
                        "State": "beyond the limit" if row["beyond"] else "as in the pilot",
                        "Stream": row["stream"],
                        "Field": row["field"] or NO_VALUE,
                        "About": row["aspect"].replace("_", " "),
                        "What was found": row["sentence"],
                    }
                    for row in compared
                ],
                "Every comparison of production data with the pilot's",
            )


def _answer(beyond: int, compared: int) -> str:
    if not compared:
        return "The fields were not compared."
    if not beyond:
        return (
            f"In all {count(compared, 'comparison')} the data are as they were in the pilot."
            if compared > 1
            else "The one comparison shows the data as they were in the pilot."
        )
    verb = "is" if beyond == 1 else "are"
    return f"{beyond} of {count(compared, 'comparison')} {verb} beyond the limit:"


def _accuracy(changes: tuple[Row, ...]) -> None:
    for row in changes:
        prose(plain(row["sentence"]))
    table(
        [
            {
                "Who": ARMS.get(str(row["arm"]), str(row["arm"])),
                "Segments": row["cut"],
                "Right in the pilot": f"{percent(row['pilot'])} of {row['n_pilot']:,}",
                "Right now": f"{percent(row['production'])} of {row['n_production']:,}",
                "Other cases": points(row["mix"]),
                "Within segments": _within(row),
            }
            for row in changes
        ],
        "Accuracy in the pilot and in production, and what moved it",
    )


def _within(row: Row) -> str:
    if row["within"] is None:
        return NO_VALUE
    if row["within_low"] is None:
        return points(row["within"])
    return f"{points(row['within'])} ({points(row['within_low'])} to {points(row['within_high'])})"
