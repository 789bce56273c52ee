"""Arrivals: how many records of each day came on which day, from which file and reporter.

Counted once, at the commit that brought a record for the first time. A record that is sent again,
with the same content or a corrected one, is no new arrival, so that daily copies of a whole table
do not make everything look late.
"""

from __future__ import annotations

import json
from datetime import datetime

import duckdb

from data_contracts.stream_contracts import SEGMENT_PREFIX
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.tables import StreamTable, get_meta, put_meta

_DAY_US = 86_400_000_000
_DECLARED = "arrivals"
"""Name of the stored setting that says which reporters the arrivals were counted for."""


def note_arrivals(
    connection: duckdb.DuckDBPyConnection, study: Study, run: int, now: datetime
) -> None:
    """Count the arrivals of one run; must run inside its transaction, after merge and ledger.

    Where the study has declared other reporters since, the arrivals of earlier runs are counted
    anew as far as their records are still there.

    Parameters
    ----------
    now
        Time of the run: when records arrived whose source has no time of its own.
    """
    reporters = _reporters(study)
    declared = json.dumps(reporters, sort_keys=True)
    if get_meta(connection, _DECLARED) != declared:
        recount_arrivals(connection, study)
        put_meta(connection, _DECLARED, declared)
        return
    for stream in study.streams.mapped():
        _count(connection, StreamTable.of(study, stream), reporters.get(stream), run, now)


def recount_arrivals(connection: duckdb.DuckDBPyConnection, study: Study) -> None:
    """Count the arrivals of all records that are there; days without records keep their counts."""
    reporters = _reporters(study)
    for stream in study.streams.mapped():
        table = StreamTable.of(study, stream)
        connection.execute(
            f"DELETE FROM arrivals WHERE stream = ? AND event_day >="
            f" (SELECT CAST(min({quoted(table.contract.event_time)}) AS DATE) FROM {table.name})",
            [stream.value],
        )
        _count(connection, table, reporters.get(stream), None, None)


def _reporters(study: Study) -> dict[Stream, str]:
    """Return the segment that reports each stream, where one is declared."""
    return {
        stream: mapping.arrives.reported_by
        for stream, mapping in study.streams.mapped().items()
        if mapping.arrives is not None and mapping.arrives.reported_by is not None
    }


def _count(
    connection: duckdb.DuckDBPyConnection,
    table: StreamTable,
    reporter: str | None,
    run: int | None,
    now: datetime | None,
) -> None:
    contract = table.contract
    keys = ", ".join(quoted(key) for key in contract.keys)
    event, recorded = (
        f"epoch_us(r.{quoted(name)})" for name in (contract.event_time, contract.recorded_time)
    )
    which = "" if run is None else f"WHERE run = {run}"
    # Corrections of known records are few; without any, nothing is looked up.
    corrected = bool(connection.execute(f"SELECT 1 FROM {table.history} LIMIT 1").fetchall())
    new = (
        f"(FROM {table.name} {which})"
        if not corrected
        else f"(SELECT t.* FROM {table.name} t LEFT JOIN (SELECT {keys}, min(run) AS known"
        f" FROM {table.history} GROUP BY ALL) h USING ({keys})"
        f" {which.replace('run', 't.run')} {'AND' if which else 'WHERE'}"
        " (h.known IS NULL OR h.known >= t.run))"
    )
    named, joined = "''", ""
    if reporter is not None:
        column = quoted(SEGMENT_PREFIX + reporter)
        named = f"coalesce({'r' if contract.stream is Stream.DECISIONS else 'd'}.{column}, '')"
        if contract.stream is not Stream.DECISIONS:
            joined = (
                f"LEFT JOIN (SELECT decision_id, {column} FROM decisions) d USING (decision_id)"
            )
    connection.execute(
        f"""
        INSERT INTO arrivals
        WITH timed AS (
            SELECT r.run, r.source_no, {named} AS reporter, {event} AS happened,
                   {recorded} AS recorded
            FROM {new} r {joined} WHERE r.{quoted(contract.event_time)} IS NOT NULL
        ), file AS (
            SELECT s.source_no,
                   CASE WHEN s.modified_ns > 0 THEN s.modified_ns // 1000 END AS changed,
                   coalesce($now, any_value(u.started_at)) AS ran
            FROM sources s LEFT JOIN runs u USING (run) GROUP BY ALL
        ), grouped AS (
            SELECT t.run, t.source_no, reporter,
                   CAST(floor(happened / {_DAY_US}) AS INTEGER) AS event_day,
                   CAST(floor(recorded / {_DAY_US}) AS INTEGER) AS recorded_day,
                   count(*) AS n, count(*) FILTER (recorded < happened) AS before_event,
                   count(*) FILTER (happened > changed) AS after_file
            FROM timed t JOIN file USING (source_no) GROUP BY ALL
        )
        SELECT g.run, {literal(contract.stream.value)}, g.source_no, reporter,
               DATE '1970-01-01' + event_day,
               CASE WHEN recorded_day IS NOT NULL THEN DATE '1970-01-01' + recorded_day
                    WHEN changed IS NOT NULL
                        THEN DATE '1970-01-01' + CAST(changed // {_DAY_US} AS INTEGER)
                    ELSE CAST(ran AS DATE) END,
               CASE WHEN recorded_day IS NOT NULL THEN 'record'
                    WHEN changed IS NOT NULL THEN 'file' ELSE 'run' END,
               n, before_event, after_file
        FROM grouped g JOIN file USING (source_no)""",
        {"now": now},
    )
