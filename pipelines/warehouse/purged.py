"""What remains of purged records: their days, and fingerprints of their cases.

A late record of a purged case must be known for what it is, but neither the case nor its identifier
may be kept. So 64 bits of a salted hash of the identifier are; two different identifiers share them
with probability 1 in 10^7 among a million million.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from data_contracts.vocabulary import Stream
from pipelines.warehouse.connection import literal
from pipelines.warehouse.tables import StreamTable, get_meta, put_meta

_SALT = "purge_salt"
PURGED = "purged"
"""Why records are set aside, and what their state is called."""


def purged_before(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Return the day before which everything was purged, or None."""
    found: date | None = connection.execute("SELECT max(before) FROM purges").fetchall()[0][0]
    return found


def fingerprint_of(connection: duckdb.DuckDBPyConnection, column: str) -> str:
    """Return the SQL of the fingerprint of a case; makes the salt at its first use."""
    salt = get_meta(connection, _SALT)
    if salt is None:
        salt = secrets.token_hex(16)
        put_meta(connection, _SALT, salt)
    return f"md5_number_lower({literal(salt)} || {column})"


def set_aside_purged(
    connection: duckdb.DuckDBPyConnection,
    table: StreamTable,
    parts: Sequence[Path],
    refused: Sequence[int],
    run: int,
) -> tuple[list[Path], int]:
    """Leave records of purged cases and days out of a commit, and count them.

    Must run inside the commit's transaction, the decisions first. Returns the parts to be merged,
    written anew where records were left out, and how many were.
    """
    before = purged_before(connection)
    if before is None or not parts or "decision_id" not in table.content:
        return list(parts), 0
    case = fingerprint_of(connection, "decision_id")
    gone = f"{case} IN (SELECT fingerprint FROM purged_cases)"
    if table.contract.stream is Stream.DECISIONS:
        gone = f"({gone} OR coalesce(cohort_day < DATE '{before.isoformat()}', false))"
    files = ", ".join(literal(str(part)) for part in parts)
    among = f" WHERE source_no NOT IN ({', '.join(map(str, refused))})" if refused else ""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE late AS"
        f" SELECT source_no, {case} AS fingerprint"
        f" FROM (FROM read_parquet([{files}]){among}) WHERE {gone}"
    )
    ((late,),) = connection.execute("SELECT count(*) FROM late").fetchall()
    if not late:
        return list(parts), 0
    kept = parts[0].parent / f"{table.name}-kept.parquet"
    connection.execute(
        f"COPY (FROM (FROM read_parquet([{files}]){among}) WHERE NOT {gone})"
        f" TO {literal(str(kept))} (FORMAT parquet)"
    )
    connection.execute(
        "INSERT INTO set_aside SELECT ?, ?, source_no, ?, count(*) FROM late GROUP BY source_no",
        [run, table.name, PURGED],
    )
    # Decisions of purged days that come for the first time: what else comes of them is as late.
    connection.execute(
        "INSERT INTO purged_cases SELECT DISTINCT (SELECT max(purged_at) FROM purges), fingerprint"
        " FROM late ANTI JOIN purged_cases USING (fingerprint)"
    )
    return [kept], int(late)
