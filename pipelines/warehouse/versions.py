"""The versions of records, put in order: which one holds is decided here, and nowhere else.

A version is what one source said about a key. What holds is a function of the set of versions
alone (content, source, time and the run that brought them), so the order of files, batching and
the number of workers do not matter.

Of one source the latest version counts: by recorded time (or, without one, event time), then by
the run that brought it, then by content, compared column by column. A source that changes its mind
revises; it does not contradict itself. Two sources disagree when their latest versions differ in a
field that both fill; the recorded time is no such field, and neither is one left empty.
"""

from __future__ import annotations

import duckdb

from data_contracts.data_words import ConflictRule
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.tables import StreamTable, names


def order_versions(
    connection: duckdb.DuckDBPyConnection, table: StreamTable, keys: str, arriving: str = ""
) -> None:
    """Fill the temporary table `versions` with every version of some keys, in order.

    Parameters
    ----------
    keys
        Name of a relation that holds the keys.
    arriving
        SQL of records to be added, with the columns of the table and `run`; may be empty.

    Notes
    -----
    Beside the table's columns and `run` it holds

    told_by
        Name of the source.
    held
        Whether it is the current record now.
    place
        1: it is to be the current record. A key without a 1 is contested.
    telling
        1: nobody said it before. More: another source confirms it.
    own
        1: the latest of its source.
    disputed
        Whether the sources disagree about the key.
    """
    columns, content = names(table.columns), names(table.content)
    derived = "".join(f"any_value({quoted(d)}) AS {quoted(d)}, " for d in table.derived)
    more = f"UNION ALL SELECT *, false FROM ({arriving})" if arriving else ""
    among = f"SEMI JOIN {keys} USING ({table.keys})"
    several = _has_several_sources(connection, table)
    told_by = "s.source" if several else "NULL::VARCHAR"
    known = f"LEFT JOIN (SELECT source_no, source FROM sources WHERE stream = '{table.name}') s"
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE versions AS
        WITH every AS (
            SELECT {columns}, run, true AS held FROM {table.name} {among}
            UNION ALL
            SELECT {columns}, run, false FROM {table.history} {among}
            {more}
        ), told AS (
            SELECT {content}, {derived} {told_by} AS told_by, bool_or(held) AS held,
                   arg_min(source_no, (run, source_no)) AS source_no, min(run) AS run
            FROM every {f"{known} USING (source_no)" if several else ""} GROUP BY {content}, told_by
        )
        {_of_several(table) if several else _of_one(table)}""")


def _of_one(table: StreamTable) -> str:
    """Return the SQL that puts the versions of one source in order."""
    return f"""
        SELECT *, 1 AS telling, false AS disputed, place AS own FROM (
            SELECT *, row_number() OVER (
                PARTITION BY {table.keys} ORDER BY {_latest(table, "run")}) AS place
            FROM told)"""


def _of_several(table: StreamTable) -> str:
    """Return the SQL that puts the versions of several sources in order."""
    content = names(table.content)
    first = "".join(f" WHEN {literal(name)} THEN {i}" for i, name in enumerate(table.sources))
    ranked = f"CASE told_by{first} ELSE {len(table.sources)} END" if first else "0"
    differ = " OR ".join(
        f"coalesce(min({quoted(f)}) FILTER (own = 1) OVER same"
        f" <> max({quoted(f)}) FILTER (own = 1) OVER same, false)"
        for f in table.said
    )
    latest = f"{_latest(table, 'since')}, run, told_by"
    order = {
        ConflictRule.LATEST: latest,
        ConflictRule.SOURCE_PRIORITY: f"{ranked}, {_latest(table, 'run')}, told_by",
        ConflictRule.QUARANTINE: f"least(own, 2), {latest}",
    }[table.rule]
    contested = "disputed" if table.rule is ConflictRule.QUARANTINE else "false"
    return f"""
        , heard AS (
            SELECT *, min(run) OVER alike AS since,
                   row_number() OVER (PARTITION BY {content} ORDER BY run, told_by) AS telling,
                   row_number() OVER (
                       PARTITION BY {table.keys}, told_by ORDER BY {_latest(table, "run")}) AS own
            FROM told WINDOW alike AS (PARTITION BY {content})
        ), weighed AS (
            SELECT *, {differ} AS disputed FROM heard
            WINDOW same AS (PARTITION BY {table.keys})
        )
        SELECT * EXCLUDE since,
               row_number() OVER (PARTITION BY {table.keys} ORDER BY {order})
                   + CASE WHEN {contested} THEN 1 ELSE 0 END AS place
        FROM weighed"""


def _latest(table: StreamTable, run: str) -> str:
    """Return the SQL order from the latest version down; `run` breaks ties of time."""
    contract = table.contract
    content = ", ".join(f"{quoted(name)} DESC NULLS LAST" for name in table.content)
    time = f"coalesce({quoted(contract.recorded_time)}, {quoted(contract.event_time)})"
    return f"{time} DESC NULLS LAST, {run} DESC, {content}"


def _has_several_sources(connection: duckdb.DuckDBPyConnection, table: StreamTable) -> bool:
    ((several,),) = connection.execute(
        "SELECT count(DISTINCT source) > 1 FROM sources WHERE stream = ?", [table.name]
    ).fetchall()
    return bool(several)


def store_versions(connection: duckdb.DuckDBPyConnection, table: StreamTable, keys: str) -> None:
    """Replace everything stored about some keys by `versions`."""
    match = " AND ".join(f"t.{quoted(k)} = c.{quoted(k)}" for k in table.contract.keys)
    columns = names(table.columns)
    for name, place in ((table.name, "= 1"), (table.history, "> 1")):
        connection.execute(f"DELETE FROM {name} t USING {keys} c WHERE {match}")
        connection.execute(
            f"INSERT INTO {name} ({columns}, run) SELECT {columns}, run FROM versions"
            f" WHERE place {place}"
        )
