"""Production definition: what is decided, by whom, and what was agreed before results were seen."""

from __future__ import annotations

import streamlit as st
import yaml

from dashboard.escape import plain
from dashboard.page import Page, Visit
from dashboard.parts import prose
from dashboard.production.answer import answer, whose_move
from dashboard.production.checkpoints import checkpoint_sentence
from dashboard.production.decided import decided, who
from dashboard.production.definition import definition_of
from dashboard.production.demands import demands
from dashboard.production.facts import facts
from dashboard.production.policy import policy
from dashboard.production.promises import governance, privacy, promises
from dashboard.production.transition import transition


def render(visit: Visit) -> None:
    """Draw the page."""
    publication = visit.evidence.publication
    it = definition_of(publication)
    today = publication.today
    said = answer(publication.production, it.cases_per_year, publication.owner, it.handoffs, today)
    st.header(plain(said), anchor=False)
    prose(whose_move(it.handoffs, today))
    facts("Who answers for it", tuple(who(it, publication)), "The study names nobody.")
    facts("What is decided", tuple(decided(it, publication)), "The study file says nothing.")
    transition(it.handoffs, visit)
    demands(it.tier, publication.mode, visit.evidence.gates(visit.candidate))
    policy(visit)
    facts(
        "Service levels and budget",
        tuple(promises(it)),
        "The study file sets no service levels (`service_levels`) and no `budget`.",
    )
    governance(it)
    privacy(it)
    st.subheader("Checkpoints", anchor=False)
    cadence = str(it.document.get("checkpoint") or "weekly")
    prose(checkpoint_sentence(cadence, publication.first_day, today))
    with st.expander("The study file as it was published"):
        shown = yaml.safe_dump(publication.document, sort_keys=False, allow_unicode=True)
        st.code(shown, language="yaml", height=480)


PAGE = Page(
    title="Production definition",
    heading="What is decided, by whom?",
    icon="assignment_ind",
    order=120,
    path="production",
    render=render,
)
