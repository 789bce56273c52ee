"""Cases about which two sources disagree: remembered by key, told by pair, field and value.

Only keys are kept, in `disputed`; what the sources say is looked up in the streams' own tables, so
that it is nowhere else. Values of sensitive fields are never told.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from data_contracts.data_words import ConflictRule
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.tables import StreamTable, names
from pipelines.warehouse.versions import order_versions

TOLD = 3
"""Ways to disagree that a summary tells for each stream."""

NOT_SHOWN = "(not shown)"
"""Stands for the value of a sensitive field."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Records for which one source says one thing and another source another.

    Attributes
    ----------
    source
        The one listed first in the study where the rule goes by that, else the first by name.
    n
        Number of records.
    """

    field: str
    source: str
    value: str
    other_source: str
    other_value: str
    n: int


def note_disputed(connection: duckdb.DuckDBPyConnection, table: StreamTable, keys: str) -> None:
    """Bring `disputed` up to date for some keys, which are all in `versions`."""
    record = f"[{table.keys}]"
    connection.execute(
        f"DELETE FROM disputed WHERE stream = '{table.name}'"
        f" AND record IN (SELECT {record} FROM {keys})"
    )
    connection.execute(
        f"INSERT INTO disputed SELECT DISTINCT '{table.name}', {record} FROM versions"
        " WHERE disputed"
    )


def disagreements_in(
    connection: duckdb.DuckDBPyConnection, table: StreamTable, run: int
) -> tuple[Disagreement, ...]:
    """Return the commonest disagreements, in `versions`, that a run's records have a part in."""
    mine = f"SELECT {table.keys} FROM versions WHERE disputed AND own = 1 AND run = {run}"
    if not connection.execute(f"{mine} LIMIT 1").fetchall():
        return ()
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE said AS FROM versions"
        f" SEMI JOIN ({mine}) USING ({table.keys}) WHERE own = 1"
    )
    rows = connection.execute(
        f"SELECT field, source, value, other_source, other_value, count(*) AS n"
        f" FROM ({_pairs(table)}) GROUP BY ALL"
        f" ORDER BY n DESC, field, source, value, other_source, other_value LIMIT {TOLD}"
    ).fetchall()
    return tuple(Disagreement(*row) for row in rows)


def count_disputed(connection: duckdb.DuckDBPyConnection, stream: str) -> int:
    """Return how many records of a stream the sources disagree about."""
    ((n,),) = connection.execute(
        "SELECT count(*) FROM disputed WHERE stream = ?", [stream]
    ).fetchall()
    return int(n)


def gather_disagreements(
    connection: duckdb.DuckDBPyConnection, tables: tuple[StreamTable, ...]
) -> None:
    """Fill the temporary table `disagreements`: one row a record, field and pair of sources.

    Its columns are ``stream, record, field, source, value, other_source, other_value, rule``.
    """
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE disagreements (
            stream VARCHAR, record VARCHAR, field VARCHAR, source VARCHAR, value VARCHAR,
            other_source VARCHAR, other_value VARCHAR, rule VARCHAR)""")
    for table in tables:
        if not count_disputed(connection, table.name):
            continue
        keys = ", ".join(
            f"record[{i}] AS {quoted(key)}" for i, key in enumerate(table.contract.keys, 1)
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE disputed_keys AS"
            f" SELECT {keys} FROM disputed WHERE stream = '{table.name}'"
        )
        order_versions(connection, table, "disputed_keys")
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE said AS FROM versions WHERE own = 1 AND disputed"
        )
        connection.execute(
            f"INSERT INTO disagreements SELECT '{table.name}', *, '{table.rule.value}'"
            f" FROM ({_pairs(table)})"
        )


def _pairs(table: StreamTable) -> str:
    """Return the SQL of what every two sources in `said` disagree about, field by field."""
    by_place = table.rule is ConflictRule.SOURCE_PRIORITY
    listed = table.sources if by_place else ()
    place = "".join(f" WHEN {literal(name)} THEN {i}" for i, name in enumerate(listed))

    def rank(side: str) -> str:
        ranked = f"CASE {side}.told_by{place} ELSE {len(listed)} END" if place else "0"
        return f"({ranked}, {side}.told_by)"

    record = ", ".join(f"a.{quoted(key)}" for key in table.contract.keys)
    queries = []
    for name in table.said:
        sensitive = table.contract.field(name).sensitive
        one, other = (
            literal(NOT_SHOWN) if sensitive else f"{side}.{quoted(name)}::VARCHAR" for side in "ab"
        )
        queries.append(
            f"SELECT array_to_string([{record}], ' / ') AS record, {literal(name)} AS field,"
            f" a.told_by AS source, {one} AS value,"
            f" b.told_by AS other_source, {other} AS other_value"
            f" FROM said a JOIN said b USING ({names(table.contract.keys)})"
            f" WHERE a.{quoted(name)} <> b.{quoted(name)} AND {rank('a')} < {rank('b')}"
        )
    return " UNION ALL ".join(queries)
