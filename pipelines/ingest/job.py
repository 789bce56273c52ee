"""What a run is given: the study, the chunks, where to write, and how to run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from data_contracts.study.model import Study
from pipelines.ingest.chunks import Chunk


class RunningMode(StrEnum):
    """How Beam's in-process runner runs its workers.

    `IN_MEMORY` gives each worker a thread and opens no port; Arrow works outside Python's lock, so
    the threads run side by side. `MULTI_THREADING` puts Beam's network protocol between them.
    `MULTI_PROCESSING` starts a process a worker, which costs its start and keeps its memory apart.
    The last two open unauthenticated ports on this machine while they run.
    """

    IN_MEMORY = "in_memory"
    MULTI_THREADING = "multi_threading"
    MULTI_PROCESSING = "multi_processing"


@dataclass(frozen=True, slots=True)
class Job:
    """One run; it pickles.

    Attributes
    ----------
    home
        The study's folder, where workers look for the key behind pseudonyms.
    """

    study: Study
    chunks: tuple[Chunk, ...]
    staging: Path
    workers: int
    mode: RunningMode
    home: Path = Path()
