"""Evidence: what the verdict rests on, down to the hash of every file, and who decides on it."""

from __future__ import annotations

import streamlit as st

from dashboard.basis.answer import answer, who_decides
from dashboard.basis.checks import books, checks, latest, purges
from dashboard.basis.file import evidence_file, models
from dashboard.basis.ledger import ledger
from dashboard.basis.policy import policy
from dashboard.escape import plain
from dashboard.page import Page, Visit
from dashboard.parts import prose
from dashboard.published import shared_table


def render(visit: Visit) -> None:
    """Draw the page."""
    files = shared_table(visit, "sources", "run, stream, path")
    made = shared_table(visit, "checks", "run, stream, check")
    said = answer(files, len(latest(made)), len(visit.evidence.registrations))
    st.header(plain(said), anchor=False)
    prose(who_decides(visit.evidence.publication, visit.evidence.verdict(visit.candidate).state))
    evidence_file(visit)
    policy(visit)
    models(visit)
    ledger(visit, files)
    checks(visit, made)
    books(shared_table(visit, "books", "run, subject, rule"))
    purges(shared_table(visit, "purges", "purged_at"))


PAGE = Page(
    title="Evidence",
    heading="What does the verdict rest on?",
    icon="folder_open",
    order=20,
    path="evidence",
    render=render,
)
