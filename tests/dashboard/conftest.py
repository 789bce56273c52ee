"""Synthetic publications: small evidence files with the real layout and invented flights."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from data_contracts.evidence import EVIDENCE_FORMAT, EVIDENCE_LINK, STATE_FOLDER, evidence_ddl

FIRST = date(2013, 5, 1)
CANDIDATE = "late-gbm"
VERSION = "1.4.0"
CUT = "origin x carrier"
ORIGINS = ("EWR", "JFK", "LGA")
CARRIERS = ("9E", "AA", "B6", "DL", "EV", "MQ", "UA", "US", "VX", "WN", "F9", "YV")
DEMO = tuple(f"{o} · {c}" for o in ORIGINS for c in CARRIERS)[:35]
OK, WAIT, BAD = "PASS", "INCONCLUSIVE", "FAIL"


@dataclass(frozen=True)
class Plan:
    """What to invent. `weak` names the segment at which the candidate is worse."""

    state: str = "COLLECTING"
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
    candidates: tuple[tuple[str, str], ...] = ((CANDIDATE, VERSION),)
    limits: dict[str, float | None] = field(
        default_factory=lambda: {"all": -0.01, "origin": None, CUT: -0.02}
    )


def counts(plan: Plan, rng: np.random.Generator) -> pa.Table:
    """Return cases by day, segment, answer, decision, recommendation and outcome."""
    size = rng.pareto(1.1, len(plan.segments)) + 0.05
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
        _measures(db, plan)
        _tables(db, plan)
    link = state / EVIDENCE_LINK
    link.unlink(missing_ok=True)
    link.symlink_to(path.name)
    return path


def _measures(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
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


PAIRED = """
    count_if(recommendation = outcome AND decision <> outcome) AS _,
    sum(n)::BIGINT AS n,
    coalesce(sum(n) FILTER (candidate_right AND NOT production_right), 0)::BIGINT AS b,
    coalesce(sum(n) FILTER (production_right AND NOT candidate_right), 0)::BIGINT AS c,
    coalesce(sum(n) FILTER (outcome IS NULL AND NOT agree), 0)::BIGINT AS u
"""


def difference(n: int, b: int, c: int, u: int) -> tuple[float, float, float]:
    """Return a difference with a rough interval, wide enough to look like the real one."""
    spread = 3.4 * np.sqrt((b + c + u + 3) / max(n, 1) ** 2)
    return (b - c) / n, max(-1.0, (b - c - u) / n - spread), min(1.0, (b - c + u) / n + spread)


def _tables(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    published = datetime(2014, 1, 2, 5, 12, tzinfo=UTC)
    last = None if plan.timeless else FIRST + timedelta(7 * plan.weeks - 1)
    mature = None if last is None else last - timedelta(plan.maturing_days)
    document = {
        "name": "flights",
        "title": plan.title,
        "decision": {"type": "binary", "classes": ["on_time", "late"], "positive": "late"},
        "outcome": {"name": "outcome", "matures_after_days": plan.maturing_days},
        "candidates": [{"name": n, "version": v} for n, v in plan.candidates],
        "smallest_segment": plan.smallest,
        "policy": {"alpha": 0.05, "gates": [{"kind": "noninferiority", "margin": 0.01}]},
    }
    put(
        db,
        "publication",
        [
            (EVIDENCE_FORMAT, plan.number, published, "0.1.0", "flights", plan.title, "shadow")
            + ("medium", "binary", "dispatchers' rule", "M. Ortega", "R. Haddad")
            + (json.dumps(document), "b2" * 32, None if plan.timeless else FIRST, last, mature)
        ],
    )
    old = {"alpha": 0.05, "gates": [{"kind": "noninferiority", "margin": 0.015}]}
    first_at = published - timedelta(days=120)
    registered = [(first_at, "a1" * 32, json.dumps(old))]
    registered.append((published - timedelta(days=90), "b2" * 32, json.dumps(document["policy"])))
    put(db, "registrations", registered)
    put(db, "cuts", [(i, cut, limit) for i, (cut, limit) in enumerate(plan.limits.items())])
    for position, (name, version) in enumerate(plan.candidates):
        who = (name, version)
        for number in range(1, plan.number + 1):
            back = plan.number - number
            state = plan.state if back == 0 else "COLLECTING"
            data_to = None if last is None else last - timedelta(7 * back)
            at = published - timedelta(days=7 * back)
            sentence = SENTENCES[state]
            put(db, "verdicts", [(number, at, data_to, position, *who, state, sentence, "b2" * 32)])
        gates = [(*who, i, *gate) for i, gate in enumerate(gates_of(plan, last))]
        put(db, "gates", gates)
        _findings(db, plan, who, mature)


SENTENCES = {
    "COLLECTING": "Not yet: 3 of 5 gates have passed, none has failed, 2 need more data.",
    "GO": "All 5 gates have passed.",
    "NO_GO": "The evidence says no: 4 of 32 segments are worse than the limit.",
    "BLOCKED": "The data cannot be trusted yet: 1,204 decisions of 9 Nov have no recommendation.",
}


def gates_of(plan: Plan, last: date | None) -> list[tuple[Any, ...]]:
    """Return five gates that fit the state of the verdict."""
    segments = {"GO": OK, "NO_GO": BAD}.get(plan.state, WAIT)
    books = BAD if plan.state == "BLOCKED" else OK
    weeks = OK if plan.state in ("GO", "NO_GO") else WAIT
    since = FIRST + timedelta(41)
    soon = None if last is None else (last + timedelta(10), last + timedelta(31))
    when = soon or (None, None)
    return [
        ("difference", "noninferiority", "quality", OK, "within_limit")
        + ("Whole interval above −1.0 points", "The AI is at most 1.0 points worse.")
        + ("+0.8 (+0.5 to +1.1)", 0.008, 0.005, 0.011, -0.01, 57589, since)
        + (None, None, None, '{"margin": 0.01}'),
        ("segments", "segment_share", "segments", segments, "undecided")
        + ("At least 31 of 32 segments at least as good", "24 of 32 segments are shown so far.")
        + ("24 of 32", 24.0, None, None, 31.0, 57589, None)
        + (*when, segments == WAIT and soon is not None, '{"share": 0.95, "margin": 0.02}'),
        ("duration", "duration", "duration", weeks, "too_few_weeks")
        + ("36 whole weeks", "35 weeks of decisions; 36 needed.", "35 weeks")
        + (35.0, None, None, 36.0, 64042, None, *when, soon is not None, "{}"),
        ("books", "books", "data", books, "books_unbalanced")
        + ("Books balance on every day", "1,204 decisions of 9 Nov have no recommendation.")
        + ("244 of 245 days", 244.0, None, None, 245.0, 64042, since, None, None, None, "{}"),
        ("answered", "answered_share", "operations", OK, "ok")
        + ("At least 99.0% answered", "99.6% of the cases were answered.")
        + ("99.6%", 0.996, 0.995, 0.997, 0.99, 64042, since, None, None, None, "{}"),
    ]


def _findings(
    db: duckdb.DuckDBPyConnection, plan: Plan, who: tuple[str, str], mature: date | None
) -> None:
    where = "candidate = ? AND model_version = ?"
    until = "" if mature is None else f" AND cohort_day <= DATE '{mature}'"
    rows = db.execute(
        f"SELECT cut, segment, {PAIRED} FROM outcome_counts WHERE {where}{until} GROUP BY ALL"
        " HAVING sum(n) > 0 ORDER BY ALL",
        list(who),
    ).fetchall()
    found = []
    for cut, segment, _, n, b, c, u in rows:
        estimate, low, high = difference(n, b, c, u)
        status, reason = (WAIT, "undecided") if plan.outcomes else ("NO_DATA", "no_outcomes")
        numbers = (estimate if plan.outcomes else None, low, high, n)
        found.append(
            ("paired_difference", *who, cut, segment, *numbers, "betting", status, reason)
        )
    put(db, "findings", found)
    if plan.timeless:
        return
    weeks = db.execute(
        f"""SELECT w, {PAIRED} FROM outcome_counts, range(1, {plan.weeks + 1}) r(w)
        WHERE {where} AND cut = 'all' AND cohort_day < DATE '{FIRST}' + (7 * w)::INTEGER
        GROUP BY w ORDER BY w""",
        list(who),
    ).fetchall()
    drawn = []
    for week, _, n, b, c, u in weeks:
        estimate, low, high = difference(n, b, c, u)
        end = FIRST + timedelta(7 * week - 1)
        done = bool(plan.outcomes and mature is not None and end <= mature)
        possible = ((b - c - u) / n, (b - c + u) / n)
        drawn.append(
            (*who, week, end, done, estimate if done else None, low, high, *possible, n)
        )
    put(db, "trajectory", drawn)


def put(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows in the order of the table's columns."""
    if rows:
        db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


Builder = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path) -> Builder:
    """Return a function that publishes a plan and gives the study folder."""

    def write(name: str = "flights", **settings: Any) -> Path:
        folder = tmp_path / name
        build(folder, Plan(**settings))
        return folder

    return write
