"""How a file is conformed, as values: what each field is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from data_contracts.stream_contracts import (
    Field,
    FieldType,
    contract_for,
)
from data_contracts.study.mapping import Bands
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.lookups import Lookup, Translation
from pipelines.ingest.times import MOMENT

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
    set_aside
        Column for whose change all rows go to quarantine, or None.
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
    set_aside: str | None = None

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
