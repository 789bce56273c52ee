"""Cases drawn for review, reviews taken in, and what they come to, through the command line."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_contracts.inbox import drop_reviews
from data_contracts.reviews import Judgement, Review, candidate_is_x, review_id

ADA, RAVI = "ada@example.org", "ravi@example.org"
PLAN = {"cases": 24, "every_weeks": 1, "known_differences": {"rule": "An old rule"}}
THEN = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def drawn(make_judged: Callable[..., Any]) -> Any:
    """Return a judged study of four days whose first round is drawn."""
    return make_judged(days=4, cases=60, review=PLAN)


def queue(place: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = place.evidence(
        "SELECT decision_id, agree, second, decision, recommendation FROM review_queue"
        " ORDER BY round, position"
    )
    return found


def review(case: str, who: str, judgement: str, minute: int = 0, **more: Any) -> Review:
    when = THEN + timedelta(minutes=minute)
    identity = review_id("small", "bot", "1", case, who)
    facts = (identity, case, "bot", "1", who, when, Judgement(judgement))
    return Review(*facts, **{"recorded_at": when, **more})


def uses(place: Any) -> dict[str, int]:
    return dict(place.evidence("SELECT use, n FROM review_uses WHERE n > 0"))


def test_a_round_is_drawn_once_from_whole_days(drawn: Any) -> None:
    ((number, first, last, population, cases, late),) = drawn.evidence(
        "SELECT round, first_day::VARCHAR, last_day::VARCHAR, population, drawn, late"
        " FROM review_rounds"
    )
    assert (number, first, last, population, cases, late) == (
        1,
        "2026-03-02",
        "2026-03-04",  # the last day in the data may still be growing
        180,
        24,
        0,
    )
    cases = queue(drawn)
    assert len({case for case, *_ in cases}) == 24
    assert sum(agree for _, agree, *_ in cases) == 2
    assert sum(second for _, _, second, *_ in cases) == 5
    assert all((one == other) is agree for _, agree, _, one, other in cases)
    strata = drawn.evidence("SELECT stratum, agree, population, drawn FROM review_strata")
    assert {(s, agree) for s, agree, *_ in strata} == {
        ("agreement", True),
        ("no, yes", False),
        ("yes, no", False),
    }
    chances = dict(drawn.evidence("SELECT DISTINCT stratum, chance FROM review_queue"))
    assert chances == {s: pytest.approx(d / n) for s, _, n, d in strata}
    drawn.understudy("run", check=None)
    drawn.understudy("ingest", "--rebuild")
    drawn.understudy("evaluate", check=None)
    assert queue(drawn) == cases
    assert drawn.query("SELECT count(*) FROM review_rounds") == [(1,)]


def test_the_next_round_waits_for_its_weeks_and_late_cases_are_never_drawn(drawn: Any) -> None:
    first = queue(drawn)
    for day in range(4, 10):
        drawn.write_day(day, 60)
    late = drawn.root / "data" / "decisions" / "late.csv"
    late.write_text(
        "decision_id,decided_at,decision,region\nlate-1,2026-03-03T10:00:00Z,yes,north\n"
    )
    record = {"decision_id": "late-1", "recommended_at": "2026-03-03T10:00:01Z"}
    (drawn.root / "data" / "recommendations" / "late.jsonl").write_text(
        json.dumps({**record, "recommendation": "no", "score": 0.5}) + "\n"
    )
    drawn.understudy("run", check=None)
    assert queue(drawn) == first  # seven days from 5 March are there, but the last may grow
    drawn.write_day(10, 60)
    drawn.understudy("run", check=None)
    rounds = drawn.evidence(
        "SELECT round, first_day::VARCHAR, last_day::VARCHAR, late FROM review_rounds"
    )
    assert rounds == [(1, "2026-03-02", "2026-03-04", 1), (2, "2026-03-05", "2026-03-11", 0)]
    assert queue(drawn)[:24] == first
    assert "late-1" not in {case for case, *_ in queue(drawn)}


def test_nothing_is_drawn_where_nobody_reviews(make_place: Callable[..., Any]) -> None:
    place = make_place()
    place.understudy("run", check=None)
    assert queue(place) == []
    assert place.query("SELECT count(*) FROM review_rounds") == [(0,)]
    assert not (place.root / "state" / "pseudonym.key").exists()


def test_a_round_is_drawn_before_any_outcome_is_there(make_place: Callable[..., Any]) -> None:
    # DuckDB 2.0 forgets a LIMIT above a left join with an empty table.
    place = make_place(days=2, cases=60, review=PLAN)
    for file in (place.root / "data" / "outcomes").iterdir():
        file.unlink()
    place.understudy("run", check=None)
    assert len(queue(place)) == place.evidence("SELECT drawn FROM review_rounds")[0][0] > 0


def test_a_timeless_study_has_one_round(make_place: Callable[..., Any]) -> None:
    place = make_place(days=2, cases=60, review=PLAN, timeless=True, outcome={})
    place.understudy("run", check=None)
    place.write_day(5, 60)
    place.understudy("run", check=None)
    assert place.evidence("SELECT round, first_day, population FROM review_rounds") == [
        (1, None, 120)
    ]


def test_facts_leave_out_what_is_sensitive(make_place: Callable[..., Any]) -> None:
    features = {"region_again": "region", "when": "decided_at"}
    privacy = {"fields": {"when": "drop"}}
    place = make_place(days=2, cases=60, review=PLAN, features=features, privacy=privacy)
    place.understudy("run", check=None)
    for (facts,) in place.evidence("SELECT facts FROM review_queue"):
        assert set(json.loads(facts)) == {"region", "region_again"}


def test_reviews_are_counted_by_what_becomes_of_them(drawn: Any) -> None:
    cases = [case for case, *_ in queue(drawn)]
    outside = next(
        case
        for (case,) in drawn.query("SELECT decision_id FROM decisions ORDER BY 1")
        if case not in cases
    )
    drop_reviews(
        drawn.root,
        [
            review(cases[0], ADA, "candidate", note="she is ill"),
            review(cases[0], RAVI, "production", 1),
            review(cases[0], "eve@example.org", "both", 2),
            review(cases[1], ADA, "production"),
            review(cases[2], ADA, "withdrawn"),
            review(outside, ADA, "candidate"),
            review("nobody", ADA, "candidate"),
        ],
    )
    done = drawn.understudy("run", check=None)
    assert "reviews          read = accepted + rejected" in done.stdout
    assert uses(drawn) == {
        "used": 2,
        "second opinions": 1,
        "further opinions": 1,
        "withdrawn": 1,
        "not drawn": 1,
        "unknown": 1,
    }
    assert drawn.status()["verdict"] != "BLOCKED"
    books = "SELECT terms FROM books WHERE subject = 'reviews' AND rule LIKE 'read%'"
    assert [json.loads(t) for (t,) in drawn.query(books)] == [
        {"read": 7, "accepted": 7, "rejected": 0}
    ]
    # The same again is known; what is taken back and said anew is a revision.
    drop_reviews(drawn.root, [review(cases[1], ADA, "production")])
    drop_reviews(drawn.root, [review(cases[0], ADA, "withdrawn", 5)])
    drop_reviews(drawn.root, [review(cases[2], ADA, "neither", 6, reason="rule")])
    drawn.understudy("run", check=None)
    assert uses(drawn)["used"] == 3
    assert uses(drawn)["withdrawn"] == 1
    assert drawn.query("SELECT count(*) FROM reviews_history")[0][0] == 2
    reasons = drawn.evidence("SELECT known, judged FROM review_reasons WHERE reason = 'rule'")
    assert reasons == [(True, 1)]


def test_reviewers_are_pseudonyms_and_notes_stay_in_the_inbox(
    drawn: Any, secrets_search: Any
) -> None:
    case = queue(drawn)[0][0]
    drop_reviews(drawn.root, [review(case, ADA, "candidate", note="a very private remark")])
    drawn.understudy("run", check=None)
    assert uses(drawn) == {"used": 1}
    key = drawn.root / "state" / "pseudonym.key"
    assert key.stat().st_mode & 0o077 == 0
    secrets = (ADA, "a very private remark")
    assert not secrets_search.in_folder(drawn.root, secrets, ("inbox",))


def test_pseudonyms_of_cases_still_meet(make_place: Callable[..., Any]) -> None:
    place = make_place(
        days=2, cases=60, review=PLAN, privacy={"fields": {"decision_id": "pseudonymise"}}
    )
    place.environment["UNDERSTUDY_PSEUDONYM_KEY"] = "k" * 40
    place.understudy("run", check=None)
    case = queue(place)[0][0]
    assert not case.startswith("case-")
    drop_reviews(place.root, [review(case, ADA, "both")])
    place.understudy("run", check=None)
    assert uses(place) == {"used": 1}


def test_garbage_links_and_large_files_in_the_inbox_are_refused(drawn: Any, tmp_path: Path) -> None:
    folder = drawn.root / "inbox" / "reviews"
    folder.mkdir(parents=True)
    secret = tmp_path / "secret.jsonl"
    secret.write_text(review(queue(drawn)[0][0], ADA, "both").line() + "\n")
    (folder / "link.jsonl").symlink_to(secret)
    (folder / "up.jsonl").symlink_to("../../study.yaml")
    (folder / "..jsonl").write_text("{}\n")  # hidden
    (folder / "folder.jsonl").mkdir()
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "bytes.jsonl").write_bytes(b"\x00\xff\xfe" * 40)
    with (folder / "large.jsonl").open("wb") as large:
        large.truncate(33 * 1024 * 1024)
    cut = review(queue(drawn)[1][0], ADA, "both").line()
    (folder / "cut.jsonl").write_text(cut + "\n" + cut[:50])
    (folder / "wrong.jsonl").write_text(cut.replace('"both"', '"maybe"') + "\n")
    done = drawn.understudy("run", check=None)
    said = done.stdout + done.stderr
    for name in ("link", "up"):
        assert f"`inbox/reviews/{name}.jsonl` was refused: found a symbolic link" in said
    for name in ("folder", "pipe"):
        assert f"`inbox/reviews/{name}.jsonl` was refused: found something that is no file" in said
    assert "`inbox/reviews/large.jsonl` was refused: found 34,603,008 bytes" in said
    assert "bytes.jsonl" in said
    assert drawn.query("SELECT count(*) FROM reviews")[0][0] <= 1
    assert drawn.query(
        "SELECT reason FROM quarantine WHERE stream = 'reviews' AND field = 'judgement'"
    )
    for name in ("link", "up", "bytes", "large", "cut", "wrong", "pipe"):
        (folder / f"{name}.jsonl").unlink()
    (folder / "folder.jsonl").rmdir()
    drawn.understudy("run", check=None)
    assert drawn.evidence("SELECT count(*) FROM sources WHERE state = 'refused'") == [(0,)]


def test_an_inbox_that_leads_elsewhere_is_refused(drawn: Any, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    line = review(queue(drawn)[0][0], ADA, "both").line()
    (elsewhere / "a.jsonl").write_text(line + "\n")
    (drawn.root / "inbox").mkdir()
    (drawn.root / "inbox" / "reviews").symlink_to(elsewhere)
    done = drawn.understudy("run", check=None)
    assert "leads out of the study's folder" in done.stdout + done.stderr
    assert drawn.query("SELECT count(*) FROM reviews") == [(0,)]


def test_purged_cases_leave_the_queue_and_their_counts_stay(
    drawn: Any, secrets_search: Any
) -> None:
    cases = queue(drawn)
    drop_reviews(
        drawn.root,
        [review(case, ADA, "both" if agree else "candidate") for case, agree, *_ in cases],
    )
    drop_reviews(
        drawn.root, [review(case, RAVI, "candidate") for case, _, second, *_ in cases if second]
    )
    drawn.understudy("run", check=None)
    tables = ("review_results", "review_strata", "review_reasons")
    before = {name: drawn.evidence(f"FROM {name} ORDER BY ALL") for name in tables}
    pairs = drawn.evidence("SELECT cases, agreement FROM review_agreement")
    drawn.understudy("purge", "--before", "2026-03-04", "--yes")
    assert {name: drawn.evidence(f"FROM {name} ORDER BY ALL") for name in tables} == before
    assert drawn.evidence("SELECT cases, agreement FROM review_agreement") == pairs
    left = {case for case, *_ in queue(drawn)}
    assert left == {case for case, *_ in cases if case.startswith("case-002-")}
    assert drawn.query("SELECT count(*) FROM review_kept")[0][0] > 0
    old = ("case-000-", "case-001-")
    assert not secrets_search.in_folder(drawn.root, old, ("data", "inbox"))
    drawn.understudy("ingest", "--rebuild")
    drawn.understudy("evaluate", check=None)
    assert {name: drawn.evidence(f"FROM {name} ORDER BY ALL") for name in tables} == before


def test_what_a_purge_took_unjudged_is_not_waited_for(drawn: Any) -> None:
    differ = [case for case, agree, *_ in queue(drawn) if not agree]
    drop_reviews(drawn.root, [review(case, ADA, "candidate") for case in differ[:3]])
    drawn.understudy("run", check=None)
    told = "SELECT estimate, judged, drawn FROM review_results WHERE judgement = 'candidate'"
    told += " AND part = 'disagreements'"
    ((estimate, *sizes),) = drawn.evidence(told)
    assert estimate is None
    assert sizes == [3, 22]
    drawn.understudy("purge", "--before", "2026-03-05", "--yes")
    assert queue(drawn) == []
    assert drawn.evidence(told) == [(1.0, 3, 22)]
    everything = drawn.query("SELECT sum(drawn) FROM review_frame WHERE cut = 'all' AND NOT agree")
    assert everything == [(22,)]


def export(place: Any, file: Path, *words: str) -> list[dict[str, str]]:
    place.understudy("review", "export", "--output", str(file), *words)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def fill(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def take(place: Any, file: Path, *words: str, check: int | None = 0) -> str:
    # The study's folder comes first; `understudy` of the place puts it last.
    words = ("review", "import", str(place.root), str(file), "--reviewer", ADA, *words)
    done = place.zygote.run(*words, environment=place.environment)
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == check, done.stdout + done.stderr
    said: str = done.stdout + done.stderr
    return said


def test_a_sheet_goes_out_blind_and_comes_back(drawn: Any, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    rows = export(drawn, file, "--reviewer", ADA)
    shown = {case: (one, other) for case, _, _, one, other in queue(drawn)}
    assert len(rows) == 24
    assert set(rows[0]) == {
        *("case", "candidate", "region", "answer X", "answer Y", "answer", "reason", "note")
    }
    notes = ["=cmd()|' /C calc'!A0", "<script>alert(1)</script>", "'tis", "two\nlines", "ä€😀"]
    for i, row in enumerate(rows):
        production, candidate = shown[row["case"]]
        x = candidate if candidate_is_x("small", "bot", "1", row["case"], ADA) else production
        assert row["answer X"] == x
        row["answer"] = "both" if production == candidate else "X" if x == candidate else " y "
        row["note"] = ("'" if i % 5 == 0 else "") + notes[i % 5]
    rows[0]["answer"], rows[0]["note"] = "", ""
    fill(file, rows)
    said = take(drawn, file)
    assert "Imported 23 judgements" in said
    assert "1 without an answer" in said
    (inbox,) = (drawn.root / "inbox" / "reviews").glob("*.jsonl")
    events = [json.loads(line) for line in inbox.read_text().splitlines()]
    assert {event["note"] for event in events} == set(notes)
    assert {event["judgement"] for event in events} <= {"candidate", "both"}
    assert "Nothing new was imported" in take(drawn, file)
    assert len(list((drawn.root / "inbox" / "reviews").iterdir())) == 1
    drawn.understudy("run", check=None)
    assert uses(drawn) == {"used": 23}
    again = tmp_path / "again.csv"
    assert [row["case"] for row in export(drawn, again, "--reviewer", ADA)] == [rows[0]["case"]]
    for_second = export(drawn, tmp_path / "second.csv", "--reviewer", RAVI)
    assert len(for_second) == 1 + sum(second for _, _, second, *_ in queue(drawn)[1:])
    rows[1]["answer"] = "cannot tell"
    fill(file, rows)
    assert "Imported 1 judgement " in take(drawn, file)


def test_every_mistake_of_a_sheet_is_told_and_nothing_is_written(
    drawn: Any, tmp_path: Path
) -> None:
    file = tmp_path / "sheet.csv"
    rows = export(drawn, file, "--reviewer", ADA)
    for row in rows:
        row["answer"] = "cannot tell"
    rows[0]["answer"] = "bth"
    rows[1]["reason"] = "data eror"
    rows[2]["case"] = rows[3]["case"]
    rows[4]["note"] = "x" * 2001
    rows[5]["answer X"] = "perhaps"
    rows[6] |= {"answer": "", "reason": "data error"}
    rows[7]["candidate"] = "bot 2"
    rows[8]["case"] += "0"
    fill(file, rows)
    said = take(drawn, file, check=1)
    for told in (
        "has 8 mistakes",
        'row 2: answer "bth", expected one of X, Y, both, neither, cannot tell',
        'did you mean "both"',
        'row 3: reason "data eror"',
        'did you mean "data error"?',
        "again, it is in row 4 already",
        "row 6: a note of 2,001 characters; at most 2,000",
        "row 7: the answers are",
        "row 8: a reason but no answer",
        'row 9: candidate "bot 2" has no drawn cases; expected bot 1; did you mean "bot 1"?',
        "was not drawn",
        "Nothing was imported",
    ):
        assert told in said
    assert not (drawn.root / "inbox").exists()
    assert "Imported 16 judgements" in take(drawn, file, "--partial", check=1)
    drawn.understudy("run", check=None)
    assert uses(drawn) == {"used": 16}


def test_sheets_for_others_or_of_other_kinds(drawn: Any, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    rows = export(drawn, file)  # for nobody in particular
    for row in rows:
        row["answer"] = "both" if row["answer X"] == row["answer Y"] else "X"
    fill(file, rows)
    file.write_text(file.read_text().replace(",", ";"))  # as some countries' spreadsheets do
    take(drawn, file)
    shown = {case: other for case, _, _, _, other in queue(drawn)}
    (inbox,) = (drawn.root / "inbox" / "reviews").glob("*.jsonl")
    x = {row["case"]: row["answer X"] for row in rows}
    agree = {case: agree for case, agree, *_ in queue(drawn)}
    for event in map(json.loads, inbox.read_text().splitlines()):
        case = event["decision_id"]
        said_candidate = event["judgement"] == "candidate"
        assert agree[case] or said_candidate == (x[case] == shown[case])
    for text in (b"", b"\xff\xfe", b"a,b\n1,2\n", b'case,"x\n', b"\x00" * 20):
        file.write_bytes(text)
        assert "cannot be imported" in take(drawn, file, check=1)
    assert (
        "exists already"
        in drawn.understudy("review", "export", "--output", str(file), check=1).stderr
    )
    done = drawn.understudy(
        "review", "export", "--reviewer", "not an address", "--output", "x.csv", check=1
    )
    assert "is no e-mail address" in done.stderr


def test_the_gate_counts_towards_the_verdict(make_place: Callable[..., Any]) -> None:
    gates = [{"kind": "books"}, {"kind": "noninferiority", "margin": 0.5}]
    gates += [{"kind": "reviews", "cases": 20, "right_share": 0.5}]
    plan = {**PLAN, "second_share": 1.0}
    place = make_place(days=4, cases=60, review=plan, policy={"gates": gates})
    place.understudy("run", check=None)
    (gate,) = [g for g in place.status()["candidates"][0]["gates"] if g["kind"] == "reviews"]
    assert (gate["status"], gate["family"]) == ("INCONCLUSIVE", "adoption")
    told = [
        review(case, who, "both" if agree else "candidate")
        for case, agree, *_ in queue(place)
        for who in (ADA, RAVI)
    ]
    drop_reviews(place.root, told)
    place.understudy("run", check=None)
    (gate,) = [g for g in place.status()["candidates"][0]["gates"] if g["kind"] == "reviews"]
    assert gate["status"] == "PASS", gate
    assert place.evidence("SELECT usable, reviewers FROM review_agreement") == [(True, 2)]


DIES = """
import os, sys
from pathlib import Path
import pipelines.reviewing.draw as draw
from pipelines.runs import evaluate_study
from pipelines.study_file import read_study
from pipelines.study_folder import StudyFolder

draw._store_frame = lambda *rest: os.kill(os.getpid(), 9)
folder = StudyFolder.at(Path(sys.argv[1]))
evaluate_study(folder, read_study(folder))
"""


def test_killed_while_drawing_a_round_is_drawn_whole_or_not_at_all(
    make_place: Callable[..., Any],
) -> None:
    place = make_place(days=4, cases=60, review=PLAN)
    place.understudy("ingest")
    done = subprocess.run([sys.executable, "-c", DIES, str(place.root)], check=False)
    assert done.returncode == -9
    for table in ("review_rounds", "review_cases", "review_frame"):
        assert place.query(f"SELECT count(*) FROM {table}") == [(0,)]
    place.understudy("evaluate", check=None)
    first = queue(place)
    assert len(first) == 24
    place.understudy("evaluate", check=None)
    assert queue(place) == first
