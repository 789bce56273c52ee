"""Synthetic publications: small evidence files with the real layout and invented flights."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.evidence import columns
from dashboard.launch import APP, STUDIES_VARIABLE
from data_contracts.evidence import EVIDENCE_FORMAT, EVIDENCE_LINK, STATE_FOLDER, evidence_ddl
from data_contracts.study.policy import GateSpec, Policy
from data_contracts.vocabulary import DecisionType, RiskTier
from evaluators.assess import Assessment, assess
from evaluators.columns import Columns, Measures
from evaluators.policy import build_gates
from evaluators.scope import DataState, Scope

FIRST = date(2013, 5, 1)
PUBLISHED = datetime(2014, 1, 2, 5, 12, tzinfo=UTC)
CANDIDATE = "late-gbm"
VERSION = "1.4.0"
CUT = "origin x carrier"
ORIGINS = ("EWR", "JFK", "LGA")
CARRIERS = ("9E", "AA", "B6", "DL", "EV", "MQ", "UA", "US", "VX", "WN", "F9", "YV")
DEMO = tuple(f"{o} · {c}" for o in ORIGINS for c in CARRIERS)[:35]
LARGE = DEMO[:6]
GO: dict[str, Any] = {"segments": LARGE, "weak": "", "per_day": 1500}
NO_GO: dict[str, Any] = {"segments": LARGE, "weak": LARGE[1], "per_day": 1500}
BLOCKED: dict[str, Any] = {"unbalanced": ("decisions: read = accepted + rejected, but 7 = 6 + 0",)}
EARLY: dict[str, Any] = {"segments": DEMO[:20], "outcomes": False, "weeks": 4}
TINY: dict[str, Any] = {
    "segments": ("LGA \u00b7 UA",),
    "weak": "",
    "outcomes": False,
    "weeks": 1,
    "number": 1,
    "registrations": 1,
}
HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    "[x](http://a.b)",
    "www.a.example",
    ":smile: **b**",
)


@dataclass(frozen=True)
class Plan:
    """What to invent. `weak` names the segment at which the candidate is worse."""

    segments: Sequence[str] = DEMO
    weeks: int = 35
    per_day: int = 240
    weak: str = "LGA · MQ"
    outcomes: bool = True
    timeless: bool = False
    maturing_days: int = 14
    smallest: int = 100
    number: int = 7
    title: str = "Late-arrival alerts"
    unbalanced: tuple[str, ...] = ()
    registrations: int = 2
    candidates: tuple[tuple[str, str], ...] = ((CANDIDATE, VERSION),)
    feed: str = ""
    limits: dict[str, float | None] = field(
        default_factory=lambda: {"all": -0.01, "origin": None, CUT: -0.02}
    )


def counts(plan: Plan, rng: np.random.Generator) -> pa.Table:
    """Return cases by day, segment, answer, decision, recommendation and outcome."""
    size = rng.pareto(1.1, len(plan.segments)) + 0.05
    size[[name == plan.weak for name in plan.segments]] = np.median(size) * 3
    daily = plan.per_day * size / size.sum()
    days = 1 if plan.timeless else 7 * plan.weeks
    scale = 7 * plan.weeks if plan.timeless else 1
    cells: list[tuple[str, str, str | None, str | None, float]] = [
        ("answered", "on_time", "on_time", "on_time", 0.760),
        ("answered", "late", "late", "late", 0.130),
        ("answered", "on_time", "on_time", "late", 0.045),
        ("answered", "late", "late", "on_time", 0.021),
        ("answered", "late", "on_time", "on_time", 0.016),
        ("answered", "on_time", "late", "late", 0.006),
        ("answered", "on_time", "late", "on_time", 0.009),
        ("answered", "late", "on_time", "late", 0.003),
        ("missing", "on_time", None, "on_time", 0.003),
        ("answered", "on_time", "on_time", None, 0.006),
        ("answered", "late", "on_time", None, 0.001),
    ]
    p = np.array([cell[4] for cell in cells])
    worse = p.copy()
    worse[[5, 6, 0]] += np.array([0.0, 0.062, -0.062])
    rows: list[pa.Table] = []
    for name, mean in zip(plan.segments, daily, strict=True):
        share = worse if name == plan.weak else p
        n = rng.poisson(mean * scale * share / share.sum(), (days, len(cells)))
        day, cell = np.nonzero(n)
        known = np.array([cells[i][3] is not None for i in cell], dtype=bool)
        last = days - plan.maturing_days
        if not plan.outcomes:
            known &= False
        elif not plan.timeless:
            known &= (day < last) | (rng.random(len(day)) < 0.5)
        decision = np.array([c[1] for c in cells], dtype=object)[cell]
        recommendation = np.array([c[2] for c in cells], dtype=object)[cell]
        outcome = np.where(known, np.array([c[3] for c in cells], dtype=object)[cell], None)
        rows.append(
            pa.table(
                {
                    "cohort_day": pa.array(
                        [None if plan.timeless else FIRST + timedelta(int(d)) for d in day],
                        pa.date32(),
                    ),
                    "segment": pa.array([name] * len(day), pa.string()),
                    "answer": pa.array([cells[i][0] for i in cell], pa.string()),
                    "decision": pa.array(decision, pa.string()),
                    "recommendation": pa.array(recommendation, pa.string()),
                    "outcome": pa.array(outcome, pa.string()),
                    "n": pa.array(n[day, cell], pa.int64()),
                }
            )
        )
    return pa.concat_tables(rows)


def build(folder: Path, plan: Plan) -> Path:
    """Write a publication and point the link at it; return the file."""
    state = folder / STATE_FOLDER
    state.mkdir(parents=True, exist_ok=True)
    path = state / f"evidence-{plan.number}.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as db:
        db.execute(evidence_ddl())
        _tables(db, plan, {"outcome_counts": _measures(db, plan)})
    link = state / EVIDENCE_LINK
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    return path


def _measures(db: duckdb.DuckDBPyConnection, plan: Plan) -> Columns:
    db.register("counted", counts(plan, np.random.default_rng(2013)))
    values = {"all": "'all'", "origin": "split_part(segment, ' · ', 1)", CUT: "segment"}
    parts = [
        f"""SELECT '{candidate}' AS candidate, '{version}' AS model_version, cohort_day,
        '{cut}' AS cut, {values[cut]} AS segment, answer, decision, recommendation, outcome,
        decision = recommendation AS agree, decision = outcome AS production_right,
        recommendation = outcome AS candidate_right, sum(n)::BIGINT AS n
        FROM counted GROUP BY ALL"""
        for candidate, version in plan.candidates
        for cut in plan.limits
    ]
    db.execute(f"CREATE TABLE outcome_counts AS {' UNION ALL '.join(parts)}")
    db.unregister("counted")
    return columns(db.sql("FROM outcome_counts").to_arrow_table())


def _tables(db: duckdb.DuckDBPyConnection, plan: Plan, measures: Measures) -> None:
    last = None if plan.timeless else FIRST + timedelta(7 * plan.weeks - 1)
    mature = None if last is None else last - timedelta(plan.maturing_days)
    if plan.feed:
        _feed(db, plan)
    gates: list[dict[str, Any]] = [
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
        "policy": {"alpha": 0.05, "gates": gates},
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


def _feed(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish what is known about the feed: a sound one, or one with everything that can go wrong.

    Texts that come from data are hostile in the troubled one.
    """
    bad = plan.feed == "troubled"
    for stream in ("decisions", "recommendations", "outcomes"):
        for run in (1, 2):
            file = {
                "stream": stream,
                "source": f"data/{stream}",
                "path": f"data/{stream}/{run}.csv",
                "state": "ingested",
                "sha256": "ab" * 32,
                "bytes": 1000,
                "read": 500,
                "accepted": 490 if bad else 500,
                "rejected": 10 if bad else 0,
                "message": "",
                "run": run,
            }
            put(db, "sources", file)
            terms = {"read": 500, "accepted": file["accepted"], "rejected": file["rejected"]}
            book = {
                "run": run,
                "ended_at": PUBLISHED,
                "subject": stream,
                "rule": "read = accepted + rejected",
                "terms": json.dumps(terms),
                "balanced": True,
            }
            put(db, "books", book)
        late = 9 if stream == "outcomes" else 1
        for weekday in range(1, 8):
            for lag in range(late + 1):
                row = {
                    "stream": stream,
                    "source": f"data/{stream}",
                    "weekday": weekday,
                    "lag_days": lag,
                    "n": 100 if lag < late else 20,
                }
                put(db, "arrival_lags", row)
        mark = {
            "stream": stream,
            "source": f"data/{stream}",
            "reporter": HOSTILE[0] if bad else "",
            "last_day": FIRST,
            "n": 500,
            "overdue_days": 3 if bad else 0,
        }
        put(db, "watermarks", mark)
        for kind in ("required", "unique"):
            broken = bad and kind == "required"
            check = {
                "run": 2,
                "checked_at": PUBLISHED,
                "stream": stream,
                "check": f"{stream}_{kind}",
                "kind": kind,
                "field": "decision_id",
                "severity": "critical" if stream == "decisions" else "warning",
                "status": "FAIL" if broken else "PASS",
                "sentence": f"`decision_id` {HOSTILE[0]} is missing in 12 rows."
                if broken
                else "As expected.",
                "expected": "never missing",
                "unexpected": 12 if broken else 0,
                "n": 500,
                "suite": "ef" * 32,
            }
            put(db, "checks", check)
    if not bad:
        return
    put(
        db,
        "sources",
        {
            "stream": "outcomes",
            "source": "data/outcomes",
            "path": HOSTILE[2],
            "state": "refused",
            "sha256": "cd" * 32,
            "bytes": 10,
            "read": 0,
            "accepted": 0,
            "rejected": 0,
            "message": f"Found {HOSTILE[0]}, expected Parquet.",
            "run": 2,
        },
    )
    for state, n in (("waiting", 37), ("resubmitted", 5)):
        row = {
            "stream": "decisions",
            "source": "data/decisions",
            "path": HOSTILE[1],
            "reason": "missing_value",
            "field": "decision",
            "state": state,
            "n": n,
        }
        put(db, "quarantine_counts", row)
    put(
        db,
        "schema_changes",
        {
            "run": 2,
            "stream": "decisions",
            "source": "data/decisions",
            "path": "data/decisions/2.csv",
            "day": FIRST,
            "kind": "renamed",
            "column": HOSTILE[3],
            "rule": "accept",
            "sentence": f"`{HOSTILE[3]}` seems to be what was `decided_at`.",
        },
    )
    put(
        db,
        "overdue",
        {
            "stream": "decisions",
            "source": "data/decisions",
            "units": 4,
            "silent": True,
            "since": FIRST,
            "days": 3,
            "expected": 120.0,
            "found": 0.0,
            "sentence": f"Stores 41 to 44 and {HOSTILE[0]} have not reported since Saturday.",
        },
    )
    note = {
        "stream": "outcomes",
        "source": "data/outcomes",
        "kind": "late_weekday",
        "n": 8,
        "sentence": f"On Sundays 8% of the stores {HOSTILE[0]} report a day late.",
    }
    put(db, "arrival_notes", note)
    pair = {
        "stream": "outcomes",
        "field": "outcome",
        "source": HOSTILE[0],
        "other_source": "ward",
        "rule": "latest",
        "n": 42,
    }
    put(db, "conflicts", pair)
    example = {
        "stream": "outcomes",
        "record": HOSTILE[1],
        "field": "outcome",
        "source": "registry",
        "value": "late",
        "other_source": "ward",
        "other_value": HOSTILE[4],
    }
    put(db, "conflict_examples", example)
    for beyond in (True, False):
        row = {
            "stream": "decisions",
            "field": "region",
            "aspect": "missing",
            "pilot": 0.004,
            "production": 0.182 if beyond else 0.004,
            "limit": 0.02,
            "beyond": beyond,
            "sentence": f"`region` {HOSTILE[0]} is missing in 18.2% of the decisions.",
        }
        put(db, "data_cliff", row)
    for arm in ("production", "candidate"):
        change = {
            "candidate": plan.candidates[0][0],
            "model_version": plan.candidates[0][1],
            "arm": arm,
            "cut": CUT,
            "pilot": 0.94,
            "production": 0.71,
            "mix": -0.05,
            "within": -0.18,
            "within_low": -0.2,
            "within_high": -0.16,
            "n_pilot": 2000,
            "n_production": 64000,
            "sentence": f"The {arm} is right in 71.0% of cases, 94.0% in the pilot.",
        }
        put(db, "accuracy_change", change)
    purge = {"purged_at": PUBLISHED, "before": FIRST, "stream": "decisions", "records": 900}
    put(db, "purges", purge)


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
        row |= {
            "earliest": when and when.earliest,
            "latest": when and when.latest,
            "reachable": when and when.reachable,
        }
        put(db, "gates", who | row | facts)
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


def put(db: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    """Insert one row by the names of its columns."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


Builder = Callable[..., Path]


KINDS: dict[str, dict[str, Any]] = {
    "demo": {},
    "go": GO,
    "no_go": NO_GO,
    "blocked": BLOCKED,
    "early": EARLY,
    "tiny": TINY,
    "timeless": {"timeless": True},
    "hostile": {"segments": HOSTILE, "weak": HOSTILE[1], "candidates": (("<b>bot</b>", "1"),)},
    "sound": {"feed": "sound"},
    "troubled": {"feed": "troubled"},
    "two": {"candidates": ((CANDIDATE, VERSION), ("late-llm", "2"))},
}


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that gives the folder of a study of some kind, invented once."""
    root = tmp_path_factory.mktemp("studies")

    @cache
    def folder(kind: str) -> Path:
        build(root / kind, Plan(**KINDS[kind]))
        return root / kind

    return folder


@pytest.fixture
def publish(tmp_path: Path) -> Builder:
    """Return a function that publishes a plan and gives the study folder."""

    def write(name: str = "flights", **settings: Any) -> Path:
        folder = tmp_path / name
        build(folder, Plan(**settings))
        return folder

    return write


Visitor = Callable[..., AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """Return a function that opens a page of the app for study folders and gives what it drew."""
    before = config.get_option("server.address")
    config.set_option("server.address", "localhost")
    monkeypatch.delenv(STUDIES_VARIABLE, raising=False)

    def open_page(*folders: Path, page: str = "", **query: str | list[str]) -> AppTest:
        monkeypatch.setenv(STUDIES_VARIABLE, os.pathsep.join(map(str, folders)))
        app = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        # Pages are functions here; Streamlit finds them by the hash of their address.
        app._page_hash = calc_hash(page)
        return app.run()

    yield open_page
    config.set_option("server.address", before)
    st.cache_resource.clear()
