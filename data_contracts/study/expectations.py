"""What a study expects of its data beyond the contract: checks that every run makes."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from data_contracts.data_words import Severity
from data_contracts.study.base import Name, Part, Text
from data_contracts.vocabulary import Stream


def _text(value: object) -> object:
    return value if isinstance(value, str) else str(value)


Value = Annotated[str, BeforeValidator(_text)]
"""A value as text: `1` in YAML is the text "1"."""


class FieldChecks(Part):
    """What the values of one field are expected to be. Empty values only count as missing."""

    allowed: tuple[Value, ...] = ()
    """Values a text may take."""
    minimum: float | None = None
    """Smallest number it may hold; a text that is no number is not as expected either."""
    maximum: float | None = None
    """Largest number it may hold."""
    pattern: Text | None = None
    """Regular expression (RE2) that is found in every text; `^...$` asks for the whole text."""
    missing_at_most: float | None = Field(default=None, ge=0, lt=1)
    """Largest share of the rows that may have no value, as a fraction."""
    tolerance: float = Field(default=0, ge=0, lt=1)
    """Share of the values that may be otherwise than `allowed`, the range and `pattern` say."""
    severity: Severity = Severity.WARNING
    """`critical` (a failure blocks the verdict), `warning` or `info`."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("`minimum` must not be above `maximum`")
        return self


class Freshness(Part):
    """How old the newest record may be when it is checked."""

    hours: float = Field(gt=0)
    """Hours between the event time of the newest record and now."""
    severity: Severity = Severity.WARNING
    """`critical` (a failure blocks the verdict), `warning` or `info`."""


class Volume(Part):
    """How many records a day may bring, against the same weekday of the four weeks before."""

    at_least: float = Field(default=0.5, ge=0, le=1)
    """Least share of the usual number."""
    at_most: float = Field(default=2.0, ge=1)
    """Largest multiple of the usual number."""
    severity: Severity = Severity.WARNING
    """`critical` (a failure blocks the verdict), `warning` or `info`."""


class SqlCheck(Part):
    """A check in SQL: a query that returns the rows that are wrong."""

    name: Name
    """Short name, unique in its stream."""
    query: Text
    """One SELECT. Tables: the streams by name, and `new_rows`, those not checked before."""
    sentence: Text
    """What it means when there are any, in words: `Some loans end before they begin.`"""
    severity: Severity = Severity.WARNING
    """`critical` (a failure blocks the verdict), `warning` or `info`."""


class StreamChecks(Part):
    """What is expected of one stream."""

    fields: dict[str, FieldChecks] = Field(default_factory=dict)
    """Expectations of single fields: of the contract, or segments, features, clusters by name."""
    freshness: Freshness | None = None
    """How old the newest record may be; without it nothing is expected."""
    volume: Volume = Volume()
    """How many records a day may bring."""
    set_aside_at_most: float = Field(default=0.01, ge=0, lt=1)
    """Share of the rows read that may go to quarantine before it is worth a warning."""
    unpaired_at_most: float = Field(default=0.05, ge=0, lt=1)
    """Share of the records, a day or more old, that may be about no known decision."""
    sql: tuple[SqlCheck, ...] = ()
    """Checks of the study's own, in SQL."""


class Checks(Part):
    """What is expected of the data, stream by stream, beyond the contract."""

    decisions: StreamChecks = StreamChecks()
    """Of what production decided."""
    recommendations: StreamChecks = StreamChecks()
    """Of what the candidates would have decided."""
    outcomes: StreamChecks = StreamChecks()
    """Of what turned out to be true."""

    def of(self, stream: Stream) -> StreamChecks:
        """Return what is expected of a stream; the defaults where nothing can be declared."""
        found: StreamChecks = getattr(self, stream.value, StreamChecks())
        return found
