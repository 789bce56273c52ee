"""One ingest and one evaluation of a study in a fresh process; prints its figures as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    """Measure."""
    started = time.perf_counter()
    from pipelines.runs import evaluate_study, ingest_study, read_study
    from pipelines.study_folder import StudyFolder

    ready = time.perf_counter()
    folder = StudyFolder.at(Path(sys.argv[1]))
    study = read_study(folder)
    begun = time.perf_counter()
    ingest_study(folder, study)
    ingested = time.perf_counter()
    evaluate_study(folder, study)
    evaluated = time.perf_counter()
    kib = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    figures = {
        "import": ready - started,
        "ingest": ingested - begun,
        "evaluate": evaluated - ingested,
        "memory": kib / 2**20,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
