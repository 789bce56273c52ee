"""The evidence file itself: number, layout, software, models, and the hash anybody can compute."""

from __future__ import annotations

import streamlit as st

from dashboard.basis.answer import short_hash
from dashboard.escape import plain
from dashboard.file_hash import sha256_of
from dashboard.page import Visit
from dashboard.parts import empty, prose, table
from dashboard.published import shared_table
from dashboard.theme import VERDICTS
from dashboard.words import day, moment


def evidence_file(visit: Visit) -> None:
    """Show what identifies the evidence, and how to compute its hash oneself."""
    path = visit.evidence.path
    digits = sha256_of(path)
    st.subheader("The evidence file", anchor=False)
    if not digits:
        empty("The file is gone: a newer publication has taken its place. Reload this page.")
        return
    prose(
        f"Its SHA-256 begins with {short_hash(digits)}. Whoever has the study folder can compute "
        "it; the same digits mean the same file, to the last byte:"
    )
    st.code(f"{digits}  state/{path.name}", language=None, wrap_lines=True)
    st.code(f"sha256sum state/{path.name}", language="bash")
    it = visit.evidence.publication
    heads = shared_table(visit, "publication")
    facts = {
        "Study": f"{it.title} ({it.study})",
        "Evidence": f"No. {it.evidence_no:,}, published {moment(it.published_at)}",
        "Layout": str(heads[0]["format"]),
        "Software": f"Understudy {heads[0]['understudy']}",
        "Decisions": f"{day(it.first_day)} to {day(it.data_to)}",
        "Outcomes expected to": day(it.mature_to),
        "In place of": it.production,
        "Owner of production": it.owner,
        "Sponsor": it.sponsor,
    }
    with st.expander("What it is", expanded=True):
        table([{"What": k, "Says": v} for k, v in facts.items()], "What the evidence file is")


def models(visit: Visit) -> None:
    """List the models that were tried, with their verdicts."""
    st.subheader("Models", anchor=False)
    listed = visit.evidence.candidates
    prose(
        "One version of one model was tried."
        if len(listed) == 1
        else f"{len(listed)} model versions were tried, each against the same production."
    )
    rows = [(one, visit.evidence.verdict(one)) for one in listed]
    st.table(
        {
            "Model": [plain(one.name) for one, _ in rows],
            "Version": [plain(one.version) for one, _ in rows],
            "Verdict": [VERDICTS[verdict.state].markdown for _, verdict in rows],
            "Why": [plain(verdict.sentence) for _, verdict in rows],
        },
        border="horizontal",
        hide_index=True,
        alt="The model versions that were tried, with their verdicts",
    )
