"""The policy in words, when it was registered, and what was changed since."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from dashboard.page import Visit
from dashboard.parts import empty, prose, table
from dashboard.production.changes import changes
from dashboard.records import Registration
from dashboard.words import day, moment
from evaluators.wording import count, level


def policy(visit: Visit) -> None:
    """Show every criterion, the registrations, and each difference between them."""
    registered = visit.evidence.registrations
    st.subheader("The policy", anchor=False)
    prose(
        f"{registered_sentence(registered)} Intervals hold at "
        f"{level(visit.evidence.publication.alpha)}, however often one looks."
    )
    gates = visit.evidence.gates(visit.candidate)
    if gates:
        table(
            [
                {"Gate": gate.result.gate.replace("_", " "), "Criterion": gate.result.rule}
                for gate in gates
            ],
            "Every gate of the policy with its criterion",
        )
    else:
        empty("The policy has no gate.")
    if registered:
        _registrations(registered, visit.evidence.publication.policy_hash)


def registered_sentence(registered: Sequence[Registration]) -> str:
    """Return when the policy was fixed, and how often it was changed."""
    if not registered:
        return "No policy has been registered yet."
    first, last = registered[0].registered_at.date(), registered[-1].registered_at.date()
    if len(registered) == 1:
        return f"Registered once, on {day(first)}, and never changed since."
    times = "once" if len(registered) == 2 else f"{len(registered) - 1} times"
    return f"First registered on {day(first)} and changed {times} since, last on {day(last)}."


def _registrations(registered: Sequence[Registration], in_force: str) -> None:
    changed = [
        {
            "Registered": day(new.registered_at.date()),
            "What": change.what,
            "Before": change.before,
            "After": change.after,
        }
        for old, new in pairwise(registered)
        for change in changes(old.policy, new.policy)
    ]
    if len(registered) > 1:
        with st.expander(f"What was changed: {count(len(changed), 'setting')}", expanded=True):
            table(changed, "Every setting that a later registration changed")
    with st.expander(f"{count(len(registered), 'registration')} with hash"):
        table(
            [
                {
                    "Registered": moment(it.registered_at),
                    "Hash": it.policy_hash[:16],
                    "State": "in force" if it.policy_hash == in_force else "replaced",
                }
                for it in reversed(registered)
            ],
            "Every registration with its hash, the newest first",
        )
