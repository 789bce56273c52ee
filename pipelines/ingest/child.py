"""A run in a process of its own, so that it can be ended whatever Beam is waiting for."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from pipelines.ingest.worker import die_with_parent

FAULT_FILE = "fault.txt"
"""File of the staging folder that says why a run failed."""


def main() -> None:
    """Run the job whose pickle the first argument names."""
    die_with_parent()
    path = Path(sys.argv[1])
    job = pickle.loads(path.read_bytes())
    from pipelines.ingest.running import run_job

    try:
        run_job(job)
    except Exception as fault:
        (job.staging / FAULT_FILE).write_text(str(fault), "utf-8")
        raise SystemExit(1) from fault


if __name__ == "__main__":
    main()
