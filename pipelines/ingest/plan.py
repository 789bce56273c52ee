"""Planning, once a file, how its columns become the fields of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from data_contracts.stream_contracts import (
    FEATURE_PREFIX,
    SEGMENT_PREFIX,
    Field,
    FieldType,
    contract_for,
)
from data_contracts.study.mapping import Bands, Column
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream, Treatment
from pipelines.ingest.lookups import Lookup, Translation, scalar_text
from pipelines.ingest.missing_columns import columns_missing, listed
from pipelines.ingest.resubmitted import ENTRY, OWN, is_resubmitted
from pipelines.ingest.times import MOMENT, check_form, check_zone
from pipelines.sources.refusal import FileRefused

ARROW_TYPES = {
    FieldType.TEXT: pa.string(),
    FieldType.TIME: MOMENT,
    FieldType.NUMBER: pa.float64(),
    FieldType.INTEGER: pa.int64(),
}
NO_SEGMENT = "(missing)"
"""Segment of the cases whose source has no value there."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field of the contract is made.

    Attributes
    ----------
    sources
        Columns it reads; several are joined with `/`; none: a constant or nothing.
    constant
        Its value in every row, as text.
    missing
        What stands for a null, e.g. in a segment.
    pseudonymised
        Whether its values are replaced by pseudonyms.
    """

    field: Field
    sources: tuple[str, ...] = ()
    constant: str | None = None
    translation: Translation | None = None
    form: str | None = None
    zone: str | None = None
    bands: Bands | None = None
    allowed: Lookup | None = None
    missing: str | None = None
    pseudonymised: bool = False

    @property
    def type(self) -> pa.DataType:
        """Arrow type of the field."""
        return ARROW_TYPES[self.field.type]


@dataclass(frozen=True, slots=True)
class ConformPlan:
    """How the rows of one file are conformed.

    Attributes
    ----------
    reads
        Columns of the source that are needed.
    masked
        Those that feed sensitive fields: their values never reach the quarantine.
    discreet
        Whether no value of the file may be told in a message, nor a malformed row be shown.
    candidates
        Declared names of candidates.
    notices
        What the reader should know about the file's columns.
    timeless
        Whether all cases form one cohort, so that none has a cohort day.
    """

    stream: Stream
    source_no: int
    path: str
    fields: tuple[FieldPlan, ...]
    reads: tuple[str, ...]
    masked: frozenset[str]
    candidates: pa.StringArray
    accepted: pa.Schema = field(repr=False)
    notices: tuple[str, ...] = ()
    timeless: bool = False
    discreet: bool = False

    @property
    def pseudonymised(self) -> bool:
        """Whether a key is needed to conform its rows."""
        return any(plan.pseudonymised for plan in self.fields)


def is_discreet(study: Study, stream: Stream) -> bool:
    """Return whether no value of a stream may be told in a message or shown in malformed rows.

    So it is where the stream has sensitive fields; and in all streams of a study that lists
    sensitive fields of its own.
    """
    return bool(study.privacy.fields) or contract_for(study, stream).sensitive


def accepted_schema(study: Study, stream: Stream) -> pa.Schema:
    """Return the schema of a stream's accepted records."""
    columns = [(f.name, ARROW_TYPES[f.type]) for f in contract_for(study, stream).fields]
    if stream is Stream.DECISIONS:
        columns.append(("cohort_day", pa.date32()))
    return pa.schema([*columns, ("source_no", pa.int32())])


def conform_plan(
    study: Study,
    stream: Stream,
    columns_found: Sequence[str],
    *,
    path: str = "the file",
    source_no: int = 0,
    open_ended: bool = False,
) -> ConformPlan:
    """Return how the rows of a file become records, once its columns are known.

    Parameters
    ----------
    columns_found
        Names of the file's columns.
    path
        The file as shown to the user.
    open_ended
        Whether later rows may bring columns that were not found yet (JSON Lines).

    Raises
    ------
    FileRefused
        When a column is missing that a required field or a segment needs.
    """
    found = set(columns_found)
    if ENTRY in found and not is_resubmitted(path):
        raise FileRefused(
            path=path,
            found="an export of the quarantine",
            expected="a file of records",
            advice="Take it out of the folder and hand it to `understudy quarantine resubmit`.",
        )
    plans, lost, notices, masked, dropped = [], [], [], set[str](), dict[str, None]()
    for contract_field in contract_for(study, stream).fields:
        column, named = _column(study, stream, contract_field, found)
        if contract_field.sensitive:
            masked.update(column.sources)
        if contract_field.treatment is Treatment.DROP:
            dropped.update(dict.fromkeys(name for name in column.sources if name in found))
            plans.append(FieldPlan(contract_field))
            continue
        absent = [name for name in column.sources if name not in found]
        if absent and _needed(contract_field, open_ended):
            lost.append((contract_field.name, absent))
            continue
        if absent and named:
            notices.append(_absence(contract_field, absent, open_ended))
        if absent and not open_ended:
            plans.append(FieldPlan(contract_field, missing=_missing(contract_field)))
            continue
        plans.append(_plan(study, stream, contract_field, column, path))
    if lost:
        raise columns_missing(path, lost, columns_found)
    if dropped:
        notices.append(f"never stored, for privacy: {listed(list(dropped))}")
    reads = tuple(dict.fromkeys(name for plan in plans for name in plan.sources))
    told = {*reads, *dropped}
    extra = [name for name in columns_found if name not in told and not name.startswith(OWN)]
    if extra:
        notices.append(f"columns not used: {listed(extra)}")
    return ConformPlan(
        stream,
        source_no,
        path,
        tuple(plans),
        reads,
        frozenset(masked),
        pa.array(sorted({candidate.name for candidate in study.candidates}), pa.string()),
        accepted_schema(study, stream),
        tuple(notices),
        study.timeless,
        is_discreet(study, stream),
    )


def columns_of(study: Study, stream: Stream, *, needed: bool = False) -> dict[str, tuple[str, ...]]:
    """Return the source's columns behind each field of a stream, as far as the study reads them.

    Parameters
    ----------
    needed
        Only fields without which a file is refused.
    """
    return {
        found.name: _column(study, stream, found, set())[0].sources
        for found in contract_for(study, stream).fields
        if found.treatment is not Treatment.DROP and (not needed or _needed(found, False))
    }


def _needed(contract_field: Field, open_ended: bool) -> bool:
    """Return whether a file without the field's columns is refused.

    Segments are: without them, no case could be judged where it belongs. But the first lines of
    JSON Lines may lack a segment's key because it is empty there.
    """
    segment = contract_field.name.startswith(SEGMENT_PREFIX)
    return contract_field.required or (segment and not open_ended)


def _absence(contract_field: Field, absent: list[str], open_ended: bool) -> str:
    where = " in the first lines" if open_ended else ""
    then = "check the name" if open_ended else "it stays empty"
    return f"no column {listed(absent)}{where} for `{contract_field.name}`: {then}"


def _column(
    study: Study, stream: Stream, contract_field: Field, found: set[str]
) -> tuple[Column, bool]:
    """Return where a field comes from, and whether the study says so by name.

    A study has one outcome, so files of outcomes that do not name it are about that one.
    """
    name = contract_field.name
    if name.startswith(SEGMENT_PREFIX):
        return study.segments[name.removeprefix(SEGMENT_PREFIX)], True
    if name.startswith(FEATURE_PREFIX):
        return study.features[name.removeprefix(FEATURE_PREFIX)], True
    mapping = study.streams.mapped().get(stream)
    mapped = None if mapping is None else mapping.columns.get(name)
    if mapped is not None:
        return mapped, True
    if stream is Stream.OUTCOMES and name == "name" and name not in found:
        return Column(constant=study.outcome.name), False
    return Column(column=name), False


def _plan(
    study: Study, stream: Stream, contract_field: Field, column: Column, path: str
) -> FieldPlan:
    zone = None
    if contract_field.type is FieldType.TIME:
        mapping = study.streams.mapped().get(stream)
        zone = column.timezone or (mapping.timezone if mapping else None)
        _check_time(contract_field, column.format, zone, path)
    return FieldPlan(
        contract_field,
        sources=column.sources,
        constant=None if column.constant is None else scalar_text(column.constant),
        translation=None if column.values is None else Translation.of(column.values),
        form=column.format,
        zone=zone,
        bands=column.bands,
        allowed=Lookup.of(contract_field.allowed) if contract_field.allowed else None,
        missing=_missing(contract_field),
        pseudonymised=contract_field.treatment is Treatment.PSEUDONYMISE,
    )


def _check_time(contract_field: Field, form: str | None, zone: str | None, path: str) -> None:
    try:
        found, expected = (
            f"the time format `{form}`",
            "`iso8601`, `epoch_s`, `epoch_ms` or strptime",
        )
        if form is not None:
            check_form(form)
        found, expected = f"the time zone `{zone}`", "an IANA name, e.g. `Europe/Paris`"
        if zone is not None:
            check_zone(zone)
    except ValueError as fault:
        raise FileRefused(
            path=path,
            found=f"{found} for `{contract_field.name}`",
            expected=expected,
            advice="Correct it in the study.",
        ) from fault


def _missing(contract_field: Field) -> str | None:
    return NO_SEGMENT if contract_field.name.startswith(SEGMENT_PREFIX) else None
