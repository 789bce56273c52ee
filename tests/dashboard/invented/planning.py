"""Publishes what each gate about the difference still needs, as the pipeline would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from invented.plan import Plan
from invented.service import measure, scope_of

from evaluators.reports.plan import tabulate


def put_rows(
    db: duckdb.DuckDBPyConnection,
    table: str,
    who: Mapping[str, str],
    rows: Mapping[str, Sequence[Any]],
) -> None:
    """Add a report's columns to a published table."""
    if not rows:
        return
    size = len(next(iter(rows.values())))
    found = pa.table({**{name: [text] * size for name, text in who.items()}, **rows})
    db.register("found", found)
    db.execute(f"INSERT INTO {table} BY NAME FROM found")
    db.unregister("found")


def fill(db: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Publish the plan, and cases of each stream by day."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS stream_counts AS SELECT candidate, model_version, cohort_day,"
        " sum(n)::BIGINT AS decisions,"
        " coalesce(sum(n) FILTER (answer <> 'missing'), 0)::BIGINT AS recommendations,"
        " coalesce(sum(n) FILTER (outcome IS NOT NULL), 0)::BIGINT AS outcomes"
        " FROM outcome_counts WHERE cut = 'all' GROUP BY ALL"
    )
    for position, (name, version) in enumerate(plan.candidates):
        counts = {"outcome_counts": measure(db, "outcome_counts", plan, position)}
        who = {"candidate": name, "model_version": version}
        put_rows(db, "plan", who, tabulate(counts, scope_of(plan, position)))
