"""Checks, books and what was removed: that what was read was right, complete and is still there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.page import Visit
from dashboard.parts import empty, prose, table
from dashboard.words import all_of, day, moment
from evaluators.wording import count

Rows = Sequence[Mapping[str, Any]]
_BROKEN = ("FAIL", "ERROR")


def latest(rows: Rows) -> Rows:
    """Return the rows of the latest run there is."""
    run = max((row["run"] for row in rows), default=None)
    return [row for row in rows if row["run"] == run]


def checks(visit: Visit, every: Rows) -> None:
    """Show the suites by their hashes, with what the latest run found."""
    st.subheader("Checks and books", anchor=False)
    made = latest(every)
    if not made:
        empty("No check has been made on the data.")
        return
    prose(checks_answer(made))
    suites: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in made:
        suites.setdefault((row["stream"], row["suite"]), []).append(row)
    table(
        [
            {
                "Stream": stream,
                "Checks": f"{len(rows):,}",
                "Not met": f"{sum(row['status'] in _BROKEN for row in rows):,}",
                "Checked": moment(rows[0]["checked_at"]),
                "Suite, SHA-256": suite[:16],
            }
            for (stream, suite), rows in suites.items()
        ],
        "What is expected of each stream, by the hash of its suite",
    )
    if "data" in visit.links:
        st.page_link(visit.links["data"], icon=":material/arrow_forward:")


def checks_answer(made: Rows) -> str:
    """Return how many checks of a run were met."""
    broken = sum(row["status"] in _BROKEN for row in made)
    if broken == 0:
        return f"{all_of(len(made), 'check')} of the latest run {_was(len(made))} met."
    return f"{broken:,} of {count(len(made), 'check')} of the latest run {_was(broken)} not met."


def books(every: Rows) -> None:
    """Show whether every row that was read is accounted for."""
    if not every:
        empty("No books have been kept.")
        return
    prose(books_answer(every))


def books_answer(every: Rows) -> str:
    """Return whether the books of all runs balance.

    Examples
    --------
    >>> books_answer([{"balanced": True, "run": 1}, {"balanced": True, "run": 2}])
    'All 2 rules of 2 runs balance: every row that was read is accounted for, once.'
    """
    broken = sum(not row["balanced"] for row in every)
    runs = count(len({row["run"] for row in every}), "run")
    if broken == 0:
        verb = "balances" if len(every) == 1 else "balance"
        return (
            f"{all_of(len(every), 'rule')} of {runs} {verb}: every row that was read is accounted "
            "for, once."
        )
    verb = "does" if broken == 1 else "do"
    return f"{broken:,} of {count(len(every), 'rule')} of {runs} {verb} not balance."


def purges(every: Rows) -> None:
    """Show what was removed for privacy; the counts made of it are kept."""
    if not every:
        prose("Nothing has been removed for privacy.")
        return
    with st.expander(f"Removed for privacy: {count(len(every), 'entry', 'entries')}"):
        table(
            [
                {
                    "Removed": moment(row["purged_at"]),
                    "Stream": str(row["stream"]),
                    "Before": day(row["before"]),
                    "Records": f"{row['records']:,}",
                }
                for row in every
            ],
            "Raw records that were removed; their counts are kept",
        )


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
