"""Checks about a stream as a whole, each as one query that counts what is not as expected.

Every query gives one row: `unexpected` and `n` (what was counted, and out of how many) and
`detail`, a text from which the sentence is made. Great Expectations judges the share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from data_contracts.data_words import CheckKind
from data_contracts.stream_contracts import FieldType, StreamContract
from pipelines.checks.check import Check
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.tables import SQL_TYPES

_DAY = 86_400_000_000
_LOOKED_AT = 7
SLICED_ABOVE = 1_000_000
"""New rows above which the keys of a slice are compared instead of all."""
SLICES = 8
_STORED_AS = {**SQL_TYPES, FieldType.TIME: "TIMESTAMP WITH TIME ZONE"}
NO_DETAIL = "CAST(NULL AS VARCHAR) AS detail"


@dataclass(frozen=True, slots=True)
class Place:
    """What a check is made on.

    Attributes
    ----------
    first_run
        Rows committed by this run and later ones are looked at.
    now
        The moment of checking.
    exact
        Whether keys are compared themselves; else their hashes, which is faster and may at worst
        find a duplicate that is none.
    """

    contract: StreamContract
    first_run: int
    now: datetime
    timeless: bool = False
    exact: bool = False

    @property
    def table(self) -> str:
        """Name of the stream's table."""
        return self.contract.stream.value

    @property
    def new_rows(self) -> str:
        """Query of the rows to look at."""
        return f"SELECT * FROM {self.table} WHERE run >= {self.first_run}"


def fact_sql(check: Check, place: Place) -> str:
    """Return the query of a check that is not about single rows."""
    return _QUERIES[check.kind](check, place)


def _type(check: Check, place: Place) -> str:
    wanted = ", ".join(
        f"({literal(field.name)}, {literal(_STORED_AS[field.type])})"
        for field in place.contract.fields
    )
    return f"""
        WITH wanted(name, type) AS (VALUES {wanted}),
        odd AS (
            FROM wanted ANTI JOIN (
                FROM duckdb_columns() WHERE database_name = current_database()
                AND table_name = {literal(place.table)}) held
            ON held.column_name = wanted.name AND held.data_type = wanted.type)
        SELECT (SELECT count(*) FROM odd) AS unexpected, (SELECT count(*) FROM wanted) AS n,
               (SELECT string_agg(name, '|' ORDER BY name) FROM odd) AS detail"""


def _unique(check: Check, place: Place) -> str:
    keys = ", ".join(quoted(key) for key in place.contract.keys)
    rows = f"FROM {place.table} WHERE run >= {place.first_run}"
    older = f"FROM {place.table} SEMI JOIN (SELECT {keys} {rows}) USING ({keys})"
    across = (
        f" + (SELECT count(*) {older} WHERE run < {place.first_run})" if place.first_run > 1 else ""
    )
    if place.exact:
        return (
            f"SELECT (SELECT count(*) FROM (SELECT 1 {rows} GROUP BY {keys} HAVING count(*) > 1))"
            f"{across} AS unexpected, (SELECT count(*) {rows}) AS n, {NO_DETAIL}"
        )
    # Each commit has proven this of all its rows. Of very many, one slice of the keys is proven
    # again: records with the same key are in the same slice.
    slices = (
        f"(SELECT CASE WHEN count(*) > {SLICED_ABOVE} THEN {SLICES} ELSE 1 END::UBIGINT {rows})"
    )
    hashed = f"FROM (SELECT hash({keys}) AS h {rows}) WHERE h % {slices} = 0"
    return (
        f"SELECT n - kinds{across} AS unexpected, n, {NO_DETAIL}"
        f" FROM (SELECT count(*) AS n, count(DISTINCT h) AS kinds {hashed})"
    )


def _reference(check: Check, place: Place) -> str:
    if place.timeless:
        looked_at = place.new_rows
    else:
        # Only what is older than the newest decision: the decision of a later one may be on its
        # way. A week of it, so that a daily run costs no more than that.
        event, patience = quoted(place.contract.event_time), check.setting("patience_days")
        until = f"(SELECT max(decided_at) FROM decisions) - to_days({int(patience)})"
        looked_at = (
            f"SELECT decision_id FROM {place.table} WHERE {event} <= {until}"
            f" AND {event} > {until} - to_days({_LOOKED_AT})"
        )
    return (
        f"WITH looked AS ({looked_at}) SELECT (SELECT count(*) FROM looked ANTI JOIN decisions"
        f" USING (decision_id)) AS unexpected, (SELECT count(*) FROM looked) AS n, {NO_DETAIL}"
    )


def _freshness(check: Check, place: Place) -> str:
    event = quoted(place.contract.event_time)
    now = int(place.now.astimezone(UTC).timestamp() * 1_000_000)
    age = f"({now} - epoch_us(max({event}))) / 3600000000.0"
    return (
        f"SELECT count(*) FILTER (hours > {float(check.setting('hours'))}) AS unexpected,"
        f" count(hours) AS n, CAST(any_value(hours) AS VARCHAR) AS detail"
        f" FROM (SELECT {age} AS hours FROM {place.table})"
    )


def _volume(check: Check, place: Place) -> str:
    event, weeks = quoted(place.contract.event_time), int(check.setting("weeks"))
    low, high = float(check.setting("at_least")), float(check.setting("at_most"))
    # The newest day may not be over yet. A difference that chance alone makes is none.
    return f"""
        WITH span AS (
            SELECT min(epoch_us({event}) // {_DAY}) AS first,
                   max(epoch_us({event}) // {_DAY}) AS newest FROM {place.table}),
        counted AS (
            SELECT epoch_us({event}) // {_DAY} AS day, count(*) AS n FROM {place.table}
            WHERE {event} >= make_timestamptz(
                (SELECT (newest - {_LOOKED_AT} - {7 * weeks}) * {_DAY} FROM span)) GROUP BY ALL),
        compared AS (
            SELECT d.day, coalesce(any_value(here.n), 0) AS found,
                   median(coalesce(before.n, 0)) AS usual
            FROM span, range(newest - {_LOOKED_AT}, newest) d(day), range(1, {weeks + 1}) w(week)
            LEFT JOIN counted here ON here.day = d.day
            LEFT JOIN counted before ON before.day = d.day - 7 * week
            WHERE d.day - 7 * week >= first
            GROUP BY d.day HAVING count(*) >= {weeks - 1}),
        odd AS (
            FROM compared WHERE abs(found - usual) > 3 * sqrt(usual)
            AND (found < {low} * usual OR found > {high} * usual))
        SELECT (SELECT count(*) FROM odd) AS unexpected, (SELECT count(*) FROM compared) AS n,
               (SELECT strftime(DATE '1970-01-01' + CAST(day AS INTEGER), '%Y-%m-%d') || '|'
                       || found || '|' || round(usual)::BIGINT
                FROM odd ORDER BY day DESC LIMIT 1) AS detail"""


def _set_aside(check: Check, place: Place) -> str:
    of_stream = f"stream = {literal(place.table)}"
    latest = f"(SELECT max(run) FROM sources WHERE {of_stream} AND state = 'ingested')"
    read = f"FROM sources WHERE {of_stream} AND state = 'ingested' AND run = {latest}"
    field = f" AND field = {literal(check.field)}" if check.field else ""
    return (
        f"SELECT (SELECT count(*) FROM quarantine WHERE {of_stream} AND run = {latest}{field})"
        f" AS unexpected, (SELECT coalesce(sum(read), 0)::BIGINT {read}) AS n, {NO_DETAIL}"
    )


def _sql(check: Check, place: Place) -> str:
    query = str(check.setting("query")).strip().rstrip(";")
    return (
        f"SELECT count(*) AS unexpected, (SELECT count(*) FROM {place.table}) AS n,"
        f" {NO_DETAIL} FROM (WITH new_rows AS ({place.new_rows}) SELECT 1 FROM (\n{query}\n))"
    )


_QUERIES: dict[CheckKind, Callable[[Check, Place], str]] = {
    CheckKind.TYPE: _type,
    CheckKind.UNIQUE: _unique,
    CheckKind.REFERENCE: _reference,
    CheckKind.FRESHNESS: _freshness,
    CheckKind.VOLUME: _volume,
    CheckKind.SET_ASIDE: _set_aside,
    CheckKind.SQL: _sql,
}
