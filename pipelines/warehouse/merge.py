"""Merging the parts of one stream into its table: new, duplicate, revision, conflict.

The rules. A record is identified by its key. The same key with the same content is a duplicate:
counted and dropped, unless another source says it, whose word is kept in history. With other
content it is a revision: one version holds (`versions` says which), the others are kept in history.
Two versions of equal time that arrive in one commit contradict each other: a conflict, counted as
such, and settled by content. So are two sources that disagree; what holds then is the study's rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from data_contracts.data_words import ConflictRule
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.disagreements import Disagreement, disagreements_in, note_disputed
from pipelines.warehouse.tables import StreamTable, names
from pipelines.warehouse.versions import order_versions, store_versions


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
    contested, settled
        Keys that had a current record and have none now, since the sources disagree; and keys that
        had none and have one now. Both include keys that are new.
    before, after
        Rows of the table before and after: ``after + contested = before + new + settled``.
    disagreements
        What this commit's records and other sources disagree about, most frequent first.
    """

    stream: str
    staged: int = 0
    new: int = 0
    duplicate: int = 0
    revision: int = 0
    conflict: int = 0
    contested: int = 0
    settled: int = 0
    before: int = 0
    after: int = 0
    disagreements: tuple[Disagreement, ...] = ()
    rule: ConflictRule = ConflictRule.LATEST


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

    Must run inside a transaction, and after the ledger was told of the files: it knows the
    sources. Rows of refused files are left out. Unless told otherwise it fills the temporary table
    `changed_cases`: the ``decision_id`` of every case whose current record changed and, where it
    is the decision that changed, its cohort day, old and new.
    """
    before = count_rows(connection, table.name)
    if not parts:
        return Merged(table.name, before=before, after=before, rule=table.rule)
    _view_incoming(connection, parts, refused)
    staged, distinct = connection.execute(
        f"SELECT count(*), count(DISTINCT hash({table.keys})) FROM incoming"
    ).fetchall()[0]
    # Distinct hashes prove distinct keys; equal hashes prove nothing and take the careful way.
    known = staged > 0 and any(_meets(connection, table, stored) for stored in _stored(table))
    columns = names(table.columns)
    if staged == distinct and not known:
        connection.execute(
            f"INSERT INTO {table.name} ({columns}, run) SELECT {columns}, {run} FROM incoming"
        )
        if note_changes:
            _note_changed(connection, table, "incoming")
        after = count_rows(connection, table.name)
        return Merged(table.name, staged, new=staged, before=before, after=after, rule=table.rule)
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
    keys, columns = table.keys, names(table.columns)
    known = " UNION ".join(
        f"SELECT {keys} FROM {stored} SEMI JOIN incoming USING ({keys})"
        for stored in _stored(table)
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE known AS {known};
        CREATE OR REPLACE TEMP TABLE colliding AS
        SELECT {keys} FROM incoming GROUP BY {keys} HAVING count(*) > 1 UNION FROM known;
        CREATE OR REPLACE TEMP TABLE fresh AS
        SELECT {columns} FROM incoming ANTI JOIN colliding USING ({keys});
    """)
    order_versions(
        connection,
        table,
        "colliding",
        f"SELECT {columns}, {run} FROM incoming SEMI JOIN colliding USING ({keys})",
    )
    fresh, distinct = count_rows(connection, "fresh"), count_rows(connection, "colliding")
    new = distinct - count_rows(connection, "known")
    told, conflict = _told_in(connection, table, run)
    contested, settled = _moved(connection, table, run)
    if note_changes:
        _note_changed(connection, table, "fresh")
        # The current record is another one now, or came, or went.
        _note_changed(connection, table, "(FROM versions WHERE held <> (place = 1))")
    note_disputed(connection, table, "colliding")
    store_versions(connection, table, "colliding")
    connection.execute(
        f"INSERT INTO {table.name} ({columns}, run) SELECT {columns}, {run} FROM fresh"
    )
    return Merged(
        table.name,
        staged,
        new=fresh + new,
        duplicate=staged - fresh - told,
        revision=told - new,
        conflict=conflict,
        contested=contested,
        settled=settled,
        before=before,
        after=count_rows(connection, table.name),
        disagreements=disagreements_in(connection, table, run),
        rule=table.rule,
    )


def _stored(table: StreamTable) -> tuple[str, ...]:
    """Return the tables that know the keys: those in history only are contested ones."""
    contested = (table.history,) if table.rule is ConflictRule.QUARANTINE else ()
    return (table.name, *contested)


def _told_in(
    connection: duckdb.DuckDBPyConnection, table: StreamTable, run: int
) -> tuple[int, int]:
    """Return the contents nobody had told before, and the keys with two of them at one time."""
    time = f"coalesce({quoted(table.contract.recorded_time)}, {quoted(table.contract.event_time)})"
    ((told, conflict),) = connection.execute(f"""
        WITH told AS (SELECT *, count(*) OVER (PARTITION BY {table.keys}, {time}) AS at_once
                      FROM versions WHERE run = {run} AND telling = 1)
        SELECT (SELECT count(*) FROM told),
               (SELECT count(*) FROM (SELECT DISTINCT {table.keys} FROM told WHERE at_once > 1))
        """).fetchall()
    return int(told), int(conflict)


def _moved(connection: duckdb.DuckDBPyConnection, table: StreamTable, run: int) -> tuple[int, int]:
    """Return how many keys became contested, and how many were contested and are settled now."""
    if table.rule is not ConflictRule.QUARANTINE:
        return 0, 0
    ((contested, settled),) = connection.execute(f"""
        SELECT count(*) FILTER (NOT holds AND (held OR NOT seen)),
               count(*) FILTER (holds AND seen AND NOT held)
        FROM (SELECT bool_or(held) AS held, bool_or(place = 1) AS holds,
                     bool_or(run < {run}) AS seen
              FROM versions GROUP BY {table.keys})""").fetchall()
    return int(contested), int(settled)


def _view_incoming(
    connection: duckdb.DuckDBPyConnection, parts: list[Path], refused: list[int]
) -> None:
    files = ", ".join(literal(str(part)) for part in parts)
    keep = f" WHERE source_no NOT IN ({', '.join(map(str, refused))})" if refused else ""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW incoming AS SELECT * FROM read_parquet([{files}]){keep}"
    )


def _meets(connection: duckdb.DuckDBPyConnection, table: StreamTable, stored: str) -> bool:
    """Return whether an incoming record has a key that a table knows."""
    if not connection.execute(f"SELECT 1 FROM {stored} LIMIT 1").fetchall():
        return False
    keys, first = table.keys, quoted(table.contract.keys[0])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming_keys AS SELECT {keys} FROM incoming")
    ((least, most),) = connection.execute(
        f"SELECT min({first}), max({first}) FROM incoming_keys"
    ).fetchall()
    # The stored table probes the (smaller) incoming one: its keys are only scanned, and where
    # identifiers ascend only those in the range of the new ones.
    rows = connection.execute(
        f"SELECT 1 FROM {stored} SEMI JOIN incoming_keys USING ({keys})"
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


def count_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return the number of rows of a table."""
    return int(connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
