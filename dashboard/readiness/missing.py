"""What is still missing: a card for each gate that has not passed, and where it is explained."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import badge, prose
from dashboard.readiness.frozen import Frozen, blocks
from dashboard.readiness.leads import page_of
from dashboard.records import Gate
from dashboard.theme import GATES
from dashboard.words import between
from data_contracts.vocabulary import Status
from evaluators.wording import count


def missing(visit: Visit, frozen: Frozen | None) -> None:
    """Show the gates that have not passed; under BLOCKED those that block."""
    gates = visit.evidence.gates(visit.candidate)
    open_ = [gate for gate in gates if gate.result.status is not Status.PASS]
    if frozen is not None:
        open_ = [gate for gate in open_ if blocks(gate.result)]
    if not open_:
        return
    title = "What is still missing" if frozen is None else "What blocks the verdict"
    st.subheader(title, anchor=False)
    for gate in sorted(open_, key=lambda g: g.result.status is not Status.FAIL):
        _card(gate, visit)
    if frozen is not None and len(gates) > len(open_):
        prose(others_answer(gates, open_))


def others_answer(gates: Sequence[Gate], blocking: Sequence[Gate]) -> str:
    """Return what becomes of the gates that do not block."""
    others = len(gates) - len(blocking)
    if others == 1:
        return "The other gate is judged again once the data are mended."
    return f"The other {others} gates are judged again once the data are mended."


def _card(gate: Gate, visit: Visit) -> None:
    result = gate.result
    state = GATES[result.status]
    with st.container(border=True):
        words, why = st.columns([5, 1.4], vertical_alignment="center")
        with words:
            badge(state, f"{result.family.capitalize()}: {state.word.lower()}")
            prose(plain(" ".join(filter(None, (result.sentence, forecast(gate))))))
        with why:
            link = visit.links.get(page_of(result.kind, result.family))
            if link is not None:
                st.page_link(link, icon=":material/arrow_forward:")
            with st.popover("How it is judged", icon=":material/rule:", type="tertiary"):
                _judged(gate)


def _judged(gate: Gate) -> None:
    result = gate.result
    prose(f"**Criterion:** {plain(result.rule)}")
    cases = f" ({count(result.n, 'case')})" if result.n else ""
    prose(f"**Measured:** {plain(result.measured)}{cases}")
    prose(f"**Reason:** {plain(result.reason.replace('_', ' '))}")
    for name, value in gate.settings.items():
        prose(f"Setting {plain(name.replace('_', ' '))}: {plain(value)}")


def forecast(gate: Gate) -> str:
    """Return when a gate is expected to pass, in a sentence; empty where nothing can be said."""
    when = gate.result.forecast
    if when is None:
        return ""
    if not when.reachable:
        return "At the pace so far, waiting will not change this."
    words = between(when.earliest, when.latest)
    return f"Expected: {words}." if words else ""
