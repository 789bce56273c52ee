"""`kill -9` at any moment of a run: nothing is lost or doubled, and evidence stays whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# A process of its own that has imported everything and forks: a kill costs a quarter of a second.
PROGRAM = """
import json, os, signal, sys, time
from pathlib import Path
import duckdb
import pipelines.ingest.pipeline, pipelines.assessment.evaluate, pipelines.checks.expectations
from pipelines.runs import run_study
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder

root, kills = Path(sys.argv[1]), int(sys.argv[2])
folder = StudyFolder.at(root)

def run(kill_after=None):
    child = os.fork()
    if child == 0:
        try:
            run_study(folder, read_study(folder))
            os._exit(0)
        except BaseException as fault:
            print(repr(fault), file=sys.stderr, flush=True)
            os._exit(1)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status)

def look():
    found = {}
    def count(con, name, query):
        found[name] = con.execute("SELECT " + query).fetchall()[0][0]
    whole = "coalesce(sum(n), 0)::BIGINT FROM {} WHERE cut = 'all'"
    with duckdb.connect(str(folder.warehouse), read_only=True) as con:
        for table in ("decisions", "recommendations", "outcomes", "runs", "touched_days"):
            count(con, table, f"count(*) FROM {table}")
        count(con, "unchecked",
              "count(*) FROM runs WHERE run NOT IN (SELECT run FROM checks)")
        count(con, "unbalanced", "count(*) FROM books WHERE NOT balanced")
        count(con, "doubled", "count(*) - count(DISTINCT decision_id) FROM decisions")
        count(con, "ledger",
              "coalesce(sum(accepted), 0)::BIGINT FROM sources WHERE stream = 'decisions'")
        count(con, "measured", whole.format("measures.outcome_counts"))
    with duckdb.connect(str(folder.evidence_link.resolve()), read_only=True) as con:
        count(con, "published", whole.format("outcome_counts"))
        count(con, "verdicts", "count(*) FROM verdicts")
    return found

assert run() == (False, 0)
started = time.perf_counter()
sys.path.insert(0, str(Path(sys.argv[3]).parent))
from conftest import write_day
write_day(root / "data", 50, 400)
assert run() == (False, 0)
length = time.perf_counter() - started
trials = []
for number in range(kills):
    write_day(root / "data", 60 + number, 400)
    killed, code = run(kill_after=length * 1.1 * (number + 0.5) / kills)
    after_kill = look()
    finished = run()
    trials.append({"killed": killed, "code": code, "after_kill": after_kill,
                   "finished": finished, "after": look()})
print(json.dumps(trials))
"""


def test_killed_at_any_moment(make_place: Callable[..., Any], tmp_path: Path) -> None:
    place = make_place(days=1, cases=400)
    kills = 16
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM,
            str(place.root),
            str(kills),
            str(Path(__file__).with_name("conftest.py")),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    trials = json.loads(done.stdout.splitlines()[-1])
    known = 800
    for trial in trials:
        held = trial["after_kill"]
        assert held["decisions"] in (known, known + 400)
        assert held["decisions"] == held["ledger"], "records and ledger land together"
        assert held["doubled"] == held["unbalanced"] == 0
        assert held["published"] in (known, known + 400), "evidence is one publication, whole"
        known += 400
        assert trial["finished"] == [False, 0]
        after = trial["after"]
        assert (after["decisions"], after["recommendations"], after["outcomes"]) == (known,) * 3
        assert after["measured"] == after["published"] == known
        assert after["touched_days"] == after["doubled"] == after["unchecked"] == 0
    assert sum(trial["killed"] for trial in trials) >= kills // 2, (
        "most kills met a running process"
    )


def test_leftovers_of_a_killed_run_are_cleared(place: Any) -> None:
    place.understudy("run")
    staging = place.root / "state" / "staging"
    staging.mkdir()
    (staging / "orphan.parquet").write_bytes(b"half a part")
    draft = place.root / "state" / "evidence-000002.draft"
    draft.write_bytes(b"half a publication")
    place.write_day(3)
    place.understudy("run")
    assert not staging.exists()
    assert not draft.exists()
    assert place.counts() == (80, 80, 80, 0)
