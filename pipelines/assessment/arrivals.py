"""Arrivals out of the warehouse: who has reported, up to when, and what is overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np

from data_contracts.data_words import Weekday
from data_contracts.study.arrives import Arrives
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from evaluators.feed.arrivals import (
    ArrivalCounts,
    Expectation,
    UnitState,
    last_day_of,
    unit_states,
)
from evaluators.feed.overdue import Overdue, in_a_handful, overdue
from evaluators.scope import Reporting
from evaluators.weeks import to_date
from pipelines.assessment.arrival_notes import early_outcomes, stream_notes
from pipelines.assessment.load import columns_of
from pipelines.ingest.plan import NO_SEGMENT

UNKNOWN_REPORTER = ("", NO_SEGMENT)
"""Reporters that are no one: their records are counted, and nothing is expected of them."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What is known of the arrivals of all streams.

    Attributes
    ----------
    reporting
        For the gates.
    tables
        Rows of the published tables, by name.
    """

    reporting: tuple[Reporting, ...]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]


def arrivals(connection: duckdb.DuckDBPyConnection, study: Study) -> Arrivals:
    """Return who has reported, who has not, and what came late or out of order."""
    reporting: list[Reporting] = []
    watermarks: list[dict[str, Any]] = []
    owed: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    decisions_to: int | None = None
    for stream, mapping in study.streams.mapped().items():
        declared = mapping.arrives or Arrives()
        noun = declared.reported_by or ""
        counts, sources = _counts(connection, stream, by_reporter=bool(noun))
        now = last_day_of(counts.day, counts.n, counts.came)
        if now is None:
            continue
        if stream is Stream.DECISIONS:
            decisions_to = now
        elif decisions_to is not None:
            wait = study.outcome.matures_after_days if stream is Stream.OUTCOMES else 0
            now = max(now, decisions_to - wait)
        state = unit_states(counts, now, _expectation(declared, mapping.arrives is not None))
        found = in_a_handful(overdue(stream.value, noun, counts.units, state))
        of_unit = dict(zip(counts.units, sources, strict=True))
        reporting.append(
            Reporting(
                stream.value,
                noun or "source",
                int(state.watched.sum()),
                int((state.overdue > 0).sum()),
                tuple(o.sentence for o in found),
            )
        )
        watermarks += _watermarks(stream, counts.units, sources, noun, state)
        owed += [_owed(o, of_unit) for o in found]
        notes += stream_notes(connection, stream, noun, counts)
    notes += early_outcomes(connection)
    lists: dict[str, Sequence[dict[str, Any]]] = {
        "watermarks": watermarks,
        "overdue": owed,
        "arrival_notes": notes,
    }
    return Arrivals(tuple(reporting), lists)


def _counts(
    connection: duckdb.DuckDBPyConnection, stream: Stream, *, by_reporter: bool
) -> tuple[ArrivalCounts, tuple[str, ...]]:
    """Return the counts of a stream's units, and the source each unit reported by last."""
    unit = "a.reporter" if by_reporter else "s.source"
    rows = connection.sql(
        f"""
        SELECT {unit} AS unit, a.event_day - DATE '1970-01-01' AS day, sum(a.n)::BIGINT AS n,
               min(a.arrival_day) - DATE '1970-01-01' AS came, max(s.source) AS source
        FROM arrivals a JOIN sources s USING (source_no) WHERE a.stream = $stream
        GROUP BY ALL ORDER BY unit, day""",
        params={"stream": stream.value},
    ).to_arrow_table()
    found = columns_of(rows)
    index, day, n, came = (found[name].astype(np.int64) for name in ("unit", "day", "n", "came"))
    units = found.labels["unit"]
    last = np.searchsorted(index, np.arange(len(units)), side="right") - 1
    sources = tuple(found.labels["source"][code] for code in found["source"][last].tolist())
    return ArrivalCounts(units, index, day, n, came), sources


def _expectation(declared: Arrives, said: bool) -> Expectation:
    closed = {*declared.closed, *(UNKNOWN_REPORTER if declared.reported_by else ())}
    return Expectation(
        said,
        declared.within_days,
        frozenset(list(Weekday).index(day) for day in declared.not_on),
        frozenset(closed),
    )


def _watermarks(
    stream: Stream, units: Sequence[str], sources: Sequence[str], noun: str, state: UnitState
) -> list[dict[str, Any]]:
    rows = zip(
        units,
        sources,
        state.last_day.tolist(),
        state.n.tolist(),
        state.overdue.tolist(),
        strict=True,
    )
    return [
        {
            "stream": stream.value,
            "source": source,
            "reporter": unit if noun else "",
            "last_day": to_date(day),
            "n": n,
            "overdue_days": owed,
        }
        for unit, source, day, n, owed in rows
    ]


def _owed(found: Overdue, of_unit: Mapping[str, str]) -> dict[str, Any]:
    return {
        "stream": found.stream,
        "source": ", ".join(sorted({of_unit[unit] for unit in found.units})),
        "units": len(found.units),
        "silent": found.silent,
        "since": to_date(found.since),
        "days": found.days,
        "expected": found.expected,
        "found": 0.0,
        "sentence": found.sentence,
    }
