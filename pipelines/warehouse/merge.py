"""Merging the parts of one stream into its table: new, duplicate, revision, conflict.

The rules. A record is identified by its key. The same key with the same content is a duplicate:
counted and dropped. With other content it is a revision: the version with the latest recorded time
(or, without one, the latest event time) holds, the others are kept in history; between versions
of equal time the one that was committed later holds. Two versions of equal time that arrive in one
commit contradict each other: a conflict, counted as such; the greater content, compared column by
column, holds, so that neither the order of files nor the number of workers matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.tables import StreamTable


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the accepted records of one stream in one commit.

    Attributes
    ----------
    staged
        Records in the parts.
    new, duplicate, revision
        Their sum is `staged`.
    conflict
        Keys with two contradicting versions at the same time; part of `revision`.
    before, after
        Rows of the table before and after.
    """

    stream: str
    staged: int = 0
    new: int = 0
    duplicate: int = 0
    revision: int = 0
    conflict: int = 0
    before: int = 0
    after: int = 0


def merge(
    connection: duckdb.DuckDBPyConnection,
    table: StreamTable,
    parts: list[Path],
    refused: list[int],
    run: int,
    *,
    note_changes: bool = True,
) -> Merged:
    """Merge parts into a stream's table and return what became of their records.

    Must run inside a transaction. Rows of refused sources are left out. Unless told otherwise it
    fills the temporary table `changed_cases`: the ``decision_id`` of every case whose current
    record changed and, where it is the decision that changed, its cohort day, old and new.
    """
    before = _count(connection, table.name)
    if not parts:
        return Merged(table.name, before=before, after=before)
    _view_incoming(connection, parts, refused)
    keys = _names(table.contract.keys)
    staged, distinct = connection.execute(
        f"SELECT count(*), count(DISTINCT hash({keys})) FROM incoming"
    ).fetchall()[0]
    # Distinct hashes prove distinct keys; equal hashes prove nothing and take the careful way.
    known = staged > 0 and before > 0 and _meets_known_keys(connection, table)
    columns = _names(table.columns)
    if staged == distinct and not known:
        connection.execute(
            f"INSERT INTO {table.name} ({columns}, run) SELECT {columns}, {run} FROM incoming"
        )
        if note_changes:
            _note_changed(connection, table, "incoming")
        after = _count(connection, table.name)
        return Merged(table.name, staged, new=staged, before=before, after=after)
    return _merge_versions(connection, table, staged, before, run, note_changes=note_changes)


def _merge_versions(
    connection: duckdb.DuckDBPyConnection,
    table: StreamTable,
    staged: int,
    before: int,
    run: int,
    *,
    note_changes: bool,
) -> Merged:
    """Merge where keys repeat within the parts or are known already."""
    keys, columns = _names(table.contract.keys), _names(table.columns)
    content = _names(table.content)
    derived = "".join(f"any_value({quoted(d)}) AS {quoted(d)}, " for d in table.derived)
    time = f"coalesce({table.contract.recorded_time}, {table.contract.event_time})"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE colliding AS
        SELECT {keys} FROM incoming GROUP BY {keys} HAVING count(*) > 1
        UNION
        SELECT {keys} FROM {table.name} SEMI JOIN incoming USING ({keys});
        CREATE OR REPLACE TEMP TABLE fresh AS
        SELECT {columns} FROM incoming ANTI JOIN colliding USING ({keys});
        CREATE OR REPLACE TEMP TABLE versions AS
        WITH every AS (
            SELECT {columns}, run FROM {table.name} SEMI JOIN colliding USING ({keys})
            UNION ALL
            SELECT {columns}, run FROM {table.history} SEMI JOIN colliding USING ({keys})
            UNION ALL
            SELECT {columns}, {run} FROM incoming SEMI JOIN colliding USING ({keys})
        ), told AS (
            SELECT {content}, {derived}
                   arg_min(source_no, (run, source_no)) AS source_no, min(run) AS run
            FROM every GROUP BY {content}
        )
        SELECT {columns}, run,
               row_number() OVER (
                   PARTITION BY {keys}
                   ORDER BY {time} DESC NULLS LAST, run DESC, {_descending(table.content)}) AS rank,
               count(*) FILTER (run = {run}) OVER (PARTITION BY {keys}, {time}) AS at_once
        FROM told;
    """)
    known_keys = f"(SELECT {keys} FROM {table.name} SEMI JOIN colliding USING ({keys}))"
    fresh = _count(connection, "fresh")
    first_seen = _count(connection, f"(SELECT 1 FROM versions WHERE run = {run})")
    distinct_keys = _count(connection, f"(SELECT DISTINCT {keys} FROM colliding)")
    new = distinct_keys - _count(connection, known_keys)
    conflict = _count(
        connection,
        f"(SELECT DISTINCT {keys} FROM versions WHERE run = {run} AND at_once > 1)",
    )
    if note_changes:
        _note_changed(connection, table, f"(FROM versions WHERE run = {run})")
        _note_changed(connection, table, "fresh")
        if table.derived:
            connection.execute(f"""
                INSERT INTO changed_cases SELECT old.decision_id, old.cohort_day, true
                FROM {table.name} old JOIN versions v USING ({keys}) WHERE v.run = {run}""")
    match = " AND ".join(f"t.{quoted(k)} = c.{quoted(k)}" for k in table.contract.keys)
    for name in (table.name, table.history):
        connection.execute(f"DELETE FROM {name} t USING colliding c WHERE {match}")
    connection.execute(
        f"INSERT INTO {table.name} ({columns}, run) SELECT {columns}, {run} FROM fresh"
    )
    for name, rank in ((table.name, "= 1"), (table.history, "> 1")):
        connection.execute(
            f"INSERT INTO {name} ({columns}, run) SELECT {columns}, run FROM versions"
            f" WHERE rank {rank}"
        )
    after = _count(connection, table.name)
    return Merged(
        table.name,
        staged,
        new=fresh + new,
        duplicate=staged - fresh - first_seen,
        revision=first_seen - new,
        conflict=conflict,
        before=before,
        after=after,
    )


def _view_incoming(
    connection: duckdb.DuckDBPyConnection, parts: list[Path], refused: list[int]
) -> None:
    files = ", ".join(literal(str(part)) for part in parts)
    keep = f" WHERE source_no NOT IN ({', '.join(map(str, refused))})" if refused else ""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW incoming AS SELECT * FROM read_parquet([{files}]){keep}"
    )


def _meets_known_keys(connection: duckdb.DuckDBPyConnection, table: StreamTable) -> bool:
    keys, first = _names(table.contract.keys), quoted(table.contract.keys[0])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming_keys AS SELECT {keys} FROM incoming")
    ((least, most),) = connection.execute(
        f"SELECT min({first}), max({first}) FROM incoming_keys"
    ).fetchall()
    # The stored table probes the (smaller) incoming one: its keys are only scanned, and where
    # identifiers ascend only those in the range of the new ones.
    rows = connection.execute(
        f"SELECT 1 FROM {table.name} SEMI JOIN incoming_keys USING ({keys})"
        f" WHERE {first} BETWEEN {literal(least)} AND {literal(most)} LIMIT 1"
    ).fetchall()
    connection.execute("DROP TABLE incoming_keys")
    return bool(rows)


def _note_changed(connection: duckdb.DuckDBPyConnection, table: StreamTable, relation: str) -> None:
    if table.derived:
        connection.execute(
            f"INSERT INTO changed_cases SELECT decision_id, cohort_day, true FROM {relation}"
        )
    elif "decision_id" in table.content:
        connection.execute(
            f"INSERT INTO changed_cases SELECT decision_id, NULL, false FROM {relation}"
        )


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(quoted(name) for name in names)


def _descending(names: tuple[str, ...]) -> str:
    return ", ".join(f"{quoted(name)} DESC NULLS LAST" for name in names)
