"""How far a run is, told across processes by small files in its staging folder."""

from __future__ import annotations

import os
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

_FOLDER = "progress"
_STOP = "stop"


_stopping: set[Path] = set()
"""Runs of this process that were asked to stop: on a full disk there is no room for a mark."""


def note(staging: Path, rows: int, done: int | None = None) -> None:
    """Note that rows were read, and which source a chunk was finished of."""
    name = f"{os.getpid()}-{threading.get_ident()}"
    with (staging / _FOLDER / name).open("a", encoding="ascii") as file:
        file.write(f"{rows} {-1 if done is None else done}\n")


def prepare(staging: Path) -> None:
    """Make the folder that progress is noted in, and forget that an earlier run was stopped."""
    _stopping.discard(staging)
    (staging / _STOP).unlink(missing_ok=True)
    (staging / _FOLDER).mkdir(parents=True, exist_ok=True)


def ask_to_stop(staging: Path) -> None:
    """Ask the workers of a run to stop after the batch they are at."""
    _stopping.add(staging)
    with suppress(OSError):
        (staging / _STOP).touch()


def stopping(staging: Path) -> bool:
    """Return whether the run was asked to stop."""
    return staging in _stopping or (staging / _STOP).exists()


def so_far(staging: Path, chunks: Counter[int]) -> tuple[int, int]:
    """Return how many files are done and how many rows were read.

    Parameters
    ----------
    chunks
        Number of chunks of each source.
    """
    rows, done = 0, Counter[int]()
    for path in (staging / _FOLDER).iterdir():
        for line in path.read_text("ascii").split("\n")[:-1]:
            read, source = line.split()
            rows += int(read)
            done[int(source)] += 1
    return sum(done[source] == count for source, count in chunks.items()), rows
