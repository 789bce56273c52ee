"""The look at all new files before they are read: which are read, how, and which are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from data_contracts.data_words import ChangeRule
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.inputs import Input
from pipelines.ingest.missing_columns import advice_for, listed
from pipelines.ingest.plan import is_discreet
from pipelines.ingest.reports import FileReport, IngestResult
from pipelines.ingest.resubmitted import is_resubmitted
from pipelines.ingest.source_file import SourceFile
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
    inputs
        All of them, in their order; files with the version they are read by.
    stopped
        Reports of those that are refused for a change of their columns.
    """

    inputs: tuple[Input, ...]
    stopped: tuple[FileReport, ...]
    looks: tuple[Look, ...]
    held: Held
    walk: Walk

    @property
    def readable(self) -> tuple[Input, ...]:
        """Those that are read."""
        stopped = {report.source_no for report in self.stopped}
        return tuple(one for one in self.inputs if one.source_no not in stopped)


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


def inspect_inputs(study: Study, inputs: Sequence[Input], held: Held) -> Inspected:
    """Look at the columns and first rows of new files and return what is done with each.

    Tables of databases, rows that are submitted again and reviews, which have one form, are let
    through as they are.

    Parameters
    ----------
    inputs
        In the order of the ledger.
    held
        What holds from earlier runs.
    """
    files = [
        one
        for one in inputs
        if isinstance(one, SourceFile)
        and one.stream is not Stream.REVIEWS
        and not is_resubmitted(one.path)
    ]
    shapes: dict[int, FileShape | None] = {}
    for stream in dict.fromkeys(file.stream for file in files):
        shapes |= _shapes(study, stream, [file for file in files if file.stream is stream])
    looks = tuple(_look(study, file, shapes[file.source_no]) for file in files)
    done = walk(study, looks, held)
    ready: dict[int, Input] = {one.source_no: one for one in inputs}
    stopped = []
    for look in looks:
        changes = done.changed.get(look.file.source_no, ())
        rule = rule_of(changes)
        file = look.file
        if rule is ChangeRule.QUARANTINE:
            cause = next(change for change in changes if change.rule is rule)
            file = replace(file, set_aside=cause.column)
        elif (
            rule is ChangeRule.STOP
            and look.shape is not None
            and not _is_left_to_reader(study, file, changes)
        ):
            why = str(_refusal(look.file, changes, look.shape))
            stopped.append(FileReport(file.source_no, 0, 0, 0, why))
        ready[file.source_no] = file
    return Inspected(tuple(ready.values()), tuple(stopped), looks, held, done)


def with_versions(study: Study, inputs: Sequence[Input]) -> list[Input]:
    """Return some inputs, files with the version of the mapping each would be read by."""
    versions = {stream: m.versions for stream, m in study.streams.mapped().items()}
    files = [one for one in inputs if isinstance(one, SourceFile) and versions.get(one.stream)]
    shapes: dict[int, FileShape | None] = {}
    for stream in dict.fromkeys(file.stream for file in files):
        shapes |= _shapes(study, stream, [file for file in files if file.stream is stream])
    read: dict[int, Input] = {one.source_no: one for one in inputs}
    for file in files:
        shape = shapes[file.source_no]
        version = None if shape is None else version_of(study, file, shape)
        if version is not None:
            read[file.source_no] = replace(file, version=version.version)
    return list(read.values())


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


def _is_left_to_reader(study: Study, file: SourceFile, changes: Sequence[SchemaChange]) -> bool:
    """Return whether reading the file says better what is wrong with it.

    A file without the columns it needs may have no header at all: its "columns" are then values,
    which are not told of a stream with sensitive fields.
    """
    return is_discreet(study, file.stream) and any(change.needed for change in changes)
