"""A DuckDB in memory for one thread of one worker: it takes texts apart, and keeps nothing.

Foreign values never touch the warehouse's connection; here they can do no harm: there is no file,
no way out, and a fault ends with the worker's own statement.
"""

from __future__ import annotations

import threading

import duckdb
import pyarrow as pa

_threads = threading.local()


def scratch() -> duckdb.DuckDBPyConnection:
    """Return this thread's in-memory connection, made at its first use."""
    connection: duckdb.DuckDBPyConnection | None = getattr(_threads, "connection", None)
    if connection is None:
        connection = duckdb.connect(
            ":memory:",
            config={
                "threads": 1,
                "memory_limit": "512MB",
                "temp_directory": "",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        connection.execute("SET enable_external_access = false")
        connection.execute("SET TimeZone = 'UTC'")
        _threads.connection = connection
    return connection


def compute(values: pa.Array, expression: str) -> pa.Array:
    """Return a SQL expression over ``x``, computed for each value, in order.

    Examples
    --------
    >>> compute(pa.array(["1", "x"]), "try_cast(x AS BIGINT)").to_pylist()
    [1, None]
    """
    connection = scratch()
    connection.register("given", pa.table({"x": values}))
    try:
        result = connection.sql(f"SELECT {expression} AS y FROM given").to_arrow_table()
    finally:
        connection.unregister("given")
    column = result.column("y").combine_chunks()
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
