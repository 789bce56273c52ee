"""Invents what the live system took and cost, and the findings about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from invented.plan import CUT, FIRST, Plan

from dashboard.evidence import columns
from data_contracts.study.production import Budget, BusinessValue, ServiceLevels
from data_contracts.vocabulary import DecisionType, RiskTier
from evaluators.columns import Columns
from evaluators.metrics import running_cost, service
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.terms import Asked, Terms

SLOW_DAY = 70
"""The day of the record on which the AI was slow."""
A_YEAR = 90_000
LEVELS = ServiceLevels(latency_p95_ms=800, availability=0.99)
BUDGET = Budget(currency="EUR", per_month=25)
COSTS = {"on_time": {"on_time": 0.0, "late": 9.0}, "late": {"on_time": 3.0, "late": 0.0}}
VALUE = BusinessValue(currency="EUR", costs=COSTS, review_cost=0.5)


def is_declared(plan: Plan) -> bool:
    """Return whether the study file says what the live system must keep, and its worth."""
    return plan.live in ("declared", "unseen")


def scope_of(plan: Plan, position: int) -> Scope:
    """Return what an assessment of a candidate is about."""
    first = (FIRST - date(1970, 1, 1)).days
    last = None if plan.timeless else first + 7 * plan.weeks - 1
    declared = is_declared(plan)
    name, version = plan.candidates[position]
    return Scope(
        name,
        version,
        DecisionType.BINARY,
        ("on_time", "late"),
        "late",
        RiskTier.MEDIUM,
        alpha=0.05 / len(plan.candidates),
        first_day=None if last is None else first,
        last_day=last,
        mature_day=None if last is None else last - plan.maturing_days,
        matures_after_days=plan.maturing_days,
        cuts=tuple(plan.limits),
        terms=Terms(
            observed_when=("on_time",) if plan.live == "unseen" else (),
            cases_per_year=A_YEAR if declared else None,
            value=VALUE if declared else None,
            budget=BUDGET if declared else None,
            service_levels=LEVELS if declared else ServiceLevels(),
            asked=(
                Asked("noninferiority", "noninferiority", "all", 0.01),
                Asked("segments", "segments", CUT, 0.02),
            ),
        ),
    )


def measure(db: duckdb.DuckDBPyConnection, name: str, plan: Plan, position: int) -> Columns:
    """Return a measure of one candidate."""
    who = list(plan.candidates[position])
    query = f"FROM {name} WHERE candidate = ? AND model_version = ?"
    return columns(db.sql(query, params=who).to_arrow_table())


def publish(db: duckdb.DuckDBPyConnection, parts: tuple[Findings, ...]) -> None:
    """Add findings; those of the same number that are there already are replaced."""
    for part in parts:
        db.execute(
            "DELETE FROM findings WHERE metric = ? AND candidate = ? AND model_version = ?",
            [part.metric, part.candidate, part.version],
        )
        db.register("found", pa.table(part.columns()))
        db.execute(
            "INSERT INTO findings BY NAME SELECT * REPLACE ("
            "if(isnan(estimate), NULL, estimate) AS estimate,"
            "if(isnan(low), NULL, low) AS low, if(isnan(high), NULL, high) AS high)"
            " FROM found"
        )
        db.unregister("found")


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish response times and costs day by day, where they are recorded."""
    if not plan.live:
        return
    rng = np.random.default_rng(7)
    latency: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    for name, version in plan.candidates:
        who = {"candidate": name, "model_version": version}
        for number in range(7 * plan.weeks):
            day = None if plan.timeless else FIRST + timedelta(number)
            slow = 4.0 if number == SLOW_DAY else 1.0
            times = slow * rng.lognormal(5.3, 0.4, min(plan.per_day, 5000))
            bins, n = np.unique(np.floor(20 * np.log2(times + 1)).astype(int), return_counts=True)
            latency += [
                who | {"cohort_day": day, "latency_bin": int(b), "n": int(k), "answered": int(k)}
                for b, k in zip(bins, n, strict=True)
            ]
            spent = rng.integers(2_000, 6_000, min(plan.per_day, 5000))
            costs.append(
                who
                | {
                    "cohort_day": day,
                    "priced": len(spent),
                    "millionths": int(spent.sum()),
                    "squares": float((spent.astype(float) ** 2).sum()),
                    "metered": len(spent),
                    "input_tokens": 800 * len(spent),
                    "output_tokens": int(rng.integers(80, 120)) * len(spent),
                }
            )
    for name, rows in (("latency_counts", latency), ("running_costs", costs)):
        table = pa.Table.from_pylist(rows)
        at = table.column_names.index("cohort_day")
        table = table.set_column(at, "cohort_day", table["cohort_day"].cast(pa.date32()))
        db.register("invented", table)
        db.execute(f"CREATE TABLE {name} AS FROM invented")
        db.unregister("invented")
    for position in range(len(plan.candidates)):
        scope = scope_of(plan, position)
        every = measure(db, "outcome_counts", plan, position)
        whole = every.where(every["cut"] == every.code("cut", "all"))
        measures = {
            "outcome_counts": whole,
            "latency_counts": measure(db, "latency_counts", plan, position),
            "running_costs": measure(db, "running_costs", plan, position),
        }
        publish(db, service.evaluate(measures, scope))
        publish(db, running_cost.evaluate(measures, scope))
