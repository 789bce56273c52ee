"""Turns a plan with numbers into a study whose decisions are numbers (after the verdict)."""

from __future__ import annotations

import json
from datetime import timedelta

import duckdb
import numpy as np
import pyarrow as pa
from invented.plan import FIRST, Plan, put

TOLERANCE = 8
UNIT = 0.5
SUMS = ("pairs", "x", "z", "xx", "zz", "dd")


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish sums of numbers by day and cut, and the losses."""
    if not plan.numbers:
        return
    (document,) = db.execute("SELECT document FROM publication").fetchall()[0]
    changed = json.loads(document) | {"decision": {"type": "numeric", "tolerance": TOLERANCE}}
    db.execute(
        "UPDATE publication SET decision_type = 'numeric', document = ?", [json.dumps(changed)]
    )
    rng = np.random.default_rng(2025)
    days = 1 if plan.timeless else 7 * plan.weeks
    name, version = plan.candidates[0]
    rows = []
    for day in range(days):
        cohort = None if plan.timeless else FIRST + timedelta(day)
        for cut, segments in (("all", ("all",)), ("origin", ("JFK", "LGA"))):
            for segment in segments:
                x = np.rint(rng.normal(200, 40, 30))
                z = x + np.rint(rng.normal(3, 12, 30))
                d = z - x
                sums = (30, x.sum(), z.sum(), (x * x).sum(), (z * z).sum(), (d * d).sum())
                place = (name, version, cohort, cut, segment, UNIT)
                rows.append((*place, *(int(value) for value in sums)))
    columns = ("candidate", "model_version", "cohort_day", "cut", "segment", "unit", *SUMS)
    table = pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)))
    db.register("sums", table)
    db.execute(
        "CREATE TABLE loss_sums AS SELECT * REPLACE (cohort_day::DATE AS cohort_day) FROM sums"
    )
    db.unregister("sums")
    for metric, size in (("absolute", 5.3), ("squared", 44.0)):
        row = {
            "candidate": name,
            "model_version": version,
            "cut": "all",
            "segment": "all",
            "metric": metric,
            "production_loss": size,
            "candidate_loss": size * 0.9,
            "difference": size * 0.1,
            "serial_low": -0.1,
            "serial_high": 1.1,
            "anytime_low": -0.4,
            "anytime_high": 1.4,
            "days": days,
            "n": 30 * days,
        }
        put(db, "loss_intervals", row)
