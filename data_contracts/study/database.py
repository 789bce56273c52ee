"""A table or a query of a database as the source of a stream."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from data_contracts.study.base import Part, Text

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ADDRESS = re.compile(r"(?i)^\s*postgres(ql)?\s*:/*")
"""How the address of a PostgreSQL server begins, for finding one where none belongs."""
NO_ADDRESS = (
    "the address of a database may hold a password, which no study file may; put the address into"
    " an environment variable, e.g. SHOP_DB, and write `postgres: {connection: SHOP_DB, ...}`"
)


def _variable(name: str) -> str:
    # What was written is not repeated: it may be the address with its password.
    if ADDRESS.match(name) or any(sign in name for sign in ":/@="):
        raise ValueError(
            f"found an address, expected the name of an environment variable; {NO_ADDRESS}"
        )
    if not _VARIABLE.fullmatch(name):
        raise ValueError(
            "expected the name of an environment variable (letters, digits and `_`), e.g. SHOP_DB;"
            " the variable holds the address of the database"
        )
    return name


class PostgresTable(Part):
    """A table or a query of a PostgreSQL database, read by a column that only grows."""

    connection: Annotated[Text, AfterValidator(_variable)]
    """Name of the environment variable that holds the database's address; never the address."""
    table: Text | None = None
    """Table or view, e.g. `public.decisions`; capital letters count, dots in names need quotes."""
    query: Text | None = None
    """A SELECT instead of a table; its source needs a `name`."""
    watermark: Text
    """Column that grows with every new or changed row: a time, a date or a whole number."""
    partitions: int = Field(default=4, ge=1, le=64)
    """Parts that are read side by side."""
    overlap_minutes: int = Field(default=10, ge=0, le=525_600)
    """How far before the last row read the next run begins, for rows that were committed late."""
    overlap_values: int = Field(default=1_000, ge=0, le=1_000_000_000)
    """The same for a watermark that is a whole number."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.table is None) == (self.query is None):
            found = "both" if self.table else "neither"
            raise ValueError(f"exactly one of `table` and `query` says what is read; found {found}")
        return self

    @property
    def label(self) -> str:
        """What reports call it when its source has no name."""
        return f"postgres:{self.connection} {self.table or 'query'}"
