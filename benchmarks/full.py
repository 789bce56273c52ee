"""Five million cases, from files to verdict, as ratios against raw DuckDB on the same machine.

Run with `make bench`. Every figure is measured in this one run; raw DuckDB is timed right before
the step it is compared with.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.generate import write_files, write_study

STREAMS = ("decisions", "recommendations", "outcomes")
RAW_QUERY = """
    SELECT CAST(decided_at AS DATE) AS day, region, product, channel, decision, recommendation,
           outcome, count(*)
    FROM decisions LEFT JOIN recommendations USING (decision_id)
                   LEFT JOIN outcomes USING (decision_id)
    GROUP BY ALL"""
TARGETS = {"ingest": 4.0, "evaluate": 2.5, "rows": 20.0, "day": 0.1, "memory": 2.0, "checks": 3.0}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path, default=Path(".bench"))
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    study, days = given.folder / "study", 90
    say(f"Generating {given.cases:,} cases …")
    write_study(study, given.cases, days)
    records = records_in(study)
    load, query = raw_duckdb(study, given.folder / "raw.duckdb")
    ours = in_new_process(study)
    write_files(study, given.cases, given.cases // days, given.cases / days, "next-day")
    next_day = in_new_process(study)
    small = given.folder / "rows"
    write_study(small, given.cases // 50, days, files=1)
    import benchmarks.rows

    rows = benchmarks.rows.seconds_for(small) / records_in(small)
    first = ours["ingest"] + ours["evaluate"]
    second = next_day["ingest"] + next_day["evaluate"]
    ours_a_record = first / records
    say(f"{records:,} records; DuckDB {duckdb.__version__}")
    say(f"{'':<44}{'ours':>9}{'against':>10}{'ratio':>8}  target")
    line("Ingest with all checks : CREATE TABLE AS", ours["ingest"], load, "ingest", "at most 4")
    line(
        "Evaluate : three-way join and group-by", ours["evaluate"], query, "evaluate", "at most 2.5"
    )
    say(
        f"{'Rows in Beam : ours, seconds a million records':<44}{ours_a_record * 1e6:>9.2f}"
        f"{rows * 1e6:>10.2f}{rows / ours_a_record:>8.1f}  at least 20"
    )
    line("One new day : first run", second, first, "day", "at most 0.1")
    import benchmarks.checks

    ours_checked, raw_checked, number = benchmarks.checks.measure(given.cases * 3 // 5)
    line(f"{number} checks : the same in SQL", ours_checked, raw_checked, "checks", "at most 3")
    say(f"{'Peak memory, GiB':<44}{ours['memory']:>9.2f}{'':>18}  at most 2")
    say(
        f"Not in these times: importing Beam and the rest, {ours['import']:.1f} s a process."
        f" The row-at-a-time pipeline ran on {records_in(small):,} of the records."
    )


def raw_duckdb(study: Path, database: Path) -> tuple[float, float]:
    """Return the seconds DuckDB takes to load the files, and to join and count them; best of 2."""
    loads, queries = [], []
    for _ in range(2):
        database.unlink(missing_ok=True)
        with duckdb.connect(str(database)) as connection:
            loads.append(
                timed(
                    lambda: [
                        connection.execute(
                            f"CREATE TABLE {s} AS SELECT * FROM '{study}/data/{s}/*.parquet'"
                        )
                        for s in STREAMS
                    ]
                )
            )
            queries.append(timed(lambda: connection.execute(RAW_QUERY).fetchall()))
    return min(loads), min(queries)


def in_new_process(study: Path) -> dict[str, float]:
    """Return what `benchmarks.once` measures of one ingest and evaluation, in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.once", str(study)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def records_in(study: Path) -> int:
    """Return the number of records in a study's files."""
    with duckdb.connect() as connection:
        files = f"parquet_file_metadata('{study}/data/*/*.parquet')"
        return int(connection.execute(f"SELECT sum(num_rows) FROM {files}").fetchall()[0][0])


def timed(work: Callable[[], object]) -> float:
    """Return the seconds some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def line(name: str, ours: float, against: float, target: str, words: str) -> None:
    """Print one row of the table."""
    ratio = ours / against
    mark = "" if ratio <= TARGETS[target] else "  MISSED"
    say(f"{name:<44}{ours:>8.2f}s{against:>9.2f}s{ratio:>8.2f}  {words}{mark}")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
