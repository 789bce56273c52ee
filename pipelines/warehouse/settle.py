"""Settling again what is stored: when the study's rule about conflicts changed, or for the past."""

from __future__ import annotations

import json

import duckdb

from data_contracts.data_words import ConflictRule
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.warehouse.disagreements import note_disputed
from pipelines.warehouse.tables import StreamTable, get_meta, put_meta
from pipelines.warehouse.versions import order_versions, store_versions

RULES = "conflicts"
"""Name of the setting that says by which rules the stored records were settled."""


def conflict_rules(study: Study) -> dict[str, dict[str, object]]:
    """Return the streams whose conflicts are not settled by time alone, with their rules.

    Examples
    --------
    A study that declares nothing has none; one that lists its registry first has
    ``{"outcomes": {"rule": "source_priority", "sources": ["registry", "ward"]}}``.
    """
    rules: dict[str, dict[str, object]] = {}
    for stream in Stream:
        table = StreamTable.of(study, stream)
        if table.rule is ConflictRule.SOURCE_PRIORITY:
            rules[table.name] = {"rule": table.rule.value, "sources": list(table.sources)}
        elif table.rule is not ConflictRule.LATEST:
            rules[table.name] = {"rule": table.rule.value}
    return rules


def follow_rules(connection: duckdb.DuckDBPyConnection, study: Study) -> None:
    """Settle the conflicts of every stream anew whose rule has changed; within a transaction."""
    wanted = conflict_rules(study)
    before = json.loads(get_meta(connection, RULES) or "{}")
    if wanted == before:
        return
    for stream in Stream:
        if wanted.get(stream.value) != before.get(stream.value):
            settle_again(connection, StreamTable.of(study, stream))
    connection.execute("INSERT INTO touched_days VALUES (NULL, true)")
    put_meta(connection, RULES, json.dumps(wanted))


def settle_again(connection: duckdb.DuckDBPyConnection, table: StreamTable) -> None:
    """Decide anew which version holds, for every key that has a history."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE colliding AS SELECT DISTINCT {table.keys}"
        f" FROM {table.history}"
    )
    order_versions(connection, table, "colliding")
    store_versions(connection, table, "colliding")
    note_disputed(connection, table, "colliding")
