"""Ctrl-C that meets a query ends the command in words, as at any other moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import duckdb
import pytest

from pipelines.interrupts import interruptible

LONG = "SELECT count(*) FROM range(600000000) t(i) WHERE i % 7 = 3"
"""Two seconds of work. DuckDB may notice Ctrl-C only at its end, when other threads do the work."""
PROGRAM = f"""
import os, signal, threading
import duckdb
import pipelines.runs
from pipelines.cli.app import main

def run_study(*place, **more):
    threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT]).start()
    duckdb.connect().execute("{LONG}").fetchall()

pipelines.runs.run_study = run_study
main()
"""


def test_an_interrupted_query_is_an_interrupt() -> None:
    timer = threading.Timer(0.3, os.kill, [os.getpid(), signal.SIGINT])
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt), interruptible(), duckdb.connect() as connection:
            connection.execute(LONG)
    finally:
        timer.cancel()


def test_what_duckdb_says_is_translated() -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        raise RuntimeError("Query interrupted")


def test_any_other_fault_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="of another kind"), interruptible():
        raise RuntimeError("of another kind")


def test_the_command_line_stops_in_words(place: Any) -> None:
    root = str(place.root)
    command = [sys.executable, "-c", PROGRAM, "run", root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 130, done.stderr
    assert "Stopped. What was committed before holds" in done.stderr
    assert "Traceback" not in done.stderr
