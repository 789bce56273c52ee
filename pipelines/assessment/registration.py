"""Registration: the policy is frozen and hashed when results are first published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
from pydantic import ValidationError

from data_contracts.data_words import ConflictRule
from data_contracts.errors import UnderstudyError
from data_contracts.findings import ALL_CASES
from data_contracts.study.drift import Drift
from data_contracts.study.model import Study
from evaluators.pairs.change_monitor import DEFAULT_FLOOR
from evaluators.policy import Gate
from pipelines.assessment.registered_limits import limits_part, put_limits_back
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.reachable import LIMITS_SINCE
from pipelines.warehouse.settle import conflict_rules
from pipelines.warehouse.tables import fingerprint, get_meta, put_meta

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


class RegistrationOutdated(UnderstudyError):
    """What was registered once does not go with the study as it is now."""

    def sentence(self) -> str:
        return (
            "The policy registered then does not go with the study file as it is now:"
            f" {self.facts['fault']}. Take the study file of that day and run it again."
        )


def registered_part(study: Study) -> dict[str, object]:
    """Return what is registered of a study, as JSON values."""
    document = study.model_dump(mode="json", by_alias=True)
    part = {**{key: document[key] for key in REGISTERED}, "segments": list(study.segments)}
    # Left out where there are none, so that studies registered before keep their hash.
    part |= {"clusters": list(study.clusters)} if study.clusters else {}
    rules = conflict_rules(study)
    part |= {"conflicts": rules} if rules else {}
    part |= {"drift": document["drift"]} if study.drift != Drift() else {}
    return part | limits_part(study)


def study_as_registered(study: Study, part: dict[str, Any], *, limits: bool = True) -> Study:
    """Return the study with the parts that decide a verdict as they were registered.

    Parts that are not registered, such as where the files lie, stay as they are; so do the limits
    outside the policy where that was registered before `limits` were.

    Raises
    ------
    RegistrationOutdated
        When what was registered makes no study together with the rest.
    """
    document = study.model_dump(mode="json", by_alias=True)
    document["clusters"] = {
        name: column
        for name, column in document["clusters"].items()
        if name in part.get("clusters", ())
    }
    if document["repeats"] not in document["clusters"]:
        document["repeats"] = None
    rules = part.get("conflicts", {})
    document |= {key: value for key, value in part.items() if key in REGISTERED}
    document["drift"] = part.get("drift", {})
    if limits:
        put_limits_back(document, part)
    for stream, mapping in document["streams"].items():
        if mapping is None:
            continue
        rule = rules.get(stream, {})
        mapping["conflicts"] = rule.get("rule", ConflictRule.LATEST.value)
        now = {source["name"] or source["path"]: source for source in mapping["sources"]}
        listed = {name: {"name": name, "path": name} for name in rule.get("sources", ())}
        mapping["sources"] = list({**listed, **now}.values())
    try:
        return Study.model_validate(document)
    except ValidationError as fault:
        raise RegistrationOutdated(fault=str(fault.errors()[0]["msg"])) from fault


def register(
    connection: duckdb.DuckDBPyConnection, study: Study, now: datetime
) -> tuple[str, bool]:
    """Return the hash of the registered part, and whether it was registered just now."""
    part = registered_part(study)
    policy_hash = fingerprint(part)
    if get_meta(connection, LIMITS_SINCE) is None:
        put_meta(connection, LIMITS_SINCE, now.isoformat())
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


def registered_then(
    connection: duckdb.DuckDBPyConnection, study: Study, moment: datetime
) -> tuple[Study, str | None]:
    """Return the study as registered at a moment, and that registration's hash.

    The study as it is, and None, where nothing was registered yet.
    """
    rows = connection.execute(
        "SELECT policy, policy_hash FROM registrations WHERE registered_at <= ?"
        " ORDER BY registered_at DESC LIMIT 1",
        [moment],
    ).fetchall()
    if not rows:
        return study, None
    since = get_meta(connection, LIMITS_SINCE)
    limits = since is not None and datetime.fromisoformat(since) <= moment
    return study_as_registered(study, json.loads(rows[0][0]), limits=limits), rows[0][1]


def accuracy_limits(study: Study, gates: Sequence[Gate]) -> dict[str, float]:
    """Return the worst acceptable difference in accuracy of every cut that has one, negative."""
    plan = study.policy.plan
    quality = [gate for gate in gates if gate.kind.name in ("noninferiority", "segments")]
    return {**({ALL_CASES: -plan.margin} if plan else {}), **limits_of(quality)}


def watched_floors(study: Study, gates: Sequence[Gate]) -> dict[str, float]:
    """Return the difference that is watched in every cut with a limit: its half, or as said."""
    floors = {cut: limit / 2 for cut, limit in accuracy_limits(study, gates).items()}
    for settings in (gate.as_dict for gate in gates if gate.kind.name == "change"):
        if settings["floor"] is not None:
            floors[settings["cut"]] = settings["floor"]
        elif settings["cut"] not in floors:
            floors[settings["cut"]] = floors.get(ALL_CASES, DEFAULT_FLOOR)
    return floors


def limits_of(gates: Sequence[Gate]) -> dict[str, float]:
    """Return the worst acceptable difference of every cut that has a gate, negative.

    That of gates about accuracy; the gate `loss` has its limit in the decision's own unit.
    """
    limits: dict[str, float] = {}
    for gate in gates:
        settings = gate.as_dict
        if gate.kind.name in ("noninferiority", "segments"):
            cut = str(settings.get("cut", ALL_CASES))
            limits[cut] = max(limits.get(cut, -1.0), -float(settings["margin"]))
    return limits
