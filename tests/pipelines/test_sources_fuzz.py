"""Spoiled bytes: whatever they are, a reader gives rows or refuses the file, and nothing else.

100,000 executions, always the same ones, in two processes: 24,000 of CSV and 6,000 of packed CSV,
20,000 of JSON Lines and 6,000 of packed ones, 24,000 of Parquet, 20,000 of study files. One in four
goes on through `conform`, for study files through the whole of `load_study`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from data_contracts.study.model import Study

PROGRAM = Path(__file__).with_name("fuzzing.py")
EXECUTIONS = {
    "csv": 24_000,
    "csv-gzip": 6_000,
    "jsonl": 20_000,
    "jsonl-zstd": 6_000,
    "parquet": 24_000,
    "yaml": 20_000,
}
SECONDS = 500
"""For both processes together, on a machine with much else to do; alone it takes a fifth."""
MEGABYTES = 900
"""Memory of a process, with all its libraries."""


def test_a_hundred_thousand_spoiled_inputs(study: Study) -> None:
    assert sum(EXECUTIONS.values()) == 100_000
    environment = {**os.environ, "FUZZ_STUDY": study.model_dump_json(by_alias=True)}
    jobs = [[[kind, seed, n // 2] for kind, n in EXECUTIONS.items()] for seed in (1, 2)]
    running = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM), json.dumps(job)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for job in jobs
    ]
    try:
        total = sum((counted(process) for process in running), Counter[str]())
    finally:
        for process in running:
            process.kill()
            process.communicate()
    assert total == EXECUTIONS


def counted(process: subprocess.Popen[str]) -> Counter[str]:
    """Wait for a process and return its executions; fail with what it failed at."""
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        err += f"\nit hung: more than {SECONDS} s"
    said = [json.loads(line) for line in out.splitlines()]
    if process.returncode or err:
        kind, path = [one["at"] for one in said if "at" in one][-1]
        pytest.fail(f"{err[-3000:]}\nReproduce it with: python {PROGRAM} {kind} {path}")
    done = [one for one in said if "rows" in one]
    for one in done:
        assert one["rows"], one
        assert one["refused"], one
        assert one["memory"] < MEGABYTES, one
    return Counter({one["kind"]: one["rows"] + one["refused"] for one in done})
