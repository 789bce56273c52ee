"""Settling the reports of a run: one a file, with read = accepted + rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipelines.ingest.chunks import Chunk
from pipelines.ingest.inputs import Input
from pipelines.ingest.reports import (
    ChunkReport,
    FileReport,
    IngestResult,
    PartReport,
    Report,
    RowsLost,
)


def settle_reports(
    files: Sequence[Input],
    chunks: Sequence[Chunk],
    reports: Sequence[Report],
) -> IngestResult:
    """Return one report a file, and the parts.

    Raises
    ------
    RowsLost
        When a chunk has not reported exactly once, or a file's rows do not add up.
    """
    told = [report for report in reports if isinstance(report, ChunkReport)]
    parts = tuple(report for report in reports if isinstance(report, PartReport))
    written: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for part in parts:
        written[part.accepted].update(dict(part.by_source))
    by_source: dict[int, list[ChunkReport]] = {file.source_no: [] for file in files}
    for report in told:
        by_source[report.source_no].append(report)
    expected = {file.source_no: 0 for file in files}
    for chunk in chunks:
        expected[chunk.file.source_no] += 1
    return IngestResult(
        tuple(
            _settle(
                file,
                expected[file.source_no],
                by_source[file.source_no],
                written[True][file.source_no],
                written[False][file.source_no],
            )
            for file in files
        ),
        tuple(sorted(parts, key=lambda part: str(part.path))),
    )


def _settle(
    file: Input, chunks: int, told: Sequence[ChunkReport], accepted: int, rejected: int
) -> FileReport:
    notices = tuple(dict.fromkeys(notice for report in told for notice in report.notices))
    refusal = next((report.refusal for report in told if report.refusal), None)
    if refusal is not None:
        return FileReport(file.source_no, 0, 0, 0, refusal, notices)
    numbers = sorted(report.chunk for report in told)
    read = sum(report.read for report in told)
    if numbers != list(range(chunks)) or read != accepted + rejected:
        missing = chunks - len(numbers)
        count = f"{read:,}" if not missing else f"{read:,} (and {missing} chunks' unknown)"
        raise RowsLost(path=file.path, read=count, written=f"{accepted + rejected:,}")
    return FileReport(file.source_no, read, accepted, rejected, None, notices)
