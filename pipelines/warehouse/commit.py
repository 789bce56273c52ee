"""One commit: records, ledger, quarantine and books land in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import duckdb

from data_contracts.data_words import ConflictRule, FileState
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.inputs import Input
from pipelines.ingest.reports import FileReport, IngestResult, PartReport
from pipelines.ingest.tables import SourceTable
from pipelines.schemas.changes import SchemaChange
from pipelines.schemas.prepass import NOTHING_NOTED, Noted
from pipelines.warehouse.arrivals import note_arrivals
from pipelines.warehouse.books import Entry, settle
from pipelines.warehouse.connection import literal, transaction
from pipelines.warehouse.entries import enter_links
from pipelines.warehouse.merge import Merged, merge
from pipelines.warehouse.positions import enter_positions
from pipelines.warehouse.purged import PURGED, set_aside_purged
from pipelines.warehouse.shapes import enter_changes, enter_shapes
from pipelines.warehouse.tables import StreamTable
from pipelines.warehouse.verify import untouched, verify_parts


@dataclass(frozen=True, slots=True)
class Committed:
    """What one ingest run did.

    Attributes
    ----------
    merged
        Per stream, what became of the accepted records.
    entries
        The balanced books.
    refused
        Files that could not be read whole, with the reason.
    changes
        How the columns of files differ from those of the files before them.
    """

    run: int
    merged: tuple[Merged, ...]
    entries: tuple[Entry, ...]
    files: tuple[tuple[Input, FileReport], ...]
    changes: tuple[SchemaChange, ...] = ()

    @property
    def refused(self) -> tuple[tuple[Input, FileReport], ...]:
        """Files that were refused, with their reports."""
        return tuple((file, report) for file, report in self.files if report.refusal)


def commit(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    files: Sequence[Input],
    result: IngestResult,
    started_at: datetime,
    ended_at: datetime,
    noted: Noted = NOTHING_NOTED,
) -> Committed:
    """Commit the parts of one run and return what it did.

    Parameters
    ----------
    noted
        What the look at the files' columns is kept for.

    Raises
    ------
    PartDamaged
        When a part is missing or its bytes changed since it was written.
    BooksUnbalanced
        When records were lost or doubled; nothing is kept then.
    """
    checked = verify_parts(result.parts)
    reports = {report.source_no: report for report in result.files}
    told = tuple((file, reports[file.source_no]) for file in files)
    refused = [report.source_no for _, report in told if report.refusal]
    with transaction(connection), untouched(result.parts, checked):
        run = 1 + connection.execute("SELECT coalesce(max(run), 0) FROM runs").fetchall()[0][0]
        first = _is_empty(connection, "decisions")
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE changed_cases"
            " (decision_id VARCHAR, cohort_day DATE, day_is_known BOOLEAN)"
        )
        _enter_files(connection, told, run)
        merged, late = [], {}
        for stream in Stream:
            table = StreamTable.of(study, stream)
            paths = [p.path for p in result.parts if p.stream is stream and p.accepted]
            kept, late[stream.value] = set_aside_purged(connection, table, paths, refused, run)
            # Reviews change no pair: what was counted of their days holds.
            noting = not first and stream is not Stream.REVIEWS
            merged.append(merge(connection, table, kept, refused, run, note_changes=noting))
        _quarantine(connection, result.parts, refused, run)
        enter_links(connection, told, run)
        read = (file for file, report in told if not report.refusal)
        enter_positions(connection, (file for file in read if isinstance(file, SourceTable)), run)
        enter_shapes(connection, noted.held, run)
        changes = enter_changes(connection, study, noted, files, result.parts, run)
        _touch(connection, first)
        connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?)",
            [run, started_at, ended_at, version("understudy")],
        )
        note_arrivals(connection, study, run, started_at)
        entries = tuple(_entries(told, merged, late))
        settle(connection, run, ended_at, list(entries))
    return Committed(run, tuple(merged), entries, told, changes)


def _quarantine(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[PartReport], refused: list[int], run: int
) -> None:
    paths = ", ".join(literal(str(part.path)) for part in parts if not part.accepted)
    if not paths:
        return
    keep = f" WHERE source_no NOT IN ({', '.join(map(str, refused))})" if refused else ""
    connection.execute(
        f"INSERT INTO quarantine SELECT {run}, stream, source_no, row_no, reason, field, raw"
        f" FROM read_parquet([{paths}]){keep}"
    )


def _enter_files(
    connection: duckdb.DuckDBPyConnection,
    told: Sequence[tuple[Input, FileReport]],
    run: int,
) -> None:
    rows = [
        [
            file.source_no,
            run,
            file.stream.value,
            file.source,
            file.path,
            file.bytes,
            file.modified_ns,
            file.sha256,
            (FileState.REFUSED if report.refusal else FileState.INGESTED).value,
            report.read,
            report.accepted,
            report.rejected,
            report.refusal or "; ".join(report.notices),
            file.version,
        ]
        for file, report in told
    ]
    if rows:
        connection.executemany(f"INSERT INTO sources VALUES ({', '.join('?' * 14)})", rows)


def _touch(connection: duckdb.DuckDBPyConnection, first: bool) -> None:
    """Note the cohort days whose measures have to be computed again."""
    if first:
        connection.execute("INSERT INTO touched_days VALUES (NULL, true)")
        return
    connection.execute("""
        INSERT INTO touched_days
        WITH elsewhere AS (
            SELECT decision_id FROM changed_cases WHERE NOT day_is_known
            EXCEPT
            SELECT decision_id FROM changed_cases WHERE day_is_known)
        SELECT cohort_day, false FROM changed_cases WHERE day_is_known
        UNION
        SELECT cohort_day, false FROM decisions SEMI JOIN elsewhere USING (decision_id)""")


def _is_empty(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return not connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()


def _entries(
    told: Sequence[tuple[Input, FileReport]],
    merged: Sequence[Merged],
    late: Mapping[str, int],
) -> list[Entry]:
    entries = []
    for stream in merged:
        reports = [r for f, r in told if f.stream.value == stream.stream and not r.refusal]
        if not reports:
            continue
        read, accepted = sum(r.read for r in reports), sum(r.accepted for r in reports)
        rejected = sum(r.rejected for r in reports)
        name = stream.stream
        aside = {PURGED: late[name]} if late[name] else {}
        entries += [
            Entry(name, "read", read, {"accepted": accepted, "rejected": rejected}),
            Entry(name, "accepted", accepted, {"staged": stream.staged, **aside}),
            Entry(
                name,
                "accepted",
                accepted,
                {
                    "new": stream.new,
                    "duplicate": stream.duplicate,
                    "revision": stream.revision,
                    **aside,
                },
            ),
            _stored(stream),
        ]
    return entries


def _stored(stream: Merged) -> Entry:
    """Return the entry of the records that hold; contested keys have none."""
    if stream.rule is not ConflictRule.QUARANTINE:
        return Entry(
            stream.stream, "stored", stream.after, {"before": stream.before, "new": stream.new}
        )
    return Entry(
        stream.stream,
        "stored + contested",
        stream.after + stream.contested,
        {"before": stream.before, "new": stream.new, "settled": stream.settled},
    )
