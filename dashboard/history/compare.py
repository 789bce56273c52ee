"""What changed between two verdicts: gates, policy and data; the choice lives in the address."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from dashboard.escape import plain, to_csv
from dashboard.evidence import ask
from dashboard.history.differences import Difference, change_answer, differences
from dashboard.history.past import PastGate, gates_at
from dashboard.page import Visit
from dashboard.parts import READABLE_ROWS, empty, file_stem, plain_alt, prose, stamp, table
from dashboard.production.changes import changes
from dashboard.records import PastVerdict
from dashboard.theme import GATES, VERDICTS
from dashboard.words import day
from data_contracts.vocabulary import VerdictState
from evaluators.wording import NO_VALUE, count, joined

_ADDED = """
    SELECT stream, count(*) AS files, sum(accepted)::BIGINT AS records FROM sources
    WHERE run > ? AND run <= ? AND state = 'ingested' GROUP BY ALL ORDER BY ALL"""


def compare(visit: Visit) -> None:
    """Offer two verdicts, and say what changed between them."""
    history = visit.evidence.history(visit.candidate)
    st.subheader("What changed", anchor=False)
    if len(history) < 2:
        empty("There is one verdict so far; from the second one on, any two can be compared.")
        return
    chosen = _choose(history)
    if chosen is None:
        empty("Both are the same verdict: choose two different ones.")
        return
    first, second = chosen
    before, after = (gates_at(visit, verdict.evidence_no) for verdict in chosen)
    if before and after:
        found = differences(before, after)
        prose(f"**{plain(change_answer(first, second, found))}**")
        if first.state is not second.state:
            states = (VERDICTS[verdict.state].word for verdict in chosen)
            prose(f"The verdict went from {' to '.join(states)}.")
        if VerdictState.BLOCKED in (first.state, second.state):
            prose("Under BLOCKED the gates that are not about the data do not count.")
        _gates(found, visit, first, second)
    else:
        empty("The gates of at least one of the two were not kept, so they cannot be compared.")
    _policy(visit, first, second)
    prose(plain(_data(visit, first, second)))


def _choose(history: tuple[PastVerdict, ...]) -> tuple[PastVerdict, PastVerdict] | None:
    """Return the earlier and the later of the chosen verdicts, None for one and the same."""
    offered = {label(verdict): verdict for verdict in history}
    names = list(offered)
    with st.container(horizontal=True, gap="small"):
        asked = [
            st.selectbox(title, names, index=at, key=key, bind="query-params", width=300)
            for title, at, key in (("From", 1, "from_verdict"), ("To", 0, "to_verdict"))
        ]
    first, second = sorted((offered[name] for name in asked), key=lambda v: v.evidence_no)
    return None if first is second else (first, second)


def label(verdict: PastVerdict) -> str:
    """Return a verdict as it is offered for choice."""
    word = VERDICTS[verdict.state].word
    return f"{verdict.evidence_no}: {day(verdict.published_at.date())}, {word}"


def _gates(
    found: tuple[Difference, ...], visit: Visit, first: PastVerdict, second: PastVerdict
) -> None:
    if not found:
        return
    st.table(
        {
            "Gate": [plain(one.gate.replace("_", " ")) for one in found],
            "State": [_states(one) for one in found],
            "Measured": [_moved(one, "measured") for one in found],
            "Cases": [_moved(one, "n") for one in found],
        },
        border="horizontal",
        hide_index=True,
        alt=plain_alt(f"{count(len(found), 'gate')} that differ between the two verdicts"),
    )
    st.download_button(
        "CSV",
        lambda: to_csv([_csv(one, visit, first, second) for one in found]),
        f"{file_stem(visit, f'changes-{first.evidence_no}-{second.evidence_no}')}.csv",
        "text/csv",
        key="csv-changes",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _states(one: Difference) -> str:
    words = [
        "not in the policy" if gate is None else GATES[gate.status].markdown
        for gate in (one.before, one.after)
    ]
    return words[1] if words[0] == words[1] else f"{words[0]} → {words[1]}"


def _moved(one: Difference, name: str) -> str:
    values = [_value(gate, name) for gate in (one.before, one.after)]
    return plain(values[1] if values[0] == values[1] else f"{values[0]} → {values[1]}")


def _value(gate: PastGate | None, name: str) -> str:
    value = None if gate is None else getattr(gate, name)
    if value is None or (name == "n" and not value):
        return NO_VALUE
    return f"{value:,}" if name == "n" else str(value)


def _csv(
    one: Difference, visit: Visit, first: PastVerdict, second: PastVerdict
) -> dict[str, object]:
    row: dict[str, object] = {**stamp(visit), "gate": one.gate}
    for when, verdict, gate in (("from", first, one.before), ("to", second, one.after)):
        row |= {
            f"{when}_verdict": verdict.evidence_no,
            f"{when}_state": None if gate is None else gate.status.value,
            f"{when}_measured": None if gate is None else gate.measured,
            f"{when}_low": None if gate is None else gate.low,
            f"{when}_high": None if gate is None else gate.high,
            f"{when}_n": None if gate is None else gate.n,
        }
    return row


def _policy(visit: Visit, first: PastVerdict, second: PastVerdict) -> None:
    """Show what the policy of the later verdict says that the earlier one's did not."""
    if first.policy_hash == second.policy_hash:
        prose("The policy is the same in both.")
        return
    known = {it.policy_hash: it.policy for it in visit.evidence.registrations}
    if not {first.policy_hash, second.policy_hash} <= set(known):
        prose("The policy is not the same in both.")
        return
    changed = changes(known[first.policy_hash], known[second.policy_hash])
    prose(
        f"The policy is not the same in both: {count(len(changed), 'setting')} differ"
        f"{'s' if len(changed) == 1 else ''}."
    )
    rows = [{"What": one.what, "Before": one.before, "After": one.after} for one in changed]
    table(rows[:READABLE_ROWS], "Settings of the policy that differ between the two verdicts")


def _data(visit: Visit, first: PastVerdict, second: PastVerdict) -> str:
    """Return what data the later verdict knew beyond the earlier one."""
    timeless = bool(visit.evidence.publication.document.get("timeless"))
    days = reach(first.data_to, second.data_to, timeless=timeless)
    if first.run is None or second.run is None:
        return days
    values = (first.run, second.run)
    added = ask(Path(visit.evidence.path), _ADDED, values, needs="sources")
    if not added:
        return f"{days} No file was added.".lstrip()
    parts = [
        f"{count(row['records'], 'record')} of {row['stream']} from {count(row['files'], 'file')}"
        for row in added
    ]
    return f"{days} Added were {joined(parts)}.".lstrip()


def reach(first: date | None, second: date | None, *, timeless: bool) -> str:
    """Return up to which day the data of two verdicts reach; nothing where cases have no day.

    Parameters
    ----------
    first, second
        Last day of the data that the earlier and the later verdict knew, None before any decision.

    Examples
    --------
    >>> reach(date(2013, 11, 3), date(2013, 11, 3), timeless=False)
    'The data reach to the same day in both.'
    """
    if first is None and second is None:
        return "" if timeless else "There was no decision in the data of either."
    if first is None or second is None:
        known, which = (second, "earlier") if first is None else (first, "later")
        told = "" if known is None else day(known)
        return f"The data reach to {told}; those of the {which} verdict held no day of a decision."
    if first == second:
        return "The data reach to the same day in both."
    return f"The data reach to {day(second)} in place of {day(first)}."
