"""Where each field of a contract comes from, in a file of one version of the mapping."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from data_contracts.data_words import Treatment
from data_contracts.stream_contracts import (
    CLUSTER_PREFIX,
    FEATURE_PREFIX,
    SEGMENT_PREFIX,
    Field,
    FieldType,
    contract_for,
)
from data_contracts.study.mapping import Column, ContractVersion
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one field comes from.

    Attributes
    ----------
    named
        Whether the study says so by name.
    needed
        Whether a file without its columns cannot be read.
    zone
        Time zone of times written without one.
    """

    field: Field
    column: Column
    named: bool
    needed: bool
    zone: str | None

    @property
    def is_time(self) -> bool:
        """Whether the field holds moments."""
        return self.field.type is FieldType.TIME


def origins(
    study: Study,
    stream: Stream,
    found: Collection[str],
    version: ContractVersion | None = None,
    open_ended: bool = False,
) -> tuple[Origin, ...]:
    """Return where each field of a stream's contract comes from.

    Parameters
    ----------
    found
        Columns of the file.
    open_ended
        Whether later rows may bring columns that were not found yet (JSON Lines).
    """
    mapping = study.streams.mapped().get(stream)
    zone = mapping.timezone if mapping else None
    if version is not None and version.timezone is not None:
        zone = version.timezone
    made = []
    for field in contract_for(study, stream).fields:
        column, named = _column(study, stream, field.name, found, version)
        needed = _needed(field, open_ended)
        made.append(Origin(field, column, named, needed, column.timezone or zone))
    return tuple(made)


def columns_of(study: Study, stream: Stream, *, needed: bool = False) -> dict[str, tuple[str, ...]]:
    """Return the source's columns behind each field of a stream, in any version of its mapping.

    Parameters
    ----------
    needed
        Only fields without which a file is refused.
    """
    mapping = study.streams.mapped().get(stream)
    found: dict[str, dict[str, None]] = {}
    for version in (None, *(mapping.versions if mapping else ())):
        for origin in origins(study, stream, (), version):
            if origin.field.treatment is not Treatment.DROP and (origin.needed or not needed):
                names = dict.fromkeys(origin.column.sources)
                found[origin.field.name] = found.get(origin.field.name, {}) | names
    return {name: tuple(columns) for name, columns in found.items()}


def fitting_version(
    study: Study,
    stream: Stream,
    found: Sequence[str],
    open_ended: bool = False,
    unread: Callable[[ContractVersion], int] = lambda version: 0,
) -> ContractVersion | None:
    """Return the version of a mapping that fits the columns of a file best, or None.

    The newest that has all the columns it names; else the newest that lacks none that is needed;
    else the one that lacks fewest.

    Parameters
    ----------
    unread
        Of versions with equal columns, tells how many columns one cannot read.
    """
    mapping = study.streams.mapped().get(stream)
    if mapping is None or not mapping.versions:
        return None

    def lack(version: ContractVersion) -> tuple[int, int, int]:
        """Return how many needed, and how many named columns are not there or cannot be read."""
        needed = named = 0
        for origin in origins(study, stream, found, version, open_ended):
            absent = sum(name not in found for name in origin.column.sources)
            needed += absent if origin.needed else 0
            named += absent if origin.named else 0
        return needed, named, unread(version)

    return min(reversed(mapping.versions), key=lack)


def _needed(field: Field, open_ended: bool) -> bool:
    """Return whether a file without the field's columns is refused.

    Segments and clusters are: without them, no case could be judged where it belongs, or all
    would count as independent. But the first lines of JSON Lines may lack a segment's key because
    it is empty there.
    """
    belongs = field.name.startswith((SEGMENT_PREFIX, CLUSTER_PREFIX))
    return field.required or (belongs and not open_ended)


def _column(
    study: Study,
    stream: Stream,
    name: str,
    found: Collection[str],
    version: ContractVersion | None,
) -> tuple[Column, bool]:
    """Return where a field comes from, and whether the study says so by name.

    A study has one outcome, so files of outcomes that do not name it are about that one.
    """
    if name.startswith(SEGMENT_PREFIX):
        short = name.removeprefix(SEGMENT_PREFIX)
        other = None if version is None else version.segments.get(short)
        return other or study.segments[short], True
    if name.startswith(FEATURE_PREFIX):
        short = name.removeprefix(FEATURE_PREFIX)
        other = None if version is None else version.features.get(short)
        return other or study.features[short], True
    if name.startswith(CLUSTER_PREFIX):
        short = name.removeprefix(CLUSTER_PREFIX)
        other = None if version is None else version.clusters.get(short)
        return other or study.clusters[short], True
    mapping = study.streams.mapped().get(stream)
    mapped = None if version is None else version.columns.get(name)
    mapped = mapped or (None if mapping is None else mapping.columns.get(name))
    if mapped is not None:
        return mapped, True
    if stream is Stream.OUTCOMES and name == "name" and name not in found:
        return Column(constant=study.outcome.name), False
    return Column(column=name), False
