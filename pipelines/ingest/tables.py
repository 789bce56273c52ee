"""The tables of databases that a study reads, each frozen at what is new in it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from data_contracts.study.database import PostgresTable
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.sources.postgres_range import Position, TableRange, frozen_range
from pipelines.sources.postgres_rows import OpenTable
from pipelines.sources.refusal import FileRefused
from pipelines.sources.source import WHOLE_FILE, OpenFile, Span

TableKey = tuple[Stream, str]
"""Stream and identity of a table, by which its position is remembered."""

_BYTES_A_ROW = 200
"""About what a row weighs beside a file's bytes, to share the work out."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """The rows of a table that one run reads, in the ledger one source a run.

    Attributes
    ----------
    source, source_no, path
        As of a file; the path names the table and up to where it is read.
    identity
        What the table's position is remembered under.
    range
        What is read, or why nothing can be.
    bytes, modified_ns, sha256
        For the ledger: a table has no size; the time it was frozen; a fingerprint of its tail.
    version, set_aside
        As of a file; columns of a table are not compared with those before them.
    """

    stream: Stream
    source: str
    source_no: int
    path: str
    identity: str
    range: TableRange | FileRefused
    modified_ns: int
    sha256: str
    bytes: int = 0
    version: str = ""
    set_aside: str | None = None

    @property
    def position(self) -> Position | None:
        """Up to where it was read once this is committed."""
        return None if isinstance(self.range, FileRefused) else self.range.position

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader should know about its rows."""
        if isinstance(self.range, FileRefused) or not self.range.unplaced:
            return ()
        return (
            f"{self.range.unplaced:,} rows have no watermark; they are read anew in every run that"
            " reads the table",
        )

    @property
    def weight(self) -> float:
        """How much work it is, to share it out."""
        return 0 if isinstance(self.range, FileRefused) else self.range.rows * _BYTES_A_ROW

    def spans(self, rows: int) -> tuple[Span, ...]:
        """Return its partitions; how many there are is the study's choice."""
        if isinstance(self.range, FileRefused):
            return (WHOLE_FILE,)
        parts = self.range.partitions
        return tuple(Span(i, i + 1, part.first_row, part.rows) for i, part in enumerate(parts))

    def opened(self, span: Span) -> OpenFile:
        """Return some of its partitions, ready to be read.

        Raises
        ------
        FileRefused
            When it could not be frozen.
        """
        if isinstance(self.range, FileRefused):
            raise self.range
        return OpenTable(self.range, span)

    def check_unchanged(self) -> None:
        """Do nothing: all partitions are read in one snapshot, which does not change."""


@dataclass(frozen=True, slots=True)
class FrozenTables:
    """The tables of a study.

    Attributes
    ----------
    found
        How many the study names.
    new
        Those with rows to read, and those that could not be asked.
    """

    found: int
    new: tuple[SourceTable, ...]


NO_TABLES = FrozenTables(0, ())
"""Of a study that reads files only."""


@contextmanager
def frozen_tables(study: Study, positions: Mapping[TableKey, Position]) -> Iterator[FrozenTables]:
    """Freeze what is new in every table of a study, for the length of a `with` block.

    A table that cannot be asked is among the new ones; reading it says why.

    Parameters
    ----------
    positions
        Up to where each was read before.

    Raises
    ------
    ConnectionUnknown, PostgresMissing
        When there is no way to connect at all.
    """
    new: list[SourceTable] = []
    found = 0
    with ExitStack() as held:
        for stream, mapping in study.streams.mapped().items():
            for source in mapping.sources:
                if source.postgres is None:
                    continue
                found += 1
                table, last = source.postgres, positions.get((stream, identity_of(source.postgres)))
                made = _frozen(held, stream, source.label, table, last)
                new += [] if made is None else [made]
        yield FrozenTables(found, tuple(new))


def _frozen(
    held: ExitStack, stream: Stream, label: str, table: PostgresTable, last: Position | None
) -> SourceTable | None:
    shown = table.label if table.query is None else f"postgres:{table.connection} {label}"
    empty = SourceTable(
        stream, label, 0, shown, identity_of(table), FileRefused(**_NOTHING), time.time_ns(), ""
    )
    try:
        frozen = held.enter_context(frozen_range(table, shown, last))
    except FileRefused as refusal:
        return replace(empty, range=refusal, sha256=f"unreadable {shown}")
    if frozen is None:
        return None
    path = f"{shown} up to {moment(frozen.position.high)}" if frozen.position.high else shown
    return replace(empty, path=path, range=frozen, sha256=frozen.position.tail)


_NOTHING = {"path": "", "found": "nothing", "expected": "a table", "advice": ""}


def identity_of(table: PostgresTable) -> str:
    """Return what a table's position is remembered under: another query starts anew.

    Examples
    --------
    >>> identity_of(PostgresTable(connection="DB", table="orders", watermark="at"))
    'DB|at|orders'
    """
    return f"{table.connection}|{table.watermark}|{table.table or table.query}"


def moment(text: str) -> str:
    """Return PostgreSQL's text of a watermark as it is shown.

    Examples
    --------
    >>> moment("2026-05-01 10:00:00+00"), moment("2026-05-01"), moment("17")
    ('2026-05-01T10:00:00Z', '2026-05-01', '17')
    """
    return text.replace(" ", "T", 1).removesuffix("+00") + ("Z" if text.endswith("+00") else "")
