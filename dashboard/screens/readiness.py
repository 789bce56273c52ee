"""Readiness: the verdict, what it rests on, what is still missing and how long that will take."""

from __future__ import annotations

import streamlit as st

from dashboard.answers import next_step
from dashboard.course import course
from dashboard.escape import plain
from dashboard.figures import figure_tiles
from dashboard.page import Page, Visit
from dashboard.parts import (
    badge,
    prose,
    small,
    table,
    tiles,
)
from dashboard.records import Gate
from dashboard.theme import GATES, VERDICTS
from dashboard.words import between, day, moment, short_day
from data_contracts.vocabulary import GateFamily, Status
from evaluators.wording import count

SEEN_BY_SEGMENT = (GateFamily.QUALITY, GateFamily.SEGMENTS)


def render(visit: Visit) -> None:
    """Draw the page."""
    _verdict(visit)
    tiles(figure_tiles(visit))
    course(visit)
    _missing(visit)
    _gates(visit)
    _history(visit)


def _verdict(visit: Visit) -> None:
    it = visit.evidence.publication
    verdict = visit.evidence.verdict(visit.candidate)
    with st.container(border=True):
        badge(VERDICTS[verdict.state])
        st.header(plain(verdict.sentence), anchor=False)
        prose(next_step(visit.evidence, visit.candidate))
    facts = [f"{visit.candidate} in place of {it.production}"]
    if it.data_to is not None:
        facts.append(f"decisions to {day(it.data_to)}")
    if it.mature_to is not None and it.mature_to != it.data_to:
        facts.append(f"outcomes expected to {day(it.mature_to)}")
    registered = visit.evidence.registrations
    if registered:
        facts.append(f"policy registered {day(registered[-1].registered_at.date())}")
    small(" · ".join(facts))


def _missing(visit: Visit) -> None:
    gates = visit.evidence.gates(visit.candidate)
    missing = [gate for gate in gates if gate.result.status is not Status.PASS]
    if not missing:
        return
    st.subheader("What is still missing", anchor=False)
    for gate in sorted(missing, key=lambda g: g.result.status is not Status.FAIL):
        _card(gate, visit)


def _card(gate: Gate, visit: Visit) -> None:
    result = gate.result
    state = GATES[result.status]
    with st.container(border=True):
        words, why = st.columns([5, 1], vertical_alignment="center")
        with words:
            badge(state, f"{result.family.capitalize()}: {state.word.lower()}")
            prose(plain(" ".join(filter(None, (result.sentence, _forecast(gate))))))
        with why, st.popover("See why", icon=":material/arrow_forward:", type="tertiary"):
            prose(f"**Criterion:** {plain(result.rule)}")
            cases = f" ({count(result.n, 'case')})" if result.n else ""
            prose(f"**Measured:** {plain(result.measured)}{cases}")
            prose(f"**Reason:** {plain(result.reason.replace('_', ' '))}")
            for name, value in gate.settings.items():
                prose(f"Setting `{name}`: {plain(value)}")
            if result.family in SEEN_BY_SEGMENT and "accuracy" in visit.links:
                st.page_link(visit.links["accuracy"], label="Accuracy by segment")


def _forecast(gate: Gate) -> str:
    forecast = gate.result.forecast
    if forecast is None:
        return ""
    if not forecast.reachable:
        return "At the pace so far, waiting will not change this."
    when = between(forecast.earliest, forecast.latest)
    return f"Expected: {when}." if when else ""


def _gates(visit: Visit) -> None:
    gates = visit.evidence.gates(visit.candidate)
    if not gates:
        return
    with st.expander(
        f"All {len(gates)} gates" if len(gates) > 1 else "The one gate", expanded=True
    ):
        st.table(
            {
                "State": [GATES[gate.result.status].markdown for gate in gates],
                "Criterion": [plain(gate.result.rule) for gate in gates],
                "Measured": [plain(gate.result.measured) for gate in gates],
                "Cases": [f"{gate.result.n:,}" if gate.result.n else "—" for gate in gates],
                "Since": [short_day(gate.result.since).replace(" ", "\u00a0") for gate in gates],
                "Family": [plain(gate.result.family.capitalize()) for gate in gates],
            },
            border="horizontal",
            hide_index=True,
            alt=f"All {len(gates)} gates with state, criterion and what was measured",
        )


def _history(visit: Visit) -> None:
    verdicts = visit.evidence.history(visit.candidate)
    with st.expander(f"Verdicts so far: {len(verdicts)}"):
        table(
            [
                {
                    "No.": str(verdict.evidence_no),
                    "Published": moment(verdict.published_at),
                    "Data to": day(verdict.data_to),
                    "Verdict": VERDICTS[verdict.state].word,
                    "Why": verdict.sentence,
                    "Policy": verdict.policy_hash[:8],
                }
                for verdict in verdicts
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


PAGE = Page(
    title="Readiness",
    heading="May it go live?",
    icon="verified",
    order=10,
    path="readiness",
    render=render,
)
