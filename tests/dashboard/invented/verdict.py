"""Judges the invented pairs as the pipeline would, and publishes verdict, gates and findings."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
from invented.plan import CUT, FIRST, PUBLISHED, Plan, put
from invented.reviews import review_of

from dashboard.evidence import columns
from data_contracts.evidence import EVIDENCE_FORMAT
from data_contracts.study.policy import GateSpec, Policy
from data_contracts.vocabulary import DecisionType, RiskTier
from evaluators.assess import Assessment, assess
from evaluators.policy import build_gates
from evaluators.scope import DataState, Scope


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish what the file is, its registrations, and every candidate's judged gates."""
    measures = {"outcome_counts": columns(db.sql("FROM outcome_counts").to_arrow_table())}
    last = None if plan.timeless else FIRST + timedelta(7 * plan.weeks - 1)
    mature = None if last is None else last - timedelta(plan.maturing_days)
    gates: list[dict[str, Any]] = [*plan.gates] or [
        {"kind": "books"},
        {"kind": "duration", "weeks": 4},
        {"kind": "noninferiority", "margin": 0.01},
        {"kind": "segments", "cut": CUT, "margin": 0.02, "smallest": plan.smallest},
        {"kind": "answered"},
    ]
    document = {
        "name": "flights",
        "title": plan.title,
        "decision": {"type": "binary", "classes": ["on_time", "late"], "positive": "late"},
        "outcome": {"name": "outcome", "matures_after_days": plan.maturing_days},
        "candidates": [{"name": n, "version": v} for n, v in plan.candidates],
        "smallest_segment": plan.smallest,
        "policy": {"alpha": 0.05, "gates": gates, "plan": plan.expected or None},
        "review": review_of(plan),
    }
    put(
        db,
        "publication",
        {
            "format": EVIDENCE_FORMAT,
            "evidence_no": plan.number,
            "published_at": PUBLISHED,
            "understudy": "0.1.0",
            "study": "flights",
            "title": plan.title,
            "mode": "shadow",
            "risk_tier": "medium",
            "decision_type": "binary",
            "production": "dispatchers' rule",
            "owner": "M. Ortega",
            "sponsor": "R. Haddad",
            "document": json.dumps(document),
            "policy_hash": "b2" * 32,
            "first_day": None if plan.timeless else FIRST,
            "data_to": last,
            "mature_to": mature,
        },
    )
    old = {"alpha": 0.05, "gates": [{"kind": "noninferiority", "margin": 0.015}]}
    registered = ((120, "a1", old), (90, "b2", document["policy"]))
    for days, mark, policy in registered[-plan.registrations :]:
        at = PUBLISHED - timedelta(days=days)
        row = {"registered_at": at, "policy_hash": mark * 32, "policy": json.dumps(policy)}
        put(db, "registrations", row)
    for position, (cut, limit) in enumerate(plan.limits.items()):
        put(db, "cuts", {"position": position, "cut": cut, "limit": limit})
    first = (FIRST - date(1970, 1, 1)).days
    for position, (name, version) in enumerate(plan.candidates):
        scope = Scope(
            name,
            version,
            DecisionType.BINARY,
            ("on_time", "late"),
            "late",
            RiskTier.MEDIUM,
            alpha=0.05 / len(plan.candidates),
            first_day=None if plan.timeless else first,
            last_day=None if last is None else first + 7 * plan.weeks - 1,
            mature_day=None if last is None else first + 7 * plan.weeks - 1 - plan.maturing_days,
            matures_after_days=plan.maturing_days,
            cuts=tuple(plan.limits),
            data=DataState(unbalanced=plan.unbalanced, rules=12),
        )
        counts = measures["outcome_counts"]
        mine = {"outcome_counts": counts.where(counts["candidate"] == position)}
        found = assess(mine, scope, build_gates(Policy(gates=[GateSpec(**g) for g in gates])))
        _assessment(db, plan, found, position, last)


def _assessment(
    db: duckdb.DuckDBPyConnection, plan: Plan, found: Assessment, position: int, last: date | None
) -> None:
    who = {"candidate": found.verdict.candidate, "model_version": found.verdict.version}
    for back in range(plan.number):
        verdict = {
            "evidence_no": plan.number - back,
            "published_at": PUBLISHED - timedelta(days=7 * back),
            "data_to": None if last is None else last - timedelta(7 * back),
            "position": position,
            "state": found.verdict.state if back == 0 else "COLLECTING",
            "sentence": found.verdict.sentence if back == 0 else "Not yet.",
            "policy_hash": "b2" * 32,
        }
        put(db, "verdicts", who | verdict)
    for number, (gate, asked) in enumerate(zip(found.gates, found.policy, strict=True)):
        row = {"position": number, "settings": json.dumps(asked.as_dict)}
        facts = {f.name: getattr(gate, f.name) for f in fields(gate) if f.name != "forecast"}
        when = gate.forecast
        expected = {
            "earliest": when and when.earliest,
            "latest": when and when.latest,
            "reachable": when and when.reachable,
        }
        put(db, "gates", who | row | facts | expected)
        for begun, ended, n, status in _past(plan.number, gate.family, gate.status):
            then = {"evidence_no": begun, "last_no": ended, "n": n, "status": status}
            put(db, "past_gates", who | row | facts | then)
    for part in found.findings:
        db.register("found", pa.table(part.columns()))
        db.execute(
            "INSERT INTO findings BY NAME SELECT * REPLACE ("
            "if(isnan(estimate), NULL, estimate) AS estimate,"
            "if(isnan(low), NULL, low) AS low, if(isnan(high), NULL, high) AS high)"
            " FROM found"
        )
    for week in found.trajectory_rows():
        put(db, "trajectory", week)


def _past(number: int, family: str, status: str) -> list[tuple[int, int, int, str]]:
    """Return stretches of verdicts: all is open at first, then as now but for what blocks."""
    then = "PASS" if family == "data" else status
    stretches = [
        (1, number - 3, 4000, "PASS" if family == "data" else "INCONCLUSIVE"),
        (max(1, number - 2), number - 1, 9000, then),
        (number, number, 12000, status),
    ]
    return [one for one in stretches if one[1] >= one[0]]
