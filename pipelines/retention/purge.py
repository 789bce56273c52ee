"""Removing raw records of old cohort days; what was counted of them stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from data_contracts.data_words import ChangeKind
from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.columns import columns_of
from pipelines.reviewing.counts import keep_purged
from pipelines.warehouse.connection import literal, quoted, transaction
from pipelines.warehouse.purged import fingerprint_of
from pipelines.warehouse.rewrite import ask_for_rewrite
from pipelines.warehouse.tables import StreamTable

QUARANTINE = "quarantine"
"""Name under which the emptied rows of the quarantine are counted."""


class NoDays(UnderstudyError):
    """A timeless study cannot be purged by day."""

    def sentence(self) -> str:
        return (
            "This study is timeless: its records have no days, so none of them is before any date;"
            " nothing was removed. To remove them all, delete its state folder."
        )


@dataclass(frozen=True, slots=True)
class Purge:
    """What a purge removes.

    Attributes
    ----------
    records
        Raw records per stream, superseded versions among them; and rows of the quarantine whose
        values are removed.
    days
        First and last cohort day that goes; None where none does.
    whole
        Whether no decision is left after it.
    """

    before: date
    records: dict[str, int]
    days: tuple[date, date] | None
    whole: bool

    @property
    def empty(self) -> bool:
        """Whether there is nothing to remove."""
        return not any(self.records.values())


def plan_purge(connection: duckdb.DuckDBPyConnection, study: Study, before: date) -> Purge:
    """Return what a purge would remove; makes temporary tables only.

    Raises
    ------
    NoDays
        In a timeless study.
    """
    if study.timeless:
        raise NoDays()
    day = f"DATE '{before.isoformat()}'"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE old_cases AS"
        f" SELECT decision_id FROM decisions WHERE cohort_day < {day} UNION"
        f" (SELECT decision_id FROM decisions_history WHERE cohort_day < {day}"
        " EXCEPT SELECT decision_id FROM decisions)"
    )
    records = {
        table.name: _count(connection, f"FROM {table.name} WHERE {old}")
        + _count(connection, f"FROM {table.history} WHERE {old}")
        for table, old in _tables(study, day)
    }
    _find_old_quarantine(connection, study, day)
    records[QUARANTINE] = _count(connection, "FROM old_rows")
    first, last, left = connection.execute(
        f"SELECT min(cohort_day) FILTER (cohort_day < {day}), max(cohort_day) FILTER"
        f" (cohort_day < {day}), count(*) FILTER (cohort_day >= {day}) FROM decisions"
    ).fetchall()[0]
    return Purge(before, records, first and (first, last), bool(first) and not left)


def purge(
    connection: duckdb.DuckDBPyConnection, study: Study, before: date, now: datetime
) -> Purge:
    """Remove the records in one transaction, and ask for the file to be rewritten.

    Every measure must be up to date: what was not counted before can never be counted again.
    """
    plan = plan_purge(connection, study, before)
    if plan.empty:
        return plan
    day = f"DATE '{before.isoformat()}'"
    with transaction(connection):
        case = fingerprint_of(connection, "decision_id")
        connection.execute(
            "INSERT INTO purged_days SELECT ?, cohort_day, count(*) FROM decisions"
            f" WHERE cohort_day < {day} GROUP BY cohort_day",
            [now],
        )
        connection.execute(f"INSERT INTO purged_cases SELECT ?, {case} FROM old_cases", [now])
        connection.execute(
            "UPDATE quarantine SET raw = NULL WHERE (source_no, row_no) IN (FROM old_rows)"
        )
        keep_purged(connection, "old_cases", now)
        for table, old in _tables(study, day):
            connection.execute(f"DELETE FROM {table.history} WHERE {old}")
            connection.execute(f"DELETE FROM {table.name} WHERE {old}")
        for name, about in _other_tables(connection):
            connection.execute(
                f"DELETE FROM {name} WHERE {about} IN (SELECT decision_id FROM old_cases)"
            )
        _forget_values(connection, day)
        connection.executemany(
            "INSERT INTO purges VALUES (?, ?, ?, ?)",
            [[now, before, stream, records] for stream, records in plan.records.items()],
        )
        ask_for_rewrite(connection)
    return plan


def _forget_values(connection: duckdb.DuckDBPyConnection, day: str) -> None:
    """Remove the values of old files that were kept to notice new ones; they are learnt anew."""
    connection.execute("UPDATE file_shapes SET vocabulary = '{}' WHERE vocabulary IS NOT NULL")
    told = "'`' || \"column\" || '` held other values than before; they were removed'"
    connection.execute(
        f"UPDATE schema_changes SET what = {told}, sentence = {told}"
        f" WHERE kind = {literal(ChangeKind.NEW_VALUES)} AND coalesce(day < {day}, true)"
    )


def _tables(study: Study, day: str) -> list[tuple[StreamTable, str]]:
    """Return every table with records of cases, and which of them are old.

    Old are those of old cases; and those of no known case that happened before the day.
    """
    found = []
    for stream in Stream:
        table = StreamTable.of(study, stream)
        if "decision_id" not in table.content:
            continue
        old = "decision_id IN (SELECT decision_id FROM old_cases)"
        if stream is not Stream.DECISIONS:
            lost = "decision_id NOT IN (SELECT decision_id FROM decisions)"
            old = f"({old} OR ({table.contract.event_time} < {day} AND {lost}))"
        found.append((table, old))
    # The decisions go last: they say which cases are known.
    return found[1:] + found[:1]


def _other_tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return whatever other tables name cases, with what names them there.

    By the name of the column: the identifier itself, or the key of a record, which begins with it.
    """
    streams = {name for stream in Stream for name in (stream.value, f"{stream.value}_history")}
    rows = connection.execute(
        "SELECT c.schema_name, c.table_name, c.column_name"
        " FROM duckdb_columns() c JOIN duckdb_tables() t USING (database_oid, table_oid)"
        " WHERE NOT t.temporary AND (column_name = 'decision_id'"
        " OR (column_name = 'record' AND data_type = 'VARCHAR[]'))"
    ).fetchall()
    return [
        (f"{quoted(schema)}.{quoted(table)}", "decision_id" if column != "record" else "record[1]")
        for schema, table, column in rows
        if table not in streams
    ]


def _find_old_quarantine(connection: duckdb.DuckDBPyConnection, study: Study, day: str) -> None:
    """Fill `old_rows`: rows of the quarantine whose values go.

    Those read before the day, those that name an old case or a time before the day, and those of
    files of which no accepted record is left.
    """
    emptied = " UNION ALL ".join(
        f"SELECT source_no, {old} AS old FROM {name}"
        for table, old in _tables(study, day)
        for name in (table.name, table.history)
    )
    conditions = [
        f"run IN (SELECT run FROM runs WHERE ended_at < {day})",
        f"source_no IN (SELECT source_no FROM ({emptied}) GROUP BY source_no HAVING bool_and(old))",
    ]
    for table, _ in _tables(study, day):
        behind = columns_of(study, table.contract.stream)
        mine = f"stream = {literal(table.name)}"
        for field, test in (
            (table.contract.event_time, f"try_cast(v AS TIMESTAMPTZ) < {day}"),
            ("decision_id", "v IN (SELECT decision_id FROM old_cases)"),
        ):
            if len(behind.get(field, ())) == 1:
                value = f"raw[{literal(behind[field][0])}]"
                conditions.append(f"({mine} AND coalesce({_on(test, value)}, false))")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE old_rows AS SELECT source_no, row_no FROM quarantine"
        f" WHERE raw IS NOT NULL AND ({' OR '.join(conditions)})"
    )


def _on(test: str, value: str) -> str:
    """Return a test on ``v`` with the value in its place."""
    return test.replace("(v AS", f"({value} AS").replace("v IN", f"{value} IN")


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"SELECT count(*) {relation}").fetchall()[0][0])
