"""Profiles in the warehouse: the pilot's kept as a baseline, production's brought up to date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from evaluators.feed.accuracy_change import Cell
from evaluators.feed.profiles import FieldMode, FieldProfile, Profile, StreamProfile
from pipelines.profiling.counting import Modes, count_fields, modes_of
from pipelines.warehouse.connection import quoted, transaction
from pipelines.warehouse.tables import StreamTable, fingerprint, get_meta, put_meta

_COUNTED = "field_counts"
"""Name of the stored setting that says by which baseline the values were grouped."""
_QUANTILES = (0.0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.0)

Cells = Mapping[tuple[str, str], tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class Baseline:
    """A registered profile of pilot data."""

    registered_at: datetime
    hash: str
    pilot: str
    profile: Profile


def pilot_profile(connection: duckdb.DuckDBPyConnection, study: Study, cells: Cells) -> Profile:
    """Return the profile of everything in a warehouse of pilot data."""
    by_stream = modes_of(connection, study)
    modes: Modes = {key: mode for found in by_stream.values() for key, mode in found.items()}
    with transaction(connection):
        connection.execute("DELETE FROM field_counts")
        count_fields(connection, study, modes, (), -1)
    return Profile(
        _fields(connection, modes, _details(connection, study, modes)),
        _streams(connection, study),
        cells,
    )


def production_profile(
    connection: duckdb.DuckDBPyConnection, study: Study, baseline: Baseline
) -> Profile:
    """Return the profile of production, grouped as the baseline is; only new runs are counted.

    A record that was corrected since it was counted is counted again as it is now.
    """
    modes = {(f.stream, f.name): f.mode for f in baseline.profile.fields}
    known = [
        (f.stream, f.name, value)
        for f in baseline.profile.fields
        for value in f.values
        if value is not None
    ]
    with transaction(connection):
        if get_meta(connection, _COUNTED) != baseline.hash:
            connection.execute("DELETE FROM field_counts")
            put_meta(connection, _COUNTED, baseline.hash)
        ((last,),) = connection.execute(
            "SELECT coalesce(max(run), -1) FROM field_counts"
        ).fetchall()
        count_fields(connection, study, modes, known, last)
    return Profile(_fields(connection, modes, {}), _streams(connection, study))


def register_baseline(
    connection: duckdb.DuckDBPyConnection, profile: Profile, pilot: str, now: datetime
) -> Baseline:
    """Keep a profile as the baseline from now on; earlier ones stay, registered as they were."""
    document = _document(profile)
    found = Baseline(now, fingerprint(document), pilot, profile)
    with transaction(connection):
        connection.execute(
            "INSERT INTO baselines VALUES (?, ?, ?, ?)",
            [now, found.hash, pilot, json.dumps(document, sort_keys=True)],
        )
    return found


def latest_baseline(connection: duckdb.DuckDBPyConnection) -> Baseline | None:
    """Return the baseline registered last, or None."""
    rows = connection.execute(
        "SELECT registered_at, hash, pilot, profile FROM baselines"
        " ORDER BY registered_at DESC LIMIT 1"
    ).fetchall()
    if not rows:
        return None
    when, digest, pilot, text = rows[0]
    return Baseline(when, digest, pilot, _profile(json.loads(text)))


def _fields(
    connection: duckdb.DuckDBPyConnection,
    modes: Modes,
    details: Mapping[tuple[str, str], tuple[int, tuple[float, ...]]],
) -> tuple[FieldProfile, ...]:
    rows = connection.execute(
        "SELECT stream, field, value, sum(n)::BIGINT FROM field_counts GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    values: dict[tuple[str, str], dict[str | None, int]] = {key: {} for key in modes}
    for stream, field, value, n in rows:
        if (stream, field) in values:
            values[stream, field][value] = n
    return tuple(
        FieldProfile(*key, mode, values[key], *details.get(key, ())) for key, mode in modes.items()
    )


def _details(
    connection: duckdb.DuckDBPyConnection, study: Study, modes: Modes
) -> dict[tuple[str, str], tuple[int, tuple[float, ...]]]:
    """Return about how many values each field has, and the quantiles of the numbers."""
    details: dict[tuple[str, str], tuple[int, tuple[float, ...]]] = {}
    for stream in study.streams.mapped():
        table = StreamTable.of(study, stream)
        names = [f.name for f in table.contract.fields if (stream.value, f.name) in modes]
        asked = []
        for name in names:
            numbers = modes[stream.value, name] is FieldMode.NUMBERS
            quantiles = (
                f"quantile_cont(TRY_CAST({quoted(name)} AS DOUBLE), {list(_QUANTILES)})"
                if numbers
                else "NULL"
            )
            asked += [f"approx_count_distinct({quoted(name)})", quantiles]
        ((*found,),) = connection.execute(f"SELECT {', '.join(asked)} FROM {table.name}").fetchall()
        for name, distinct, quantiles in zip(names, found[0::2], found[1::2], strict=True):
            details[stream.value, name] = (distinct, tuple(quantiles or ()))
    return details


def _streams(connection: duckdb.DuckDBPyConnection, study: Study) -> tuple[StreamProfile, ...]:
    return tuple(_stream(connection, stream) for stream in study.streams.mapped())


def _stream(connection: duckdb.DuckDBPyConnection, stream: Stream) -> StreamProfile:
    name = {"stream": stream.value}
    ((read,),) = connection.execute(
        "SELECT coalesce(sum(read), 0)::BIGINT FROM sources"
        " WHERE stream = $stream AND state = 'ingested'",
        name,
    ).fetchall()
    rejected = connection.execute(
        "SELECT reason, count(*) FROM quarantine WHERE stream = $stream GROUP BY ALL", name
    ).fetchall()
    books = connection.execute(
        "SELECT terms FROM books WHERE subject = $stream"
        " AND json_exists(terms, '$.duplicate') AND json_exists(terms, '$.accepted')",
        name,
    ).fetchall()
    terms = [json.loads(text) for (text,) in books]
    accepted, duplicate, revision = (
        sum(term.get(key, 0) for term in terms) for key in ("accepted", "duplicate", "revision")
    )
    lags = connection.execute(
        "SELECT CAST(arrival_day - event_day AS INTEGER), sum(n)::BIGINT FROM arrivals"
        " WHERE stream = $stream AND timed_by = 'record' GROUP BY ALL",
        name,
    ).fetchall()
    return StreamProfile(
        stream.value, read, dict(rejected), accepted, duplicate, revision, dict(lags)
    )


def _document(profile: Profile) -> dict[str, Any]:
    """Return a profile as JSON values."""
    return {
        "fields": [
            {
                "stream": f.stream,
                "name": f.name,
                "mode": f.mode.value,
                "rows": f.rows,
                "missing": f.missing,
                "distinct": f.distinct,
                "quantiles": list(f.quantiles),
                "values": {v: n for v, n in f.values.items() if v is not None},
            }
            for f in profile.fields
        ],
        "streams": [
            {**asdict(s), "lags": {str(lag): n for lag, n in s.lags.items()}}
            for s in profile.streams
        ],
        "cells": [
            {"candidate": name, "version": version, "cells": [asdict(cell) for cell in cells]}
            for (name, version), cells in profile.cells.items()
        ],
    }


def _profile(document: dict[str, Any]) -> Profile:
    fields = tuple(
        FieldProfile(
            f["stream"],
            f["name"],
            FieldMode(f["mode"]),
            {**f["values"], **({None: f["missing"]} if f["missing"] else {})},
            f["distinct"],
            tuple(f["quantiles"]),
        )
        for f in document["fields"]
    )
    streams = tuple(
        StreamProfile(**{**s, "lags": {int(lag): n for lag, n in s["lags"].items()}})
        for s in document["streams"]
    )
    cells = {
        (c["candidate"], c["version"]): tuple(Cell(**cell) for cell in c["cells"])
        for c in document["cells"]
    }
    return Profile(fields, streams, cells)
