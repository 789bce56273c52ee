"""Registration: the policy is frozen and hashed when results are first published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import duckdb

from data_contracts.findings import ALL_CASES
from data_contracts.study.model import Study
from evaluators.policy import Gate
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.tables import fingerprint

REGISTERED = (
    "name",
    "mode",
    "risk_tier",
    "decision",
    "outcome",
    "candidates",
    "timeless",
    "starts_on",
    "combinations",
    "checks",
    "policy",
)
"""Parts of the study that decide a verdict; a change in one of them is a new registration."""


def registered_part(study: Study) -> dict[str, object]:
    """Return what is registered of a study, as JSON values."""
    document = study.model_dump(mode="json", by_alias=True)
    return {**{key: document[key] for key in REGISTERED}, "segments": list(study.segments)}


def register(
    connection: duckdb.DuckDBPyConnection, study: Study, now: datetime
) -> tuple[str, bool]:
    """Return the hash of the registered part, and whether it was registered just now."""
    part = registered_part(study)
    policy_hash = fingerprint(part)
    latest = connection.execute(
        "SELECT policy_hash FROM registrations ORDER BY registered_at DESC LIMIT 1"
    ).fetchall()
    if latest and latest[0][0] == policy_hash:
        return policy_hash, False
    with transaction(connection):
        connection.execute(
            "INSERT INTO registrations VALUES (?, ?, ?)",
            [now, policy_hash, json.dumps(part, sort_keys=True)],
        )
    return policy_hash, True


def limits_of(gates: Sequence[Gate]) -> dict[str, float]:
    """Return the worst acceptable difference of every cut that has a gate, negative."""
    limits: dict[str, float] = {}
    for gate in gates:
        settings = gate.as_dict
        if "margin" in settings:
            cut = str(settings.get("cut", ALL_CASES))
            limits[cut] = max(limits.get(cut, -1.0), -float(settings["margin"]))
    return limits
