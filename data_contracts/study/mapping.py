"""How a study maps the columns of its own files onto the contract of a stream."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from data_contracts.data_words import ConflictRule
from data_contracts.study.arrives import Arrives
from data_contracts.study.base import Name, Part, Text
from data_contracts.study.database import ADDRESS, NO_ADDRESS, PostgresTable
from data_contracts.study.on_change import OnChange

Scalar = str | int | float | bool


class Bands(Part):
    """Ranges that turn a number into a named band, e.g. an hour into a part of the day."""

    edges: tuple[float, ...] = Field(min_length=1)
    """Inner edges, ascending. A value equal to an edge belongs to the band above it."""
    labels: tuple[Text, ...]
    """One name more than there are edges, from the lowest band up."""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if any(b <= a for a, b in zip(self.edges, self.edges[1:], strict=False)):
            raise ValueError("edges must ascend")
        if len(self.labels) != len(self.edges) + 1:
            raise ValueError(
                f"{len(self.edges)} edges make {len(self.edges) + 1} bands,"
                f" but {len(self.labels)} labels are given"
            )
        return self


class Column(Part):
    """Where one field of the contract comes from: a column, several joined, or a constant."""

    column: Text | None = None
    """Name of the column in the source."""
    columns: tuple[Text, ...] | None = None
    """Several columns whose texts together identify the case; joined with `/`."""
    constant: Scalar | None = None
    """One value for every row of the stream."""
    values: dict[str, Scalar | None] | None = None
    """The source's values and what they mean here; a value not listed is quarantined."""
    format: Text | None = None
    """Of a time: `iso8601` (the default for texts), `epoch_s`, `epoch_ms` or a strptime pattern."""
    timezone: Text | None = None
    """Time zone of times written without one; overrides the stream's."""
    bands: Bands | None = None
    """Bands that a number is sorted into."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [k for k in ("column", "columns", "constant") if getattr(self, k) is not None]
        if len(given) != 1:
            raise ValueError(
                "exactly one of `column`, `columns` and `constant` says where the field comes from;"
                f" found {' and '.join(f'`{k}`' for k in given) or 'none'}"
            )
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the source columns it reads; empty for a constant."""
        if self.column is not None:
            return (self.column,)
        return self.columns or ()


def _shorthand(value: object) -> object:
    if isinstance(value, str):
        return {"column": value}
    if isinstance(value, list):
        return {"columns": value}
    return value


MappedColumn = Annotated[Column, BeforeValidator(_shorthand)]
"""A `Column`, or its short forms: a column's name, or a list of names to be joined."""


def _source_shorthand(value: object) -> object:
    return {"path": value} if isinstance(value, str) else value


class Source(Part):
    """Files that a stream is read from, or a table of a database."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["path"]}, {"required": ["postgres"]}]}
    )

    name: Text | None = None
    """What reports call this source, e.g. `hospital north`; without it, its path or table."""
    path: Text | None = None
    """A file, a folder, or a pattern such as `data/decisions/*.csv`, relative to the study file."""
    format: Literal["csv", "jsonl", "parquet"] | None = None
    """Only needed where the file's ending does not tell; compression is told by `.gz`, `.zst`."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    """Of CSV files."""
    postgres: PostgresTable | None = None
    """A table or a query of a PostgreSQL database, instead of a path."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.path is not None and ADDRESS.match(self.path):
            raise ValueError(f"found an address of a database as a path; {NO_ADDRESS}")
        if (self.path is None) == (self.postgres is None):
            found = "both" if self.path else "neither"
            raise ValueError(
                "exactly one of `path` and `postgres` says where the records come from;"
                f" found {found}"
            )
        if self.postgres is not None:
            if self.format is not None or self.delimiter != ",":
                raise ValueError("`format` and `delimiter` are about files, not about a database")
            if self.postgres.query is not None and self.name is None:
                raise ValueError(
                    "a source with a `query` needs a `name`, for reports to call it by"
                )
        return self

    @property
    def label(self) -> str:
        """What reports call this source."""
        return self.name or self.path or (self.postgres.label if self.postgres else "")


class ContractVersion(Part):
    """One of several layouts in which files of a stream arrive, e.g. around a change of system.

    What it does not say is as in the stream's mapping.
    """

    version: Text
    """Its name, e.g. `"2"`; the ledger says by which version each file was read."""
    since: date | None = None
    """First event day for which it is expected."""
    until: date | None = None
    """Last event day for which it is expected."""
    timezone: Text | None = None
    """Time zone of times written without one, in files of this version."""
    columns: dict[str, MappedColumn] = Field(default_factory=dict)
    """Contract field to source column, where files of this version differ."""
    segments: dict[Name, MappedColumn] = Field(default_factory=dict)
    """Of decisions: segments whose column differs in files of this version."""
    features: dict[Name, MappedColumn] = Field(default_factory=dict)
    """Of decisions: features whose column differs in files of this version."""
    clusters: dict[Name, MappedColumn] = Field(default_factory=dict)
    """Of decisions: clusters whose column differs in files of this version."""

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("`until` must not be before `since`")
        return self


class StreamMapping(Part):
    """Sources of one stream, and how their columns become the contract's fields."""

    sources: tuple[Annotated[Source, BeforeValidator(_source_shorthand)], ...] = Field(min_length=1)
    """Files or tables to read; of each run, only what is new since the last one."""
    timezone: Text | None = None
    """Time zone (IANA name) of times written without one; without it such times are refused."""
    columns: dict[str, MappedColumn] = Field(default_factory=dict)
    """Contract field to source column; a field not listed is looked up under its own name."""
    conflicts: ConflictRule = ConflictRule.LATEST
    """What holds if sources disagree: `latest`, `source_priority` (first listed), `quarantine`."""
    arrives: Arrives | None = None
    """When records are expected, and from whom; without it, that is learned from their history."""
    versions: tuple[ContractVersion, ...] = ()
    """Layouts live side by side, the newest last; the newest that fits a file reads it."""
    on_change: OnChange = OnChange()
    """What is done with a file whose columns differ from those of the files before it."""

    def version_named(self, name: str) -> ContractVersion | None:
        """Return the version of that name, or None."""
        return next((version for version in self.versions if version.version == name), None)
