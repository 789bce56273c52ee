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
from pipelines.warehouse.connection import quoted


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
