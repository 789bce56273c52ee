"""Published tables that are taken from the warehouse as they are: name, and query."""

from pipelines.assessment.arrival_notes import LAGS
from pipelines.assessment.past_gates import PAST_GATES
from pipelines.warehouse.entries import ENTRIES
from pipelines.warehouse.ledger import LEDGER

FROM_WAREHOUSE = {
    "registrations": "FROM registrations ORDER BY ALL",
    "books": "FROM books ORDER BY ALL",
    "verdicts": "SELECT * EXCLUDE (basis, gates) FROM verdicts ORDER BY evidence_no, position",
    "past_gates": PAST_GATES,
    "sources": f"SELECT * EXCLUDE (source_no, modified_ns) FROM ({LEDGER}) ORDER BY source_no",
    "checks": "SELECT * EXCLUDE (first_run, definition) FROM checks ORDER BY run, rowid",
    "quarantine_counts": f"""
        SELECT stream, source, path, reason, field, state, count(*) AS n
        FROM {ENTRIES} GROUP BY ALL
        UNION ALL
        SELECT a.stream, s.source, s.path, a.reason, '', 'purged', sum(a.records)::BIGINT
        FROM set_aside a JOIN sources s USING (source_no) GROUP BY ALL
        ORDER BY ALL""",
    "arrival_lags": LAGS,
    "schema_changes": "SELECT * EXCLUDE what FROM schema_changes ORDER BY run, stream, path, kind",
    "purges": "FROM purges ORDER BY ALL",
    "conflicts": """
        SELECT stream, field, source, other_source, rule, count(*) AS n
        FROM disagreements GROUP BY ALL ORDER BY ALL""",
    "conflict_examples": """
        SELECT * EXCLUDE (rule, nth) FROM (
            SELECT *, row_number() OVER (
                PARTITION BY stream, field, source, other_source ORDER BY record) AS nth
            FROM disagreements)
        ORDER BY nth, stream, field, source, other_source LIMIT 50""",
}
