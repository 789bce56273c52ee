"""Published tables that are taken from the warehouse as they are: name, and query."""

from pipelines.warehouse.entries import ENTRIES

FROM_WAREHOUSE = {
    "registrations": "FROM registrations ORDER BY ALL",
    "books": "FROM books ORDER BY ALL",
    "verdicts": "SELECT * EXCLUDE basis FROM verdicts ORDER BY evidence_no, position",
    "sources": "SELECT * EXCLUDE (source_no, modified_ns) FROM sources ORDER BY source_no",
    "quarantine_counts": f"""
        SELECT stream, source, path, reason, field, state, count(*) AS n
        FROM {ENTRIES} GROUP BY ALL
        UNION ALL
        SELECT a.stream, s.source, s.path, a.reason, '', 'purged', sum(a.records)::BIGINT
        FROM set_aside a JOIN sources s USING (source_no) GROUP BY ALL
        ORDER BY ALL""",
    "purges": "FROM purges ORDER BY ALL",
}
