"""What checking costs: a first run's suites through Great Expectations, against the same in SQL.

Run with `python -m benchmarks.checks --cases 3000000`. The records are generated into a warehouse
in memory; both ways are timed in the same process, the better of two runs each, without the
import of Great Expectations.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import duckdb
import yaml

from benchmarks.generate import QUERIES, STUDY, view_base
from data_contracts.data_words import CheckKind
from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.checks.check import Check
from pipelines.checks.facts import Place, fact_sql
from pipelines.checks.judging import judge_checks
from pipelines.checks.suite import suites_of
from pipelines.warehouse.connection import literal, quoted
from pipelines.warehouse.tables import StreamTable, ensure_tables

TARGET = 3.0
"""Most times the raw queries that checking may take."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=3_000_000)
    ours, raw, checks = measure(parser.parse_args().cases)
    mark = "" if ours <= TARGET * raw else "  MISSED"
    sys.stdout.write(
        f"{checks} checks: Great Expectations {ours:.2f} s, raw SQL {raw:.2f} s,"
        f" ratio {ours / raw:.2f}, at most {TARGET:g}{mark}\n"
    )


def measure(cases: int) -> tuple[float, float, int]:
    """Return the seconds of our checks, of the same in raw SQL, and their number."""
    import pipelines.checks.expectations  # noqa: F401 - its import is not measured

    study = Study.model_validate(yaml.safe_load(STUDY))
    checks = [check for suite in suites_of(study) for check in suite.checks]
    with duckdb.connect() as connection:
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        fill(connection, study, cases)
        now = datetime.now(UTC)
        ours = [timed(lambda: judge_checks(connection, study, checks, {}, 1, now)) for _ in "12"]
        queries = raw_queries(study, checks, now)
        raw = [timed(lambda: [connection.execute(q).fetchall() for q in queries]) for _ in "12"]
    return min(ours), min(raw), len(checks)


def fill(connection: duckdb.DuckDBPyConnection, study: Study, cases: int) -> None:
    """Fill the tables of the streams."""
    ensure_tables(connection, study)
    view_base(connection, 0, cases, cases / 90)
    given = {
        "decisions": "* EXCLUDE (region, product, channel), region AS segment_region,"
        " product AS segment_product, channel AS segment_channel,"
        " CAST(decided_at AS DATE) AS cohort_day",
        "recommendations": "*, 'answered' AS answer",
        "outcomes": "*, 'outcome' AS name",
    }
    for stream, query in QUERIES.items():
        connection.execute(
            f"INSERT INTO {stream} BY NAME SELECT {given[stream]}, 1 AS run FROM ({query})"
        )


def raw_queries(study: Study, checks: list[Check], now: datetime) -> list[str]:
    """Return the same checks as plain SQL: one query a stream for rows, one for each fact."""
    queries = []
    for stream in study.streams.mapped():
        contract = StreamTable.of(study, Stream(stream)).contract
        mine = [check for check in checks if check.stream == stream]
        counts = ", ".join(
            f"count(*) FILTER ({raw_fault(check)})" for check in mine if raw_fault(check)
        )
        queries.append(f"SELECT count(*), {counts} FROM {stream} WHERE run >= 1")
        place = Place(contract, 1, now)
        queries += [
            fact_sql(c, place)
            for c in mine
            if c.kind
            in (CheckKind.UNIQUE, CheckKind.REFERENCE, CheckKind.VOLUME, CheckKind.SET_ASIDE)
        ]
    return queries


def raw_fault(check: Check) -> str:
    """Return the condition of the rows that are not as expected; empty for other kinds."""
    field = quoted(check.field)
    match check.kind:
        case CheckKind.REQUIRED | CheckKind.MISSING:
            return f"{field} IS NULL"
        case CheckKind.ALLOWED:
            return f"{field} NOT IN ({', '.join(map(literal, check.setting('allowed')))})"
        case CheckKind.RANGE:
            return f"{field} < {check.setting('minimum')}"
        case _:
            return ""


def timed(work: Callable[[], object]) -> float:
    """Return the seconds some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
