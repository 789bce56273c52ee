"""Columns of the cases that only some studies need; joining what is empty takes time too."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from data_contracts.study.model import Study
from data_contracts.vocabulary import DecisionType, ScoreMeaning
from pipelines.warehouse.connection import literal

MAY_BE_EMPTY = {
    "decisions": ("initial_decision", "exploration"),
    "recommendations": ("cost", "input_tokens", "output_tokens"),
}
"""Columns that most studies leave empty."""


class Seldom(NamedTuple):
    """A column that only some studies need: its type, and its SQL where this one does."""

    type: str
    sql: str | None


def held_columns(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the names of those columns that hold any value."""
    held = set()
    for table, columns in MAY_BE_EMPTY.items():
        counts = ", ".join(f"count({name})" for name in columns)
        (found,) = connection.execute(f"SELECT {counts} FROM {table}").fetchall()
        held |= {name for name, n in zip(columns, found, strict=True) if n}
    return frozenset(held)


def seldom_columns(study: Study, held: frozenset[str]) -> dict[str, Seldom]:
    """Return the columns of `cases` that only some studies need, empty in the others.

    Among them the score once more where it means something, with what it is to foretell.
    """
    decision, meaning = study.decision, study.decision.score
    numeric = decision.type is DecisionType.NUMERIC
    label = "NULL" if decision.positive is None else literal(decision.positive)
    positive = f"(CAST(o.outcome AS VARCHAR) = {label})"
    stated = meaning is not ScoreMeaning.RANK and not numeric
    event = positive if meaning is ScoreMeaning.PROBABILITY else "(r.recommendation = o.outcome)"
    ranked = decision.served_in_order and decision.type is DecisionType.BINARY
    first = "d.initial_decision" if numeric else "CAST(d.initial_decision AS label)"
    known = {
        "initial_decision": ("DOUBLE" if numeric else "label", first, "initial_decision" in held),
        "exploration": ("DOUBLE", "d.exploration", "exploration" in held),
        "decided_by": ("VARCHAR", "d.decided_by", study.outcome.selective is not None),
        "cost": ("DOUBLE", "r.cost", "cost" in held),
        "input_tokens": ("BIGINT", "r.input_tokens", "input_tokens" in held),
        "output_tokens": ("BIGINT", "r.output_tokens", "output_tokens" in held),
        "probability": ("DOUBLE", "r.score", stated),
        "event": ("BOOLEAN", event, stated),
        "priority": ("DOUBLE", "r.score", ranked),
        "positive": ("BOOLEAN", positive, ranked),
    }
    return {
        name: Seldom(kind, sql if needed else None) for name, (kind, sql, needed) in known.items()
    }
