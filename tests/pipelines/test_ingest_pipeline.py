"""From files to parts: the books of each file, refusals, and workers that are killed."""

from __future__ import annotations

import gzip
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.chunks import cut_into_chunks
from pipelines.ingest.files import find_files
from pipelines.ingest.job import RunningMode
from pipelines.ingest.pipeline import run_pipeline
from pipelines.ingest.reports import (
    ChunkReport,
    FileReport,
    IngestFailed,
    IngestResult,
    PartReport,
    RowsLost,
    WorkerLost,
)
from pipelines.ingest.settling import settle_reports
from pipelines.ingest.source_file import SourceFile

HEADER = "decision_id,decided_at,decision,region\n"
DAY = "2026-03-02T10:00:00Z"


def lines(start: int, count: int, decision: str = "yes") -> str:
    """Return the CSV lines of some decisions."""
    return "".join(f"case-{n},{DAY},{decision},north\n" for n in range(start, start + count))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a study whose streams have a folder each."""
    for stream in ("decisions", "recommendations", "outcomes"):
        (tmp_path / "data" / stream).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def run(study: Study, folder: Path) -> Callable[..., IngestResult]:
    """Return a function that ingests the folder."""

    def run(files: list[SourceFile] | None = None, **how: Any) -> IngestResult:
        staging = folder / "staging" / str(time.monotonic_ns())
        staging.mkdir(parents=True)
        return run_pipeline(
            study, find_files(study, folder) if files is None else files, staging, **how
        )

    return run


def rows(result: IngestResult, stream: Stream, accepted: bool = True) -> list[tuple[Any, ...]]:
    """Return all rows of a stream's parts, sorted."""
    paths = [str(p.path) for p in result.parts if (p.stream, p.accepted) == (stream, accepted)]
    if not paths:
        return []
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute("FROM read_parquet(?) ORDER BY ALL", [paths]).fetchall()


def write_three_streams(folder: Path) -> None:
    """Write files of all formats and packings, with rows that cannot be accepted."""
    data = folder / "data"
    (data / "decisions" / "a.csv").write_text(HEADER + lines(0, 500) + "x,y\n" + lines(500, 5, "?"))
    (data / "decisions" / "b.csv.gz").write_bytes(gzip.compress((HEADER + lines(600, 50)).encode()))
    template = '{{"decision_id":"case-{}","recommended_at":"{}","recommendation":"no"}}\n'
    text = "".join(template.format(n, DAY) for n in range(550)) + "{oops\n"
    packed = pa.compress(text.encode(), "zstd", asbytes=True)
    (data / "recommendations" / "a.jsonl.zst").write_bytes(packed)
    table = pa.table(
        {
            "decision_id": [f"case-{n}" for n in range(300)],
            "observed_at": pa.array([1772532000 + n for n in range(300)]).cast(
                pa.timestamp("s", "UTC")
            ),
            "outcome": ["yes", "no", None] * 100,
        }
    )
    pq.write_table(table, data / "outcomes" / "a.parquet", row_group_size=100)


def test_every_row_is_accounted_for(run: Any, folder: Path) -> None:
    write_three_streams(folder)
    seen: list[tuple[int, int]] = []
    result = run(on_progress=lambda files, rows: seen.append((files, rows)))
    assert [(r.read, r.accepted, r.rejected, r.refusal) for r in result.files] == [
        (506, 500, 6, None),
        (50, 50, 0, None),
        (551, 550, 1, None),
        (300, 200, 100, None),
    ]
    assert len(rows(result, Stream.DECISIONS)) == 550
    assert len(rows(result, Stream.RECOMMENDATIONS)) == 550
    assert len(rows(result, Stream.OUTCOMES)) == 200
    malformed = [row for row in rows(result, Stream.DECISIONS, False) if row[3] == "malformed_row"]
    assert malformed == [("decisions", 1, 501, "malformed_row", "", {"row": "x,y"})]
    assert seen[-1] == (4, 1407)
    for part in result.parts:
        assert part.rows == sum(count for _, count in part.by_source)
        assert pq.read_metadata(part.path).num_rows == part.rows


@pytest.mark.parametrize("mode", [RunningMode.MULTI_THREADING, RunningMode.MULTI_PROCESSING])
def test_every_way_to_run_gives_the_same_rows(run: Any, folder: Path, mode: RunningMode) -> None:
    write_three_streams(folder)
    alone, other = run(workers=1), run(mode=mode)
    assert alone.files == other.files
    for stream in (Stream.DECISIONS, Stream.RECOMMENDATIONS, Stream.OUTCOMES):
        for accepted in (True, False):
            assert rows(alone, stream, accepted) == rows(other, stream, accepted)


def test_parts_hold_checksums(run: Any, folder: Path) -> None:
    (folder / "data" / "decisions" / "a.csv").write_text(HEADER + lines(0, 2000))
    (part,) = run().parts
    content = bytearray(part.path.read_bytes())
    at = len(content) // 4
    content[at] ^= 1
    part.path.write_bytes(bytes(content))
    with pytest.raises(OSError, match=r"(?i)crc|corrupt|checksum"):
        pq.read_table(part.path, page_checksum_verification=True)


def test_a_refused_file_leaves_the_others_alone(run: Any, folder: Path) -> None:
    decisions = folder / "data" / "decisions"
    (decisions / "good.csv").write_text(HEADER + lines(0, 10))
    (decisions / "empty.csv").write_text("")
    (decisions / "header.csv").write_text(HEADER)
    (decisions / "late.csv").write_bytes((HEADER + lines(100, 300_000)).encode() + b"\xff,,,\n")
    (decisions / "mistaken.csv").write_bytes(b"PAR1....PAR1")
    (decisions / "nothing.jsonl").write_text("\n")
    (decisions / "other.csv").write_text("decision_id,when,decision\na,b,c\n")
    (decisions / "wider.csv").write_text(HEADER.replace("\n", ",colour\n") + f"w,{DAY},no,s,red\n")
    result = run()
    reports = dict(zip(sorted(p.name for p in decisions.iterdir()), result.files, strict=True))
    told = {name: (r.read, r.accepted, r.rejected) for name, r in reports.items()}
    assert told == {
        "empty.csv": (0, 0, 0),
        "good.csv": (10, 10, 0),
        "header.csv": (0, 0, 0),
        "late.csv": (0, 0, 0),
        "mistaken.csv": (0, 0, 0),
        "nothing.jsonl": (0, 0, 0),
        "other.csv": (0, 0, 0),
        "wider.csv": (1, 1, 0),
    }
    assert {name for name, r in reports.items() if r.refusal} == {
        "empty.csv",
        "late.csv",
        "mistaken.csv",
        "other.csv",
    }
    assert "`data/decisions/other.csv`" in str(reports["other.csv"].refusal)
    assert "`decided_at`" in str(reports["other.csv"].refusal)
    assert reports["wider.csv"].notices == ("columns not used: `colour`",)


def test_a_wrong_value_late_in_a_large_file_is_one_row(run: Any, folder: Path) -> None:
    text = HEADER + lines(0, 899_999) + f"case-x,{DAY.replace('10', '25')},yes,north\n"
    (folder / "data" / "decisions" / "a.csv").write_text(text + lines(900_000, 10))
    result = run()
    assert [(r.read, r.rejected) for r in result.files] == [(900_010, 1)]
    (bad,) = rows(result, Stream.DECISIONS, False)
    assert bad[1:5] == (1, 900_000, "bad_timestamp", "decided_at")
    assert bad[5]["decision_id"] == "case-x"


def test_a_column_that_arrow_cannot_turn_refuses_its_file(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise pa.ArrowNotImplementedError("Unsupported cast from moon to cheese")

    monkeypatch.setattr("pipelines.ingest.steps.conform", fail)
    (folder / "data" / "decisions" / "a.csv").write_text(HEADER + lines(0, 10))
    (report,) = run().files
    assert "from moon to cheese" in str(report.refusal)
    assert (report.read, report.accepted) == (0, 0)


def test_large_parquet_files_are_cut(
    run: Any, study: Study, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.ingest.chunks.CHUNK_ROWS", 1000)
    monkeypatch.setattr("pipelines.ingest.source_file._LARGE", 0)
    ids = [f"case-{n}" for n in range(7350)]
    table = pa.table({"decision_id": ids, "outcome": ["yes", "no", "?"] * 2450})
    table = table.append_column("observed_at", pa.array([DAY] * 7350))
    path = folder / "data" / "outcomes" / "a.parquet"
    pq.write_table(table, path, row_group_size=300)
    assert len(cut_into_chunks(find_files(study, folder), 2)) == 7
    result = run()
    assert [(r.read, r.accepted, r.rejected) for r in result.files] == [(7350, 4900, 2450)]
    rejected = rows(result, Stream.OUTCOMES, False)
    assert [row[2] for row in rejected] == list(range(3, 7351, 3))
    path.write_bytes(path.read_bytes()[:-100])
    (report,) = run().files
    assert "without its end" in str(report.refusal)


def test_work_is_dealt_out_evenly(study: Study, folder: Path) -> None:
    for n, size in enumerate([9000, 10, 8000, 500, 7000, 6000, 400]):
        (folder / "data" / "decisions" / f"{n}.csv").write_text("x" * size)
    chunks = cut_into_chunks(find_files(study, folder), 2)
    loads = [sum(c.file.bytes for c in chunks[worker::2]) for worker in (0, 1)]
    assert sorted(c.file.path for c in chunks) == [f"data/decisions/{n}.csv" for n in range(7)]
    assert max(loads) < 1.5 * min(loads)


def test_a_file_that_changes_after_it_was_found_is_refused(
    run: Any, study: Study, folder: Path
) -> None:
    path = folder / "data" / "decisions" / "a.csv"
    path.write_text(HEADER + lines(0, 10))
    files = find_files(study, folder)
    path.write_text(HEADER + lines(0, 11))
    (report,) = run(files).files
    assert "changed" in str(report.refusal)


def test_a_full_disk_is_an_error_of_the_system(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data" / "decisions" / "a.csv").write_text(HEADER + lines(0, 10))

    def full(*args: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("pipelines.ingest.parts.PartWriter.add", full)
    with pytest.raises(OSError, match="No space left on device"):
        run()


def test_a_fault_of_the_pipeline_is_told(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "data" / "decisions" / "a.csv").write_text(HEADER + lines(0, 10))

    def break_down(*args: object) -> None:
        raise RuntimeError("the gearbox broke")

    monkeypatch.setattr("pipelines.ingest.parts.PartWriter.add", break_down)
    with pytest.raises(IngestFailed, match="the gearbox broke"):
        run()


def test_an_interrupt_stops_the_run(run: Any, folder: Path) -> None:
    (folder / "data" / "decisions" / "a.csv").write_text(HEADER + lines(0, 400_000))

    def interrupt(files: int, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(on_progress=interrupt)


@pytest.mark.parametrize("moment", ["start", "reading"])
def test_a_killed_worker_ends_the_run(
    run: Any, folder: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.ingest.processes._GRACE", 2.0)
    first = folder / "data" / "decisions" / "0.csv"
    first.write_text(HEADER + lines(0, 300_000))
    for n in range(1, 6):
        first.with_name(f"{n}.csv").hardlink_to(first)
    killed: list[float] = []

    def kill(files: int, rows: int) -> None:
        marks = list(folder.glob("staging/*/workers/*"))
        if not killed and marks and (rows or moment == "start"):
            os.kill(int(marks[0].name), signal.SIGKILL)
            killed.append(time.monotonic())

    with pytest.raises(WorkerLost):
        run(mode=RunningMode.MULTI_PROCESSING, on_progress=kill)
    assert time.monotonic() - killed[0] < 60
    left = [int(mark.name) for mark in folder.glob("staging/*/workers/*") if not mark.suffix]
    for process in left:
        _wait_until_gone(process)


def _wait_until_gone(process: int) -> None:
    for _ in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError(f"worker {process} outlived its run")


def test_rows_that_got_lost_are_noticed(study: Study, folder: Path) -> None:
    (folder / "data" / "decisions" / "a.csv").write_text(HEADER + lines(0, 10))
    files = find_files(study, folder)
    chunks = cut_into_chunks(files, 2)
    read = ChunkReport(1, 0, 10)
    part = PartReport(Stream.DECISIONS, True, Path("p"), 10, "", ((1, 10),))
    done = settle_reports(files, chunks, [read, part])
    assert done.files == (FileReport(1, 10, 10, 0),)
    for reports in (
        [read, replace(part, by_source=((1, 9),))],
        [read, part, part],
        [read, read, part],
        [part],
        [read],
    ):
        with pytest.raises(RowsLost) as caught:
            settle_reports(files, chunks, reports)
        assert caught.value.exit_code == 3
        assert "`data/decisions/a.csv`" in str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        RowsLost(path="a.csv", read="10", written="9"),
        WorkerLost(found="worker process 1 is gone"),
        IngestFailed(fault="it broke", traceback="..."),
    ],
)
def test_errors_pickle(error: Exception) -> None:
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_nothing_to_read_is_nothing_done(run: Any) -> None:
    assert run([]) == IngestResult((), ())


def test_workers_stay_lean_and_silent() -> None:
    program = (
        "import sys, pipelines.ingest.running;"
        "heavy = {'great_expectations', 'streamlit', 'dashboard', 'scipy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "apitools" not in done.stderr


def test_finding_files_does_not_import_beam() -> None:
    program = (
        "import sys, pipelines.ingest.files, pipelines.ingest.conform, pipelines.ingest.reports;"
        "assert 'apache_beam' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
