"""One run of checks: which rows each looks at, the views it needs, and what it came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

from data_contracts.data_words import CheckKind
from data_contracts.findings import CheckResult
from data_contracts.stream_contracts import StreamContract, contract_for
from data_contracts.study.model import Study
from data_contracts.vocabulary import Status, Stream
from pipelines.checks.check import OF_ROWS, Check
from pipelines.checks.facts import Place, fact_sql
from pipelines.checks.wording import expected, nothing_new, sentence
from pipelines.warehouse.connection import quoted

if TYPE_CHECKING:
    from pipelines.checks.expectations import Asked, Judged

ROWS = "rows_"
"""What names of views of rows begin with."""
LOOKS_ONCE = OF_ROWS | {CheckKind.UNIQUE}
"""Kinds that look at rows once, when they are new, and again only while they fail."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A result as it is stored, with the first run whose rows it covers."""

    result: CheckResult
    definition: str
    run: int
    first_run: int


def judge_checks(
    connection: duckdb.DuckDBPyConnection,
    study: Study,
    checks: Sequence[Check],
    before: Mapping[str, Kept],
    run: int,
    now: datetime,
) -> list[Kept]:
    """Return what every check comes to after a run, in the order of the checks.

    A check looks at the rows that came since it last passed; while it fails it goes on looking at
    the rows it failed on, until they are corrected. One that is new looks at everything.

    Parameters
    ----------
    before
        The latest result of each check, by its definition.
    """
    kept: dict[int, Kept] = {}
    places: dict[int, Place] = {}
    contracts = {stream: contract_for(study, stream) for stream in {c.stream for c in checks}}
    for number, check in enumerate(checks):
        old = before.get(check.definition)
        if old and old.run == run and check.kind in LOOKS_ONCE:
            kept[number] = replace(old, result=replace(old.result, severity=check.severity))
        else:
            first = _first_run(old, run)
            places[number] = Place(contracts[check.stream], first, now, study.timeless)
    found = _found(connection, {n: (checks[n], place) for n, place in places.items()})
    doubted = {
        n: (checks[n], replace(places[n], exact=True))
        for n, one in found.items()
        if checks[n].kind is CheckKind.UNIQUE and one.success is False
    }
    found |= _found(connection, doubted)
    for number, judged in found.items():
        check = checks[number]
        result = _result(check, judged, before.get(check.definition))
        kept[number] = Kept(result, check.definition, run, places[number].first_run)
    return [kept[number] for number in range(len(checks))]


def _first_run(old: Kept | None, run: int) -> int:
    if old is None:
        return 1
    if old.run == run or old.result.status in (Status.FAIL, Status.ERROR):
        return old.first_run
    return old.run + 1


def _found(
    connection: duckdb.DuckDBPyConnection, wanted: Mapping[int, tuple[Check, Place]]
) -> dict[int, Judged]:
    """Return what Great Expectations finds, by number."""
    if not wanted:
        return {}
    # Seconds to import: only now that there is something to judge.
    from pipelines.checks.expectations import Judged, judge

    with connection.cursor() as cursor:
        asked: dict[int, Asked] = {}
        found: dict[int, Judged] = {}
        for view, (members, query) in _views(wanted).items():
            try:
                _lay_out(cursor, view, query)
            except duckdb.Error as fault:
                told = str(fault).strip().split("\n")[0]
                found |= {number: Judged(None, fault=told) for number in members}
            else:
                asked |= _asked(view, members, wanted)
        judged = judge(cursor, list(asked.values()))
    return found | dict(zip(asked, judged, strict=True))


def _lay_out(cursor: duckdb.DuckDBPyConnection, view: str, query: str) -> None:
    """Make what an expectation looks at: rows as a view, facts as a table, counted once.

    A study's own query may be among them, so the warehouse itself may only be read.
    """
    what = "VIEW" if view.startswith(ROWS) else "TABLE"
    cursor.execute("BEGIN TRANSACTION READ ONLY")
    try:
        cursor.execute(f"CREATE OR REPLACE TEMP {what} {view} AS {query}")
    except duckdb.Error:
        cursor.execute("ROLLBACK")
        raise
    cursor.execute("COMMIT")


def _asked(
    view: str, members: Mapping[int, str], wanted: Mapping[int, tuple[Check, Place]]
) -> dict[int, Asked]:
    from pipelines.checks.expectations import Asked

    return {number: Asked(wanted[number][0], view, column) for number, column in members.items()}


def _views(
    wanted: Mapping[int, tuple[Check, Place]],
) -> dict[str, tuple[dict[int, str], str]]:
    """Return the views that are needed: name to (column of each check by number, query).

    One view holds the rows of a stream since a run, one all facts about a stream; a study's own
    query has a view to itself, so that a mistake in it harms no other check.
    """
    members: dict[str, dict[int, str]] = {}
    facts: dict[str, list[str]] = {}
    rows: dict[str, tuple[StreamContract, int, list[str]]] = {}
    for number, (check, place) in wanted.items():
        if check.kind in OF_ROWS:
            view = f"{ROWS}{place.table}_{place.first_run}"
            _, _, derived = rows.setdefault(view, (place.contract, place.first_run, []))
            column = check.field
            if check.setting("from_text"):
                column = f"{check.name} as number"
                derived.append(f"{_as_number(check)} AS {quoted(column)}")
            members.setdefault(view, {})[number] = column
        else:
            single = check.kind is CheckKind.SQL
            view = f"sql_{number}" if single else f"facts_{place.table}"
            facts.setdefault(view, []).append(f"({fact_sql(check, place)}) c{number}")
            members.setdefault(view, {})[number] = f"c{number}"
    queries = {
        view: f"SELECT {', '.join([*_columns(contract), *derived])} FROM {contract.stream.value}"
        f" WHERE run >= {first}"
        for view, (contract, first, derived) in rows.items()
    }
    for view, parts in facts.items():
        shown = ", ".join(_shares(column) for column in members[view].values())
        queries[view] = f"SELECT {shown} FROM {', '.join(parts)}"
    return {view: (members[view], query) for view, query in queries.items()}


def _columns(contract: StreamContract) -> list[str]:
    return [quoted(field.name) for field in contract.fields]


def _shares(c: str) -> str:
    names = ", ".join(f"{c}.{name} AS {c}_{name}" for name in ("unexpected", "n", "detail"))
    return f"{names}, CAST({c}.unexpected AS DOUBLE) / greatest({c}.n, 1) AS {c}_share"


def _as_number(check: Check) -> str:
    """Return a text as a number; one that is none lies outside whatever range is asked for."""
    text = quoted(check.field)
    beyond = "'-infinity'" if check.setting("minimum") is not None else "'infinity'"
    number = f"TRY_CAST({text} AS DOUBLE)"
    return f"CASE WHEN {text} IS NOT NULL THEN coalesce({number}, {beyond}::DOUBLE) END"


def _result(check: Check, judged: Judged, old: Kept | None) -> CheckResult:
    status, told = _status(check, judged), ""
    if status is Status.NO_DATA and check.kind in LOOKS_ONCE and old:
        # Nothing new to look at; what failed before has been corrected or taken out.
        status = Status.NO_DATA if old.result.status is Status.NO_DATA else Status.PASS
        told = nothing_new(check.stream) if status is Status.PASS else ""
    detail = judged.fault if status is Status.ERROR else judged.detail
    return CheckResult(
        check.name,
        Stream(check.stream),
        check.kind,
        check.field,
        check.severity,
        status,
        told or sentence(check, status, judged.unexpected, judged.n, detail),
        expected(check),
        judged.unexpected,
        judged.n,
    )


def _status(check: Check, judged: Judged) -> Status:
    if judged.success is None:
        return Status.ERROR
    if not judged.n and check.kind is not CheckKind.SQL:
        return Status.NO_DATA
    return Status.PASS if judged.success else Status.FAIL
