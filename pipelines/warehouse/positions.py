"""Up to where each table of a database was read; committed together with its records."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from data_contracts.vocabulary import Stream
from pipelines.ingest.tables import SourceTable, TableKey
from pipelines.sources.postgres_range import Position


def positions_of(connection: duckdb.DuckDBPyConnection) -> dict[TableKey, Position]:
    """Return the latest position of every table that was read."""
    rows = connection.execute("""
        SELECT stream, identity, high, tail FROM source_positions
        QUALIFY row_number() OVER (PARTITION BY stream, identity ORDER BY run DESC) = 1
        """).fetchall()
    return {
        (Stream(stream), identity): Position(high, tail) for stream, identity, high, tail in rows
    }


def enter_positions(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[SourceTable], run: int
) -> None:
    """Note up to where tables were read in a run."""
    rows = [
        [run, table.source_no, table.stream.value, table.identity, *_texts(table.position)]
        for table in tables
        if table.position is not None
    ]
    if rows:
        connection.executemany("INSERT INTO source_positions VALUES (?, ?, ?, ?, ?, ?)", rows)


def _texts(position: Position | None) -> list[str]:
    return [] if position is None else [position.high, position.tail]
