"""The steps of the ingest pipeline as Beam transforms; what they do is written elsewhere.

Elements are Arrow batches, never rows. Everything that must balance later leaves a step as data:
how many rows were read, refused files, parts with their rows per source.
"""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.window import GlobalWindows

from data_contracts.errors import UnderstudyError
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest import progress
from pipelines.ingest.chunks import Chunk
from pipelines.ingest.conform import Conformed, conform
from pipelines.ingest.parts import PartWriter
from pipelines.ingest.plan import ConformPlan, is_discreet
from pipelines.ingest.planning import conform_plan
from pipelines.ingest.quarantine import malformed_entries
from pipelines.ingest.reports import REPORTS_FILE, ChunkReport, FaultReport, Report
from pipelines.privacy.key import Key, key_for
from pipelines.sources.refusal import FileRefused, refusing
from pipelines.sources.source import Slab

REPORTS = "reports"
"""Tag of what a step says about its work."""


Said = TaggedOutput[str, ChunkReport] | TaggedOutput[str, FaultReport]


class Read(NamedTuple):
    """Rows of a file, and the plan that makes records of them."""

    plan: ConformPlan
    slab: Slab


class Checked(NamedTuple):
    """What became of some rows of a file."""

    stream: Stream
    source_no: int
    conformed: Conformed


class ReadChunks(beam.DoFn):
    """Opens each chunk's file and yields its rows, then a report of how many there were."""

    def __init__(self, study: Study, staging: Path) -> None:
        self.study = study
        self.staging = staging

    def process(self, element: Chunk) -> Iterator[Read | Said]:
        """Yield the rows of one chunk; nothing once the run was asked to stop."""
        if progress.stopping(self.staging):
            return
        file, read = element.file, 0
        refused: str | None = None
        notices: tuple[str, ...] = ()
        try:
            file.check_unchanged()
            opened = file.opened(element.span)
            if opened.columns or not opened.open_ended:
                plan = conform_plan(
                    self.study,
                    file.stream,
                    opened.columns,
                    path=file.path,
                    source_no=file.source_no,
                    open_ended=opened.open_ended,
                    version=file.version,
                    set_aside=file.set_aside,
                )
                notices = (*file.notices, *plan.notices)
                for slab in opened.slabs(plan.reads):
                    rows = slab.rows.num_rows + slab.malformed.num_rows
                    read += rows
                    progress.note(self.staging, rows)
                    yield Read(plan, slab)
                    if progress.stopping(self.staging):
                        return
            file.check_unchanged()
            progress.note(self.staging, 0, done=file.source_no)
        except FileRefused as refusal:
            discreet = is_discreet(self.study, file.stream)
            refused = refusal.discreetly() if discreet else str(refusal)
        except Exception as fault:
            yield _fault(self.staging, fault, is_discreet(self.study, file.stream))
        yield TaggedOutput(
            REPORTS, ChunkReport(file.source_no, element.number, read, refused, notices)
        )


class ConformRows(beam.DoFn):
    """Makes records of rows; rows that cannot be records go on as quarantine entries.

    The key is read by each worker for itself: it is no part of what is sent to them.
    """

    def __init__(self, study: Study, staging: Path, home: Path) -> None:
        self.study = study
        self.staging = staging
        self.home = home
        self.key: Key | None = None

    def _key(self, plan: ConformPlan) -> Key | None:
        if plan.pseudonymised and self.key is None:
            self.key = key_for(self.study, self.home)
        return self.key

    def process(self, element: Read) -> Iterator[Checked | Said]:
        """Yield what became of some rows."""
        plan, slab = element
        try:
            with refusing(plan.path, "columns that can be read"):
                done = conform(slab.rows, slab.numbers, plan, self._key(plan))
                nothing = done.accepted.slice(0, 0)
                entries = malformed_entries(
                    plan.stream, plan.source_no, slab.malformed, plan.discreet
                )
        except FileRefused as refusal:
            told = refusal.discreetly() if plan.discreet else str(refusal)
            yield TaggedOutput(REPORTS, ChunkReport(plan.source_no, -1, 0, told))
        except Exception as fault:
            yield _fault(self.staging, fault, plan.discreet)
        else:
            yield Checked(plan.stream, plan.source_no, done)
            yield Checked(plan.stream, plan.source_no, Conformed(nothing, entries))


class WriteParts(beam.DoFn):
    """Writes a bundle's records into one part a stream, its quarantine entries into another."""

    def __init__(self, study: Study, staging: Path) -> None:
        self.staging = staging
        self.discreet = any(is_discreet(study, stream) for stream in study.streams_read)
        self.writers: dict[tuple[Stream, bool], PartWriter] = {}

    def start_bundle(self) -> None:
        """Begin with no part open."""
        self.writers = {}

    def process(self, element: Checked) -> Iterator[Report]:
        """Write some rows."""
        try:
            self._write(element, accepted=True, batch=element.conformed.accepted)
            self._write(element, accepted=False, batch=element.conformed.rejected)
        except Exception as fault:
            yield _fault(self.staging, fault, self.discreet).value

    def _write(self, element: Checked, accepted: bool, batch: pa.RecordBatch) -> None:
        if not batch.num_rows or progress.stopping(self.staging):
            return
        key = (element.stream, accepted)
        if key not in self.writers:
            self.writers[key] = PartWriter(self.staging, *key, batch.schema)
        self.writers[key].add(batch, element.source_no)

    def finish_bundle(self) -> Iterator[Any]:
        """Yield a report of each part that was written."""
        for writer in self.writers.values():
            if progress.stopping(self.staging):
                writer.abandon()
                continue
            try:
                report: Report = writer.close()
            except Exception as fault:
                writer.abandon()
                report = _fault(self.staging, fault, self.discreet).value
            yield GlobalWindows.windowed_value(report)
        self.writers = {}


def _fault(staging: Path, fault: Exception, discreet: bool) -> TaggedOutput[str, FaultReport]:
    """Ask the run to stop, and return the fault as a report.

    Libraries quote values in their errors: where those must not be told, only the kind of error
    and the place in the code are. Our own errors and the system's quote none.
    """
    progress.ask_to_stop(staging)
    told = "".join(traceback.format_exception(fault))
    if discreet and not isinstance(fault, OSError | UnderstudyError):
        told = f"{''.join(traceback.format_tb(fault.__traceback__))}{type(fault).__name__}"
    return TaggedOutput(REPORTS, FaultReport(told))


class KeepReports(beam.DoFn):
    """Writes all reports of the run into one file of the staging folder."""

    def __init__(self, staging: Path) -> None:
        self.staging = staging

    def process(self, element: tuple[int, Iterable[Report]]) -> None:
        """Write the reports; the file appears whole or not at all."""
        unfinished = self.staging / f"{REPORTS_FILE}.tmp"
        unfinished.write_bytes(pickle.dumps(tuple(element[1])))
        unfinished.replace(self.staging / REPORTS_FILE)
