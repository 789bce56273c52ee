"""Publishes what going live would be worth, and what hidden outcomes leave possible."""

from __future__ import annotations

import json

import duckdb
from invented.plan import Plan
from invented.planning import put_rows
from invented.service import A_YEAR, BUDGET, LEVELS, VALUE, is_declared, measure, publish, scope_of

from evaluators.metrics import value
from evaluators.reports import selective_bounds, selective_sensitivity, value_sensitivity

REPORTS = (value_sensitivity, selective_bounds, selective_sensitivity)


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Declare the live system in the study file, and publish what follows from it."""
    if not is_declared(plan):
        return
    if plan.live == "unseen":
        # What production holds back as late is never seen.
        db.execute(
            "UPDATE outcome_counts SET outcome = NULL, production_right = NULL,"
            " candidate_right = NULL WHERE decision = 'late'"
        )
    _declare(db, plan)
    for position, (name, version) in enumerate(plan.candidates):
        scope = scope_of(plan, position)
        measures = {"outcome_counts": measure(db, "outcome_counts", plan, position)}
        publish(db, value.evaluate(measures, scope))
        for report in REPORTS:
            who = {"candidate": name, "model_version": version}
            put_rows(db, report.REPORT.name, who, report.tabulate(measures, scope))


def _declare(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    ((text,),) = db.execute("SELECT document FROM publication").fetchall()
    document = json.loads(text)
    document |= {
        "service_levels": LEVELS.model_dump(),
        "budget": BUDGET.model_dump(),
        "value": VALUE.model_dump(),
        "production": {"cases_per_year": A_YEAR},
    }
    if plan.live == "unseen":
        document["outcome"]["selective"] = {"observed_when": ["on_time"]}
    db.execute("UPDATE publication SET document = ?", [json.dumps(document)])
