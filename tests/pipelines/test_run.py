"""From files to verdict through the command line, and everything that can be wrong with files."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

Make = Callable[..., Any]


def test_the_whole_way(place: Any) -> None:
    done = place.understudy("run")
    assert "The books balance" in done.stdout
    assert "COLLECTING" in done.stdout
    assert place.counts() == (60, 60, 60, 0)
    status = place.status()
    assert status["verdict"] == "COLLECTING"
    assert {gate["gate"] for gate in status["candidates"][0]["gates"]} == {
        "books",
        "pairing",
        "duration",
        "noninferiority",
        "checks",
    }


def test_no_colour_codes_when_not_on_a_terminal(place: Any) -> None:
    done = place.understudy("run")
    assert "\x1b" not in done.stdout + done.stderr


def test_quiet_prints_the_verdict_only(place: Any) -> None:
    done = place.understudy("run", "--quiet")
    assert len(done.stdout.strip().splitlines()) == 1
    assert done.stderr == ""


def test_a_second_run_does_nothing(judged: Any) -> None:
    before = judged.status()
    done = judged.understudy("run")
    assert "Nothing new" in done.stdout
    assert judged.status() == before
    assert judged.query("SELECT count(*) FROM runs") == [(1,)]
    assert judged.query("SELECT count(*) FROM verdicts") == [(1,)]


def test_only_new_files_are_read_and_only_their_days_counted(judged: Any) -> None:
    judged.write_day(3)
    done = judged.understudy("run")
    assert "Read 3 of 12 files (9 were known)" in done.stdout
    assert judged.counts() == (80, 80, 80, 0)
    days = judged.query(
        "SELECT cohort_day, sum(n) FROM measures.outcome_counts WHERE cut = 'all' GROUP BY 1"
    )
    assert sorted(n for _, n in days) == [20, 20, 20, 20]


def test_measures_are_the_same_whether_counted_at_once_or_day_by_day(make_place: Make) -> None:
    place = make_place(days=1)
    place.understudy("run")
    for day in (1, 2):
        place.write_day(day)
        place.understudy("run")
    tables = ("outcome_counts", "score_counts", "outcome_lags", "stream_counts", "latency_counts")
    bit_by_bit = [place.query(f"FROM measures.{table} ORDER BY ALL") for table in tables]
    shutil.rmtree(place.root / "state")
    place.understudy("run")
    assert bit_by_bit == [place.query(f"FROM measures.{table} ORDER BY ALL") for table in tables]


def test_a_copied_file_adds_nothing(judged: Any) -> None:
    day = next((judged.root / "data" / "decisions").iterdir())
    shutil.copy(day, day.with_name("copy.csv"))
    assert "Nothing new" in judged.understudy("run").stdout


def test_without_a_case_nothing_is_published_or_registered(place: Any) -> None:
    data = place.root / "data"
    data.rename(place.root / "elsewhere")
    done = place.understudy("run")
    for stream in ("decisions", "recommendations", "outcomes"):
        assert f"No files for `{stream}`: `data/{stream}`" in done.stderr
    assert "Nothing to read: no file was found." in done.stdout
    assert "No verdict yet: there is no decision to judge." in done.stdout
    assert "COLLECTING" not in done.stdout
    assert "registered:" not in done.stdout
    assert "every source file has been read" not in done.stdout
    assert "has no verdict yet" in place.understudy("status", check=None).stderr
    assert "No verdict yet" in place.understudy("watch", "--once").stdout
    assert place.query("SELECT count(*) FROM registrations") == [(0,)]
    shutil.copytree(place.root / "elsewhere" / "outcomes", data / "outcomes")
    done = place.understudy("run")
    assert "No files for `outcomes`" not in done.stderr
    assert "No verdict yet" in done.stdout, "outcomes alone are no case"
    shutil.rmtree(data)
    (place.root / "elsewhere").rename(data)
    done = place.understudy("run")
    assert "No files" not in done.stderr
    assert "The policy was registered" in done.stdout
    assert place.evidence("SELECT evidence_no FROM publication") == [(1,)]


def test_files_that_cannot_be_read_are_a_verdict_even_without_a_case(place: Any) -> None:
    shutil.rmtree(place.root / "data" / "decisions")
    (place.root / "data" / "decisions").mkdir()
    (place.root / "data" / "decisions" / "empty.csv").write_bytes(b"")
    assert "BLOCKED" in place.understudy("run", check=3).stdout
    assert place.status()["verdict"] == "BLOCKED"


def test_two_new_files_with_the_same_content_are_both_accounted_for(place: Any) -> None:
    day = place.root / "data" / "decisions" / "2026-03-02.csv"
    shutil.copy(day, day.with_name("copy.csv"))
    for name in ("empty-1.csv", "empty-2.csv"):
        day.with_name(name).write_bytes(b"")
    done = place.understudy("run", check=3)
    assert "80 = 60 + 20 + 0" in done.stdout
    assert "empty-1.csv" in done.stderr
    assert "empty-2.csv" in done.stderr


def test_the_same_records_in_another_file_are_duplicates(judged: Any) -> None:
    day = next((judged.root / "data" / "decisions").iterdir())
    lines = day.read_text().splitlines()
    day.with_name("again.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    done = judged.understudy("run")
    assert "20 = 0 + 20 + 0" in done.stdout
    assert judged.counts() == (60, 60, 60, 0)


def test_a_revised_decision_replaces_the_old_one_and_is_kept(judged: Any) -> None:
    file = judged.root / "data" / "decisions" / "2026-03-02.csv"
    header, first, *_ = file.read_text().splitlines()
    changed = first.replace(",yes,", ",X,").replace(",no,", ",yes,").replace(",X,", ",no,")
    file.with_name("correction.csv").write_text(f"{header}\n{changed}\n")
    done = judged.understudy("run")
    assert "1 = 0 + 0 + 1" in done.stdout
    assert judged.query("SELECT count(*) FROM decisions_history") == [(1,)]
    assert judged.counts()[0] == 60
    total = judged.query("SELECT sum(n) FROM measures.outcome_counts WHERE cut = 'all'")
    assert total == [(60,)]


def test_an_outcome_for_an_unknown_case_waits(place: Any) -> None:
    (place.root / "data" / "decisions" / "2026-03-04.csv").unlink()
    place.understudy("run")
    assert place.counts() == (40, 60, 60, 0)
    place.write_day(2)
    place.understudy("run")
    assert place.query(
        "SELECT sum(n) FROM measures.outcome_counts WHERE cut = 'all' AND outcome IS NOT NULL"
    ) == [(60,)]


def test_hindsight_is_reported_and_left_out(place: Any) -> None:
    file = place.root / "data" / "recommendations" / "2026-03-02.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    for line in lines[:5]:
        line["recommended_at"] = "2026-04-01T00:00:00Z"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    place.understudy("run")
    assert place.query(
        "SELECT sum(n) FROM measures.outcome_counts WHERE cut = 'all' AND answer = 'hindsight'"
    ) == [(5,)]
    assert place.evidence(
        "SELECT estimate, n FROM findings WHERE metric = 'answer_hindsight' AND cut = 'all'"
    ) == [(pytest.approx(5 / 60), 60)]
    assert place.evidence("SELECT count(*) FROM trajectory WHERE n > 55") == [(0,)]


def test_a_day_without_recommendations_blocks(make_place: Make) -> None:
    place = make_place(days=15, cases=30)
    (place.root / "data" / "recommendations" / "2026-03-09.jsonl").unlink()
    done = place.understudy("run", check=3)
    assert "BLOCKED" in done.stdout
    assert "30 decisions of 9 Mar 2026 have no recommendation" in done.stdout
    place.understudy("status", "--exit-code", check=30)


SPOILED = {
    "empty": (b"", "empty"),
    "says csv, holds parquet": (b"PAR1rest of the file PAR1", "Parquet"),
    "no such column": (b"case,when,what,region\na,b,c,d\n", "decision_id"),
    "not text": (b"decision_id,decided_at,decision,region\n\xff\xfe\x00,1,yes,north\n", "UTF-8"),
    "half a gzip": (gzip.compress(b"decision_id,decided_at,decision,region\n" * 50)[:40], "gz"),
}


@pytest.mark.parametrize("kind", SPOILED)
def test_a_spoiled_file_is_refused_whole_and_the_rest_goes_on(place: Any, kind: str) -> None:
    content, word = SPOILED[kind]
    ending = ".csv.gz" if "gzip" in kind else ".csv"
    bad = place.root / "data" / "decisions" / f"spoiled{ending}"
    bad.write_bytes(content)
    done = place.understudy("run", check=3)
    assert f"spoiled{ending}" in done.stderr
    assert word.lower() in done.stderr.lower()
    assert place.counts() == (60, 60, 60, 0)
    assert "BLOCKED" in done.stdout
    bad.unlink()
    assert "BLOCKED" not in place.understudy("run").stdout


def test_a_mended_file_is_read(place: Any) -> None:
    file = place.root / "data" / "decisions" / "2026-03-02.csv"
    whole = file.read_text()
    file.write_text("")
    place.understudy("ingest", check=1)
    file.write_text(whole)
    place.understudy("ingest")
    assert place.counts() == (60, 60, 60, 0)


def test_bad_rows_go_to_quarantine_and_the_books_balance(place: Any) -> None:
    file = place.root / "data" / "decisions" / "2026-03-02.csv"
    lines = file.read_text().splitlines()
    lines[3] = lines[3].replace("yes", "perhaps").replace("no,", "perhaps,")
    lines[5] = "," + lines[5].split(",", 1)[1]
    lines[7] = lines[7].split(",")[0] + ",soon,yes,north"
    lines.append("one,field,too,many,here")
    file.write_text("\r\n".join(lines) + "\r\n")
    done = place.understudy("run", check=None)
    assert "61 = 57 + 4" in done.stdout, done.stdout + done.stderr
    rows = place.query("SELECT row_no, reason, field FROM quarantine ORDER BY row_no")
    assert rows[:3] == [
        (3, "not_allowed", "decision"),
        (5, "missing_value", "decision_id"),
        (7, "bad_timestamp", "decided_at"),
    ]
    assert rows[3][1] == "malformed_row"
    assert place.query("SELECT raw['decision_id'] FROM quarantine WHERE row_no = 3") == [
        ("case-000-0002",)
    ]


def test_many_rows_in_quarantine_block_until_the_study_is_mended(place: Any) -> None:
    study = place.root / "study.yaml"
    right = study.read_text()
    study.write_text(right.replace("decided_at: decided_at", "decided_at: region"))
    done = place.understudy("run", check=3)
    assert "60 of 60 rows of decisions are in quarantine" in done.stdout
    study.write_text(right)
    assert "BLOCKED" in place.understudy("run", check=3).stdout
    place.understudy("ingest", "--rebuild")
    assert "BLOCKED" not in place.understudy("evaluate").stdout
    assert place.counts() == (60, 60, 60, 0)


def test_a_warehouse_opened_by_another_process_is_left_alone(judged: Any) -> None:
    import fcntl

    with (judged.root / "state" / "writer.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = judged.understudy("run", check=1)
    assert f"process {os.getpid()}" in done.stderr or "in use" in done.stderr
    judged.understudy("run")


def test_a_reader_of_the_warehouse_is_named(judged: Any) -> None:
    import sys

    warehouse = str(judged.root / "state" / "warehouse.duckdb")
    program = (
        "import duckdb, sys, time;"
        f"con = duckdb.connect({warehouse!r}, read_only=True);"
        "print('open', flush=True); time.sleep(60)"
    )
    reader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert reader.stdout is not None
        assert reader.stdout.readline().strip() == "open"
        done = judged.understudy("run", check=1)
    finally:
        reader.kill()
        reader.wait()
        reader.stdout.close()
    assert f"process {reader.pid}" in done.stderr
    assert "nothing was changed" in done.stderr


def test_a_damaged_warehouse_is_told_in_words(judged: Any) -> None:
    warehouse = judged.root / "state" / "warehouse.duckdb"
    warehouse.write_bytes(b"not a database" * 1000)
    done = judged.understudy("run", check=1)
    assert "cannot be opened" in done.stderr
    assert "state/warehouse.duckdb" in done.stderr


def test_another_layout_asks_for_a_rebuild_and_keeps_the_verdicts(judged: Any) -> None:
    file = judged.root / "study.yaml"
    file.write_text(file.read_text().replace("region: region", "region: region\n  zone: region"))
    done = judged.understudy("run", check=1)
    assert "--rebuild" in done.stderr
    judged.understudy("ingest", "--rebuild")
    judged.understudy("evaluate")
    assert judged.counts() == (60, 60, 60, 0)
    assert judged.query("SELECT count(*) FROM registrations") == [(2,)]
    assert judged.query("SELECT max(evidence_no) FROM verdicts") == [(2,)]


def test_a_warehouse_of_another_version_asks_for_a_rebuild(judged: Any) -> None:
    with duckdb.connect(str(judged.root / "state" / "warehouse.duckdb")) as warehouse:
        warehouse.execute("UPDATE meta SET value = '1' WHERE name = 'format'")
    done = judged.understudy("run", check=1)
    assert "has layout 1" in done.stderr
    assert "--rebuild" in done.stderr
    judged.understudy("ingest", "--rebuild")
    assert judged.counts() == (60, 60, 60, 0)
    assert judged.query("SELECT count(*) FROM verdicts") == [(1,)]


def test_a_source_goes_by_its_name_in_the_ledger(make_place: Make) -> None:
    import yaml

    place = make_place()
    file = place.root / "study.yaml"
    document = yaml.safe_load(file.read_text())
    document["streams"]["decisions"]["sources"] = [
        {"name": "front desk", "path": "data/decisions/*.csv"}
    ]
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    place.understudy("run")
    assert place.query("SELECT DISTINCT source FROM sources WHERE stream = 'decisions'") == [
        ("front desk",)
    ]
    outcomes = place.query("SELECT DISTINCT source FROM sources WHERE stream = 'outcomes'")
    assert outcomes == [("data/outcomes",)]


def test_a_changed_policy_is_a_new_registration(judged: Any) -> None:
    file = judged.root / "study.yaml"
    file.write_text(file.read_text().replace("margin: 0.05", "margin: 0.5"))
    done = judged.understudy("evaluate")
    assert "The policy was registered" in done.stdout
    assert judged.query("SELECT count(DISTINCT policy_hash) FROM registrations") == [(2,)]


def test_status_before_any_verdict_says_what_to_do(place: Any) -> None:
    done = place.understudy("status", check=1)
    assert "understudy run" in done.stderr


def test_five_mistakes_in_a_study_file_are_told_at_once(place: Any) -> None:
    file = place.root / "study.yaml"
    text = file.read_text()
    for right, wrong in {
        "risk_tier: low": "risk_tier: lwo",
        "type: binary": "type: binry",
        "title: Small study": "titel: Small study",
        "margin: 0.05": "margin: lots",
        "kind: pairing": "kind: paring",
    }.items():
        assert right in text
        text = text.replace(right, wrong)
    file.write_text(text)
    done = place.understudy("check", check=1)
    for word in ("risk_tier", "binry", "titel", "margin", "pairing"):
        assert word in done.stderr, done.stderr
    assert done.stderr.count("line ") >= 5


def test_a_policy_that_leaves_out_what_its_tier_asks_for_is_refused(place: Any) -> None:
    file = place.root / "study.yaml"
    file.write_text(file.read_text().replace("risk_tier: low", "risk_tier: high"))
    done = place.understudy("run", check=1)
    assert "no gate about segments" in done.stderr
    assert not (place.root / "state").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the folder of a disk of 64 MB of its own, so that it can really be full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as fault:
        pytest.skip(f"a disk that can be filled needs the right to mount one: {fault}")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("kilobytes", [100, 1500, 9000], ids=["parts", "commit", "publication"])
def test_a_full_disk_is_told_in_words_and_nothing_is_lost(
    place: Any, small_disk: Path, kilobytes: int
) -> None:
    shutil.copytree(place.root, small_disk / "small")
    place = replace(place, root=small_disk / "small")
    place.understudy("run")
    before = place.counts()
    place.write_day(5, cases=30_000)
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * (free - kilobytes * 1024))
    done = place.understudy("run", check=1)
    assert "No space is left on the disk" in done.stderr
    filler.unlink()
    held = place.counts()
    assert held in (before, (*(n + 30_000 for n in before[:3]), 0))
    place.understudy("run")
    assert place.counts()[0] == before[0] + 30_000
    assert place.query("SELECT count(*) - count(DISTINCT decision_id) FROM decisions") == [(0,)]


def test_paths_are_shown_as_the_user_knows_them(place: Any) -> None:
    place.understudy("run")
    paths = {path for (path,) in place.query("SELECT path FROM sources")}
    assert "data/decisions/2026-03-02.csv" in paths
    assert not any(Path(path).is_absolute() for path in paths)


def test_each_candidate_has_its_verdict_and_the_error_is_shared(make_place: Make) -> None:
    both = [{"name": "bot", "version": "1"}, {"name": "other", "version": "2"}]
    place = make_place(days=2, candidates=both)
    done = place.understudy("run", check=3)  # the second has no recommendation at all
    assert done.stdout.count("COLLECTING") == 1
    status = place.status()
    assert [c["verdict"] for c in status["candidates"]] == ["COLLECTING", "BLOCKED"]
    assert status["verdict"] == "COLLECTING"
    answers = place.query(
        "SELECT candidate, answer, sum(n) FROM measures.outcome_counts WHERE cut = 'all'"
        " GROUP BY ALL ORDER BY ALL"
    )
    assert answers == [("bot", "answered", 40), ("other", "missing", 40)]


def test_exposed_cases_are_kept_apart(place: Any) -> None:
    file = place.root / "data" / "decisions" / "2026-03-02.csv"
    header, *lines = file.read_text().splitlines()
    seen = [f"{line},2026-03-01T00:00:00Z" if n < 7 else f"{line}," for n, line in enumerate(lines)]
    file.write_text("\n".join([f"{header},exposed_at", *seen]) + "\n")
    place.understudy("run")
    assert place.query(
        "SELECT sum(n) FROM measures.outcome_counts WHERE cut = 'all' AND answer = 'exposed'"
    ) == [(7,)]


@pytest.mark.parametrize("after", [0.8, 1.6, 2.4])
def test_ctrl_c_leaves_everything_consistent(place: Any, after: float) -> None:
    import signal
    import sys
    import time

    run = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "run", str(place.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(after)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert "Traceback" not in err
    # An interrupt in the middle of an import ends the process by the signal itself, which shells
    # show as 130 too.
    assert run.returncode in (0, 130, -signal.SIGINT), err
    place.understudy("run")
    assert place.counts() == (60, 60, 60, 0)


@pytest.mark.parametrize("kind", ["categorical", "ordinal"])
def test_decisions_of_many_classes_are_judged(make_place: Make, kind: str) -> None:
    place = make_place(decision={"type": kind, "classes": ["no", "perhaps", "yes"]})
    assert "COLLECTING" in place.understudy("run").stdout
    metrics = {metric for (metric,) in place.evidence("SELECT DISTINCT metric FROM findings")}
    assert {"agreement_ac1", "agreement_specific:perhaps", "paired_difference"} <= metrics
    assert not any(metric.startswith("false_") for metric in metrics)
    assert ("agreement_kappa_linear" in metrics) == (kind == "ordinal")
    assert place.evidence("SELECT count(*) FROM findings WHERE status = 'ERROR'") == [(0,)]


def test_a_timeless_study_has_one_cohort_and_no_day_even_if_files_carry_times(
    make_place: Make,
) -> None:
    place = make_place(timeless=True, outcome={"name": "outcome"})
    place.understudy("run")
    assert place.query("SELECT DISTINCT cohort_day FROM decisions") == [(None,)]
    assert place.evidence("SELECT first_day, data_to, mature_to FROM publication") == [(None,) * 3]
    assert "data without days (timeless)" in place.understudy("status").stdout
    assert place.status()["timeless"] is True
    gates = dict(place.evidence("SELECT gate, status FROM gates"))
    assert gates["duration"] == "NO_DATA"
    assert gates["books"] == gates["pairing"] == "PASS"
    assert place.status()["verdict"] == "COLLECTING"
    place.write_day(7)
    place.understudy("run")
    whole = "SELECT sum(n) FROM measures.outcome_counts WHERE cut = 'all'"
    assert place.query(whole) == [(80,)]


def test_a_study_without_a_decision_has_no_day_yet(place: Any) -> None:
    for file in (place.root / "data" / "decisions").iterdir():
        file.write_text("not,what,was,agreed\n1,2,3,4\n")
    place.understudy("run", check=3)  # blocked data are told though there is no case
    assert "data to no day yet" in place.understudy("status").stdout
    status = place.status()
    assert (status["timeless"], status["data_to"]) == (False, None)


def test_outcomes_that_come_later_reach_the_day_of_their_decision(place: Any) -> None:
    late = place.root / "data" / "outcomes" / "2026-03-03.parquet"
    kept = late.with_suffix(".later")
    late.rename(kept)
    place.understudy("run")
    known = "SELECT cohort_day::VARCHAR, sum(outcomes)::INT FROM measures.stream_counts GROUP BY 1"
    assert dict(place.query(known))["2026-03-03"] == 0
    kept.rename(late)
    place.understudy("run")
    assert dict(place.query(known)) == {f"2026-03-0{day}": 20 for day in (2, 3, 4)}


def test_a_refused_file_is_read_once_the_study_is_right_about_it(place: Any) -> None:
    study = place.root / "study.yaml"
    right = study.read_text()
    study.write_text(right.replace("decided_at: decided_at", "decided_at: decided"))
    done = place.understudy("run", check=3)
    assert "expected also `decided`" in done.stderr
    study.write_text(right)
    place.understudy("run")
    assert place.counts() == (60, 60, 60, 0)
