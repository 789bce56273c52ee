"""What files looked like and how that changed, in the warehouse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from data_contracts.stream_contracts import contract_for
from data_contracts.study.model import Study
from data_contracts.vocabulary import ValueKind
from pipelines.ingest.inputs import Input
from pipelines.ingest.reports import PartReport
from pipelines.schemas.changes import SchemaChange
from pipelines.schemas.judge import Held, Key
from pipelines.schemas.prepass import Noted
from pipelines.schemas.shapes import ColumnShape, FileShape
from pipelines.warehouse.connection import literal, quoted

_SHAPES = pa.schema(
    [
        ("run", pa.int64()),
        ("stream", pa.string()),
        ("source", pa.string()),
        ("version", pa.string()),
        ("source_no", pa.int32()),
        ("position", pa.int32()),
        ("column", pa.string()),
        ("kind", pa.string()),
        ("form", pa.list_(pa.string())),
        ("seen", pa.int64()),
        ("missing", pa.int64()),
        ("shares", pa.string()),
        ("vocabulary", pa.string()),
        ("files", pa.int64()),
        ("grown", pa.int64()),
        ("open_ended", pa.bool_()),
        ("rows", pa.int64()),
    ]
)


def held_shapes(connection: duckdb.DuckDBPyConnection) -> Held:
    """Return what the columns of each stream, source and version have looked like until now."""
    rows = connection.execute("""
        SELECT stream, source, version, "column", kind, form, seen, missing, shares, vocabulary,
               files, grown, open_ended, rows
        FROM file_shapes
        QUALIFY dense_rank() OVER (PARTITION BY stream, source, version ORDER BY run DESC) = 1
        ORDER BY stream, source, version, position""").fetchall()
    columns: dict[Key, dict[str, ColumnShape]] = {}
    about: dict[Key, tuple[bool, int]] = {}
    for stream, source, version, name, *rest, open_ended, looked_at in rows:
        key = (stream, source, version)
        columns.setdefault(key, {})[name] = _column(*rest)
        about[key] = (open_ended, looked_at)
    return {key: (None, FileShape(found, *about[key])) for key, found in columns.items()}


def enter_shapes(connection: duckdb.DuckDBPyConnection, held: Held, run: int) -> None:
    """Store what the columns look like from this run on."""
    rows = [
        {
            "run": run,
            "stream": key[0],
            "source": key[1],
            "version": key[2],
            "source_no": None if file is None else file.source_no,
            "position": position,
            "column": name,
            "kind": column.kind.value,
            "form": list(column.form),
            "seen": column.values,
            "missing": column.missing,
            "shares": json.dumps({kind.value: share for kind, share in column.shares.items()}),
            "vocabulary": None if column.vocabulary is None else json.dumps(column.vocabulary),
            "files": column.files,
            "grown": column.grown,
            "open_ended": shape.open_ended,
            "rows": shape.rows,
        }
        for key, (file, shape) in held.items()
        for position, (name, column) in enumerate(shape.columns.items())
    ]
    if rows:
        connection.register("looked_at", pa.Table.from_pylist(rows, schema=_SHAPES))
        connection.execute("INSERT INTO file_shapes BY NAME FROM looked_at")
        connection.unregister("looked_at")


def enter_changes(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    noted: Noted,
    files: Sequence[Input],
    parts: Sequence[PartReport],
    run: int,
) -> tuple[SchemaChange, ...]:
    """Store the changes of a run and return them, each with its first file and its first day.

    A change that held files back before is told of the file that showed it first; a file that is
    refused again and again has its change stored once.
    """
    by_number = {file.source_no: file for file in files}
    days = _first_days(connection, study, noted, parts)
    told = []
    for change in noted.changes:
        file = by_number[change.source_no]
        day = days.get(change.source_no) or _day_of_change(file)
        told.append(_first_told(connection, replace(change, day=day)))
    if not told:
        return ()
    connection.executemany(
        "INSERT INTO schema_changes SELECT * FROM (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"
        " AS new(run, stream, source, path, day, kind, col, rule, what, sentence, files)"
        " WHERE NOT EXISTS (FROM schema_changes old WHERE rule = 'stop' AND new.rule = 'stop'"
        " AND old.stream = new.stream AND old.source = new.source AND old.kind = new.kind"
        ' AND old."column" = new.col AND old.path = new.path AND old.what = new.what)',
        [
            [
                run,
                change.stream.value,
                change.source,
                change.path,
                change.day,
                change.kind.value,
                change.column,
                change.rule.value,
                change.alike[-1],
                change.sentence,
                change.files,
            ]
            for change in told
        ],
    )
    return tuple(told)


def _column(
    kind: str,
    form: list[str],
    seen: int,
    missing: int,
    shares: str,
    vocabulary: str | None,
    files: int,
    grown: int,
) -> ColumnShape:
    share: dict[str, Any] = json.loads(shares)
    return ColumnShape(
        ValueKind(kind),
        tuple(form),
        seen,
        missing,
        {ValueKind(name): value for name, value in share.items()},
        None if vocabulary is None else json.loads(vocabulary),
        files,
        grown,
    )


def _first_days(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    noted: Noted,
    parts: Sequence[PartReport],
) -> dict[int, date]:
    """Return the earliest event day of the accepted records of each file that has changed."""
    days: dict[int, date] = {}
    for stream in dict.fromkeys(change.stream for change in noted.changes):
        numbers = {c.source_no for c in noted.changes if c.stream is stream}
        paths = [
            literal(str(part.path))
            for part in parts
            if part.stream is stream
            and part.accepted
            and numbers.intersection(number for number, _ in part.by_source)
        ]
        if not paths:
            continue
        event = quoted(contract_for(study, stream).event_time)
        rows = connection.execute(
            f"SELECT source_no, min({event})::DATE FROM read_parquet([{', '.join(paths)}])"
            f" WHERE source_no IN ({', '.join(map(str, sorted(numbers)))}) GROUP BY source_no"
        ).fetchall()
        days |= {number: day for number, day in rows if day is not None}
    return days


def _day_of_change(file: Input) -> date | None:
    if not file.modified_ns:
        return None
    return datetime.fromtimestamp(file.modified_ns / 1e9, UTC).date()


def _first_told(connection: duckdb.DuckDBPyConnection, change: SchemaChange) -> SchemaChange:
    """Return a change that holds files back with the file and day it was first told of."""
    earlier = connection.execute(
        "SELECT path, day FROM schema_changes WHERE stream = ? AND source = ? AND kind = ?"
        " AND \"column\" = ? AND what = ? AND rule = ? AND rule <> 'accept' ORDER BY run LIMIT 1",
        [*change.alike, change.rule.value],
    ).fetchall()
    return replace(change, path=earlier[0][0], day=earlier[0][1]) if earlier else change
