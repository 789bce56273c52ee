"""Drift: whether what comes in, and what is answered, is still like the reference."""

from __future__ import annotations

import streamlit as st

from dashboard.drifting.alarm import alarms
from dashboard.drifting.answer import drift_answer, features_missing, missing, other_stretch
from dashboard.drifting.overview import overview
from dashboard.drifting.published import KINDS, watched
from dashboard.drifting.subject import choose_subject, subject
from dashboard.escape import plain
from dashboard.page import Page, Visit
from dashboard.parts import badge, empty, prose
from dashboard.theme import GATES
from evaluators.wording import within

LATEST, LONGER = "Latest week", "Last weeks together"
EVERYTHING = "All"


def render(visit: Visit) -> None:
    """Draw the page."""
    subjects = watched(visit)
    top, filters = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
    longer, wanted = False, EVERYTHING
    with filters:
        if any(s.together for s in subjects):
            longer = _choice("Compared", "stretch", (LATEST, LONGER)) == LONGER
        kinds = list(dict.fromkeys(KINDS[s.kind] for s in subjects))
        if len(kinds) > 1:
            wanted = _choice("Show", "watched", (EVERYTHING, *kinds))
    with top:
        st.header(plain(drift_answer(subjects, longer)), anchor=False)
        _gate(visit)
        more = other_stretch(subjects, longer)
        if more:
            prose(plain(more))
        if not subjects:
            empty(plain(missing(visit)))
        undeclared = features_missing(visit, subjects)
        if undeclared and visit.evidence.publication.first_day is not None:
            empty(plain(undeclared))
    shown = [s for s in subjects if wanted in (EVERYTHING, KINDS[s.kind])]
    if shown:
        overview(visit, shown, longer)
        subject(visit, choose_subject(shown, longer), longer)
    alarms(visit)


def _choice(label: str, key: str, options: tuple[str, ...]) -> str:
    chosen = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params"
    )
    return chosen or options[0]


def _gate(visit: Visit) -> None:
    """Say what the gate on drift makes of it, if the policy has one."""
    gates = visit.evidence.gates(visit.candidate)
    found = next((gate.result for gate in gates if gate.result.kind == "drift"), None)
    if found is None:
        return
    state = GATES[found.status]
    badge(state, f"Gate: {state.word.lower()}")
    prose(plain(f"The gate: {within(found.rule)}. {found.sentence}"))


PAGE = Page(
    title="Drift",
    heading="Is today like the reference?",
    icon="waves",
    order=80,
    path="drift",
    render=render,
)
