"""What a round of reviews is drawn from: answered, unexposed pairs of whole cohort days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import duckdb

from data_contracts.findings import ALL_CASES
from data_contracts.stream_contracts import SEGMENT_PREFIX
from data_contracts.study.model import Candidate, Study
from data_contracts.vocabulary import DecisionType
from evaluators.reviewing.drawing import AGREEMENT
from pipelines.assessment.pairs import CROSSING, same_answer
from pipelines.warehouse.connection import literal, quoted

HIGHER, LOWER = "candidate higher", "candidate lower"
"""Strata of disagreements about numbers."""


@dataclass(frozen=True, slots=True)
class Due:
    """A round that is to be drawn.

    Attributes
    ----------
    first, last
        Cohort days it is drawn from; None in a timeless study.
    """

    round: int
    first: date | None = None
    last: date | None = None


def round_due(
    drawn: Mapping[int, date | None], first: date | None, last: date | None, study: Study
) -> Due | None:
    """Return the next round, if the days it is drawn from are all there.

    Parameters
    ----------
    drawn
        Last day of each round so far, by its number.
    first, last
        First and last cohort day in the data; the last one may still be growing.

    Examples
    --------
    A round is due once the day after its last one has begun.
    """
    number = max(drawn, default=0) + 1
    if study.timeless:
        return Due(1) if not drawn else None
    if first is None or last is None:
        return None
    whole = last - timedelta(days=1)
    if not drawn:
        start = max(first, study.starts_on or first)
        return Due(number, start, whole) if start <= whole else None
    before = drawn[number - 1]
    if before is None:
        return None
    end = before + timedelta(weeks=study.review.every_weeks)
    return Due(number, before + timedelta(days=1), end) if end <= whole else None


def longer(due: Due, last: date | None, study: Study) -> Due | None:
    """Return the same round with the weeks after it, if they are all there too.

    Examples
    --------
    A round in whose days the two never differ waits until they do. The first one begins anew with
    whatever days are there at the next run.
    """
    if due.last is None or last is None:
        return None
    end = due.last + timedelta(weeks=study.review.every_weeks)
    return replace(due, last=end) if end < last else None


def frame_view(
    connection: duckdb.DuckDBPyConnection, study: Study, candidate: Candidate, due: Due
) -> None:
    """Make the temporary view `framed` of every case that may be drawn.

    Its columns are ``decision_id, cohort_day, decision, recommendation, agree, kind`` and the
    segments.
    """
    segments = "".join(f"d.{quoted(SEGMENT_PREFIX + name)}, " for name in study.segments)
    days = "true"
    if due.first is not None and due.last is not None:
        days = f"d.cohort_day BETWEEN DATE '{due.first}' AND DATE '{due.last}'"
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW framed AS
        SELECT *, CASE WHEN agree THEN {literal(AGREEMENT)} ELSE {_kind(study)} END AS kind
        FROM (
            SELECT decision_id, d.cohort_day, {segments} d.decision, r.recommendation,
                   {same_answer(study, "d.decision", "r.recommendation")} AS agree
            FROM decisions d
            JOIN recommendations r USING (decision_id)
            LEFT JOIN outcomes o
                ON o.decision_id = d.decision_id AND o.name = {literal(study.outcome.name)}
            WHERE r.candidate = {literal(candidate.name)}
                AND r.model_version = {literal(candidate.version)}
                AND r.answer = 'answered' AND d.exposed_at IS NULL
                AND NOT coalesce(r.recommended_at > o.observed_at, false)
                AND {days})
        WHERE agree IS NOT NULL""")


def count_frame(connection: duckdb.DuckDBPyConnection, study: Study) -> dict[str, int]:
    """Fill the temporary table `framed_alike` and return the cases of each kind."""
    segments = "".join(f", {quoted(SEGMENT_PREFIX + name)}" for name in study.segments)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE framed_alike AS SELECT kind, agree{segments},"
        " count(*) AS n FROM framed GROUP BY ALL"
    )
    rows = connection.execute(
        "SELECT kind, sum(n)::BIGINT FROM framed_alike GROUP BY kind ORDER BY kind"
    ).fetchall()
    return dict(rows)


def segment_of(study: Study, cut: str) -> str:
    """Return the SQL of a case's segment in a cut."""
    columns = [quoted(SEGMENT_PREFIX + name) for name in study.cuts[cut]]
    return f" || {literal(CROSSING)} || ".join(columns) if columns else literal(ALL_CASES)


def _kind(study: Study) -> str:
    if study.decision.type is DecisionType.NUMERIC:
        above = f"recommendation > decision THEN {literal(HIGHER)}"
        return f"CASE WHEN {above} ELSE {literal(LOWER)} END"
    return "decision || ', ' || recommendation"
