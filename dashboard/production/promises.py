"""Service levels, budget, governance and data: what was promised about the AI, in words."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.escape import plain
from dashboard.parts import empty, prose
from dashboard.production.definition import Definition
from dashboard.production.facts import Fact
from data_contracts.data_words import Treatment
from evaluators.wording import count, joined, money, plain_percent

_TREATED = {
    Treatment.DROP: "never read",
    Treatment.PSEUDONYMISE: "replaced by a keyed hash before anything is stored",
    Treatment.KEEP: "stored as it is",
}


def promises(it: Definition) -> Iterator[Fact]:
    """Yield service levels and budget."""
    levels, budget = it.part("service_levels"), it.part("budget")
    currency = str(budget.get("currency") or "USD")
    if levels.get("latency_p95_ms"):
        yield "Speed", f"95 of 100 answers within {levels['latency_p95_ms']:,.0f} ms"
    if levels.get("availability"):
        yield "Availability", f"{plain_percent(levels['availability'])} of decisions get an answer"
    if budget.get("per_decision"):
        yield "Cost of a decision", f"at most {money(budget['per_decision'], currency)} on average"
    if budget.get("per_month"):
        yield "Cost of a month", f"at most {money(budget['per_month'], currency)}"
    if budget.get("tokens_per_decision"):
        tokens = budget["tokens_per_decision"]
        yield "Tokens of a decision", f"at most {tokens:,.0f} on average, read and written"


def governance(it: Definition) -> None:
    """Show the requirements that must be met, in the study's words."""
    said = [str(line) for line in it.listed("governance")]
    st.subheader("Governance", anchor=False)
    if not said:
        empty("The study file names no requirements (`governance`).")
        return
    prose("\n".join(f"- {plain(line)}" for line in said))


def privacy(it: Definition) -> None:
    """Show what is done with sensitive fields, and from which size segments are shown."""
    st.subheader("Sensitive data", anchor=False)
    smallest = int(it.document.get("smallest_segment") or 30)
    protected = [str(name) for name in it.listed("protected")]
    lines = list(treated(it.part("privacy").get("fields") or {}))
    lines.append(
        f"Segments with fewer than {count(smallest, 'case')} are shown pooled, never singly."
    )
    if protected:
        lines.append(f"Neither side may treat these groups too differently: {joined(protected)}.")
    prose("\n".join(f"- {plain(line)}" for line in lines))


def treated(fields: dict[str, str]) -> Iterator[str]:
    """Yield what is done with the fields that the study names.

    Examples
    --------
    >>> list(treated({"age": "drop", "clerk": "pseudonymise", "sender": "drop"}))
    ['age and sender: never read.', 'clerk: replaced by a keyed hash before anything is stored.']
    """
    if not fields:
        yield "The study names no sensitive fields; what a contract restricts stays treated."
    for treatment, words in _TREATED.items():
        names = [name for name, said in fields.items() if said == treatment]
        if names:
            yield f"{joined(names)}: {words}."
