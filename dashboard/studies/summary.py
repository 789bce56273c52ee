"""A light reading of a publication: what it is, its latest verdicts and how its gates stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import streamlit as st

from dashboard import rows
from dashboard.evidence import EvidenceFormatUnknown, EvidenceUnreadable, read_rows
from dashboard.records import Gate, PastVerdict, Publication
from data_contracts.evidence import EVIDENCE_FORMAT
from data_contracts.vocabulary import GateFamily, Status, VerdictState
from evaluators.weeks import WEEK

_TABLES = {"publication": "format", "verdicts": "evidence_no, position", "gates": "position"}


@dataclass(frozen=True, slots=True)
class Summary:
    """One study in short.

    Attributes
    ----------
    verdict
        The latest, of the candidate that carries the headline.
    others
        The latest verdicts of the other candidates.
    since
        When the first of the verdicts was published that have said the same state without a break.
    gates
        The headline candidate's gates, counted by status.
    least_days
        Days the policy asks for; None when it asks for none.
    earliest, latest, reachable
        When the last gate is expected to pass; not reachable: not by waiting.
    """

    publication: Publication
    verdict: PastVerdict
    others: tuple[PastVerdict, ...]
    since: datetime
    gates: Mapping[Status, int]
    least_days: int | None
    earliest: date | None
    latest: date | None
    reachable: bool

    @property
    def state(self) -> VerdictState:
        """State of the headline verdict."""
        return self.verdict.state


@st.cache_resource(max_entries=2048, show_spinner="Reading the studies")
def summary(path: str) -> Summary:
    """Return the short of the publication at a resolved path, read once.

    Raises
    ------
    EvidenceUnreadable, EvidenceFormatUnknown
        As when it is read in full.
    """
    return read_summary(Path(path))


def read_summary(path: Path) -> Summary:
    """Read the short of a publication."""
    tables = read_rows(path, _TABLES)
    heads = tables.get("publication", ())
    if len(heads) != 1:
        raise EvidenceUnreadable(path=path, found="it does not say what it is")
    found = heads[0]["format"]
    if found != EVIDENCE_FORMAT:
        raise EvidenceFormatUnknown(path=path, found=found, expected=EVIDENCE_FORMAT)
    try:
        it = rows.publication(heads[0])
        verdicts = [rows.verdict(row) for row in tables["verdicts"]]
        gates = [rows.gate(row) for row in tables["gates"]]
    except (KeyError, ValueError) as fault:
        raise EvidenceUnreadable(path=path, found=str(fault)[:160]) from fault
    latest = [verdict for verdict in verdicts if verdict.evidence_no == it.evidence_no]
    if not latest:
        raise EvidenceUnreadable(path=path, found="it holds no verdict")
    mine = [gate for gate in gates if gate.candidate == latest[0].candidate]
    open_ = [gate.result for gate in mine if gate.result.status is not Status.PASS]
    dated = [f for g in open_ if (f := g.forecast) is not None and f.reachable and f.earliest]
    ends = [forecast.latest for forecast in dated]
    return Summary(
        it,
        latest[0],
        tuple(latest[1:]),
        _since(verdicts, latest[0]),
        Counter(gate.result.status for gate in mine),
        least_days(mine),
        max((f.earliest for f in dated if f.earliest), default=None),
        None if None in ends else max((end for end in ends if end), default=None),
        all(gate.forecast is None or gate.forecast.reachable for gate in open_),
    )


def least_days(gates: Sequence[Gate]) -> int | None:
    """Return how many days the policy asks for, None without a gate on them."""
    asked = [
        int(gate.result.threshold) * WEEK
        for gate in gates
        if gate.result.family is GateFamily.DURATION and gate.result.threshold
    ]
    return max(asked, default=None)


def _since(verdicts: Sequence[PastVerdict], latest: PastVerdict) -> datetime:
    since = latest.published_at
    mine = [verdict for verdict in verdicts if verdict.candidate == latest.candidate]
    for verdict in sorted(mine, key=lambda v: v.evidence_no, reverse=True):
        if verdict.state is not latest.state:
            break
        since = verdict.published_at
    return since
