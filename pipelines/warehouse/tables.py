"""The warehouse's tables: one per stream with its history, and the bookkeeping around them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files

import duckdb

from data_contracts.data_words import ConflictRule
from data_contracts.errors import UnderstudyError
from data_contracts.stream_contracts import FieldType, StreamContract, contract_for
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.warehouse.connection import quoted
from pipelines.warehouse.formats import WAREHOUSE_FORMAT, check_format, is_warehouse

SQL_TYPES = {
    FieldType.TEXT: "VARCHAR",
    FieldType.TIME: "TIMESTAMPTZ",
    FieldType.NUMBER: "DOUBLE",
    FieldType.INTEGER: "BIGINT",
}

BOOKKEEPING = "bookkeeping.sql"
"""File beside this one with the tables around the streams."""
DRAWN = "drawn.sql"
"""File beside this one with the cases drawn for review; warehouses made before get its tables."""


class LayoutChanged(UnderstudyError):
    """The study declares other columns than the warehouse was built with."""

    def sentence(self) -> str:
        return (
            f"The study now asks for columns the warehouse was not built with:"
            f" {self.facts['found']}, where the warehouse has {self.facts['expected']}. Run"
            " `understudy ingest --rebuild` to read all source files anew; the history of verdicts"
            " is kept."
        )


@dataclass(frozen=True, slots=True)
class StreamTable:
    """The table of one stream: its columns and the names that matter to a commit.

    Attributes
    ----------
    content
        The contract's fields: two records are the same when all of these are.
    derived
        Columns computed from the content.
    rule
        Which record holds when sources disagree.
    sources
        Names of the stream's sources, in the study's order.
    """

    contract: StreamContract
    content: tuple[str, ...]
    derived: tuple[str, ...]
    rule: ConflictRule = ConflictRule.LATEST
    sources: tuple[str, ...] = ()

    @classmethod
    def of(cls, study: Study, stream: Stream) -> StreamTable:
        """Return the table of a stream as the study refines it."""
        contract = contract_for(study, stream)
        derived = ("cohort_day",) if stream is Stream.DECISIONS else ()
        content = tuple(field.name for field in contract.fields)
        mapping = study.streams.mapped().get(stream)
        if mapping is None:
            return cls(contract, content, derived)
        labels = tuple(dict.fromkeys(source.label for source in mapping.sources))
        return cls(contract, content, derived, mapping.conflicts, labels)

    @property
    def name(self) -> str:
        """Name of the table of current records."""
        return self.contract.stream.value

    @property
    def history(self) -> str:
        """Name of the table of superseded records."""
        return f"{self.name}_history"

    @property
    def keys(self) -> str:
        """Names of the columns that identify a record, as SQL."""
        return names(self.contract.keys)

    @property
    def said(self) -> tuple[str, ...]:
        """Columns that two sources can disagree about: all but the key and the recorded time."""
        apart = (*self.contract.keys, self.contract.recorded_time)
        return tuple(name for name in self.content if name not in apart)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns but the number of the run."""
        return (*self.content, *self.derived, "source_no")

    def ddl(self) -> str:
        """Return the SQL that creates the table and its history."""
        columns = [f"{quoted(f.name)} {SQL_TYPES[f.type]}" for f in self.contract.fields]
        columns += [f"{quoted(name)} DATE" for name in self.derived]
        columns += ["source_no INTEGER", "run BIGINT"]
        body = ", ".join(columns)
        return f"CREATE TABLE {self.name} ({body}); CREATE TABLE {self.history} ({body});"


def names(columns: tuple[str, ...]) -> str:
    """Return names of columns as a SQL list.

    Examples
    --------
    >>> names(("decision_id", "name"))
    '"decision_id", "name"'
    """
    return ", ".join(quoted(column) for column in columns)


def layout(study: Study) -> str:
    """Return the columns of all stream tables as one text; it changes when a layout does."""
    tables = [StreamTable.of(study, stream) for stream in Stream]
    cohorts = "one cohort" if study.timeless else "cohorts by day"
    return "; ".join([cohorts, *(f"{t.name}: {', '.join(t.content)}" for t in tables)])


def ensure_tables(connection: duckdb.DuckDBPyConnection, study: Study) -> None:
    """Create the tables of a new warehouse, or check that an old one fits the study.

    Raises
    ------
    WarehouseOutdated
        When another version of Understudy laid it out.
    LayoutChanged
        When the study's columns are not those of the warehouse.
    """
    wanted = layout(study)
    if not is_warehouse(connection):
        connection.execute((files("pipelines.warehouse") / BOOKKEEPING).read_text("utf-8"))
        add_drawn_tables(connection)
        for stream in Stream:
            connection.execute(StreamTable.of(study, stream).ddl())
        put_meta(connection, "format", str(WAREHOUSE_FORMAT))
        put_meta(connection, "layout", wanted)
        return
    check_format(connection)
    found = get_meta(connection, "layout") or ""
    if found != wanted:
        raise LayoutChanged(**_difference(wanted, found))


def add_drawn_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of cases drawn for review, where they are not there yet."""
    connection.execute((files("pipelines.warehouse") / DRAWN).read_text("utf-8"))


def get_meta(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Return a stored setting, or None."""
    rows = connection.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchall()
    return rows[0][0] if rows else None


def put_meta(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Store a setting, replacing the one before."""
    connection.execute("DELETE FROM meta WHERE name = ?", [name])
    connection.execute("INSERT INTO meta VALUES (?, ?)", [name, value])


def fingerprint(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal.

    Examples
    --------
    >>> fingerprint({"b": 1, "a": 2}) == fingerprint({"a": 2, "b": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _difference(wanted: str, found: str) -> dict[str, str]:
    pairs = zip(wanted.split("; "), found.split("; "), strict=False)
    new, old = next(((w, f) for w, f in pairs if w != f), (wanted, found))
    return {"found": f"`{new}`", "expected": f"`{old}`"}
