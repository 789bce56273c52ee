"""From source files to checked Parquet parts, with every row accounted for."""

from __future__ import annotations

import errno
import os
import pickle
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from data_contracts.study.model import Study
from pipelines.ingest import progress
from pipelines.ingest.chunks import cut_into_chunks
from pipelines.ingest.inputs import Input
from pipelines.ingest.job import Job, RunningMode
from pipelines.ingest.processes import run_in_processes
from pipelines.ingest.reports import REPORTS_FILE, FaultReport, IngestFailed, IngestResult
from pipelines.ingest.running import run_job
from pipelines.ingest.settling import settle_reports

Progress = Callable[[int, int], None]
"""Called now and then with the number of files done and of rows read."""

_TICK = 0.2
_STOPPING = 20.0
"""Seconds that workers have to stop after an interrupt."""
_ERROR = re.compile(r"[A-Za-z_.]+(Error|Exception|Lost|Stopped|Refused|Interrupt)\b")
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def run_pipeline(
    study: Study,
    files: Sequence[Input],
    staging: Path,
    *,
    workers: int = 2,
    mode: RunningMode = RunningMode.IN_MEMORY,
    home: Path = Path(),
    on_progress: Progress | None = None,
) -> IngestResult:
    """Read, conform and write source files as Parquet parts; return what became of each.

    A file that cannot be read whole is refused, and the others go on.

    Parameters
    ----------
    files
        Each with a `source_no` of its own.
    staging
        Folder for the parts; must be this run's own. What is in it after a failure is of no use.
    workers
        How many read side by side.
    home
        The study's folder, where the key behind pseudonyms may lie.
    on_progress
        Called from the calling thread, about five times a second.

    Raises
    ------
    RowsLost
        When what was written is not what was read.
    WorkerLost
        When a worker process was killed.
    OSError
        With ENOSPC, when the disk is full.
    IngestFailed
        When the pipeline itself failed.
    """
    if not files:
        return IngestResult((), ())
    chunks = tuple(cut_into_chunks(files, workers))
    job = Job(study, chunks, staging, workers, mode, home)
    count = Counter(chunk.file.source_no for chunk in chunks)
    progress.prepare(staging)

    def tick() -> None:
        if on_progress is not None:
            on_progress(*progress.so_far(staging, count))

    run = run_in_processes if mode is RunningMode.MULTI_PROCESSING else _run_in_thread
    fault = run(job, tick)
    if fault is not None:
        raise _told(fault, staging)
    tick()
    reports = pickle.loads((staging / REPORTS_FILE).read_bytes())
    for report in reports:
        if isinstance(report, FaultReport):
            raise _told(report.traceback, staging)
    return settle_reports(files, chunks, reports)


def _run_in_thread(job: Job, tick: Callable[[], None]) -> str | None:
    """Run a job beside this thread, which stays free for progress and for Ctrl-C."""
    faults: list[str] = []

    def run() -> None:
        try:
            run_job(job)
        except Exception as fault:
            faults.append(str(fault) or type(fault).__name__)

    thread = threading.Thread(target=run, name="ingest", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_TICK)
            tick()
    except BaseException:
        progress.ask_to_stop(job.staging)
        thread.join(_STOPPING)
        raise
    return faults[0] if faults else None


def _told(fault: str, staging: Path) -> Exception:
    """Return the error that tells Beam's traceback in words."""
    for number in _NO_SPACE:
        if os.strerror(number) in fault:
            return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(staging))
    # Of a traceback, the lines that name an error; the first is where it began.
    lines = [line.strip() for line in fault.splitlines() if _ERROR.match(line)]
    told = (lines or fault.strip().splitlines() or ["no reason was given"])[0]
    return IngestFailed(fault=told.rstrip("."), traceback=fault)
