"""DuckDB for SQLAlchemy, as far as Great Expectations asks: an open connection, rows buffered.

Great Expectations fetches rows after SQLAlchemy has returned the connection to its pool, so every
cursor keeps its rows in memory. Every statement is a transaction of its own that may only read,
and every name is quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy import pool, types
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect, PGIdentifierPreparer

from pipelines.interrupts import interruptible

_TYPES: dict[str, type[types.TypeEngine[Any]]] = {
    "BIGINT": types.BIGINT,
    "INTEGER": types.INTEGER,
    "SMALLINT": types.SMALLINT,
    "TINYINT": types.SMALLINT,
    "HUGEINT": types.NUMERIC,
    "DECIMAL": types.NUMERIC,
    "DOUBLE": types.DOUBLE,
    "FLOAT": types.FLOAT,
    "BOOLEAN": types.BOOLEAN,
    "VARCHAR": types.VARCHAR,
    "DATE": types.DATE,
    "TIMESTAMP": types.TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": types.TIMESTAMP,
}


def engine_on(connection: duckdb.DuckDBPyConnection) -> sa.Engine:
    """Return an engine whose every statement runs on this connection, which stays open.

    One thread only: DuckDB gives wrong answers when threads share a connection. Hand it a cursor
    (`connection.cursor()`), so that nothing else uses it meanwhile.
    """
    return sa.create_engine(
        "duckdb+understudy://", creator=lambda: _Connection(connection), poolclass=pool.StaticPool
    )


class _Cursor:
    """A DB-API cursor that has fetched all its rows."""

    arraysize = 1
    rowcount = -1
    lastrowid = None

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._rows: list[tuple[Any, ...]] = []
        self.description: Any = None

    def execute(self, sql: str, parameters: Sequence[Any] | None = None) -> None:
        # A study's own query is among them: whatever it says, it can change nothing.
        self._connection.execute("BEGIN TRANSACTION READ ONLY")
        try:
            # Who asks takes any error for a check that could not be made, and goes on.
            with interruptible():
                self._connection.execute(sql, list(parameters) if parameters else None)
                self.description = self._connection.description
                self._rows = self._connection.fetchall() if self.description else []
        finally:
            self._connection.execute("ROLLBACK")

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        size = size or self.arraysize
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def close(self) -> None:
        self._rows = []


class _Connection:
    """A DB-API connection over one that belongs to somebody else."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def cursor(self) -> _Cursor:
        return _Cursor(self._connection)

    def commit(self) -> None:
        """Do nothing: every statement stands by itself."""

    def rollback(self) -> None:
        """Do nothing: every statement stands by itself."""

    def close(self) -> None:
        """Do nothing: the owner closes it."""


class _Module:
    """What SQLAlchemy expects of a DB-API module."""

    apilevel = "2.0"
    paramstyle = "qmark"
    threadsafety = 1
    Error = duckdb.Error
    DatabaseError = duckdb.DatabaseError
    DataError = duckdb.DataError
    IntegrityError = duckdb.IntegrityError
    InternalError = duckdb.InternalError
    InterfaceError = duckdb.Error
    NotSupportedError = duckdb.NotSupportedError
    OperationalError = duckdb.OperationalError
    ProgrammingError = duckdb.ProgrammingError


class _Preparer(PGIdentifierPreparer):
    """Quotes every name: DuckDB reserves words that PostgreSQL does not, such as `at`."""

    def _requires_quotes(self, value: str) -> bool:
        return True


class _Compiler(PGCompiler):
    """PostgreSQL's SQL, with DuckDB's words for regular expressions."""

    def visit_custom_op_binary(self, element: Any, operator: Any, **kw: Any) -> str:
        """Write `~` as a search; DuckDB's own `~` asks for a match of the whole text."""
        if operator.opstring not in ("~", "!~"):
            written: str = super().visit_custom_op_binary(  # type: ignore[no-untyped-call]
                element, operator, **kw
            )
            return written
        left, right = self.process(element.left, **kw), self.process(element.right, **kw)
        negated = "NOT " if operator.opstring == "!~" else ""
        return f"{negated}regexp_matches({left}, {right})"


class DuckDB(PGDialect):
    """The dialect; looks enough like PostgreSQL's for Great Expectations to know what to write."""

    name = "duckdb"
    driver = "understudy"
    default_paramstyle = "qmark"
    statement_compiler = _Compiler
    preparer = _Preparer
    supports_statement_cache = True
    supports_sane_rowcount = False
    supports_server_side_cursors = False

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        # Great Expectations looks here when it chooses the operator of a regular expression.
        self.dialect = sa.dialects.postgresql.dialect

    @classmethod
    def import_dbapi(cls) -> Any:
        """Return the stand-in for a DB-API module."""
        return _Module

    def initialize(self, connection: Any) -> None:
        """Ask the server nothing."""
        self.default_schema_name = "main"
        self.server_version_info = (14, 0)

    def on_connect(self) -> None:
        """Set nothing on the connection."""

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin no transaction."""

    def get_isolation_level(self, dbapi_connection: Any) -> Any:
        """Return the only level there is."""
        return "SERIALIZABLE"

    def get_default_isolation_level(self, dbapi_conn: Any) -> Any:
        """Return the only level there is."""
        return "SERIALIZABLE"

    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """Return the names of the schemas."""
        return [row[0] for row in _asked(connection, "SELECT schema_name FROM duckdb_schemas()")]

    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return the names of the tables of a schema."""
        query = "SELECT table_name FROM duckdb_tables() WHERE schema_name = ?"
        return [row[0] for row in _asked(connection, query, schema or "main")]

    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """Return the names of the views of a schema."""
        query = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = ?"
        return [row[0] for row in _asked(connection, query, schema or "main")]

    def has_table(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        """Return whether there is a table or view of that name."""
        query = "SELECT 1 FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? LIMIT 1"
        return bool(_asked(connection, query, schema or "main", table_name))

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> list[Any]:
        """Return the columns of a table or view, a type that is not known as no type."""
        rows = _asked(
            connection,
            "SELECT column_name, data_type, is_nullable FROM duckdb_columns()"
            " WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
            schema or "main",
            table_name,
        )
        if not rows:
            raise sa.exc.NoSuchTableError(table_name)
        return [
            {
                "name": name,
                "type": _TYPES.get(kind.split("(")[0], types.NullType)(),
                "nullable": nullable,
                "default": None,
            }
            for name, kind, nullable in rows
        ]

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Return no key: the warehouse declares none."""
        return {"constrained_columns": [], "name": None}


def _asked(connection: Any, query: str, *parameters: str) -> list[Any]:
    rows: list[Any] = connection.exec_driver_sql(query, parameters).fetchall()
    return rows


registry.register("duckdb.understudy", __name__, "DuckDB")
