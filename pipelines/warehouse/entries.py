"""The entries of the quarantine, each linked to the first appearance of its row.

A row has one name for all its attempts: stream, hash of the file it first came in, row number. An
entry is `waiting` while no later attempt was made with its row, then `resubmitted`. The state is
worked out, never stored, so that a rebuild, which reads all attempts again, comes to the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from pipelines.ingest.inputs import Input
from pipelines.ingest.reports import FileReport
from pipelines.ingest.resubmitted import ENTRY, FILE, ROW, is_resubmitted
from pipelines.sources.source import WHOLE_FILE

# Names of tables are resolved when it runs: it works as of a past moment, too.
ENTRIES = """(
    WITH latest AS (SELECT entry, max(source_no) AS source_no FROM resubmissions GROUP BY entry)
    SELECT q.run, q.stream, q.source_no, q.row_no, q.reason, q.field, q.raw, s.source, s.path,
           coalesce(r.entry, q.stream || ':' || left(s.sha256, 16) || ':' || q.row_no) AS entry,
           coalesce(r.first_path, s.path) AS first_path,
           coalesce(r.first_row, q.row_no) AS first_row,
           CASE WHEN l.source_no > coalesce(r.source_no, 0) THEN 'resubmitted' ELSE 'waiting' END
               AS state
    FROM quarantine q
    JOIN sources s USING (source_no)
    LEFT JOIN resubmissions r ON r.source_no = q.source_no AND r.row_no = q.row_no
    LEFT JOIN latest l
        ON l.entry = coalesce(r.entry, q.stream || ':' || left(s.sha256, 16) || ':' || q.row_no)
)"""
"""Every entry, with its state; a relation to be used in a query."""


def waiting_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Return, per stream, how many entries are waiting and how many were resubmitted."""
    rows = connection.execute(f"""
        SELECT stream, count(*) FILTER (state = 'waiting'), count(*) FILTER (state <> 'waiting')
        FROM {ENTRIES} GROUP BY stream ORDER BY stream""").fetchall()
    return {stream: (waiting, again) for stream, waiting, again in rows}


def enter_links(
    connection: duckdb.DuckDBPyConnection,
    told: Sequence[tuple[Input, FileReport]],
    run: int,
) -> None:
    """Note which row of the quarantine each row of a resubmitted file is; in a transaction."""
    for file, report in told:
        if report.refusal or not is_resubmitted(file.path):
            continue
        opened = file.opened(WHOLE_FILE)
        if not {ENTRY, FILE, ROW} <= set(opened.columns):
            continue
        for slab in opened.slabs((ENTRY, FILE, ROW)):
            numbers = slab.numbers
            if isinstance(numbers, int):
                numbers = pa.array(range(numbers, numbers + slab.rows.num_rows), pa.int64())
            connection.register(
                "links", pa.Table.from_batches([slab.rows.append_column("row_no", numbers)])
            )
            connection.execute(
                f"INSERT INTO resubmissions SELECT ?, ?, ?, row_no, {ENTRY}, {FILE},"
                f" try_cast({ROW} AS BIGINT) FROM links WHERE {ENTRY} IS NOT NULL",
                [run, file.stream.value, file.source_no],
            )
            connection.unregister("links")
