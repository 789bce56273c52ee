"""What a study reads from each column of a file, as far as a change of the column concerns it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from data_contracts.study.mapping import ContractVersion
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.columns import Origin, origins


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read from one column.

    Attributes
    ----------
    fields
        Fields of the contract that it feeds.
    needed
        Whether a file without it cannot be read.
    time
        Whether it feeds a moment.
    form
        How the study says the moment is written.
    closed
        Values it may hold, where the study or the contract lists them; else empty.
    sensitive
        Whether it feeds a field whose values must not be kept or shown.
    """

    fields: tuple[str, ...]
    needed: bool
    time: bool
    form: str | None
    closed: frozenset[str]
    sensitive: bool


Readings = Mapping[str, Reading]


def readings(
    study: Study,
    stream: Stream,
    found: Collection[str],
    version: ContractVersion | None,
    open_ended: bool,
    before: Collection[str] = (),
) -> Readings:
    """Return what is read from each column of a file, or would be if it had it.

    Parameters
    ----------
    before
        Columns of the files before it: what was read from those counts too.
    """
    feeds: dict[str, list[Origin]] = {}
    for origin in origins(study, stream, found, version, open_ended):
        for name in origin.column.sources:
            if name in found or name in before or origin.named or origin.needed:
                feeds.setdefault(name, []).append(origin)
    return {name: _reading(fed) for name, fed in feeds.items()}


def _reading(fed: Collection[Origin]) -> Reading:
    times = [origin for origin in fed if origin.is_time]
    return Reading(
        tuple(origin.field.name for origin in fed),
        any(origin.needed for origin in fed),
        bool(times),
        next((origin.column.format for origin in times), None),
        frozenset(value for origin in fed for value in _closed(origin)),
        any(origin.field.sensitive for origin in fed),
    )


def _closed(origin: Origin) -> Collection[str]:
    if len(origin.column.sources) != 1 or origin.column.bands:
        return ()
    if origin.column.values is not None:
        return [value for value in origin.column.values if value]
    return origin.field.allowed


def watched_columns(study: Study, stream: Stream) -> frozenset[str]:
    """Return the columns that any version of a stream's mapping reads."""
    mapping = study.streams.mapped().get(stream)
    versions = (None, *(mapping.versions if mapping else ()))
    return frozenset(
        name
        for version in versions
        for origin in origins(study, stream, (), version)
        for name in origin.column.sources
    )


def may_keep_values(read: Readings, column: str) -> bool:
    """Return whether values of a column may be kept, compared and shown.

    Only of columns that the study reads, and that feed no sensitive field: of a column that nothing
    reads nobody has said what it holds; it may be a sensitive one under a new name.
    """
    reading = read.get(column)
    return reading is not None and not reading.sensitive
