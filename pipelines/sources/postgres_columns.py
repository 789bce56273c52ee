"""The columns of a database's table: their names, and how each is selected."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa
import pyarrow.types as pt

from data_contracts.study.database import PostgresTable
from data_contracts.study.problems import did_you_mean
from pipelines.sources.postgres_link import Link
from pipelines.sources.refusal import FileRefused


class WatermarkKind(StrEnum):
    """What a watermark is; the value is its type in SQL."""

    MOMENT = "timestamptz"
    LOCAL = "timestamp"
    DAY = "date"
    NUMBER = "bigint"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table or query.

    Attributes
    ----------
    selected
        (name, SQL expression) of each, in order.
    watermark
        Kind of the watermark column.
    """

    selected: tuple[tuple[str, str], ...]
    watermark: WatermarkKind

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(name for name, _ in self.selected)


def relation_of(table: PostgresTable, shown: str) -> str:
    """Return a table or query as it stands after FROM, every name quoted.

    Examples
    --------
    >>> from data_contracts.study.database import PostgresTable
    >>> relation_of(PostgresTable(connection="DB", table='shop."odd.name"', watermark="w"), "it")
    '"shop"."odd.name" AS source'
    """
    if table.query is not None:
        return f"({table.query.strip().rstrip(';')}\n) AS source"
    words = re.findall(r'"((?:[^"]|"")+)"|([^."]+)|(\.)', table.table or "")
    names = [quoted or plain for quoted, plain, dot in words if not dot]
    dots = sum(bool(dot) for *_, dot in words)
    if not 1 <= len(names) <= 3 or dots != len(names) - 1:
        raise FileRefused(
            path=shown,
            found=f"the table's name `{table.table}`",
            expected="a name such as `decisions` or `shop.decisions`",
            advice='Put names that hold dots into double quotes: `shop."odd.name"`.',
        )
    return ".".join(quote(name.replace('""', '"')) for name in names) + " AS source"


def quote(name: str) -> str:
    """Return a name as a quoted SQL identifier.

    Examples
    --------
    >>> quote('odd " name')
    '"odd "" name"'
    """
    return '"' + name.replace('"', '""') + '"'


def columns_of(link: Link, relation: str, watermark: str) -> Columns:
    """Return the columns of a relation, asked of the server.

    Raises
    ------
    FileRefused
        When two have the same name, or the watermark is none of them or of an unfit type.
    """
    schema = link.schema(f"SELECT * FROM {relation} LIMIT 0")
    names = schema.names
    twice = [f"`{name}`" for name, times in Counter(names).items() if times > 1]
    if twice:
        raise FileRefused(
            path=link.shown,
            found=f"two columns named {', '.join(twice)}",
            expected="every column to have its own name",
            advice="Name them apart in the query with AS.",
        )
    if watermark not in names:
        raise FileRefused(
            path=link.shown,
            found=f"no column `{watermark}` among {', '.join(f'`{n}`' for n in names[:20])}",
            expected="the watermark's column",
            advice=f"Correct `watermark` in the study{_near(watermark, names)}.",
        )
    kind = _kind(schema.field(watermark).type)
    if kind is None:
        raise FileRefused(
            path=link.shown,
            found=f"a watermark `{watermark}` of type {_typename(schema.field(watermark))}",
            expected="a timestamp, a date or a whole number",
            advice="Name another column as `watermark`, or cast it in a query.",
        )
    return Columns(tuple((field.name, _expression(field)) for field in schema), kind)


def _near(name: str, names: list[str]) -> str:
    hint = did_you_mean(name, names)
    return f" ({hint})" if hint else ""


def _kind(kind: pa.DataType) -> WatermarkKind | None:
    if pt.is_timestamp(kind):
        return WatermarkKind.MOMENT if kind.tz else WatermarkKind.LOCAL
    if pt.is_date(kind):
        return WatermarkKind.DAY
    return WatermarkKind.NUMBER if pt.is_integer(kind) else None


def _typename(field: pa.Field) -> str:
    return str((field.metadata or {}).get(b"POSTGRESQL:type", b"unknown").decode("utf-8"))


def _expression(field: pa.Field) -> str:
    """Return how a column is selected: as it is where Arrow has its type, else as text.

    Texts that PostgreSQL makes are exact: a numeric keeps its digits, a moment its zone.
    """
    name, kind = f"source.{quote(field.name)}", field.type
    if _typename(field) in ("money", "oid"):
        return f"{name}::text"
    if pt.is_integer(kind) or pt.is_floating(kind) or pt.is_boolean(kind):
        return name
    if pt.is_timestamp(kind) or pt.is_date(kind):
        return name
    if pt.is_list(kind) or pt.is_struct(kind):
        return f"to_json({name})::text"
    if _typename(field) == "bytea":
        return f"encode({name}, 'hex')"
    return f"{name}::text"
