"""Invents the pairs: cases by day, segment, answer, decision, recommendation and outcome."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from invented.plan import CUT, FIRST, Plan
from numpy.typing import NDArray

Cell = tuple[str, str, str | None, str | None, float]
CELLS: tuple[Cell, ...] = (
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
)
"""Answer, decision, recommendation, outcome, and the share of cases."""

MANY = 500
"""Beyond so many segments they are invented all at once, which is quicker."""


def counts(plan: Plan, rng: np.random.Generator) -> pa.Table:
    """Return cases by day, segment, answer, decision, recommendation and outcome."""
    if not plan.segments:
        return _table(plan, *([[]] * 5))
    size = rng.pareto(1.1, len(plan.segments)) + 0.05
    size[[name == plan.weak for name in plan.segments]] = np.median(size) * 3
    daily = plan.per_day * size / size.sum()
    days = 1 if plan.timeless else 7 * plan.weeks
    scale = 7 * plan.weeks if plan.timeless else 1
    p = np.array([cell[4] for cell in CELLS])
    worse = p.copy()
    worse[[5, 6, 0]] += np.array([0.0, 0.062, -0.062])
    if len(plan.segments) > MANY:
        weak = np.array([name == plan.weak for name in plan.segments])
        share = np.where(weak[:, None, None], worse, p) * daily[:, None, None] / p.sum()
        n = rng.poisson(np.broadcast_to(share, (len(plan.segments), days, len(CELLS))))
        segment, day, cell = np.nonzero(n)
        known = _known(plan, day, cell, rng)
        return _table(plan, segment, day, cell, known, n[segment, day, cell])
    rows: list[pa.Table] = []
    for number, (name, mean) in enumerate(zip(plan.segments, daily, strict=True)):
        share = worse if name == plan.weak else p
        n = rng.poisson(mean * scale * share / share.sum(), (days, len(CELLS)))
        day, cell = np.nonzero(n)
        known = _known(plan, day, cell, rng)
        rows.append(_table(plan, np.full(len(day), number), day, cell, known, n[day, cell]))
    return pa.concat_tables(rows)


def _known(
    plan: Plan, day: NDArray[np.int64], cell: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return whose outcome is known."""
    known = np.array([outcome is not None for _, _, _, outcome, _ in CELLS])[cell]
    if not plan.outcomes:
        known &= False
    elif not plan.timeless:
        last = 7 * plan.weeks - plan.maturing_days
        known &= (day < last) | (rng.random(len(day)) < 0.5)
    return known


def _table(plan: Plan, segment: Any, day: Any, cell: Any, known: Any, n: Any) -> pa.Table:
    """Return the columns of rows given by the numbers of segment, day and cell."""
    first = (FIRST - date(1970, 1, 1)).days
    days = pa.array(np.asarray(day, np.int32) + first, mask=np.full(len(day), plan.timeless))
    of_cell = pa.array(np.asarray(cell, np.int32))
    names = ("answer", "decision", "recommendation", "outcome")
    columns = {
        name: pa.array([c[i] for c in CELLS], pa.string()).take(of_cell)
        for i, name in enumerate(names)
    }
    unknown = pa.array(~np.asarray(known, bool))
    columns["outcome"] = pc.if_else(unknown, pa.scalar(None, pa.string()), columns["outcome"])
    of_segment = pa.array(np.asarray(segment, np.int32))
    return pa.table(
        {
            "cohort_day": days.cast(pa.date32()),
            "segment": pa.array(plan.segments, pa.string()).take(of_segment),
            **columns,
            "n": pa.array(np.asarray(n, np.int64)),
        }
    )


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
