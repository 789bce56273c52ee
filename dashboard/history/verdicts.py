"""Every verdict published so far, and the policies they were judged by."""

from __future__ import annotations

import streamlit as st

from dashboard.page import Visit
from dashboard.parts import table
from dashboard.theme import VERDICTS
from dashboard.words import day, moment


def verdicts(visit: Visit) -> None:
    """List the verdicts and the registrations, the newest first."""
    listed = visit.evidence.history(visit.candidate)
    with st.expander(f"Verdicts so far: {len(listed):,}"):
        table(
            [
                {
                    "No.": f"{verdict.evidence_no:,}",
                    "Published": moment(verdict.published_at),
                    "Data to": day(verdict.data_to),
                    "Verdict": VERDICTS[verdict.state].word,
                    "Why": verdict.sentence,
                    "Policy": verdict.policy_hash[:8],
                }
                for verdict in listed
            ],
            "Every verdict published so far, the newest first",
        )
    registered = visit.evidence.registrations
    title = "Policy: registered once, never changed"
    if len(registered) > 1:
        title = f"Policy: registered {len(registered)} times, changed since the first verdict"
    with st.expander(title):
        table(
            [
                {
                    "Registered": moment(it.registered_at),
                    "Policy": it.policy_hash[:8],
                    "Gates": ", ".join(str(g.get("kind")) for g in it.policy.get("gates", ())),
                    "In force": "yes"
                    if it.policy_hash == visit.evidence.publication.policy_hash
                    else "replaced",
                }
                for it in reversed(registered)
            ],
            "Every policy this study was judged by, the newest first",
        )
