"""How far a run is, told across processes by small files in its staging folder."""

from __future__ import annotations

import os
import threading
from collections import Counter
from pathlib import Path

from data_contracts.errors import UnderstudyError

_FOLDER = "progress"
_STOP = "stop"


class Stopped(UnderstudyError):
    """The run was asked to stop."""

    def sentence(self) -> str:
        return "The run was stopped before it was done; nothing of it was kept."


def note(staging: Path, rows: int, done: int | None = None) -> None:
    """Note that rows were read, and which source a chunk was finished of.

    Raises
    ------
    Stopped
        When the run was asked to stop.
    """
    if (staging / _STOP).exists():
        raise Stopped()
    name = f"{os.getpid()}-{threading.get_ident()}"
    with (staging / _FOLDER / name).open("a", encoding="ascii") as file:
        file.write(f"{rows} {-1 if done is None else done}\n")


def prepare(staging: Path) -> None:
    """Make the folder that progress is noted in."""
    (staging / _FOLDER).mkdir(parents=True, exist_ok=True)


def ask_to_stop(staging: Path) -> None:
    """Ask the workers of a run to stop after the batch they are at."""
    (staging / _STOP).touch()


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
