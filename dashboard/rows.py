"""Makes a record of each row of the published tables."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from dashboard.records import Candidate, Gate, PastVerdict, Publication, Registration, Week
from data_contracts.findings import Finding, Forecast, GateResult, Segment
from data_contracts.vocabulary import DecisionType, GateFamily, Reason, Status, VerdictState

Row = dict[str, Any]


def in_utc(at: datetime) -> datetime:
    """Return a moment in UTC, whatever the time zone of this computer is."""
    return at.astimezone(UTC)


def number(value: Any) -> Any:
    """Return the value, None for a number that is none.

    Examples
    --------
    >>> number(float("nan")), number(0.5), number("text")
    (None, 0.5, 'text')
    """
    return None if isinstance(value, float) and math.isnan(value) else value


def candidate(row: Row) -> Candidate:
    """Return whose row it is."""
    return Candidate(row["candidate"], row["model_version"])


def publication(row: Row) -> Publication:
    """Return what the file is about."""
    return Publication(
        evidence_no=row["evidence_no"],
        published_at=in_utc(row["published_at"]),
        study=row["study"],
        title=row["title"],
        mode=row["mode"],
        risk_tier=row["risk_tier"],
        decision_type=DecisionType(row["decision_type"]),
        production=row["production"],
        owner=row["owner"],
        sponsor=row["sponsor"],
        document=json.loads(row["document"]),
        policy_hash=row["policy_hash"],
        first_day=row["first_day"],
        data_to=row["data_to"],
        mature_to=row["mature_to"],
    )


def verdict(row: Row) -> PastVerdict:
    """Return one published verdict."""
    return PastVerdict(
        row["evidence_no"],
        in_utc(row["published_at"]),
        row["data_to"],
        candidate(row),
        VerdictState(row["state"]),
        row["sentence"],
        row["policy_hash"],
        row.get("run"),
    )


def gate(row: Row) -> Gate:
    """Return one gate of the latest verdict."""
    forecast = (
        None
        if row["reachable"] is None
        else Forecast(row["earliest"], row["latest"], row["reachable"])
    )
    words = ("gate", "kind", "rule", "sentence", "measured", "value", "low", "high", "threshold")
    result = GateResult(
        family=GateFamily(row["family"]),
        status=Status(row["status"]),
        reason=Reason(row["reason"]),
        n=row["n"],
        since=row["since"],
        forecast=forecast,
        **{name: number(row[name]) for name in words},
    )
    return Gate(candidate(row), result, json.loads(row["settings"]))


def finding(row: Row) -> Finding:
    """Return one finding."""
    return Finding(
        row["metric"],
        row["candidate"],
        row["model_version"],
        Segment(row["cut"], row["segment"]),
        number(row["estimate"]),
        number(row["low"]),
        number(row["high"]),
        row["n"],
        row["method"],
        Status(row["status"]),
        Reason(row["reason"]),
    )


def week(row: Row) -> Week:
    """Return one week of the trajectory."""
    names = ("week", "day", "mature", "estimate", "low", "high", "possible_low", "possible_high")
    return Week(candidate(row), n=row["n"], **{name: number(row[name]) for name in names})


def registration(row: Row) -> Registration:
    """Return one registered policy."""
    at = in_utc(row["registered_at"])
    return Registration(at, row["policy_hash"], json.loads(row["policy"]))
