"""Past verdicts as published: how many gates stood how, and the gates of any one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.evidence import ask
from dashboard.page import Visit
from dashboard.records import Candidate, PastVerdict
from data_contracts.vocabulary import GateFamily, Status, VerdictState

TABLE = "past_gates"
_COUNTS = """
    SELECT v.evidence_no, g.status, count(*) AS n
    FROM verdicts v JOIN past_gates g
      ON g.candidate = v.candidate AND g.model_version = v.model_version
     AND v.evidence_no BETWEEN g.evidence_no AND g.last_no
    WHERE v.candidate = ? AND v.model_version = ?
    GROUP BY ALL ORDER BY ALL"""
_AT = """
    FROM past_gates WHERE candidate = ? AND model_version = ? AND ? BETWEEN evidence_no AND last_no
    ORDER BY position"""


@dataclass(frozen=True, slots=True)
class PastGate:
    """One gate as a past verdict had it."""

    gate: str
    kind: str
    family: GateFamily
    status: Status
    rule: str
    sentence: str
    measured: str
    value: float | None
    low: float | None
    high: float | None
    threshold: float | None
    n: int
    since: date | None
    settings: Mapping[str, Any] = field(default_factory=dict, compare=False)


def gates_at(visit: Visit, evidence_no: int) -> dict[str, PastGate]:
    """Return the gates of a past verdict by name, in the order of its policy; none if not kept."""
    return _gates_at(str(visit.evidence.path), visit.candidate, evidence_no)


def gate_counts(visit: Visit) -> Mapping[int, Mapping[Status, int]]:
    """Return, by the number of the verdict, how many gates stood how."""
    return _gate_counts(str(visit.evidence.path), visit.candidate)


def last_trusted(visit: Visit) -> PastVerdict | None:
    """Return the latest verdict that was not blocked, None when every one was."""
    history = visit.evidence.history(visit.candidate)
    return next((v for v in history if v.state is not VerdictState.BLOCKED), None)


@st.cache_resource(max_entries=256, show_spinner=False)
def _gates_at(path: str, candidate: Candidate, evidence_no: int) -> dict[str, PastGate]:
    values = (candidate.name, candidate.version, evidence_no)
    found = ask(Path(path), _AT, values, needs=TABLE)
    words = ("gate", "kind", "rule", "sentence", "measured", "since")
    numbers = ("value", "low", "high", "threshold", "n")
    return {
        row["gate"]: PastGate(
            family=GateFamily(row["family"]),
            status=Status(row["status"]),
            settings=json.loads(row["settings"] or "{}"),
            **{name: row[name] for name in (*words, *numbers)},
        )
        for row in found
    }


@st.cache_resource(max_entries=64, show_spinner=False)
def _gate_counts(path: str, candidate: Candidate) -> dict[int, dict[Status, int]]:
    counts: dict[int, dict[Status, int]] = {}
    for row in ask(Path(path), _COUNTS, (candidate.name, candidate.version), needs=TABLE):
        counts.setdefault(row["evidence_no"], {})[Status(row["status"])] = int(row["n"])
    return counts
