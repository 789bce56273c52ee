"""The published review queue: the drawn cases with what a reviewer may see of each."""

from __future__ import annotations

import json
from typing import Any

import duckdb

from data_contracts.stream_contracts import (
    FEATURE_PREFIX,
    SEGMENT_PREFIX,
    StreamContract,
    contract_for,
)
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.reviewing.counts import review_books
from pipelines.warehouse.connection import quoted

ROUNDS = """
    SELECT candidate, model_version, round, drawn_at, first_day, last_day, population, drawn,
           greatest(0, coalesce(now.n, 0) - population) AS late
    FROM review_rounds r
    LEFT JOIN LATERAL (
        SELECT sum(n)::BIGINT AS n FROM measures.outcome_counts m
        WHERE m.cut = 'all' AND m.answer = 'answered' AND m.candidate = r.candidate
            AND m.model_version = r.model_version
            AND (r.first_day IS NULL OR m.cohort_day BETWEEN r.first_day AND r.last_day)) now
        ON true
    ORDER BY candidate, model_version, round"""
STRATA = """
    SELECT f.candidate, f.model_version, f.round, f.stratum, f.agree, r.first_day, r.last_day,
           f.population, f.drawn, coalesce(j.judged, 0) AS judged
    FROM review_frame f
    JOIN review_rounds r USING (candidate, model_version, round)
    LEFT JOIN (
        SELECT candidate, model_version, round, stratum, sum(n)::BIGINT AS judged
        FROM review_counts WHERE cut = 'all' GROUP BY ALL) j
        USING (candidate, model_version, round, stratum)
    WHERE f.cut = 'all'
    ORDER BY f.candidate, f.model_version, f.round, f.agree, f.population DESC, f.stratum"""


def review_tables(
    connection: duckdb.DuckDBPyConnection, study: Study
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the published tables about the draws, after `gather_reviews`."""
    if not connection.execute("SELECT 1 FROM review_rounds LIMIT 1").fetchall():
        return {}
    queries = {"review_rounds": ROUNDS, "review_strata": STRATA}
    found = {name: _rows(connection, query) for name, query in queries.items()}
    trial = {(one.name, one.version) for one in study.candidates}
    ours = {
        name: [row for row in rows if (row["candidate"], row["model_version"]) in trial]
        for name, rows in found.items()
    }
    uses = [
        {"use": use, "n": n}
        for entry in review_books(connection, study)
        for use, n in entry.parts.items()
    ]
    return {**ours, "review_uses": uses, "review_queue": queue_rows(connection, study)}


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    return list(connection.sql(query).to_arrow_table().to_pylist())


def queue_rows(connection: duckdb.DuckDBPyConnection, study: Study) -> list[dict[str, Any]]:
    """Return the rows of the published table `review_queue`, in order of judging.

    Cases whose decision is no longer stored, because it was purged, are left out. What is shown of
    a case are the declared segments and features, but for those the study treats as sensitive;
    never a score, an outcome or a time.
    """
    if not connection.execute("SELECT 1 FROM review_cases LIMIT 1").fetchall():
        return []
    facts = _facts(contract_for(study, Stream.DECISIONS))
    columns = "".join(f", d.{quoted(column)}" for column in facts.values())
    trial = [[one.name, one.version] for one in study.candidates]
    rows = connection.execute(
        f"""
        SELECT c.candidate, c.model_version, c.round, c.position, c.decision_id, c.cohort_day,
               c.stratum, c.agree, c.chance, c.second, c.decision, c.recommendation,
               coalesce(r.judged, 0) AS judged{columns}
        FROM review_cases c
        JOIN decisions d USING (decision_id)
        LEFT JOIN (
            SELECT decision_id, candidate, model_version, count(DISTINCT reviewer) AS judged
            FROM reviews WHERE judgement <> 'withdrawn' GROUP BY ALL) r
            USING (decision_id, candidate, model_version)
        WHERE [c.candidate, c.model_version] IN (SELECT unnest(?::VARCHAR[][]))
        ORDER BY c.candidate, c.model_version, c.round, c.position""",
        [trial],
    )
    names = [one[0] for one in rows.description or ()][: -len(facts) or None]
    return [
        {
            **dict(zip(names, row, strict=False)),
            "facts": _told(dict(zip(facts, row[len(names) :], strict=True))),
        }
        for row in rows.fetchall()
    ]


def _facts(contract: StreamContract) -> dict[str, str]:
    """Return the columns that a reviewer may see, by the name they are shown under."""
    shown: dict[str, str] = {}
    for prefix in (SEGMENT_PREFIX, FEATURE_PREFIX):
        for field in contract.fields:
            if field.name.startswith(prefix) and not field.sensitive:
                shown.setdefault(field.name.removeprefix(prefix), field.name)
    return shown


def _told(facts: dict[str, object]) -> str:
    texts = {name: str(value) for name, value in facts.items() if value is not None}
    return json.dumps(texts, ensure_ascii=False)
