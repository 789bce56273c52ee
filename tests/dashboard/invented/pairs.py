"""Invents the pairs: cases by day, segment, answer, decision, recommendation and outcome."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import numpy as np
import pyarrow as pa

from invented.plan import CUT, FIRST, Plan


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


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish the measure `outcome_counts`."""
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
