"""Ingest of one million cases from CSV and JSON lines, against DuckDB's own readers of both.

Run with `python -m benchmarks.formats`. DuckDB is told the columns and their types, as the contract
tells us; it checks and keeps nothing else.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import duckdb

from benchmarks.full import STREAMS, in_new_process, say, timed
from benchmarks.generate import write_study

READERS = {"csv": "read_csv", "jsonl": "read_json"}
TARGET = 3.0
TYPES = {"decided_at": "TIMESTAMPTZ", "recommended_at": "TIMESTAMPTZ", "observed_at": "TIMESTAMPTZ"}
TYPES |= {"score": "DOUBLE", "latency_ms": "DOUBLE"}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    say(f"{'':<34}{'ours':>9}{'DuckDB':>10}{'ratio':>8}  target")
    for form in READERS:
        study = given.folder / form
        write_study(study, given.cases, 90, form=form)
        raw = min(seconds_of_duckdb(study, form, given.folder / "raw.duckdb") for _ in range(2))
        ours = in_new_process(study)["ingest"]
        ratio = ours / raw
        mark = "" if ratio <= TARGET else "  MISSED"
        say(f"{'Ingest of ' + form:<34}{ours:>8.2f}s{raw:>9.2f}s{ratio:>8.2f}  at most 3{mark}")


def seconds_of_duckdb(study: Path, form: str, database: Path) -> float:
    """Return the seconds DuckDB takes to read the files into tables."""
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        script = "; ".join(load(connection, study, form, stream) for stream in STREAMS)
        return timed(lambda: connection.execute(script))


def load(connection: duckdb.DuckDBPyConnection, study: Path, form: str, stream: str) -> str:
    """Return the SQL that loads one stream's files into a table of its name."""
    files = f"{study}/data/{stream}/*.{form}"
    names = [name for name, *_ in connection.sql(f"DESCRIBE FROM '{files}'").fetchall()]
    columns = ", ".join(f"'{name}': '{TYPES.get(name, 'VARCHAR')}'" for name in names)
    reader = f"{READERS[form]}('{files}', columns = {{{columns}}})"
    return f"CREATE TABLE {stream} AS FROM {reader}"


if __name__ == "__main__":
    main()
