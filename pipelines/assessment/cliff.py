"""The data cliff: production held against the registered pilot, and its rows for publication."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from data_contracts.study.model import Candidate, Study
from evaluators.columns import Measures
from evaluators.feed.accuracy_change import AccuracyChange, accuracy_changes, right_cells
from evaluators.feed.cliff import Cliff, CliffRow, compare
from evaluators.feed.cliff_shares import Limits
from evaluators.policy import Gate
from evaluators.scope import Scope
from pipelines.profiling.baseline import latest_baseline, production_profile

GATE_KIND = "data_cliff"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison with the baseline came to.

    Attributes
    ----------
    cliff
        For the gates; None where no baseline is registered.
    hash
        Of the baseline; empty without one.
    tables
        Rows of the published tables, by name.
    """

    cliff: Cliff | None = None
    hash: str = ""
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def compared_with_pilot(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    assessed: Sequence[tuple[Candidate, Scope, Measures]],
    gates: Sequence[Gate],
) -> Compared:
    """Return what is different from the pilot; nothing is read where no pilot was profiled."""
    baseline = latest_baseline(connection)
    if baseline is None:
        return Compared()
    profile = production_profile(connection, study, baseline)
    rows = compare(baseline.profile, profile, limits_of_policy(gates))
    changes = tuple(
        change
        for candidate, scope, measures in assessed
        for change in accuracy_changes(
            baseline.profile.cells.get((candidate.name, candidate.version), ()),
            right_cells(measures, scope),
            scope,
        )
    )
    lists = {
        "data_cliff": [_row(row) for row in rows],
        "accuracy_change": [_change(change) for change in changes],
    }
    return Compared(Cliff(rows, changes), baseline.hash, lists)


def limits_of_policy(gates: Sequence[Gate]) -> Limits:
    """Return the limits of the policy's gate about the data cliff; the usual ones without it."""
    for gate in gates:
        if gate.kind.name == GATE_KIND:
            return Limits(gate.settings.missing, gate.settings.unseen, gate.settings.other)
    return Limits()


def _row(row: CliffRow) -> dict[str, Any]:
    return {
        "stream": row.stream,
        "field": row.field,
        "aspect": row.aspect.value,
        "pilot": row.pilot,
        "production": row.production,
        "limit": row.limit,
        "beyond": row.beyond,
        "sentence": row.sentence,
    }


def _change(change: AccuracyChange) -> dict[str, Any]:
    parts = change.parts
    numbers = {
        "pilot": parts.before,
        "production": parts.after,
        "mix": parts.mix,
        "within": parts.within,
        "within_low": parts.within_low,
        "within_high": parts.within_high,
        "arrived": parts.arrived,
        "gone": parts.gone,
        "arrived_share": parts.arrived_share,
        "gone_share": parts.gone_share,
        "interaction": parts.interaction,
    }
    return {
        "candidate": change.candidate,
        "model_version": change.version,
        "arm": change.arm,
        "cut": change.cut,
        **{name: None if math.isnan(value) else value for name, value in numbers.items()},
        "n_pilot": change.n_pilot,
        "n_production": change.n_production,
        "sentence": change.sentence,
    }
