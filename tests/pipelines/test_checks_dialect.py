"""Expectations pushed down into DuckDB find what Great Expectations finds on a pandas frame."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import sqlalchemy as sa

from data_contracts.data_words import CheckKind, Severity
from data_contracts.vocabulary import Stream
from pipelines.checks.check import Check
from pipelines.checks.dialect import engine_on
from pipelines.checks.expectations import Asked, expectation_of, judge, judge_with

K = CheckKind
ODD = ["a", "b", None, "a", "", "O'Hare", 'say "hi"', "ä%_\\", "a b", "two\nlines", "1.5", "A"]
NUMBERS = [0.0, -1.5, None, 3.0, 3.0, 1e300, -0.0, 7.25, None, 2.0, 1e-9, 4.0]

CASES: list[tuple[CheckKind, str, dict[str, Any]]] = [
    (K.REQUIRED, "text", {}),
    (K.REQUIRED, "whole", {}),
    (K.REQUIRED, "at", {}),
    (K.MISSING, "text", {"tolerance": 0.05}),
    (K.MISSING, "text", {"tolerance": 0.2}),
    (K.MISSING, "number", {"tolerance": 0.1}),
    (K.ALLOWED, "text", {"allowed": tuple(sorted({t for t in ODD if t is not None}))}),
    (K.ALLOWED, "text", {"allowed": ("a", "O'Hare")}),
    (K.ALLOWED, "text", {"allowed": ("a", "b", ""), "tolerance": 0.7}),
    (K.RANGE, "number", {"minimum": 0}),
    (K.RANGE, "number", {"maximum": 7.25}),
    (K.RANGE, "number", {"minimum": -2, "maximum": 1e301}),
    (K.RANGE, "number", {"minimum": 0, "maximum": 3, "tolerance": 0.4}),
    (K.RANGE, "whole", {"minimum": 2}),
    (K.PATTERN, "text", {"pattern": "^[a-z]$"}),
    (K.PATTERN, "text", {"pattern": "a"}),
    (K.PATTERN, "text", {"pattern": r"\s", "tolerance": 0.9}),
    (K.PATTERN, "text", {"pattern": "'"}),
    (K.VOLUME, "fact", {}),
    (K.VOLUME, "fact", {"tolerance": 0.25}),
    (K.VOLUME, "fact", {"tolerance": 0.2}),
]


def asked(kind: CheckKind, column: str, settings: dict[str, Any], view: str = "odd") -> Asked:
    check = Check("it", Stream.DECISIONS, kind, column, Severity.CRITICAL, tuple(settings.items()))
    return Asked(check, view, column)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a database with a table of odd values, one of facts, and an empty one."""
    with duckdb.connect() as made:
        made.execute("""
            CREATE TABLE odd (text VARCHAR, number DOUBLE, whole BIGINT, "at" TIMESTAMPTZ);
            CREATE TABLE facts AS
            SELECT 3 AS fact_unexpected, 12 AS fact_n, 0.25::DOUBLE AS fact_share,
                   'x' AS fact_detail;
        """)
        made.executemany(
            "INSERT INTO odd VALUES (?, ?, ?, TIMESTAMPTZ '2026-03-02 00:00:00+00')",
            [[t, n, i % 4] for i, (t, n) in enumerate(zip(ODD, NUMBERS, strict=True))],
        )
        yield made


def on_pandas(one: Asked) -> tuple[bool, int]:
    """Return success and unexpected count as the engine for pandas frames gives them."""
    import pandas as pd
    from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine

    engine = PandasExecutionEngine()
    frame = pd.DataFrame(
        {
            "text": pd.Series(ODD, dtype=object),
            "number": NUMBERS,
            "whole": [i % 4 for i in range(len(ODD))],
            "at": pd.Timestamp("2026-03-02", tz="UTC"),
        }
    )
    if one.view == "facts":
        frame = pd.DataFrame({"fact_share": [0.25]})
    engine.load_batch_data("odd", frame)
    (found,) = judge_with(engine, [(expectation_of(one), "odd")])
    assert found.success is not None, found.fault
    return found.success, found.unexpected


@pytest.mark.parametrize(("kind", "column", "settings"), CASES)
def test_duckdb_and_pandas_agree(
    connection: duckdb.DuckDBPyConnection,
    kind: CheckKind,
    column: str,
    settings: dict[str, Any],
) -> None:
    one = asked(kind, column, settings, "facts" if column == "fact" else "odd")
    (found,) = judge(connection, [one])
    success, unexpected = on_pandas(one)
    assert found.fault == ""
    assert found.success == success
    if column == "fact":
        assert (found.unexpected, found.n, found.detail) == (3, 12, "x")
    else:
        assert (found.unexpected, found.n) == (unexpected, len(ODD))


def test_every_kind_of_rows_is_compared() -> None:
    from pipelines.checks.check import OF_ROWS

    assert {kind for kind, _, _ in CASES} >= OF_ROWS


def test_one_check_that_cannot_be_made_leaves_the_others(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    wrong, right, unknown = judge(
        connection,
        [
            asked(K.PATTERN, "text", {"pattern": "(?=a)"}),
            asked(K.REQUIRED, "text", {}),
            asked(K.REQUIRED, "no such column", {}),
        ],
    )
    assert wrong.success is None
    assert "(?=" in wrong.fault
    assert (right.success, right.unexpected) == (False, 1)
    assert unknown.success is None


def test_ctrl_c_is_not_taken_for_a_check_that_cannot_be_made(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    long = "SELECT CASE WHEN i % 7 < 0 THEN '' END AS text FROM range(300000000) t(i)"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW long AS {long}")
    timer = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT])
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            judge(connection, [asked(K.REQUIRED, "text", {}, "long")])
    finally:
        timer.cancel()


def test_all_checks_of_a_view_are_counted_in_one_scan(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipelines.checks.dialect as dialect

    said: list[str] = []
    execute = dialect._Cursor.execute

    def told(self: Any, sql: str, parameters: Any = None) -> None:
        said.append(sql)
        execute(self, sql, parameters)

    monkeypatch.setattr(dialect._Cursor, "execute", told)
    cases = [case for case in CASES if case[1] != "fact"]
    judge(connection, [asked(*case) for case in cases])
    assert sum("unexpected_count" in sql for sql in said) == 1
    assert len(said) <= 6


def test_the_engine_reads_only_and_leaves_the_connection_open(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    with engine_on(connection).connect() as opened:
        with pytest.raises(sa.exc.DBAPIError, match="read-only"):
            opened.execute(sa.text("DELETE FROM odd"))
        rows = opened.execute(sa.text("SELECT text FROM odd"))
    # Rows are there after the connection went back to its pool.
    assert len(rows.fetchmany(5)) == 5
    assert rows.fetchone() is not None
    assert len(rows.fetchall()) == len(ODD) - 6
    assert connection.execute("SELECT count(*) FROM odd").fetchall() == [(len(ODD),)]


def test_names_and_regular_expressions_are_written_for_duckdb(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    inspector = sa.inspect(engine_on(connection))
    assert set(inspector.get_table_names()) == {"odd", "facts"}
    assert [str(c["type"]) for c in inspector.get_columns("odd")] == [
        "VARCHAR",
        "DOUBLE",
        "BIGINT",
        "TIMESTAMP",
    ]
    at = sa.column("at")
    query = sa.select(at).where(at.op("!~")("x"))
    written = str(query.compile(dialect=engine_on(connection).dialect))
    assert '"at"' in written
    assert "NOT regexp_matches" in written
    with pytest.raises(sa.exc.NoSuchTableError):
        inspector.get_columns("nowhere")
