"""A purge removes records down to the last byte, keeps their counts, and the verdict as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

BEFORE = "2026-03-04"
"""Of four days from 2026-03-02 on, two are purged."""
OLD = ("case-000-", "case-001-", "tomorrow", "dunno-000")

PROGRAM = """
import json, os, signal, sys, time
from datetime import date
from pathlib import Path
import duckdb
import pipelines.ingest.pipeline, pipelines.assessment.evaluate
from pipelines.runs import purge_study, run_study
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder

folder = StudyFolder.at(Path(sys.argv[1]))
study = read_study(folder)

def run(day, kill_after=None):
    child = os.fork()
    if child == 0:
        try:
            purge_study(folder, study, day)
            os._exit(0)
        except BaseException as fault:
            print(repr(fault), file=sys.stderr, flush=True)
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)

def look():
    with duckdb.connect(str(folder.warehouse), read_only=True) as con:
        one = lambda q: con.execute(q).fetchall()[0][0]
        return {
            "decisions": one("SELECT count(*) FROM decisions"),
            "purged": one("SELECT coalesce(sum(decisions), 0)::BIGINT FROM purged_days"),
            "doubled": one("SELECT count(*) - count(DISTINCT cohort_day) FROM purged_days"),
            "measured": one("SELECT sum(n)::BIGINT FROM measures.outcome_counts WHERE cut = 'all'"),
        }

days = [date(2026, 3, 3 + n) for n in range(7)]
started = time.perf_counter()
run(days[0])
length = time.perf_counter() - started
trials = []
for number, day in enumerate(days[1:]):
    killed = run(day, length * (number + 0.5) / 6)
    after_kill = look()
    run(day)
    trials.append({"killed": killed, "after_kill": after_kill, "after": look()})
print(json.dumps(trials))
"""


@pytest.fixture
def judged(make_place: Callable[..., Any]) -> Any:
    """Return a judged study of four days, with bad rows and a revision on the first."""
    place = make_place(days=4)
    data = place.root / "data"
    with (data / "decisions" / "2026-03-02.csv").open("a") as file:
        file.write("case-000-bad,tomorrow,yes,north\n")
    with (data / "recommendations" / "2026-03-02.jsonl").open("a") as file:
        record = {"decision_id": "case-000-0000", "recommended_at": "2026-03-02T10:00:01Z"}
        file.write(json.dumps({**record, "recommendation": "dunno-000"}) + "\n")
    (data / "decisions" / "revised.csv").write_text(
        "decision_id,decided_at,decision,region,recorded_at\n"
        "case-000-0001,2026-03-02T00:20:00Z,yes,south,2026-03-03T00:00:00Z\n"
    )
    place.understudy("run", check=None)
    return place


def _verdict(place: Any) -> Any:
    status = place.status()
    return {key: status[key] for key in ("verdict", "candidates", "first_day", "data_to")}


def _purge(place: Any, *words: str, check: int | None = 0) -> Any:
    return place.understudy("purge", "--before", BEFORE, *words, check=check)


def test_records_go_to_the_last_byte_and_the_verdict_stays(
    judged: Any, secrets_search: Any
) -> None:
    before, counts = _verdict(judged), judged.query("FROM measures.outcome_counts ORDER BY ALL")
    findings = judged.evidence("FROM findings ORDER BY ALL")
    sources = ("data", "study.yaml")
    with duckdb.connect(str(judged.root / "state" / "warehouse.duckdb")) as con:
        con.execute(
            "CREATE TABLE other (decision_id VARCHAR); CREATE TABLE keyed (record VARCHAR[])"
        )
        con.execute("INSERT INTO other SELECT decision_id FROM decisions")
        con.execute("INSERT INTO keyed SELECT [decision_id, 'x'] FROM decisions")
    assert {s for s, _ in secrets_search.in_folder(judged.root, OLD, sources)} == set(OLD)
    said = _purge(judged, "--dry-run").stdout
    assert "2026-03-02 to 2026-03-03" in said
    assert "Nothing was removed" in said
    assert judged.query("SELECT count(*) FROM purges") == [(0,)]
    _purge(judged, check=2)  # nobody can be asked
    _purge(judged, "--yes")
    assert _verdict(judged) == before
    assert judged.evidence("FROM findings ORDER BY ALL") == findings
    assert judged.query("FROM measures.outcome_counts ORDER BY ALL") == counts
    assert judged.counts() == (40, 40, 40, 2)
    assert judged.query("SELECT count(*) FROM other") == [(40,)]
    assert judged.query("SELECT count(*) FROM keyed") == [(40,)]
    assert not secrets_search.in_folder(judged.root, OLD, sources)
    purged = "SELECT stream, records FROM purges WHERE records > 0 ORDER BY ALL"
    assert judged.evidence(purged) == [
        ("decisions", 41),
        ("outcomes", 40),
        ("quarantine", 2),
        ("recommendations", 40),
    ]
    assert "no records" in _purge(judged, "--yes").stdout


def test_late_records_of_purged_cases_are_counted_and_set_aside(judged: Any) -> None:
    _purge(judged, "--yes")
    data = judged.root / "data"
    head = "decision_id,decided_at,decision,region,recorded_at\n"
    (data / "decisions" / "late.csv").write_text(
        head
        + "case-000-0002,2026-03-02T00:40:00Z,yes,south,2026-03-09T00:00:00Z\n"
        + "case-000-0003,2026-03-05T00:40:00Z,yes,south,2026-03-09T00:00:00Z\n"
        + "never-seen,2026-03-03T00:40:00Z,yes,south,\n"
        + "case-003-0001,2026-03-05T00:20:00Z,yes,south,2026-03-09T00:00:00Z\n"
    )
    (data / "outcomes" / "late.csv").write_text(
        "decision_id,observed_at,outcome\n"
        "case-001-0002,2026-03-09T00:00:00Z,yes\n"
        "never-seen,2026-03-09T00:00:00Z,yes\n"
        "case-002-0002,2026-03-09T00:00:00Z,yes\n"
    )
    old = "SELECT * FROM measures.outcome_counts WHERE cohort_day < '2026-03-04' ORDER BY ALL"
    counts = judged.query(old)
    said = judged.understudy("run", check=None).stdout
    assert "3 decisions are about cases or days that were purged" in said
    assert "2 outcomes are about cases or days that were purged" in said
    assert judged.counts()[:3] == (40, 40, 40)
    assert judged.query(old) == counts
    aside = "SELECT stream, sum(n)::BIGINT FROM quarantine_counts WHERE state = 'purged'"
    assert judged.evidence(f"{aside} GROUP BY ALL ORDER BY ALL") == [
        ("decisions", 3),
        ("outcomes", 2),
    ]
    (gate,) = [g for g in judged.status()["candidates"][0]["gates"] if g["kind"] == "books"]
    assert gate["status"] == "PASS"


def test_a_rebuild_keeps_the_counts_and_takes_no_old_record_in(
    judged: Any, secrets_search: Any
) -> None:
    _purge(judged, "--yes")
    before, counts = _verdict(judged), judged.query("FROM measures.outcome_counts ORDER BY ALL")
    (judged.root / "data" / "decisions" / "2026-03-02.csv").unlink()
    judged.understudy("ingest", "--rebuild")
    judged.understudy("evaluate", check=None)
    assert judged.query("FROM measures.outcome_counts ORDER BY ALL") == counts
    assert judged.counts()[:3] == (40, 40, 40)
    after = _verdict(judged)
    for one in (*before["candidates"], *after["candidates"]):
        one["gates"] = [gate for gate in one["gates"] if gate["kind"] not in ("books", "checks")]
    assert after == before


def test_what_needs_all_days_counted_again_is_refused(judged: Any) -> None:
    _purge(judged, "--yes")
    study, counts = judged.root / "study.yaml", judged.query("FROM measures.outcome_counts")
    text = study.read_text()
    study.write_text(f"{text}starts_on: 2026-03-03\n")
    done = judged.understudy("evaluate", check=1)
    assert f"`starts_on: {BEFORE}`" in done.stderr
    assert judged.query("FROM measures.outcome_counts") == counts
    study.write_text(text)
    judged.understudy("evaluate", check=None)


def test_a_timeless_study_has_no_days(make_place: Callable[..., Any]) -> None:
    place = make_place(days=1, timeless=True, outcome={})
    place.understudy("ingest")
    assert "timeless" in _purge(place, "--yes", check=1).stderr


def test_killed_at_any_moment_leaves_one_whole_warehouse(make_place: Callable[..., Any]) -> None:
    place = make_place(days=8, cases=50)
    place.understudy("run", check=None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(place.root)],
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    trials = json.loads(done.stdout.splitlines()[-1])
    for number, trial in enumerate(trials):
        for moment in ("after_kill", "after"):
            held = trial[moment]
            assert held["decisions"] + held["purged"] == held["measured"] == 400, trial
            assert held["doubled"] == 0
        assert trial["after"]["purged"] == 50 * (number + 2)
    assert any(trial["killed"] for trial in trials)
    state: Path = place.root / "state"
    assert not (state / "rewriting").exists()
    assert b"case-005-" not in (state / "warehouse.duckdb").read_bytes()
