"""Reviews counted: by round, stratum and segment, what was said first, and by a second person.

Of a case the judgement of the person who judged it first counts; that of the second person only
says whether people agree. What was taken back counts for nothing.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from data_contracts.findings import ALL_CASES
from data_contracts.study.model import Candidate, Study
from evaluators.columns import Columns
from pipelines.assessment.load import columns_of
from pipelines.warehouse.books import Entry
from pipelines.warehouse.connection import literal

JUDGED = """
    SELECT *, row_number() OVER (
        PARTITION BY candidate, model_version, decision_id ORDER BY reviewed_at, review_id) AS nth
    FROM (
        FROM reviews WHERE judgement <> 'withdrawn'
        QUALIFY row_number() OVER (
            PARTITION BY candidate, model_version, decision_id, reviewer
            ORDER BY reviewed_at, review_id) = 1)"""
"""Every person's judgement of a case, numbered in the order of judging."""
_KEYS = "candidate, model_version, round, stratum, agree, cut, segment, judgement, other, reason"
_SAID = f"""
    WITH judged AS ({JUDGED}),
    said AS (
        SELECT c.*, f.judgement, o.judgement AS other, nullif(trim(f.reason), '') AS reason
        FROM review_cases c
        JOIN judged f ON f.nth = 1 AND f.decision_id = c.decision_id
            AND f.candidate = c.candidate AND f.model_version = c.model_version
        LEFT JOIN judged o ON o.nth = 2 AND o.decision_id = c.decision_id
            AND o.candidate = c.candidate AND o.model_version = c.model_version),
    cuts AS (
        SELECT decision_id, candidate, model_version, round, stratum, agree,
               {literal(ALL_CASES)} AS cut, {literal(ALL_CASES)} AS segment, judgement, other,
               reason
        FROM said
        UNION ALL
        SELECT decision_id, candidate, model_version, round, stratum, agree,
               cut.key, cut.value, judgement, NULL, reason
        FROM (SELECT *, unnest(map_entries(segments)) AS cut FROM said) WHERE cut.value IS NOT NULL)
    """


_FRAME = """
    WITH waiting AS (
        SELECT round, stratum, segments FROM review_cases c
        WHERE candidate = $candidate AND model_version = $version
            AND decision_id IN (SELECT decision_id FROM decisions)
            AND NOT EXISTS (
                FROM reviews r WHERE r.judgement <> 'withdrawn' AND r.decision_id = c.decision_id
                    AND r.candidate = c.candidate AND r.model_version = c.model_version)),
    within_reach AS (
        SELECT round, stratum, cut, segment, sum(n)::BIGINT AS reachable FROM (
            SELECT round, stratum, cut, segment, n FROM review_counts
            WHERE candidate = $candidate AND model_version = $version
            UNION ALL
            SELECT round, stratum, $everything, $everything, 1 FROM waiting
            UNION ALL
            SELECT round, stratum, cut.key, cut.value, 1
            FROM (SELECT *, unnest(map_entries(segments)) AS cut FROM waiting))
        GROUP BY ALL)
    SELECT f.* EXCLUDE (drawn_at, candidate, model_version), coalesce(reachable, 0) AS reachable
    FROM review_frame f LEFT JOIN within_reach USING (round, stratum, cut, segment)
    WHERE candidate = $candidate AND model_version = $version"""
"""What was drawn from, and how many of the drawn cases are judged or can still be."""


def gather_reviews(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table `review_counts`: what was said of drawn cases, purged ones too."""
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE review_counts AS
        SELECT {_KEYS}, sum(n)::BIGINT AS n FROM (
            {_SAID}
            SELECT {_KEYS}, 1 AS n FROM cuts
            UNION ALL
            SELECT {_KEYS}, n FROM review_kept)
        GROUP BY ALL""")


def keep_purged(connection: duckdb.DuckDBPyConnection, cases: str, now: datetime) -> None:
    """Keep the counts of cases whose records are about to be removed.

    Parameters
    ----------
    cases
        Table with their ``decision_id``.
    """
    connection.execute(
        f"INSERT INTO review_kept {_SAID} SELECT ?, {_KEYS}, count(*) FROM cuts"
        f" WHERE decision_id IN (SELECT decision_id FROM {cases}) GROUP BY ALL",
        [now],
    )


def load_reviews(connection: duckdb.DuckDBPyConnection, candidate: Candidate) -> dict[str, Columns]:
    """Return what evaluators read of one candidate's reviews, after `gather_reviews`."""
    mine = {"candidate": candidate.name, "version": candidate.version}
    where = "WHERE candidate = $candidate AND model_version = $version"
    queries = {
        "review_counts": f"SELECT * EXCLUDE (candidate, model_version) FROM review_counts {where}",
        "review_frame": _FRAME,
        "review_people": "SELECT count(DISTINCT reviewer) AS reviewers FROM reviews"
        f" {where} AND judgement <> 'withdrawn'",
    }
    return {
        name: columns_of(
            connection.sql(
                f"{query} ORDER BY ALL",
                params=mine | ({"everything": ALL_CASES} if query is _FRAME else {}),
            ).to_arrow_table()
        )
        for name, query in queries.items()
    }


def review_books(connection: duckdb.DuckDBPyConnection, study: Study) -> list[Entry]:
    """Return the books of the reviews: each is used, or there is a word for why it is not."""
    if not connection.execute("SELECT 1 FROM reviews LIMIT 1").fetchall():
        return []
    trial = [[one.name, one.version] for one in study.candidates]
    row = connection.execute(
        f"""
        WITH judged AS ({JUDGED}),
        cases AS (
            SELECT decision_id FROM decisions
            WHERE decision_id IN (SELECT decision_id FROM reviews))
        SELECT count(*) AS stored,
               count(*) FILTER (r.judgement = 'withdrawn'),
               count(*) FILTER (r.judgement <> 'withdrawn' AND drawn AND nth = 1),
               count(*) FILTER (r.judgement <> 'withdrawn' AND drawn AND nth = 2),
               count(*) FILTER (r.judgement <> 'withdrawn' AND drawn
                                AND coalesce(nth, 3) NOT IN (1, 2)),
               count(*) FILTER (r.judgement <> 'withdrawn' AND NOT drawn AND known),
               count(*) FILTER (r.judgement <> 'withdrawn' AND NOT drawn AND NOT known)
        FROM (
            SELECT *,
                   (candidate, model_version, decision_id) IN (
                       SELECT (candidate, model_version, decision_id) FROM review_cases) AS drawn,
                   decision_id IN (SELECT decision_id FROM cases)
                       AND [candidate, model_version] IN (SELECT unnest(?::VARCHAR[][])) AS known
            FROM reviews) r
        LEFT JOIN (SELECT review_id, nth FROM judged) USING (review_id)""",
        [trial],
    ).fetchall()[0]
    stored, *parts = map(int, row)
    words = ("withdrawn", "used", "second opinions", "further opinions", "not drawn", "unknown")
    return [Entry("reviews", "stored", stored, dict(zip(words, parts, strict=True)))]
