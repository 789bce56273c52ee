"""Pairs: each case with production's decision, a candidate's recommendation and the outcome.

Two temporary relations carry the cases of the cohort days to be computed, and every measure's SQL
reads from one of them:

cases
    One row a case and candidate: ``candidate, model_version, cohort_day, answer, decision,
    recommendation, outcome, score, latency_ms, lag_days`` (whole days from decision to outcome)
    and the declared segments.
cells
    Cases that are alike, counted: ``candidate, model_version, cohort_day, cut, segment, answer,
    decision, recommendation, outcome, agree, production_right, candidate_right, n``, pointed at
    one cut after the other. Grouping once and cutting the groups costs far less than grouping all
    cases once for each cut. Decisions, recommendations and outcomes are null where they are
    numbers, which are no classes to count by.
"""

from __future__ import annotations

import duckdb

from data_contracts.findings import ALL_CASES
from data_contracts.stream_contracts import SEGMENT_PREFIX
from data_contracts.study.model import Candidate, Study
from data_contracts.vocabulary import DecisionType
from pipelines.warehouse.connection import literal, quoted

CROSSING = " · "
"""Between the values of a combined segment, e.g. `LGA · MQ`."""

_COUNTED = ("candidate", "model_version", "cohort_day", "answer")
_LABELS = ("decision", "recommendation", "outcome")


def build_cases(connection: duckdb.DuckDBPyConnection, study: Study, *, every_day: bool) -> None:
    """Fill `cases` and the table behind `cells` for the touched cohort days, or for all."""
    for number, candidate in enumerate(study.candidates):
        head = "CREATE OR REPLACE TEMP TABLE cases AS" if number == 0 else "INSERT INTO cases"
        connection.execute(f"{head} {_pair(study, candidate, every_day=every_day)}")
    numeric = study.decision.type is DecisionType.NUMERIC
    segments = tuple(quoted(SEGMENT_PREFIX + name) for name in study.segments)
    if numeric:
        labels = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in _LABELS)
        counted = ", ".join((*_COUNTED, *segments, *_equalities(study)))
        query = f"SELECT *, {labels} FROM (SELECT {counted}, count(*) AS n FROM cases GROUP BY ALL)"
    else:
        counted = ", ".join((*_COUNTED, *segments, *_LABELS))
        query = f"""SELECT *, {", ".join(_equalities(study))}
            FROM (SELECT {counted}, count(*) AS n FROM cases GROUP BY ALL)"""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE alike AS {query}")


def cut_cells(connection: duckdb.DuckDBPyConnection, study: Study, cut: str) -> None:
    """Point the view `cells` at one cut."""
    columns = [quoted(SEGMENT_PREFIX + name) for name in study.cuts[cut]]
    value = f" || {literal(CROSSING)} || ".join(columns) if columns else literal(ALL_CASES)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW cells AS"
        f" SELECT *, {literal(cut)} AS cut, {value} AS segment FROM alike"
    )


def drop_cases(connection: duckdb.DuckDBPyConnection) -> None:
    """Free what `build_cases` filled."""
    connection.execute("DROP VIEW cells; DROP TABLE alike; DROP TABLE cases")


def _pair(study: Study, candidate: Candidate, *, every_day: bool) -> str:
    segments = "".join(f"d.{quoted(SEGMENT_PREFIX + name)}, " for name in study.segments)
    conditions = []
    if study.starts_on is not None:
        conditions.append(f"d.cohort_day >= DATE '{study.starts_on.isoformat()}'")
    if not every_day:
        conditions.append("d.cohort_day IN (SELECT cohort_day FROM touched_days)")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"""
        SELECT {literal(candidate.name)} AS candidate,
               {literal(candidate.version)} AS model_version,
               d.cohort_day, {segments}
               CASE WHEN d.exposed_at IS NOT NULL THEN 'exposed'
                    WHEN r.decision_id IS NULL THEN 'missing'
                    WHEN r.recommended_at > o.observed_at THEN 'hindsight'
                    ELSE r.answer END AS answer,
               d.decision, r.recommendation, o.outcome, r.score, r.latency_ms,
               CAST(floor((epoch_us(o.observed_at) - epoch_us(d.decided_at)) / 86400e6) AS INTEGER)
                   AS lag_days
        FROM decisions d
        LEFT JOIN (FROM recommendations WHERE candidate = {literal(candidate.name)}
                   AND model_version = {literal(candidate.version)}) r USING (decision_id)
        LEFT JOIN (FROM outcomes WHERE name = {literal(study.outcome.name)}) o USING (decision_id)
        {where}"""


def _equalities(study: Study) -> tuple[str, ...]:
    def same(left: str, right: str) -> str:
        if study.decision.type is DecisionType.NUMERIC:
            return f"abs({left} - {right}) <= {study.decision.tolerance!r}"
        return f"{left} = {right}"

    return (
        f"{same('decision', 'recommendation')} AS agree",
        f"{same('decision', 'outcome')} AS production_right",
        f"{same('recommendation', 'outcome')} AS candidate_right",
    )
