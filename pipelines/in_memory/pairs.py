"""Pairs in memory: an Arrow or pandas table, checked, and copied into the tables of a warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Study
from data_contracts.study.problems import did_you_mean, one_of
from data_contracts.vocabulary import DecisionType
from pipelines.ingest.plan import NO_SEGMENT
from pipelines.warehouse.connection import literal, quoted


class PairsUnusable(UnderstudyError):
    """The table cannot be compared."""

    def sentence(self) -> str:
        facts = self.facts
        hint = facts.get("hint", "")
        end = f"; {hint}" if hint.startswith("did ") else f". {hint}".rstrip() if hint else "."
        return f"{facts['where']}: found {facts['found']}, expected {facts['expected']}{end}"


@dataclass(frozen=True, slots=True)
class Roles:
    """Which column of the table holds what; None where there is none.

    Attributes
    ----------
    segments, clusters
        Name in the findings to column of the table.
    """

    decision: str
    recommendation: str
    outcome: str
    day: str | None = None
    score: str | None = None
    exposed: str | None = None
    segments: Mapping[str, str] = field(default_factory=dict)
    clusters: Mapping[str, str] = field(default_factory=dict)

    def columns(self) -> dict[str, str]:
        """Return every column that is named, by what it is named for."""
        single = ("decision", "recommendation", "outcome", "day", "score", "exposed")
        named = {role: getattr(self, role) for role in single}
        named |= {f"segment {name}": column for name, column in self.segments.items()}
        named |= {f"cluster {name}": column for name, column in self.clusters.items()}
        return {role: column for role, column in named.items() if column is not None}


def arrow_table(pairs: Any, roles: Roles) -> pa.Table:
    """Return the columns that matter as an Arrow table.

    Parameters
    ----------
    pairs
        A pandas or polars data frame, an Arrow table, or anything else that offers its columns
        through Arrow's C stream.

    Raises
    ------
    PairsUnusable
        When it is no table, a column is not there, or values of a column do not go together.
    """
    if not (isinstance(pairs, pa.Table) or hasattr(pairs, "__arrow_c_stream__")):
        raise PairsUnusable(
            where="The pairs",
            found=f"a value of type {type(pairs).__name__}",
            expected="a pandas or Arrow table",
        )
    known = [str(name) for name in (pairs.column_names if _is_arrow(pairs) else pairs.columns)]
    for role, column in roles.columns().items():
        if column not in known:
            raise PairsUnusable(
                where=f"The column for {role}",
                found=f'"{column}", which the table does not have',
                expected=one_of(known),
                hint=did_you_mean(column, known),
            )
    wanted = list(dict.fromkeys(roles.columns().values()))
    try:
        return pa.table(pairs.select(wanted) if _is_arrow(pairs) else pairs[wanted])
    except (pa.ArrowInvalid, pa.ArrowTypeError) as fault:
        raise PairsUnusable(
            where="The pairs",
            found=f"a column whose values are of several kinds ({str(fault).splitlines()[0]})",
            expected="one kind of value in a column",
            hint="Turn the column into texts or into numbers first.",
        ) from fault


def labels_in(connection: duckdb.DuckDBPyConnection, table: pa.Table, roles: Roles) -> list[str]:
    """Return the classes that occur in decisions, recommendations or outcomes, in order."""
    columns = (roles.decision, roles.recommendation, roles.outcome)
    union = " UNION ".join(f"SELECT {label(table, name)} AS label FROM pairs" for name in columns)
    rows = connection.execute(f"FROM ({union}) WHERE label IS NOT NULL ORDER BY label").fetchall()
    return [row[0] for row in rows]


def as_label(value: object) -> str:
    """Return a class given in Python as the text that stands for it in the tables.

    Examples
    --------
    >>> as_label(True), as_label(1), as_label(1.0), as_label("late")
    ('true', '1', '1', 'late')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if type(value).__name__ in ("bool", "bool_") else str(value)


def label(table: pa.Table, column: str) -> str:
    """Return SQL for a column's values as texts: 1 and 1.0 are the same class, NaN is none.

    A column of whole numbers with a gap becomes one of floating numbers in pandas.
    """
    name, kind = quoted(column), table.schema.field(column).type
    if pa.types.is_floating(kind):
        whole = f"{name} = trunc({name}) AND abs({name}) < 1e15"
        return (
            f"CASE WHEN NOT isfinite({name}) THEN NULL WHEN {whole}"
            f" THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
        )
    return f"CAST({name} AS VARCHAR)"


def fill(
    connection: duckdb.DuckDBPyConnection, study: Study, table: pa.Table, roles: Roles
) -> None:
    """Copy the relation `pairs` into the tables of decisions, recommendations and outcomes.

    Raises
    ------
    PairsUnusable
        When a day is missing or cannot be read, or a number is none.
    """
    numeric = study.decision.type is DecisionType.NUMERIC

    def value(column: str) -> str:
        if not numeric:
            return label(table, column)
        number = f"CAST({quoted(column)} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"

    day = "NULL" if roles.day is None else f"CAST({quoted(roles.day)} AS TIMESTAMPTZ)"
    named = {f"segment_{name}": column for name, column in roles.segments.items()}
    extra = "".join(
        f", coalesce({label(table, column)}, {literal(NO_SEGMENT)}) AS {quoted(name)}"
        for name, column in named.items()
    )
    extra += "".join(
        f", {label(table, column)} AS {quoted('cluster_' + name)}"
        for name, column in roles.clusters.items()
    )
    seen = "false" if roles.exposed is None else f"CAST({quoted(roles.exposed)} AS BOOLEAN)"
    score = "NULL" if roles.score is None else f"CAST({quoted(roles.score)} AS DOUBLE)"
    (candidate,) = study.candidates
    try:
        connection.execute(
            f"CREATE TEMP TABLE numbered AS SELECT lpad(CAST(row_number() OVER () AS VARCHAR), 12,"
            f" '0') AS decision_id, {day} AS decided_at, {value(roles.decision)} AS decision,"
            f" {value(roles.recommendation)} AS recommendation, {value(roles.outcome)} AS outcome,"
            f" {score} AS score, coalesce({seen}, false) AS seen{extra} FROM pairs"
        )
    except (duckdb.ConversionException, duckdb.InvalidInputException) as fault:
        raise PairsUnusable(
            where="The pairs",
            found=f"a value that cannot be read ({str(fault).splitlines()[0]})",
            expected="numbers where the decision is numeric, and a day or time in every row",
        ) from fault
    _must_be_whole(connection, roles)
    fields = ", ".join(quoted(c) for c in (*named, *(f"cluster_{n}" for n in roles.clusters)))
    epoch = "TIMESTAMPTZ '1970-01-01 00:00:00+00'"
    connection.execute(
        "INSERT INTO decisions BY NAME SELECT decision_id, decided_at, decision,"
        f" CASE WHEN seen THEN coalesce(decided_at, {epoch}) END AS exposed_at,"
        f" CAST(decided_at AS DATE) AS cohort_day{', ' + fields if fields else ''} FROM numbered"
    )
    connection.execute(
        "INSERT INTO recommendations BY NAME SELECT decision_id, $name AS candidate,"
        " $version AS model_version, decided_at AS recommended_at, recommendation,"
        " 'answered' AS answer, score FROM numbered WHERE recommendation IS NOT NULL",
        {"name": candidate.name, "version": candidate.version},
    )
    connection.execute(
        "INSERT INTO outcomes BY NAME SELECT decision_id, $name AS name, outcome FROM numbered"
        " WHERE outcome IS NOT NULL",
        {"name": study.outcome.name},
    )


def _must_be_whole(connection: duckdb.DuckDBPyConnection, roles: Roles) -> None:
    """Raise for rows without a decision or, where days are given, without a day."""
    ((undecided, undated),) = connection.execute(
        "SELECT count(*) FILTER (decision IS NULL), count(*) FILTER (decided_at IS NULL)"
        " FROM numbered"
    ).fetchall()
    for column, missing in ((roles.decision, undecided), (roles.day, undated)):
        if column is not None and missing:
            raise PairsUnusable(
                where=f'The column "{column}"',
                found=f"{missing:,} rows without a value",
                expected="a value in every row",
                hint="Leave those rows out, and say so.",
            )


def _is_arrow(pairs: Any) -> bool:
    return isinstance(pairs, pa.Table)
