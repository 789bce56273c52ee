"""Connections to PostgreSQL: the address from the environment, no password told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from data_contracts.errors import UnderstudyError
from data_contracts.study.database import ADDRESS
from pipelines.sources.postgres_words import refusal_of

_DEFAULTS = {
    "connect_timeout": "15",  # seconds; libpq itself would wait for minutes
    "tcp_user_timeout": "60000",  # milliseconds until a connection that went dead is noticed
    "application_name": "understudy",
}
_SESSION = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET client_encoding = 'UTF8'",
    "SET extra_float_digits = 1",
    # The connection that holds the snapshot rests while others read.
    "SET idle_in_transaction_session_timeout = 0",
    "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
)


class ConnectionUnknown(UnderstudyError):
    """The environment variable of a connection holds no address."""

    def sentence(self) -> str:
        return (
            f"The study reads `{self.facts['shown']}` through the connection"
            f" `{self.facts['variable']}`: expected an environment variable of that name with an"
            " address such as postgresql://user:password@host:5432/database, found"
            f" {self.facts['found']}. Set it where Understudy runs; nothing was read."
        )


class PostgresMissing(UnderstudyError):
    """The optional packages for PostgreSQL are not installed."""

    def sentence(self) -> str:
        return (
            f"The study reads `{self.facts['shown']}` from PostgreSQL, for which the packages"
            f" `adbc-driver-postgresql` and `adbc-driver-manager` are needed"
            f" ({self.facts['fault']}). Install them with `pip install 'understudy[postgres]'`."
        )


def address_of(variable: str, shown: str) -> str:
    """Return the address of a connection, from the environment.

    Raises
    ------
    ConnectionUnknown
        When the variable is not set or holds no address; what it holds is not told.
    """
    address = os.environ.get(variable, "").strip()
    if not address or not ADDRESS.match(address) or "://" not in address:
        found = "something else" if address else "none"
        raise ConnectionUnknown(shown=shown, variable=variable, found=found)
    for name, value in _DEFAULTS.items():
        if f"{name}=" not in address:
            address += f"{'&' if '?' in address else '?'}{name}={value}"
    return address


@dataclass(frozen=True, slots=True)
class Link:
    """An open connection, in a read-only transaction. Faults come as `FileRefused`, in words.

    Attributes
    ----------
    shown
        The table as shown to the user.
    """

    shown: str
    address: str = field(repr=False)
    cursor: Any = field(repr=False)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with _telling(self.shown, self.address):
            self.cursor.execute(query)
            found: list[tuple[Any, ...]] = self.cursor.fetchall()
            return found

    def schema(self, query: str) -> pa.Schema:
        """Return the columns of a query."""
        with _telling(self.shown, self.address):
            self.cursor.execute(query)
            return self.cursor.fetch_arrow_table().schema

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a query as the server sends them."""
        with _telling(self.shown, self.address):
            self.cursor.execute(query)
            reader = self.cursor.fetch_record_batch()
        while True:
            with _telling(self.shown, self.address):
                batch = next(reader, None)
            if batch is None:
                return
            yield batch


@contextmanager
def connected(variable: str, shown: str, snapshot: str | None = None) -> Iterator[Link]:
    """Open a connection for the length of a `with` block.

    Parameters
    ----------
    shown
        The table as shown to the user.
    snapshot
        One that another connection exported and holds, so that both see the same rows.

    Raises
    ------
    ConnectionUnknown, PostgresMissing
        When there is no way to connect.
    FileRefused
        When the server cannot be reached or does not admit us.
    """
    address = address_of(variable, shown)
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError as fault:
        raise PostgresMissing(shown=shown, fault=str(fault)) from fault
    with ExitStack() as opened:
        with _telling(shown, address):
            connection = dbapi.connect(address, autocommit=True)
            opened.callback(_close, connection)
            cursor = connection.cursor()
            opened.callback(_close, cursor)
            for statement in _SESSION:
                cursor.execute(statement)
            if snapshot is not None:
                cursor.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        yield Link(shown, address, cursor)


@contextmanager
def _telling(shown: str, address: str) -> Iterator[None]:
    from adbc_driver_manager import dbapi as manager

    try:
        yield
    except (manager.Error, OSError) as fault:
        # Not `from fault`: its text may hold the address.
        raise refusal_of(shown, address, fault) from None


def _close(thing: Any) -> None:
    """Close a cursor or a connection; one that is broken says nothing that matters any more."""
    try:
        thing.close()
    except Exception:
        return
