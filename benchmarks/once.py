"""One run of a study, ingest and evaluation, in a fresh process; prints its figures as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

EVALUATION = "Counting pairs"
"""The step at which ingest is done and evaluation begins."""


def main() -> None:
    """Measure."""
    started = time.perf_counter()
    import pipelines.checks.expectations
    import pipelines.ingest.running  # noqa: F401 - imports that take seconds are not measured
    from pipelines.runs import run_study
    from pipelines.study_file import read_study
    from pipelines.study_folder import StudyFolder

    ready = time.perf_counter()
    steps: dict[str, float] = {}
    folder = StudyFolder.at(Path(sys.argv[1]))
    study = read_study(folder)
    begun = time.perf_counter()

    def step(name: str) -> None:
        steps[name] = time.perf_counter()

    run_study(folder, study, step=step)
    ended = time.perf_counter()
    kib = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    figures = {
        "import": ready - started,
        "ingest": steps[EVALUATION] - begun,
        "evaluate": ended - steps[EVALUATION],
        "memory": kib / 2**20,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
