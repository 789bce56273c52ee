"""Published tables that are taken from the warehouse as they are: name, and query."""

from pipelines.assessment.arrival_notes import LAGS

FROM_WAREHOUSE = {
    "registrations": "FROM registrations ORDER BY ALL",
    "books": "FROM books ORDER BY ALL",
    "verdicts": "SELECT * EXCLUDE basis FROM verdicts ORDER BY evidence_no, position",
    "sources": "SELECT * EXCLUDE (source_no, modified_ns) FROM sources ORDER BY source_no",
    "arrival_lags": LAGS,
    "quarantine_counts": """
        SELECT q.stream, s.source, s.path, q.reason, q.field, 'waiting' AS state, count(*) AS n
        FROM quarantine q JOIN sources s USING (source_no) GROUP BY ALL ORDER BY ALL""",
}
