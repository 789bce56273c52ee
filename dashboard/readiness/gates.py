"""All gates as one table; under BLOCKED those that do not block stay as they could be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import streamlit as st

from dashboard.escape import plain
from dashboard.history.past import PastGate
from dashboard.page import Visit
from dashboard.readiness.frozen import Frozen, blocks
from dashboard.records import Gate
from dashboard.theme import GATES, Badge
from dashboard.words import short_day
from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily
from evaluators.wording import NO_VALUE

UNCOUNTED = Badge("Does not count", "block", "gray")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, as it is shown."""

    badge: Badge
    rule: str
    measured: str
    n: int
    since: date | None
    family: GateFamily


def all_gates(visit: Visit, frozen: Frozen | None) -> None:
    """Show every gate with its state, its criterion and what was measured."""
    gates = visit.evidence.gates(visit.candidate)
    if not gates:
        return
    rows = list(rows_of(gates, frozen))
    title = f"All {len(gates)} gates" if len(gates) > 1 else "The one gate"
    if frozen is not None and frozen.gates:
        title += f"; those that do not block as in {frozen.of}"
    with st.expander(title, expanded=True):
        st.table(
            {
                "State": [row.badge.markdown for row in rows],
                "Criterion": [plain(row.rule) for row in rows],
                "Measured": [plain(row.measured) for row in rows],
                "Cases": [f"{row.n:,}" if row.n else NO_VALUE for row in rows],
                "Since": [short_day(row.since).replace(" ", "\u00a0") for row in rows],
                "Family": [plain(row.family.capitalize()) for row in rows],
            },
            border="horizontal",
            hide_index=True,
            alt=f"All {len(gates)} gates with state, criterion and what was measured",
        )


def rows_of(gates: tuple[Gate, ...], frozen: Frozen | None) -> Iterator[Row]:
    """Yield the lines: of a blocked study, the gates that block now, and the others of then."""
    for gate in gates:
        result = gate.result
        if frozen is None or blocks(result):
            yield _row(result, GATES[result.status])
        elif result.gate in frozen.gates:
            then = frozen.gates[result.gate]
            yield _row(then, GATES[then.status])
        else:
            yield _row(result, UNCOUNTED)


def _row(it: GateResult | PastGate, badge: Badge) -> Row:
    return Row(badge, it.rule, it.measured, it.n, it.since, it.family)
