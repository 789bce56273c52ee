"""The rows of a table that one run reads: what is new by its watermark, frozen in a snapshot."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from data_contracts.study.database import PostgresTable
from pipelines.sources.postgres_columns import (
    Columns,
    WatermarkKind,
    columns_of,
    quote,
    relation_of,
)
from pipelines.sources.postgres_link import Link, connected
from pipelines.sources.refusal import FileRefused

_SLICES = 256
"""Slices of equal width whose rows are counted; partitions are made of them."""
_UNIX = {
    WatermarkKind.MOMENT: "timestamptz '1970-01-01 00:00:00+00' + {} * interval '1 microsecond'",
    WatermarkKind.LOCAL: "timestamp '1970-01-01 00:00:00' + {} * interval '1 microsecond'",
    WatermarkKind.DAY: "date '1970-01-01' + {}",
    WatermarkKind.NUMBER: "{}::bigint",
}
"""A value of each kind, made of its number of microseconds, days or units since 1970."""


@dataclass(frozen=True, slots=True)
class Position:
    """Up to where a table was read.

    Attributes
    ----------
    high
        Greatest watermark read, as PostgreSQL writes it in UTC; empty when there was none.
    tail
        Fingerprint of the rows that the next run reads again: those near `high` and those
        without a watermark. Another one means that rows came late.
    """

    high: str
    tail: str


@dataclass(frozen=True, slots=True)
class Partition:
    """Some rows of the range: a condition in SQL, and how many rows meet it."""

    condition: str
    rows: int
    first_row: int


@dataclass(frozen=True, slots=True)
class TableRange:
    """The rows of a table that one run reads.

    Attributes
    ----------
    connection
        Environment variable of the connection; addresses are never stored.
    snapshot
        Name of the snapshot that all partitions are read in.
    unplaced
        Rows without a watermark; they are read in every run.
    position
        To be remembered when the range was committed.
    """

    connection: str
    shown: str
    relation: str
    columns: Columns
    snapshot: str
    partitions: tuple[Partition, ...]
    unplaced: int
    position: Position

    @property
    def rows(self) -> int:
        """Rows of all partitions."""
        return sum(partition.rows for partition in self.partitions)


@contextmanager
def frozen_range(
    table: PostgresTable, shown: str, last: Position | None
) -> Iterator[TableRange | None]:
    """Freeze what is new in a table for the length of a `with` block; None when nothing is.

    The block holds the snapshot open: leave it only when all partitions were read.

    Parameters
    ----------
    last
        Up to where the table was read before; None reads it whole.

    Raises
    ------
    FileRefused
        When the table cannot be read, or ends before `last`.
    """
    with connected(table.connection, shown) as link:
        yield _range(link, table, shown, last)


def _range(
    link: Link, table: PostgresTable, shown: str, last: Position | None
) -> TableRange | None:
    relation = relation_of(table, shown)
    columns = columns_of(link, relation, table.watermark)
    kind, mark = columns.watermark, f"source.{quote(table.watermark)}"
    placed, unplaced = _placed(mark, kind)
    ((snapshot,),) = link.rows("SELECT pg_export_snapshot()")
    ((high,),) = link.rows(f"SELECT max({mark})::text FROM {relation} WHERE {placed}")
    overlap = _overlap(table, kind)
    window = "false" if high is None else f"{mark} > {_value(high, kind)} - {overlap} AND {placed}"
    lost, tail = _fingerprint(link, relation, f"({window}) OR {unplaced}", unplaced)
    position = Position(high or "", tail)
    if position == last or (high is None and not lost):
        return None
    since = placed
    if last is not None and last.high:
        low = f"{_value(last.high, kind)} - {overlap}"
        if high is not None:
            _check_order(link, f"{_value(high, kind)} < {low}", high, last.high)
        since = f"{mark} > {low} AND {placed}"
    counted = _partitions(link, relation, since, mark, kind, table.partitions)
    if lost:
        counted.append((unplaced, lost))
    return TableRange(
        table.connection,
        shown,
        relation,
        columns,
        snapshot,
        _numbered(counted),
        lost,
        position,
    )


def _placed(mark: str, kind: WatermarkKind) -> tuple[str, str]:
    """Return the conditions of rows with a watermark that can be compared, and of those without."""
    if kind is WatermarkKind.NUMBER:
        return f"{mark} IS NOT NULL", f"{mark} IS NULL"
    endless = f"{mark} IN ('infinity'::{kind}, '-infinity'::{kind})"
    return f"isfinite({mark})", f"({mark} IS NULL OR {endless})"


def _value(text: str, kind: WatermarkKind) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'::{kind}"


def _overlap(table: PostgresTable, kind: WatermarkKind) -> str:
    """Return what is taken off the last watermark. A day may not have been over when it was read.

    Examples
    --------
    >>> _overlap(PostgresTable(connection="D", table="t", watermark="w"), WatermarkKind.DAY)
    '1'
    """
    if kind is WatermarkKind.NUMBER:
        return str(table.overlap_values)
    if kind is WatermarkKind.DAY:
        return str(max(1, math.ceil(table.overlap_minutes / 1440)))
    return f"interval '{table.overlap_minutes} minutes'"


def _fingerprint(link: Link, relation: str, condition: str, unplaced: str) -> tuple[int, str]:
    """Return how many rows have no watermark, and a fingerprint of the rows of a condition."""
    ((lost, count, total),) = link.rows(
        f"SELECT count(*) FILTER (WHERE {unplaced}), count(*),"
        " coalesce(sum(hashtextextended(source::text, 0)::numeric), 0)::text"
        f" FROM {relation} WHERE {condition}",
    )
    return lost, hashlib.sha256(f"{count} {total}".encode("ascii")).hexdigest()


def _check_order(link: Link, before: str, high: str, last: str) -> None:
    ((older,),) = link.rows(f"SELECT {before}")
    if older:
        raise FileRefused(
            path=link.shown,
            found=f"a table that ends at {high}, although it was read up to {last} before",
            expected="a watermark that only grows",
            advice="If the table was restored or emptied on purpose, run"
            " `understudy ingest --rebuild`; it reads all sources anew.",
        )


def _partitions(
    link: Link, relation: str, since: str, mark: str, kind: WatermarkKind, wanted: int
) -> list[tuple[str, int]]:
    """Return (condition, rows) of about equally large ranges of the watermark.

    Slices of equal width are counted in one pass and put together, so that a range in which most
    rows are of one hour is still shared out, as far as their watermarks differ.
    """
    number = {
        WatermarkKind.NUMBER: "{}({})::numeric",
        WatermarkKind.DAY: "{}({}) - date '1970-01-01'",
    }.get(kind, "floor(extract(epoch FROM {}({})) * 1000000)::numeric")
    ends = ", ".join(f"({number.format(side, mark)})::text" for side in ("min", "max"))
    ((count, least, most),) = link.rows(f"SELECT count(*), {ends} FROM {relation} WHERE {since}")
    if not count:
        return []
    first, last = int(least), int(most)
    if wanted == 1 or last - first < 2:
        return [(since, count)]
    step = max(1, (last - first) // _SLICES)
    edges = [_UNIX[kind].format(at) for at in range(first + step, last + 1, step)]
    listed = ", ".join(edges)
    slices = link.rows(
        f"SELECT width_bucket({mark}, ARRAY[{listed}]::{kind}[]) AS slice, count(*)"
        f" FROM {relation} WHERE {since} GROUP BY 1 ORDER BY 1",
    )
    found: list[tuple[str, int]] = []
    start, rows = 0, 0
    for position, (number_of, within) in enumerate(slices):
        rows += within
        end = position == len(slices) - 1
        if end or rows * wanted >= count:
            bounds = [since]
            if start:
                bounds.append(f"{mark} >= {edges[start - 1]}")
            if not end:
                bounds.append(f"{mark} < {edges[number_of]}")
            found.append((" AND ".join(bounds), rows))
            start, rows = number_of + 1, 0
    return found


def _numbered(counted: list[tuple[str, int]]) -> tuple[Partition, ...]:
    made, first = [], 1
    for condition, rows in counted:
        made.append(Partition(condition, rows, first))
        first += rows
    return tuple(made)
