"""The ledger: every file that was read, with its hash and what became of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.escape import to_csv
from dashboard.page import Visit
from dashboard.parts import READABLE_ROWS, empty, file_stem, prose, stamp, table
from evaluators.wording import NO_VALUE, count

Rows = Sequence[Mapping[str, Any]]


def ledger(visit: Visit, files: Rows) -> None:
    """Show the files, searchable; beyond a screenful page by page."""
    st.subheader("The files", anchor=False)
    if not files:
        empty("No file is in the ledger.")
        return
    prose(ledger_answer(files))
    words = ""
    if len(files) > READABLE_ROWS:
        words = st.text_input(
            "Find a file",
            placeholder="Name, stream or hash",
            key="file",
            bind="query-params",
            width=320,
        )
    found = [file for file in reversed(files) if _mentions(file, words or "")]
    if not found:
        empty("No file has all of these words.")
    last = -(-len(found) // READABLE_ROWS)
    number = 1
    if last > 1:
        prose(f"{count(len(found), 'file')}, {READABLE_ROWS} at a time, the newest first.")
        number = st.pagination(last, key="files_page", bind="query-params")
    at = (min(number, max(last, 1)) - 1) * READABLE_ROWS
    if found:
        table([_row(f) for f in found[at : at + READABLE_ROWS]], "Files read, the newest first")
    st.download_button(
        "CSV of all files",
        lambda: to_csv([{**stamp(visit), **file} for file in files]),
        f"{file_stem(visit, 'ledger')}.csv",
        "text/csv",
        key="csv-ledger",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def ledger_answer(files: Rows) -> str:
    """Return what became of the rows of all files, in one sentence."""
    refused = sum(file["state"] == "refused" for file in files)
    withdrawn = sum(file["state"] == "withdrawn" for file in files)
    read, taken, aside = (
        sum(int(file[name]) for file in files if file["state"] == "ingested")
        for name in ("read", "accepted", "rejected")
    )
    kept = len(files) - refused - withdrawn
    told = [
        f"{count(kept, 'file')} {'was' if kept == 1 else 'were'} read: of {count(read, 'row')} "
        f"{taken:,} {'was' if taken == 1 else 'were'} accepted and {aside:,} set aside"
    ]
    if refused:
        told.append(f"{count(refused, 'file')} {'was' if refused == 1 else 'were'} refused")
    if withdrawn:
        told.append(f"{count(withdrawn, 'file')} {'was' if withdrawn == 1 else 'were'} withdrawn")
    return f"{'; '.join(told)}."


def _mentions(file: Mapping[str, Any], words: str) -> bool:
    text = " ".join(str(file[name]) for name in ("stream", "source", "path", "sha256", "state"))
    return all(word in text.lower() for word in words.lower().split())


def _row(file: Mapping[str, Any]) -> dict[str, str]:
    return {
        "State": str(file["state"]),
        "File": str(file["path"]),
        "Read": f"{file['read']:,}",
        "Accepted": f"{file['accepted']:,}",
        "Set aside": f"{file['rejected']:,}",
        "SHA-256": str(file["sha256"])[:16],
        "Noticed": str(file["message"] or NO_VALUE),
    }
