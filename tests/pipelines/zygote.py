"""Runs commands in processes forked from one that has imported everything: a second less each.

Reads one JSON list a line on standard input: folder of the answer, what to add to the environment,
then the command's words. The
forked process is a real one: it has its own exit code, output and locks, and can be killed.
"""

from __future__ import annotations

import json
import os
import sys

import pandas as pd  # noqa: F401 - pyarrow loads it where it makes an array of a list

import pipelines.assessment.evaluate
import pipelines.check
import pipelines.checks.expectations
import pipelines.ingest.pipeline
import pipelines.ingest.running
import pipelines.runs  # noqa: F401 - imported for those that are forked
from evaluators.kinds import all_evaluators, all_gate_kinds, all_reports
from pipelines.cli import app


def main() -> None:
    """Serve until standard input ends."""
    for found in (all_evaluators, all_gate_kinds, all_reports):
        found()  # imports them
    for line in sys.stdin:
        folder, environment, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ.update(environment)
            sys.argv = ["understudy", *words]
            for number, name in ((1, "out"), (2, "err")):
                os.dup2(os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT), number)
            app.main()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
