"""Results of checks in the warehouse, and suites as files beside it; kept up to date."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import duckdb

from data_contracts.data_words import CheckKind, Severity
from data_contracts.findings import CheckResult
from data_contracts.study.model import Study
from data_contracts.vocabulary import Status, Stream
from pipelines.checks.check import Suite
from pipelines.checks.judging import Kept, judge_checks
from pipelines.checks.suite import suites_of
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.connection import transaction
from pipelines.warehouse.faults import told_in_words

_RESULT = 'stream, "check", kind, field, severity, status, sentence, expected, unexpected, n'


def bring_checks_up_to_date(
    connection: duckdb.DuckDBPyConnection,
    folder: StudyFolder,
    study: Study,
    step: Callable[[str], None] = lambda text: None,
) -> None:
    """Check the data of the latest run, unless that was done with these very suites.

    The caller holds the writer's lock and is in no transaction. A process that dies before the
    results are stored leaves them to be made the next time.
    """
    suites = suites_of(study)
    write_suites(folder, suites)
    run = connection.execute("SELECT max(run) FROM runs").fetchall()[0][0]
    now = datetime.now(UTC)
    if run is None or _is_done(connection, suites, run, now):
        return
    step("Checking the data")
    checks = [check for suite in suites for check in suite.checks]
    kept = judge_checks(connection, study, checks, _latest(connection), run, now)
    hashes = {suite.stream: suite.hash for suite in suites}
    with transaction(connection):
        connection.execute("DELETE FROM checks WHERE run = ?", [run])
        connection.executemany(
            f"INSERT INTO checks (run, checked_at, {_RESULT}, first_run, definition, suite)"
            f" VALUES ({', '.join('?' * 15)})",
            [[run, now, *_values(one), hashes[one.result.stream]] for one in kept],
        )


def write_suites(folder: StudyFolder, suites: Sequence[Suite]) -> None:
    """Write each suite to a file of its own where it has changed."""
    with told_in_words(folder.checks):
        folder.checks.mkdir(parents=True, exist_ok=True)
        for suite in suites:
            file = folder.checks / f"{suite.stream}.yaml"
            if not file.exists() or file.read_text("utf-8") != suite.text:
                draft = file.with_suffix(".draft")
                draft.write_text(suite.text, "utf-8")
                os.replace(draft, file)


def latest_results(connection: duckdb.DuckDBPyConnection) -> tuple[CheckResult, ...]:
    """Return the results of the latest run that was checked, in the order of the suites."""
    rows = connection.execute(
        f"SELECT {_RESULT} FROM checks WHERE run = (SELECT max(run) FROM checks) ORDER BY rowid"
    ).fetchall()
    return tuple(_read(row) for row in rows)


def _is_done(
    connection: duckdb.DuckDBPyConnection, suites: Sequence[Suite], run: int, now: datetime
) -> bool:
    rows = connection.execute(
        "SELECT stream, suite, max(checked_at) FROM checks WHERE run = ? GROUP BY ALL", [run]
    ).fetchall()
    if {(stream, suite) for stream, suite, _ in rows} != {(s.stream, s.hash) for s in suites}:
        return False
    # Records grow old without a new run: how fresh they are is checked again every day.
    ages = any(check.kind is CheckKind.FRESHNESS for suite in suites for check in suite.checks)
    return not ages or all(when.astimezone(UTC).date() == now.date() for *_, when in rows)


def _latest(connection: duckdb.DuckDBPyConnection) -> dict[str, Kept]:
    """Return the latest result of every check there ever was, by its definition."""
    rows = connection.execute(
        f"SELECT {_RESULT}, definition, run, first_run FROM checks"
        " QUALIFY row_number() OVER (PARTITION BY definition ORDER BY run DESC) = 1"
    ).fetchall()
    return {row[10]: Kept(_read(row[:10]), *row[10:]) for row in rows}


def _values(one: Kept) -> list[object]:
    result = one.result
    return [
        result.stream.value,
        result.name,
        result.kind.value,
        result.field,
        result.severity.value,
        result.status.value,
        result.sentence,
        result.expected,
        result.unexpected,
        result.n,
        one.first_run,
        one.definition,
    ]


def _read(row: Sequence[object]) -> CheckResult:
    stream, name, kind, field, severity, status, sentence, expected, unexpected, n = row
    return CheckResult(
        str(name),
        Stream(str(stream)),
        CheckKind(str(kind)),
        str(field),
        Severity(str(severity)),
        Status(str(status)),
        str(sentence),
        str(expected),
        int(str(unexpected)),
        int(str(n)),
    )
