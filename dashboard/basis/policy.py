"""The policy: its registrations with their full hashes, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import streamlit as st

from dashboard.page import Visit
from dashboard.parts import empty, prose, table
from dashboard.production.changes import changes
from dashboard.records import Registration
from dashboard.words import day, moment
from evaluators.wording import count


def policy(visit: Visit) -> None:
    """Show every registration, and what it changed."""
    registered = visit.evidence.registrations
    st.subheader("The policy", anchor=False)
    if not registered:
        empty("No policy has been registered.")
        return
    in_force = visit.evidence.publication.policy_hash
    prose(policy_answer(registered))
    table(
        [
            {
                "Registered": moment(it.registered_at),
                "State": "in force" if it.policy_hash == in_force else "replaced",
                "SHA-256": it.policy_hash,
            }
            for it in reversed(registered)
        ],
        "Every registration of the policy with its hash, the newest first",
    )
    changed = [
        {
            "Registered": day(new.registered_at.date()),
            "What": one.what,
            "Before": one.before,
            "After": one.after,
        }
        for old, new in pairwise(registered)
        for one in changes(old.policy, new.policy)
    ]
    if changed:
        with st.expander(f"What was changed: {count(len(changed), 'setting')}"):
            table(changed, "Every setting that a later registration changed")


def policy_answer(registered: Sequence[Registration]) -> str:
    """Return when the policy was fixed, and whether it was changed after that."""
    first = day(registered[0].registered_at.date())
    if len(registered) == 1:
        return f"The policy was registered on {first}, and has not been changed since."
    times = len(registered) - 1
    often = "once" if times == 1 else f"{times} times"
    last = day(registered[-1].registered_at.date())
    return f"The policy was registered on {first} and changed {often} since, last on {last}."
