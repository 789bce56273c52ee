"""The look at all new files before they are read: which are read, how, and which are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from data_contracts.study.model import Study
from data_contracts.vocabulary import ChangeRule, Stream
from pipelines.ingest.files import SourceFile
from pipelines.ingest.missing_columns import advice_for, listed
from pipelines.ingest.reports import FileReport, IngestResult
from pipelines.schemas.changes import SchemaChange
from pipelines.schemas.judge import Held, Look, Walk, rule_of, walk
from pipelines.schemas.measure import measure
from pipelines.schemas.peek import peek_in_blocks
from pipelines.schemas.readings import watched_columns
from pipelines.schemas.shapes import FileShape
from pipelines.schemas.versions import outside_dates, version_of
from pipelines.sources.refusal import FileRefused


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is to be done with each new file.

    Attributes
    ----------
    files
        All of them, in their order, with the version they are read by.
    stopped
        Reports of those that are refused for a change of their columns.
    """

    files: tuple[SourceFile, ...]
    stopped: tuple[FileReport, ...]
    looks: tuple[Look, ...]
    held: Held
    walk: Walk

    @property
    def readable(self) -> tuple[SourceFile, ...]:
        """The files that are read."""
        stopped = {report.source_no for report in self.stopped}
        return tuple(file for file in self.files if file.source_no not in stopped)


@dataclass(frozen=True, slots=True)
class Noted:
    """What is kept of a run's look at its files.

    Attributes
    ----------
    held
        What holds from now on, for the keys that had new files.
    """

    changes: tuple[SchemaChange, ...] = ()
    held: Held = field(default_factory=dict)


NOTHING_NOTED = Noted()


def inspect_files(study: Study, files: Sequence[SourceFile], held: Held) -> Inspected:
    """Look at the columns and first rows of new files and return what is done with each.

    Parameters
    ----------
    files
        In the order of the ledger.
    held
        What holds from earlier runs.
    """
    shapes: dict[int, FileShape | None] = {}
    for stream in dict.fromkeys(file.stream for file in files):
        shapes |= _shapes(study, stream, [file for file in files if file.stream is stream])
    looks = tuple(_look(study, file, shapes[file.source_no]) for file in files)
    done = walk(study, looks, held)
    ready, stopped = [], []
    for look in looks:
        changes = done.changed.get(look.file.source_no, ())
        rule = rule_of(changes)
        file = look.file
        if rule is ChangeRule.QUARANTINE:
            cause = next(change for change in changes if change.rule is rule)
            file = replace(file, set_aside=cause.column)
        elif rule is ChangeRule.STOP and look.shape is not None:
            why = str(_refusal(look.file, changes, look.shape))
            stopped.append(FileReport(file.source_no, 0, 0, 0, why))
        ready.append(file)
    return Inspected(tuple(ready), tuple(stopped), looks, held, done)


def with_versions(study: Study, files: Sequence[SourceFile]) -> list[SourceFile]:
    """Return some files with the version of the mapping each would be read by."""
    mapped = study.streams.mapped()
    shapes: dict[int, FileShape | None] = {}
    for stream in dict.fromkeys(file.stream for file in files if mapped[file.stream].versions):
        shapes |= _shapes(study, stream, [file for file in files if file.stream is stream])
    read = []
    for file in files:
        shape = shapes.get(file.source_no)
        version = None if shape is None else version_of(study, file, shape)
        read.append(replace(file, version=version.version) if version else file)
    return read


def settle(inspected: Inspected, study: Study, result: IngestResult) -> tuple[IngestResult, Noted]:
    """Return the result with the files that were stopped, and what is to be kept of the look.

    Notices about columns are left to files that are the first of their kind: what later files have
    otherwise is told as a change. A file that could not be read counts for nothing here.
    """
    refused = {report.source_no for report in result.files if report.refusal}
    done = inspected.walk
    if refused:
        again = walk(study, inspected.looks, inspected.held, refused)
        done = Walk(again.changed, again.held, again.first)
    new = {key: seen for key, seen in done.held.items() if seen[0] is not None}
    known = {look.file.source_no for look in inspected.looks if look.shape} - done.first
    told = [
        replace(report, notices=()) if report.source_no in known and not report.refusal else report
        for report in result.files
    ]
    reports = sorted((*told, *inspected.stopped), key=lambda report: report.source_no)
    return replace(result, files=tuple(reports)), Noted(done.told(), new)


def _shapes(
    study: Study, stream: Stream, files: Sequence[SourceFile]
) -> dict[int, FileShape | None]:
    """Return what the columns of a stream's files look like, by their numbers."""
    watched = watched_columns(study, stream)
    shapes: dict[int, FileShape | None] = dict.fromkeys(file.source_no for file in files)
    for block in peek_in_blocks(files, sorted(watched)):
        seen = [(file, found) for file, found in block if found is not None and found.columns]
        measured = measure([found for _, found in seen], watched)
        shapes |= {file.source_no: shape for (file, _), shape in zip(seen, measured, strict=True)}
    return shapes


def _look(study: Study, file: SourceFile, shape: FileShape | None) -> Look:
    version = None if shape is None else version_of(study, file, shape)
    if version is None:
        return Look(file, shape)
    read = replace(file, version=version.version)
    return Look(read, shape, outside_dates(study, read, version))


def _refusal(file: SourceFile, changes: Sequence[SchemaChange], shape: FileShape) -> FileRefused:
    stops = [change for change in changes if change.rule is ChangeRule.STOP]
    needed = [change.column for change in stops if change.needed]
    if needed:
        advice = advice_for(needed, tuple(shape.columns))
    else:
        kinds = listed(list(dict.fromkeys(change.kind.value for change in stops)))
        advice = (
            f"The study says `stop` under `on_change` for {kinds}: correct the file, add a"
            " version for it to the study, or say `accept` there; it is read again at the next run."
        )
    return FileRefused(
        path=file.path,
        found="; ".join(change.what for change in stops),
        expected="columns like those of the files before it",
        advice=advice,
    )
