"""Every kind of check: one that passes, one that fails, and what it says."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from data_contracts.data_words import CheckKind, Severity
from data_contracts.findings import CheckResult
from data_contracts.study.model import Study
from data_contracts.vocabulary import Status, Stream
from pipelines.checks.declared import declared_problems
from pipelines.checks.judging import Kept, judge_checks
from pipelines.checks.suite import suites_of
from pipelines.warehouse.tables import ensure_tables

NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


class House:
    """A warehouse in memory, and the checks of one study on it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, document: dict[str, Any]) -> None:
        self.connection = connection
        self.document = copy.deepcopy(document)
        self.study = Study.model_validate(self.document)
        self.before: dict[str, Kept] = {}
        self.run = 1
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        ensure_tables(connection, self.study)

    def expect(self, **checks: Any) -> None:
        """Declare what is expected of the decisions."""
        self.document["checks"] = {"decisions": checks}
        self.study = Study.model_validate(self.document)
        assert list(declared_problems(self.study)) == []

    def add(self, stream: str, *rows: dict[str, Any], run: int = 1) -> None:
        """Store records as ingest would."""
        base = {
            "decisions": {
                "decided_at": DAY,
                "decision": "yes",
                "segment_region": "north",
                "feature_age": "40",
                "feature_code": "A1",
            },
            "recommendations": {
                "candidate": "bot",
                "model_version": "1",
                "recommended_at": DAY,
                "recommendation": "yes",
                "answer": "answered",
            },
            "outcomes": {"name": "outcome", "observed_at": DAY, "outcome": "yes"},
        }[stream]
        for row in rows:
            whole = {**base, **row, "run": run}
            names = ", ".join(f'"{name}"' for name in whole)
            marks = ", ".join("?" for _ in whole)
            self.connection.execute(
                f"INSERT INTO {stream} ({names}) VALUES ({marks})", list(whole.values())
            )

    def results(self, now: datetime = NOW) -> dict[str, CheckResult]:
        """Check as after a run, and return the results as `stream.check`."""
        checks = [check for suite in suites_of(self.study) for check in suite.checks]
        kept = judge_checks(self.connection, self.study, checks, self.before, self.run, now)
        self.before = {**self.before, **{one.definition: one for one in kept}}
        return {f"{one.result.stream}.{one.result.name}": one.result for one in kept}

    def status(self, name: str) -> tuple[Status, int, int]:
        """Return status, unexpected and n of one check."""
        found = self.results()[name]
        return found.status, found.unexpected, found.n


@pytest.fixture
def house(study: Study) -> Iterator[House]:
    """Return a warehouse with four decisions."""
    document = study.model_dump(mode="json", by_alias=True)
    document["features"] = {"age": "age", "code": "code"}
    with duckdb.connect() as connection:
        made = House(connection, document)
        made.add("decisions", *({"decision_id": f"case-{i}"} for i in range(4)))
        yield made


def test_an_innocent_study_fails_nothing(house: House) -> None:
    house.add("recommendations", {"decision_id": "case-1"}, {"decision_id": "of tomorrow"})
    found = house.results().values()
    wrong = [one.sentence for one in found if one.status in (Status.FAIL, Status.ERROR)]
    assert wrong == []
    assert {one.severity for one in found if one.kind is CheckKind.UNIQUE} == {Severity.CRITICAL}


def test_keys_of_streams_are_unique(house: House) -> None:
    assert house.status("decisions.unique") == (Status.PASS, 0, 4)
    house.run = 2
    house.add("decisions", {"decision_id": "case-1"}, run=2)
    found = house.results()["decisions.unique"]
    assert (found.status, found.severity) == (Status.FAIL, Severity.CRITICAL)
    assert found.sentence == "1 of 1 row of decisions repeats the key of another."
    assert "`decision_id`" in found.expected


def test_keys_are_unique_within_one_run(house: House) -> None:
    house.add("decisions", {"decision_id": "case-1"}, {"decision_id": "case-1"})
    assert house.status("decisions.unique") == (Status.FAIL, 1, 6)


def test_of_very_many_keys_a_slice_is_compared(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.checks.facts.SLICED_ABOVE", 10)
    house.add("decisions", *({"decision_id": f"more-{i}"} for i in range(400)))
    status, unexpected, n = house.status("decisions.unique")
    assert (status, unexpected) == (Status.PASS, 0)
    assert 20 < n < 90
    house.before = {}
    house.add("decisions", *({"decision_id": f"more-{i}"} for i in range(0, 400, 4)))
    assert house.status("decisions.unique") == (Status.FAIL, 100, 504), "then all of them"


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"decision": None}, "decision.required"),
        ({"decision": "perhaps"}, "decision.allowed"),
    ],
)
def test_what_ingest_enforces_is_checked_again(
    house: House, row: dict[str, Any], name: str
) -> None:
    assert house.status(f"decisions.{name}") == (Status.PASS, 0, 4)
    house.run = 2
    house.add("decisions", {"decision_id": "new", **row}, run=2)
    found = house.results()[f"decisions.{name}"]
    assert (found.status, found.unexpected, found.n) == (Status.FAIL, 1, 1)
    assert found.severity is Severity.CRITICAL


def test_a_column_of_another_type_is_told(house: House) -> None:
    assert house.status("decisions.types") == (Status.PASS, 0, 11)
    house.connection.execute("ALTER TABLE decisions ALTER decision TYPE BIGINT USING 1")
    house.connection.execute("ALTER TABLE decisions ALTER decided_at TYPE TIMESTAMP")
    found = house.results()["decisions.types"]
    assert (found.status, found.severity) == (Status.FAIL, Severity.CRITICAL)
    assert found.sentence.startswith("`decided_at` and `decision` of decisions are stored as")


def test_a_negative_latency_is_out_of_range(house: House) -> None:
    name = "recommendations.latency_ms.range"
    house.add("recommendations", {"decision_id": "case-1", "latency_ms": 0.0})
    assert house.status(name) == (Status.PASS, 0, 1)
    house.run = 2
    house.add("recommendations", {"decision_id": "case-2", "latency_ms": -1.0}, run=2)
    assert house.status(name) == (Status.FAIL, 1, 1)


def test_missing_values_have_a_limit(house: House) -> None:
    house.expect(fields={"region": {"missing_at_most": 0.2}})
    assert house.status("decisions.segment_region.missing") == (Status.PASS, 0, 4)
    house.before = {}
    house.add("decisions", {"decision_id": "new", "segment_region": None})
    assert house.status("decisions.segment_region.missing") == (Status.PASS, 1, 5)
    house.before = {}
    house.add("decisions", {"decision_id": "newer", "segment_region": None})
    found = house.results()["decisions.segment_region.missing"]
    assert found.sentence == (
        "2 of 6 rows of decisions have no value in segment `region`; at most 20% may."
    )


DECLARED: list[tuple[dict[str, Any], str, list[str | None], list[str | None]]] = [
    ({"allowed": ["a", "b"]}, "allowed.declared", ["a", None], ["a", "c"]),
    ({"pattern": "^[A-Z][0-9]+$"}, "pattern", ["A1", None], ["A1", "1A"]),
    ({"minimum": 18, "maximum": 99}, "range.declared", ["18", "99", None], ["17.5", "20"]),
    ({"minimum": 18}, "range.declared", ["18"], ["old"]),
    ({"maximum": 99}, "range.declared", ["-5"], ["old"]),
    ({"minimum": 0, "tolerance": 0.5}, "range.declared", ["1", "-1"], ["-1", "-2", "1"]),
]


@pytest.mark.parametrize(("wanted", "kind", "good", "bad"), DECLARED)
def test_what_a_study_declares_of_a_field(
    house: House,
    wanted: dict[str, Any],
    kind: str,
    good: list[str | None],
    bad: list[str | None],
) -> None:
    house.connection.execute("DELETE FROM decisions")
    house.expect(fields={"age": {**wanted, "severity": "critical"}})
    house.add(
        "decisions", *({"decision_id": f"g{i}", "feature_age": v} for i, v in enumerate(good))
    )
    found = house.results()[f"decisions.feature_age.{kind}"]
    assert (found.status, found.severity) == (Status.PASS, Severity.CRITICAL), found
    house.run = 2
    house.add(
        "decisions",
        *({"decision_id": f"b{i}", "feature_age": v} for i, v in enumerate(bad)),
        run=2,
    )
    found = house.results()[f"decisions.feature_age.{kind}"]
    assert found.status is Status.FAIL
    assert "feature `age`" in found.sentence
    assert not any(v in found.sentence for v in bad if v and len(v) > 2), "no values in sentences"


def test_outcomes_and_recommendations_are_about_known_decisions(house: House) -> None:
    old, young = DAY - timedelta(days=2), DAY
    house.add("outcomes", {"decision_id": "case-1", "observed_at": old})
    house.add("outcomes", {"decision_id": "on its way", "observed_at": young})
    assert house.status("outcomes.reference") == (Status.PASS, 0, 1)
    house.add("outcomes", {"decision_id": "stranger", "observed_at": old})
    found = house.results()["outcomes.reference"]
    assert (found.status, found.severity) == (Status.FAIL, Severity.WARNING)
    assert found.sentence == (
        "1 of 2 rows of outcomes old enough is about no known decision; at most 5% may be."
    )


def test_freshness_is_asked_for_and_told_in_hours(house: House) -> None:
    assert "decisions.freshness" not in house.results()
    house.expect(freshness={"hours": 24})
    fresh = house.results(DAY + timedelta(hours=23))["decisions.freshness"]
    stale = house.results(DAY + timedelta(hours=25))["decisions.freshness"]
    assert (fresh.status, stale.status) == (Status.PASS, Status.FAIL)
    assert "25.0 hours old; at most 24" in stale.sentence


def volume(house: House, days: dict[int, int], usual: int = 40) -> CheckResult:
    house.connection.execute("DELETE FROM decisions")
    for day in range(42):
        start = DAY + timedelta(days=day)
        house.connection.execute(
            "INSERT INTO decisions (decision_id, decided_at, decision, run)"
            " SELECT ? || i, ?, 'yes', 1 FROM range(?) t(i)",
            [f"{day}-", start, days.get(day, usual)],
        )
    return house.results()["decisions.volume"]


@pytest.mark.parametrize(
    ("days", "status", "says"),
    [
        ({}, Status.PASS, "7 days"),
        ({41: 3}, Status.PASS, "7 days"),  # the newest day may not be over
        ({38: 0}, Status.FAIL, "0 on 2026-04-09, where about 40"),
        ({38: 200}, Status.FAIL, "200 on 2026-04-09"),
        ({38: 21}, Status.PASS, "7 days"),
        ({17: 0, 38: 40}, Status.PASS, "7 days"),  # one odd day in history is outvoted
    ],
)
def test_volume_goes_by_the_same_weekday(
    house: House, days: dict[int, int], status: Status, says: str
) -> None:
    found = volume(house, days)
    assert found.status is status, found
    assert says in found.sentence


def test_volume_of_few_records_may_vary(house: House) -> None:
    assert volume(house, {38: 0}, usual=5).status is Status.PASS


def test_volume_needs_weeks_of_history(house: House) -> None:
    assert house.status("decisions.volume")[0] is Status.NO_DATA


def read(house: House, run: int, read: int, *fields: str) -> None:
    house.connection.execute(
        "INSERT INTO sources (run, stream, state, read, rejected)"
        " VALUES (?, 'decisions', 'ingested', ?, ?)",
        [run, read, len(fields)],
    )
    for field in fields:
        house.connection.execute(
            "INSERT INTO quarantine (run, stream, field) VALUES (?, 'decisions', ?)", [run, field]
        )


def test_rows_set_aside_have_a_limit_and_name_their_field(house: House) -> None:
    read(house, 1, 200, "decided_at", "decided_at")
    assert house.status("decisions.set_aside") == (Status.PASS, 2, 200)
    read(house, 2, 100, "decided_at", "decided_at")
    house.run = 2
    found = house.results()
    assert found["decisions.set_aside"].sentence == (
        "2 of 100 rows of decisions read last were set aside; at most 1% may be."
    )
    assert found["decisions.decided_at.set_aside"].status is Status.FAIL
    assert found["decisions.decision.set_aside"].status is Status.PASS


SQL = {
    "name": "north",
    "query": "SELECT * FROM decisions WHERE segment_region = 'south' -- wrong ones\n;",
    "sentence": "Some cases are in the south.",
    "severity": "critical",
}


def test_a_check_in_sql(house: House) -> None:
    house.expect(sql=[SQL])
    assert house.status("decisions.sql.north") == (Status.PASS, 0, 4)
    house.add("decisions", {"decision_id": "new", "segment_region": "south"})
    found = house.results()["decisions.sql.north"]
    assert (found.status, found.severity) == (Status.FAIL, Severity.CRITICAL)
    assert found.sentence == "Some cases are in the south (1 row of decisions)."


def test_a_check_in_sql_can_look_at_new_rows_only(house: House) -> None:
    house.expect(sql=[{**SQL, "query": "FROM new_rows WHERE decision_id = 'case-1'"}])
    assert house.status("decisions.sql.north")[0] is Status.FAIL
    house.connection.execute("UPDATE decisions SET decision_id = 'x' WHERE decision_id = 'case-1'")
    house.run = 2
    assert house.status("decisions.sql.north")[0] is Status.PASS, "the rows that failed, again"
    house.connection.execute("UPDATE decisions SET decision_id = 'case-1' WHERE decision_id = 'x'")
    house.run = 3
    assert house.status("decisions.sql.north")[0] is Status.PASS, "rows that passed are old"


def test_a_mistake_in_sql_is_an_error_of_that_check_alone(house: House) -> None:
    house.expect(sql=[{**SQL, "query": "SELECT * FROM nowhere"}])
    found = house.results()
    assert found["decisions.sql.north"].status is Status.ERROR
    assert "nowhere" in found["decisions.sql.north"].sentence
    assert found["decisions.unique"].status is Status.PASS


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM decisions RETURNING *) SELECT * FROM gone",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM query('DELETE FROM decisions')",
    ],
)
def test_a_check_in_sql_changes_nothing_and_reads_no_file(house: House, query: str) -> None:
    house.connection.execute("SET enable_external_access = false")
    house.expect(sql=[{**SQL, "query": query}])
    assert house.results()["decisions.sql.north"].status is Status.ERROR
    assert house.connection.execute("SELECT count(*) FROM decisions").fetchall() == [(4,)]


# --- which rows are looked at -------------------------------------------------------------------


def test_a_row_is_looked_at_once(house: House) -> None:
    house.results()
    house.connection.execute("UPDATE decisions SET decision = NULL")
    house.run = 2
    house.add("decisions", {"decision_id": "new"}, run=2)
    assert house.status("decisions.decision.required") == (Status.PASS, 0, 1)


def test_a_failure_stands_until_the_rows_are_corrected(house: House) -> None:
    house.add("decisions", {"decision_id": "bad", "decision": None})
    assert house.status("decisions.decision.required") == (Status.FAIL, 1, 5)
    house.run = 2
    house.add("decisions", {"decision_id": "new"}, run=2)
    assert house.status("decisions.decision.required") == (Status.FAIL, 1, 6)
    house.run = 3
    house.connection.execute("UPDATE decisions SET decision = 'no', run = 3 WHERE decision IS NULL")
    assert house.status("decisions.decision.required") == (Status.PASS, 0, 6)
    house.run = 4
    found = house.results()["decisions.decision.required"]
    assert (found.status, found.n) == (Status.PASS, 0)
    assert "No rows of decisions are new" in found.sentence


def test_runs_that_were_not_checked_are_made_up_for(house: House) -> None:
    house.results()
    house.add("decisions", {"decision_id": "bad", "decision": None}, run=2)
    house.run = 3
    assert house.status("decisions.decision.required") == (Status.FAIL, 1, 1)


def test_a_new_check_looks_at_everything_and_another_severity_at_nothing(house: House) -> None:
    house.results()
    house.expect(fields={"region": {"allowed": ["south"]}})
    name = "decisions.segment_region.allowed.declared"
    assert house.status(name) == (Status.FAIL, 4, 4)
    house.connection.execute("DELETE FROM decisions")
    house.expect(fields={"region": {"allowed": ["south"], "severity": "critical"}})
    found = house.results()[name]
    assert (found.status, found.n, found.severity) == (Status.FAIL, 4, Severity.CRITICAL)


# --- suites and mistakes ------------------------------------------------------------------------


def test_suites_are_the_same_text_every_time_and_names_are_unique(study: Study) -> None:
    first, second = (
        suites_of(study),
        suites_of(Study.model_validate(study.model_dump(by_alias=True))),
    )
    assert [one.text for one in first] == [one.text for one in second]
    assert [one.stream for one in first] == [
        Stream.DECISIONS,
        Stream.RECOMMENDATIONS,
        Stream.OUTCOMES,
    ]
    for suite in first:
        names = [check.name for check in suite.checks]
        assert len(set(names)) == len(names)
    assert len({one.hash for one in first}) == 3


def test_a_timeless_study_asks_for_no_times(study: Study) -> None:
    document = study.model_dump(mode="json", by_alias=True)
    document["outcome"]["matures_after_days"] = 0
    timeless = Study.model_validate({**document, "timeless": True})
    kinds = {(c.kind, c.field) for suite in suites_of(timeless) for c in suite.checks}
    assert not {CheckKind.VOLUME, CheckKind.FRESHNESS} & {kind for kind, _ in kinds}
    assert (CheckKind.REQUIRED, "decided_at") not in kinds


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"fields": {"regoin": {}}}, "fields.regoin", "region"),
    ({"fields": {"decided_at": {"minimum": 3}}}, "fields.decided_at.minimum", "holds a time"),
    ({"fields": {"region": {"pattern": "(?=a)"}}}, "fields.region.pattern", "RE2"),
    ({"sql": [{**SQL, "query": "DROP TABLE decisions"}]}, "sql.0.query", "a DROP statement"),
    ({"sql": [{**SQL, "query": "SELECT 1; SELECT 2"}]}, "sql.0.query", "2 statements"),
    ({"sql": [{**SQL, "query": "SELEC 1"}]}, "sql.0.query", "no SQL"),
    ({"sql": [SQL, SQL]}, "sql.1.name", "used once"),
]


@pytest.mark.parametrize(("checks", "path", "says"), MISTAKES)
def test_mistakes_are_found_before_anything_runs(
    study: Study, checks: dict[str, Any], path: str, says: str
) -> None:
    document = study.model_dump(mode="json", by_alias=True)
    document["checks"] = {"decisions": checks}
    problems = list(declared_problems(Study.model_validate(document)))
    told = {".".join(map(str, p.path)): f"{p.found} {p.expected} {p.hint}" for p in problems}
    assert says in told[f"checks.decisions.{path}"], told


# --- through the command line -------------------------------------------------------------------

Make = Callable[..., Any]
ODD_REGION = {"fields": {"region": {"allowed": ["north"], "severity": "critical"}}}


def test_a_critical_failure_blocks_the_verdict_and_says_why(make_place: Make) -> None:
    place = make_place(checks={"decisions": ODD_REGION})
    done = place.understudy("run", check=3)
    says = "30 of 60 rows of decisions have a value in segment `region` that is not allowed."
    assert "BLOCKED" in done.stdout
    assert f"The data cannot be trusted yet: a critical check has failed: {says}" in done.stdout
    shown = place.understudy("checks", check=3).stdout
    assert shown.splitlines()[0].startswith("failed   critical  decisions.segment_region")
    assert says in shown
    assert place.evidence("SELECT count(*) FROM checks WHERE status = 'FAIL'") == [(1,)]
    assert place.evidence("SELECT status, reason FROM gates WHERE kind = 'checks'") == [
        ("FAIL", "checks_failed")
    ]


def test_a_warning_is_told_and_blocks_nothing(make_place: Make) -> None:
    warned = {"fields": {"region": {"allowed": ["north"]}}}
    place = make_place(checks={"decisions": warned})
    done = place.understudy("run")
    assert "COLLECTING" in done.stdout
    assert "Warning: 30 of 60 rows" in done.stdout
    assert "warning" in place.understudy("checks").stdout


def test_a_policy_may_let_warnings_block(make_place: Make) -> None:
    gates = [{"kind": "books"}, {"kind": "checks", "blocks": "warning"}]
    gates.append({"kind": "noninferiority", "margin": 0.05})
    place = make_place(
        checks={"decisions": {"fields": {"region": {"allowed": ["north"]}}}},
        policy={"gates": gates},
    )
    assert "BLOCKED" in place.understudy("run", check=3).stdout
    assert place.evidence("SELECT count(*) FROM gates WHERE kind = 'checks'") == [(1,)]


def test_checks_are_made_by_ingest_once_and_by_evaluate_when_they_are_missing(place: Any) -> None:
    place.understudy("ingest")
    first = place.query("SELECT run, checked_at FROM checks")
    assert {run for run, _ in first} == {1}
    place.understudy("evaluate")
    assert place.query("SELECT run, checked_at FROM checks") == first
    with duckdb.connect(str(place.root / "state" / "warehouse.duckdb")) as warehouse:
        warehouse.execute("DELETE FROM checks")  # as if the process had died before them
    place.understudy("evaluate")
    assert len(place.query("SELECT * FROM checks")) == len(first)


def test_suites_are_kept_as_text_and_change_with_the_study(place: Any) -> None:
    place.understudy("run")
    folder = place.root / "state" / "checks"
    assert sorted(file.name for file in folder.iterdir()) == [
        "decisions.yaml",
        "outcomes.yaml",
        "recommendations.yaml",
    ]
    texts = [
        (folder / f"{s}.yaml").read_text() for s in ("decisions", "recommendations", "outcomes")
    ]
    assert place.understudy("checks", "--suite").stdout == "---\n".join(texts)
    suites = dict(place.query("SELECT DISTINCT stream, suite FROM checks"))
    file = place.root / "study.yaml"
    file.write_text(file.read_text() + "\nchecks:\n  decisions:\n    set_aside_at_most: 0.02\n")
    place.understudy("evaluate")
    changed = dict(place.query("SELECT DISTINCT stream, suite FROM checks"))
    assert {stream for stream in suites if suites[stream] != changed[stream]} == {"decisions"}
    assert "0.02" in (folder / "decisions.yaml").read_text()


def test_checks_before_any_run_say_what_to_do(place: Any) -> None:
    assert "understudy run" in place.understudy("checks", check=1).stderr


def test_mistakes_in_checks_are_told_with_their_line(make_place: Make) -> None:
    place = make_place(checks={"decisions": {"fields": {"regoin": {"allowed": [True]}}}})
    done = place.understudy("check", check=1)
    assert "line " in done.stderr
    assert "allowed" in done.stderr
    file = place.root / "study.yaml"
    file.write_text(file.read_text().replace("- true", '- "yes"'))
    assert 'did you mean "region"?' in place.understudy("check", check=1).stderr
