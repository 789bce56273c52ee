"""Running a job in processes, under a watchdog: a worker that is killed ends the run."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pipelines.ingest.child import FAULT_FILE
from pipelines.ingest.job import Job
from pipelines.ingest.reports import REPORTS_FILE, WorkerLost
from pipelines.ingest.worker import DONE, WORKERS_VARIABLE

_POLL = 0.2
"""Seconds between two looks at the processes."""
_GRACE = 10.0
"""Seconds a run may still take to end after a worker has gone without a word."""


def run_in_processes(job: Job, tick: Callable[[], None]) -> str | None:
    """Run a job in a process of its own; return None when it is done, else why it failed.

    Parameters
    ----------
    tick
        Called at each look at the processes.

    Raises
    ------
    WorkerLost
        When a process of the run was killed or died.
    """
    workers = job.staging / "workers"
    workers.mkdir()
    order = job.staging / "job.pickle"
    order.write_bytes(pickle.dumps(job))
    with (job.staging / "beam.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "pipelines.ingest.child", str(order)],
            env={**os.environ, WORKERS_VARIABLE: str(workers)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _watch(child, workers, job.staging / REPORTS_FILE, tick)
        lost = _lost(workers)
    finally:
        _end(child)
    if (job.staging / REPORTS_FILE).exists():
        return None
    if lost is not None:  # what Beam says about it, if it says anything, is a consequence
        raise WorkerLost(found=_gone(lost))
    fault = job.staging / FAULT_FILE
    if fault.exists():
        return fault.read_text("utf-8")
    raise WorkerLost(found=f"process {child.pid} ended with {child.returncode}")


def _watch(
    child: subprocess.Popen[bytes], workers: Path, reports: Path, tick: Callable[[], None]
) -> None:
    """Wait until the reports are there: they are written last, and Beam takes long to say so."""
    missed: float | None = None
    while child.poll() is None and not reports.exists():
        tick()
        lost = _lost(workers)
        if lost is None:
            missed = None
        elif missed is None:
            missed = time.monotonic()
        elif time.monotonic() - missed > _GRACE:
            raise WorkerLost(found=_gone(lost))
        time.sleep(_POLL)


def _lost(workers: Path) -> int | None:
    """Return the id of a worker that has gone without having been done."""
    for mark in workers.iterdir():
        if mark.suffix != DONE and not _alive(int(mark.name)):
            return int(mark.name)
    return None


def _gone(process: int) -> str:
    return f"worker process {process} is gone"


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the run's own process and all its workers: they share a process group."""
    with suppress(ProcessLookupError, PermissionError):  # all gone
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
