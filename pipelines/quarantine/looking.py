"""What is in quarantine, grouped so that a person sees what went wrong and how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from data_contracts.data_words import Rejection
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.columns import columns_of
from pipelines.warehouse.connection import literal
from pipelines.warehouse.entries import ENTRIES


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries are meant; None leaves a thing open."""

    stream: str | None = None
    reason: str | None = None
    field: str | None = None

    def condition(self) -> str:
        """Return the SQL condition on a relation of entries that are waiting."""
        given = [(name, getattr(self, name)) for name in ("stream", "reason", "field")]
        chosen = [f"{name} = {literal(value)}" for name, value in given if value is not None]
        return " AND ".join(["state = 'waiting'", *chosen])


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that wait for the same reason.

    Attributes
    ----------
    file
        Where the rows first came in.
    first, last
        When the first and the last of them were read, with the numbers of the runs.
    example
        What one of the rows holds in the field, or all it holds.
    """

    stream: str
    reason: str
    field: str
    file: str
    rows: int
    first: tuple[int, datetime]
    last: tuple[int, datetime]
    example_row: int
    example: tuple[tuple[str, str | None], ...]


def groups(
    connection: duckdb.DuckDBPyConnection, study: Study, filters: Filters
) -> tuple[Group, ...]:
    """Return the groups of waiting entries, the largest first."""
    rows = connection.execute(f"""
        SELECT stream, reason, field, first_path, count(*) AS n, min(run), min(ended_at),
               max(run), max(ended_at), min(first_row),
               map_entries(arg_min(raw, first_row))
        FROM {ENTRIES} JOIN runs USING (run) WHERE {filters.condition()}
        GROUP BY stream, reason, field, first_path
        ORDER BY n DESC, stream, reason, field, first_path""").fetchall()
    return tuple(
        Group(
            stream,
            reason,
            field,
            file,
            n,
            (first, first_at),
            (last, last_at),
            row,
            _shown(study, stream, field, reason, raw or []),
        )
        for stream, reason, field, file, n, first, first_at, last, last_at, row, raw in rows
    )


def _shown(
    study: Study, stream: str, field: str, reason: str, raw: list[dict[str, str | None]]
) -> tuple[tuple[str, str | None], ...]:
    """Return the columns behind the field, or all columns where none is behind it."""
    behind = columns_of(study, Stream(stream)).get(field, ())
    held = [(str(pair["key"]), pair["value"]) for pair in raw]
    named = [(name, value) for name, value in held if name in behind]
    return tuple(named if named and reason != Rejection.MISSING_VALUE else held)
