"""Questions in SQL, for `understudy sql`."""

from __future__ import annotations

import csv as csv_files
import sys

import duckdb
from rich.table import Table

from pipelines.cli.console import Output, escape


def ask(
    out: Output,
    connection: duckdb.DuckDBPyConnection,
    query: str,
    *,
    rows: int = 50,
    csv: bool = False,
) -> bool:
    """Run one query and print its rows; return whether it could be answered."""
    try:
        result = connection.execute(query)
        if not result:  # DuckDB returns nothing where nothing was asked
            out.err.print("There is no query in it; try `SHOW ALL TABLES`.", style="red")
            return False
        names = [column[0] for column in result.description or []]
        found = result.fetchall() if csv else result.fetchmany(rows + 1)
    except duckdb.Error as fault:
        out.err.print(escape(str(fault).strip()), style="red")
        return False
    except (OverflowError, ValueError) as fault:
        told = f"A value is too large to be shown ({fault}); ask for it as text: `…::VARCHAR`."
        out.err.print(escape(told), style="red")
        return False
    if csv:
        writer = csv_files.writer(sys.stdout)
        writer.writerow(names)
        writer.writerows(found)
        return True
    table = Table(*(escape(name) for name in names), box=None, header_style="bold")
    for row in found[:rows]:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    out.out.print(table)
    if len(found) > rows:
        out.out.print("… and more; `--rows N` shows more, `--csv` all of them.")
    # A result that is read in part would keep the connection busy.
    connection.execute("SELECT 1").fetchall()
    return True


def ask_repeatedly(out: Output, connection: duckdb.DuckDBPyConnection, rows: int) -> None:
    """Read queries line by line until the end of input."""
    if sys.stdin.isatty():
        out.out.print("The warehouse, read-only. One query a line; Ctrl-D ends it.")
    while True:
        try:
            line = input("sql> " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return
        if line:
            ask(out, connection, line, rows=rows)
