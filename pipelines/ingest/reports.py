"""What an ingest run says about itself, as data: the counts that must balance travel with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data_contracts.errors import UnderstudyError
from data_contracts.vocabulary import Stream

REPORTS_FILE = "reports.pickle"
"""File of the staging folder that holds all reports of a run."""


@dataclass(frozen=True, slots=True)
class ChunkReport:
    """What became of one chunk of a file; a refusal concerns the whole file."""

    source_no: int
    chunk: int
    read: int
    refusal: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartReport:
    """A Parquet part that was written.

    Attributes
    ----------
    accepted
        Whether it holds accepted records, or rejected rows.
    by_source
        Rows per source number.
    """

    stream: Stream
    accepted: bool
    path: Path
    rows: int
    sha256: str
    by_source: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class FaultReport:
    """A fault that is no file's: the run fails, but only once every worker has come to rest.

    A worker that raised would leave the others at work in a process that is about to end.
    """

    traceback: str


Report = ChunkReport | PartReport | FaultReport
"""What a step of the pipeline says about its work."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    Attributes
    ----------
    read, accepted, rejected
        Rows; all 0 when the file was refused, because nothing of it is kept then.
    refusal
        Why the file could not be read whole, or None.
    notices
        What the reader should know, e.g. columns that are not used.
    """

    source_no: int
    read: int
    accepted: int
    rejected: int
    refusal: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What an ingest run made: one report a file, and the parts.

    Parts may hold rows of refused files; `FileReport.refusal` says whose rows to leave out.
    """

    files: tuple[FileReport, ...]
    parts: tuple[PartReport, ...]


class RowsLost(UnderstudyError):
    """The rows that were read are not the rows that were written."""

    exit_code = 3

    def sentence(self) -> str:
        return (
            f"Of `{self.facts['path']}` {self.facts['read']} rows were read, but"
            f" {self.facts['written']} were written; nothing of the run was kept. Run it again; if"
            " it happens twice, please report it with this message."
        )


class WorkerLost(UnderstudyError):
    """A worker process ended before its work was done."""

    def sentence(self) -> str:
        return (
            f"A worker process ended in the middle of the run ({self.facts['found']}); nothing of"
            " the run was kept and the data before it still hold. Was it killed, or was memory"
            " short? Run it again, or with fewer workers."
        )


class IngestFailed(UnderstudyError):
    """The pipeline itself failed."""

    def sentence(self) -> str:
        return (
            f"The ingest run failed: {self.facts['fault']}. Nothing of it was kept and the data"
            " before it still hold. Please report it with this message."
        )
