"""Counting the values of every field, grouped as its mode says, in DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from data_contracts.stream_contracts import CLUSTER_PREFIX, FEATURE_PREFIX, Field, FieldType
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from evaluators.feed.profiles import FieldMode
from pipelines.warehouse.connection import quoted
from pipelines.warehouse.tables import StreamTable

FEW = 200
"""Most values a text may have to be counted value by value."""
FEW_NUMBERS = 20
"""Most values a feature that holds numbers may have to be counted value by value."""
NAMED = 100
"""Values of one run that the baseline does not know and that are kept by name."""

Modes = Mapping[tuple[str, str], FieldMode]

_HOUR_US, _DAY_US = 3_600_000_000, 86_400_000_000
_SHAPE = "left(regexp_replace(regexp_replace({0}, '[0-9]+', '9', 'g'), '\\pL+', 'a', 'g'), 40)"
_GROUPED = {
    FieldMode.VALUES: "CAST({0} AS VARCHAR)",
    FieldMode.HOURS: f"CAST((epoch_us({{0}}) % {_DAY_US}) // {_HOUR_US} AS VARCHAR)",
    FieldMode.SHAPES: _SHAPE,
    FieldMode.PRESENCE: "CASE WHEN {0} IS NOT NULL THEN '' END",
    # What is not a number, or none that can be put in order, is counted by its shape.
    FieldMode.NUMBERS: (
        "CASE WHEN isfinite(TRY_CAST({0} AS DOUBLE)) THEN CAST(CAST("
        "sign(TRY_CAST({0} AS DOUBLE)) * floor(20 * log2(abs(TRY_CAST({0} AS DOUBLE)) * 1000 + 1))"
        " AS INTEGER) AS VARCHAR) ELSE " + _SHAPE.replace("{0}", "CAST({0} AS VARCHAR)") + " END"
    ),
}
"""What each mode turns a column, put in place of {0}, into: a text, or null."""


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """What decides how a field is counted: about how many values it has, and of what kind."""

    rows: int
    given: int
    distinct: int
    numbers: int


def modes_of(connection: duckdb.DuckDBPyConnection, study: Study) -> dict[Stream, Modes]:
    """Return how every field of the mapped streams is to be counted, told by its values."""
    modes: dict[Stream, Modes] = {}
    for stream in study.streams.mapped():
        table = StreamTable.of(study, stream)
        seen = _seen(connection, table)
        event = table.contract.event_time
        modes[stream] = {
            (stream.value, field.name): _mode(field, seen[field.name], event)
            for field in table.contract.fields
        }
    return modes


def _mode(field: Field, seen: FieldSeen, event: str) -> FieldMode:
    if field.sensitive:
        return FieldMode.PRESENCE
    if field.type is FieldType.TIME:
        return FieldMode.HOURS if field.name == event else FieldMode.PRESENCE
    if field.type in (FieldType.NUMBER, FieldType.INTEGER):
        return FieldMode.NUMBERS
    if field.name == "decision_id" or field.name.startswith(CLUSTER_PREFIX):
        return FieldMode.PRESENCE
    own = field.name.startswith(FEATURE_PREFIX)
    if own and seen.distinct > FEW_NUMBERS and seen.numbers >= 0.95 * seen.given > 0:
        return FieldMode.NUMBERS
    if seen.distinct <= FEW and seen.distinct <= max(FEW_NUMBERS, seen.given / 5):
        return FieldMode.VALUES
    return FieldMode.SHAPES if own else FieldMode.PRESENCE


def _seen(connection: duckdb.DuckDBPyConnection, table: StreamTable) -> dict[str, FieldSeen]:
    names = [field.name for field in table.contract.fields]
    numeric = {f.name for f in table.contract.fields if f.name.startswith(FEATURE_PREFIX)}
    asked = ", ".join(
        f"count({quoted(n)}), approx_count_distinct({quoted(n)}),"
        + (f" count(TRY_CAST({quoted(n)} AS DOUBLE))" if n in numeric else " 0")
        for n in names
    )
    ((rows, *figures),) = connection.execute(
        f"SELECT count(*), {asked} FROM {table.name}"
    ).fetchall()
    triples = zip(figures[0::3], figures[1::3], figures[2::3], strict=True)
    return {
        name: FieldSeen(rows, given, distinct, numbers)
        for name, (given, distinct, numbers) in zip(names, triples, strict=True)
    }


def count_fields(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    modes: Modes,
    known: Sequence[tuple[str, str, str]],
    after_run: int,
) -> None:
    """Add the values of the records of later runs to `field_counts`; must run in a transaction.

    Only fields that the study has and `modes` knows are counted. Of the values that are not known
    the most frequent ones of each run keep their name, the others are counted together as "".

    Parameters
    ----------
    known
        (stream, field, value) of the values to keep by name in any case.
    """
    streams, fields, values = ([row[i] for row in known] for i in range(3))
    texts = [pa.array(column, pa.string()) for column in (streams, fields, values)]
    connection.register("known_values", pa.table(texts, names=["stream", "field", "value"]))
    for stream in study.streams.mapped():
        table = StreamTable.of(study, stream)
        for field in table.contract.fields:
            mode = modes.get((stream.value, field.name))
            if mode is None:
                continue
            if mode is FieldMode.HOURS and field.type is not FieldType.TIME:
                continue
            value = _GROUPED[mode].format(quoted(field.name))
            # Bins of numbers are few, and are kept; whole numbers are bins.
            bins = "OR TRY_CAST(value AS INTEGER) IS NOT NULL" if mode is FieldMode.NUMBERS else ""
            connection.execute(
                f"""
                INSERT INTO field_counts
                WITH counted AS (
                    SELECT run, {value} AS value, count(*) AS n FROM {table.name}
                    WHERE run > $after GROUP BY ALL
                ), ranked AS (
                    SELECT c.run, c.value, n, k.value IS NOT NULL AS known,
                           row_number() OVER (
                               PARTITION BY c.run, k.value IS NULL ORDER BY n DESC, c.value) AS rank
                    FROM counted c
                    LEFT JOIN (FROM known_values WHERE stream = $stream AND field = $field) k
                        ON c.value = k.value
                )
                SELECT run, $stream, $field,
                       CASE WHEN value IS NULL OR known OR rank <= {NAMED} {bins} THEN value
                            ELSE '' END AS value,
                       sum(n)::BIGINT
                FROM ranked GROUP BY ALL""",
                {"after": after_run, "stream": stream.value, "field": field.name},
            )
    connection.unregister("known_values")
