"""What is noticed about arrivals: late weekdays, and records in an impossible order."""

from __future__ import annotations

from typing import Any

import duckdb

from data_contracts.data_words import ArrivalNote
from data_contracts.vocabulary import Stream
from evaluators.feed.arrivals import (
    ArrivalCounts,
)
from evaluators.feed.lateness import (
    Note,
    lateness_note,
    lateness_of_records,
    lateness_of_units,
)
from evaluators.wording import count

LAGS = """
    SELECT a.stream, s.source, isodow(a.event_day) AS weekday,
           CAST(a.arrival_day - a.event_day AS INTEGER) AS lag_days, sum(a.n)::BIGINT AS n
    FROM arrivals a JOIN sources s USING (source_no) GROUP BY ALL ORDER BY ALL"""
"""The published table of lags."""

_OUT_OF_ORDER = {
    ArrivalNote.RECORDED_BEFORE_EVENT: (
        "before_event",
        "{n} of `{source}` {were} recorded before {they} happened; check the clocks and time zones"
        " of the two times.",
    ),
    ArrivalNote.AFTER_FILE: (
        "after_file",
        "{n} of `{source}` {are} dated later than the file {they} came in was last changed; check"
        " the time zone, or whether files keep their times when they are copied.",
    ),
}


def stream_notes(
    connection: duckdb.DuckDBPyConnection, stream: Stream, noun: str, counts: ArrivalCounts
) -> list[dict[str, Any]]:
    """Return the notes about a stream: late weekdays, and records in an impossible order."""
    rows = []
    lags = connection.execute(
        f"SELECT weekday - 1, lag_days, n FROM ({LAGS}) WHERE stream = ?", [stream.value]
    ).fetchall()
    habit: Note | None = None
    if len(counts.units) > 1:
        unit = noun or "source"
        habit = lateness_note(lateness_of_units(counts), unit, "report")
    if habit is None and lags:
        habit = lateness_note(lateness_of_records(*zip(*lags, strict=True)), stream.value, "arrive")
    if habit is not None:
        rows.append(_note(stream, "", habit))
    for kind, (column, words) in _OUT_OF_ORDER.items():
        found = connection.execute(
            f"SELECT s.source, sum(a.{column})::BIGINT AS n FROM arrivals a"
            " JOIN sources s USING (source_no) WHERE a.stream = ? GROUP BY ALL HAVING n > 0"
            " ORDER BY ALL",
            [stream.value],
        ).fetchall()
        rows += [
            _note(stream, source, Note(kind, n, _told(words, stream, source, n)))
            for source, n in found
        ]
    return rows


def _told(words: str, stream: Stream, source: str, n: int) -> str:
    one = n == 1
    return words.format(
        n=count(n, stream.value.removesuffix("s"), stream.value),
        source=source,
        were="was" if one else "were",
        are="is" if one else "are",
        they="it" if one else "they",
    )


def early_outcomes(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the note about outcomes that were observed before their decision."""
    ((n,),) = connection.execute("""
        SELECT coalesce(max(n), 0)::BIGINT FROM (
            SELECT sum(n) AS n FROM measures.outcome_lags WHERE lag_days < 0
            GROUP BY candidate, model_version)""").fetchall()
    if not n:
        return []
    sentence = (
        f"{count(n, 'outcome')} {'was' if n == 1 else 'were'} observed before the decision was"
        " made; check the times, or whether production knew the outcome when it decided."
    )
    return [_note(Stream.OUTCOMES, "", Note(ArrivalNote.OUTCOME_BEFORE_DECISION, n, sentence))]


def _note(stream: Stream, source: str, note: Note) -> dict[str, Any]:
    return {
        "stream": stream.value,
        "source": source,
        "kind": note.kind.value,
        "n": note.n,
        "sentence": note.sentence,
    }
