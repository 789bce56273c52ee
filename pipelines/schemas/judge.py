"""What is done with each new file, given what its columns look like: read, set aside or refused.

Files are walked in the order of the ledger, so that the result never depends on who reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from data_contracts.data_words import ChangeRule
from data_contracts.stream_contracts import contract_for
from data_contracts.study.model import Study
from pipelines.ingest.source_file import SourceFile
from pipelines.schemas.changes import SchemaChange
from pipelines.schemas.compare import compare
from pipelines.schemas.readings import Readings, may_keep_values, readings
from pipelines.schemas.shapes import FileShape, carried, without_values

Key = tuple[str, str, str]
"""Stream, source and version: files of one key look alike."""
Held = Mapping[Key, tuple[SourceFile | None, FileShape]]
"""The last accepted file of each key (None: of an earlier run), and what holds since."""


@dataclass(frozen=True, slots=True)
class Look:
    """A new file and what its columns look like.

    Attributes
    ----------
    shape
        None when it could not be opened: reading it will say why.
    dates
        The change when its records lie outside the dates of its version.
    """

    file: SourceFile
    shape: FileShape | None
    dates: SchemaChange | None = None

    @property
    def key(self) -> Key:
        """Stream, source and version of the file."""
        return (self.file.stream.value, self.file.source, self.file.version)


@dataclass(slots=True)
class Walk:
    """What came of walking through the new files.

    Attributes
    ----------
    changed
        Per file with changes, by number: all of them, ruled.
    held
        What holds after the last file.
    first
        Numbers of the files that were the first of their key.
    """

    changed: dict[int, tuple[SchemaChange, ...]] = field(default_factory=dict)
    held: dict[Key, tuple[SourceFile | None, FileShape]] = field(default_factory=dict)
    first: set[int] = field(default_factory=set)

    def told(self) -> tuple[SchemaChange, ...]:
        """Return the changes, those that several files share told once, of the first of them."""
        told: dict[object, SchemaChange] = {}
        for changes in self.changed.values():
            for change in changes:
                key = (change.alike, change.rule)
                seen = told.get(key)
                told[key] = change if seen is None else replace(seen, files=seen.files + 1)
        return tuple(told.values())


def walk(study: Study, looks: Sequence[Look], held: Held, without: Collection[int] = ()) -> Walk:
    """Compare each file with those before it and return what came of it.

    A file that is set aside or refused does not become what later files are compared with.

    Parameters
    ----------
    held
        What holds from earlier runs.
    without
        Numbers of files that turned out to be unreadable: they are passed over.
    """
    done = Walk(held=dict(held))
    read: dict[object, Readings] = {}
    for look in looks:
        if look.shape is None or look.file.source_no in without:
            continue
        before = done.held.get(look.key)
        seen = _readings(study, look, before[1] if before else None, read)
        found = () if before is None else compare(before[1], look.shape, seen)
        changes = tuple(_ruled(study, look, change) for change in (*found, *_dates(look)))
        if changes:
            done.changed[look.file.source_no] = changes
        if any(change.rule is not ChangeRule.ACCEPT for change in changes):
            continue
        kept = {name for name in look.shape.columns if may_keep_values(seen, name)}
        shape = without_values(look.shape, kept)
        if before is None:
            done.first.add(look.file.source_no)
            done.held[look.key] = (look.file, shape)
        else:
            done.held[look.key] = (look.file, carried(without_values(before[1], kept), shape))
    return done


def rule_of(changes: Collection[SchemaChange]) -> ChangeRule:
    """Return what is done with a file: the strictest of the rules of its changes."""
    rules = {change.rule for change in changes}
    strict = (ChangeRule.STOP, ChangeRule.QUARANTINE)
    return next((rule for rule in strict if rule in rules), ChangeRule.ACCEPT)


def _dates(look: Look) -> tuple[SchemaChange, ...]:
    return () if look.dates is None else (look.dates,)


def _ruled(study: Study, look: Look, change: SchemaChange) -> SchemaChange:
    file = look.file
    said = contract_for(study, file.stream).rule(change.kind)
    where = replace(
        change, stream=file.stream, source=file.source, path=file.path, source_no=file.source_no
    )
    return where.ruled(said)


def _readings(
    study: Study, look: Look, before: FileShape | None, known: dict[object, Readings]
) -> Readings:
    """Return what is read from a file's columns, worked out once for files alike."""
    shape = look.shape
    assert shape is not None
    earlier = tuple(before.columns) if before else ()
    key = (look.file.stream, look.file.version, tuple(shape.columns), earlier, shape.open_ended)
    if key not in known:
        mapping = study.streams.mapped().get(look.file.stream)
        version = mapping.version_named(look.file.version) if mapping else None
        known[key] = readings(
            study, look.file.stream, shape.columns, version, shape.open_ended, earlier
        )
    return known[key]
