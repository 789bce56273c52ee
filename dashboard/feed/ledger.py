"""The ledger of files and the books: what was read, refused and removed, and that it adds up."""

from __future__ import annotations

import json

import streamlit as st

from dashboard.escape import plain
from dashboard.feed.published import Feed
from dashboard.parts import badge, empty, prose, table
from dashboard.rows import Row
from dashboard.theme import GATES
from dashboard.words import day, moment
from data_contracts.vocabulary import Status
from evaluators.wording import NO_VALUE, count


def sources(feed: Feed) -> None:
    """Show the ledger of files, refused ones first, and what was purged."""
    refused = feed.refused
    for row in refused:
        with st.container(border=True):
            badge(GATES[Status.FAIL], "File refused")
            prose(f"**{plain(row['path'])}**: {plain(row['message'])}")
    ledger = feed.rows("sources")
    if ledger:
        with st.expander(f"The ledger: {count(len(ledger), 'file')}"):
            table([_file(row) for row in reversed(ledger)], "Every file read, the newest first")
    purges = feed.rows("purges")
    if purges:
        with st.expander(f"Removed for privacy: {count(len(purges), 'entry', 'entries')}"):
            table(
                [
                    {
                        "Removed": moment(row["purged_at"]),
                        "Stream": row["stream"],
                        "Before": day(row["before"]),
                        "Records": f"{row['records']:,}",
                    }
                    for row in purges
                ],
                "Raw records that were removed; their counts are kept",
            )


def books(feed: Feed) -> None:
    """Show the books of the latest run, rule by rule; those that do not balance first."""
    entries = feed.rows("books")
    if not entries:
        st.subheader("The books", anchor=False)
        empty("No books have been kept yet.")
        return
    latest = max(row["run"] for row in entries)
    broken = feed.unbalanced
    if broken:
        prose(f"{count(len(broken), 'rule')} of {len(entries):,} do not balance.")
    shown = [*broken, *(row for row in entries if row["run"] == latest and row["balanced"])]
    ended = moment(shown[-1]["ended_at"])
    with st.expander(f"The latest run, rule by rule ({ended})", expanded=bool(broken)):
        table([_rung(row) for row in shown], "The books of the latest run, rule by rule")


def _rung(row: Row) -> dict[str, str]:
    terms = [f"{value:,}" for value in json.loads(row["terms"]).values()]
    return {
        "State": "balances" if row["balanced"] else "does not balance",
        "About": row["subject"],
        "Rule": row["rule"],
        "Figures": f"{terms[0]} = {' + '.join(terms[1:])}" if len(terms) > 1 else terms[0],
    }


def _file(row: Row) -> dict[str, str]:
    return {
        "State": row["state"],
        "Stream": row["stream"],
        "File": row["path"],
        "Rows": f"{row['read']:,}",
        "Set aside": f"{row['rejected']:,}",
        "Run": str(row["run"]),
        "Noticed": row["message"] or NO_VALUE,
    }
