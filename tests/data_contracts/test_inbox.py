"""The inbox: whole files under names nobody typed, and a reader that nothing makes stumble."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data_contracts import inbox
from data_contracts.evidence import INBOX_FOLDER
from data_contracts.inbox import InboxUnusable, drop_reviews, read_reviews, review_files
from data_contracts.reviews import REVIEWS_FOLDER, Judgement, Review

AT = datetime(2013, 11, 11, 9, 30, tzinfo=UTC)
ONE = Review(
    review_id="r1",
    decision_id="../../etc/passwd",
    candidate="late-gbm",
    model_version="1.4.0",
    reviewer="../ada\x00@example.org",
    reviewed_at=AT,
    judgement=Judgement.CANDIDATE,
    reason="borderline case",
    note='two\nlines, "quoted" \u2028 and <b>more</b>',
    recorded_at=AT,
)


def folder_of(study: Path) -> Path:
    return study / INBOX_FOLDER / REVIEWS_FOLDER


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    other = replace(ONE, review_id="r2", reason=None, note=None, recorded_at=None)
    path = drop_reviews(tmp_path, [ONE, other])
    assert path.parent == folder_of(tmp_path)
    assert path.read_bytes().count(b"\n") == 2
    assert set(read_reviews(tmp_path)) == {ONE, other}


def test_a_name_is_a_moment_and_chance_and_nothing_is_left_behind(tmp_path: Path) -> None:
    names = {drop_reviews(tmp_path, [ONE]).name for _ in range(50)}
    assert len(names) == 50
    assert {path.name for path in folder_of(tmp_path).iterdir()} == names
    assert all(not set(name) - set("0123456789abcdefTZ-.jsonl") for name in names)
    assert sorted(tmp_path.iterdir()) == [tmp_path / INBOX_FOLDER]


def test_the_latest_event_holds_whatever_the_order_of_files(tmp_path: Path) -> None:
    later = AT + timedelta(minutes=1)
    taken_back = replace(ONE, judgement=Judgement.WITHDRAWN, recorded_at=later)
    drop_reviews(tmp_path, [taken_back])
    drop_reviews(tmp_path, [ONE])
    assert read_reviews(tmp_path) == (taken_back,)


def test_a_reviewer_is_one_person_however_the_address_is_written(tmp_path: Path) -> None:
    names = ["Ada@Example.org", "ada@example.org", "local:Ada", "local:ada"]
    drop_reviews(tmp_path, [replace(ONE, review_id=name, reviewer=name) for name in names])
    found = {review.reviewer for review in read_reviews(tmp_path)}
    assert found == {"ada@example.org", "local:Ada", "local:ada"}


def test_no_review_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no review"):
        drop_reviews(tmp_path, [])
    assert read_reviews(tmp_path) == ()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("linked", [INBOX_FOLDER, f"{INBOX_FOLDER}/{REVIEWS_FOLDER}"])
def test_an_inbox_that_leads_out_of_the_folder_is_refused(tmp_path: Path, linked: str) -> None:
    study, outside = tmp_path / "study", tmp_path / "outside"
    (study / linked).parent.mkdir(parents=True)
    (outside / REVIEWS_FOLDER).mkdir(parents=True)
    (outside / REVIEWS_FOLDER / "a.jsonl").write_text(ONE.line())
    (study / linked).symlink_to(
        outside if linked == INBOX_FOLDER else outside / REVIEWS_FOLDER, target_is_directory=True
    )
    with pytest.raises(InboxUnusable, match="leads out of the study's folder"):
        drop_reviews(study, [ONE])
    assert read_reviews(study) == ()
    assert len(list((outside / REVIEWS_FOLDER).iterdir())) == 1


@pytest.mark.parametrize("file", [INBOX_FOLDER, f"{INBOX_FOLDER}/{REVIEWS_FOLDER}"])
def test_an_inbox_that_is_a_file_is_refused(tmp_path: Path, file: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("not a folder")
    with pytest.raises(InboxUnusable, match="it is not a folder"):
        drop_reviews(tmp_path, [ONE])
    assert read_reviews(tmp_path) == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_inbox_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    folder_of(tmp_path).mkdir(parents=True)
    folder_of(tmp_path).chmod(0o500)
    with pytest.raises(InboxUnusable, match="Permission denied"):
        drop_reviews(tmp_path, [ONE])


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InboxUnusable, match=r"the disk is full.*Nothing was saved"):
        drop_reviews(tmp_path, [ONE])
    assert not list(folder_of(tmp_path).iterdir())


GOOD = json.loads(ONE.line())


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[1]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({**GOOD, "judgement": "the AI"}).encode(),
        json.dumps({**GOOD, "reviewed_at": "yesterday"}).encode(),
        json.dumps({**GOOD, "reviewed_at": 5}).encode(),
        json.dumps({**GOOD, "reviewer": ["ada"]}).encode(),
        json.dumps({**GOOD, "decision_id": "x" * 5000}).encode(),
        json.dumps({k: v for k, v in GOOD.items() if k != "candidate"}).encode(),
    ],
)
def test_lines_that_hold_no_review_are_skipped(tmp_path: Path, line: bytes) -> None:
    folder_of(tmp_path).mkdir(parents=True)
    file = folder_of(tmp_path) / "a.jsonl"
    file.write_bytes(line + b"\n" + ONE.line().encode() + b"\n")
    assert read_reviews(tmp_path) == (ONE,)


@pytest.mark.parametrize("name", ["reason", "note", "recorded_at"])
def test_an_empty_optional_text_is_none(tmp_path: Path, name: str) -> None:
    folder_of(tmp_path).mkdir(parents=True)
    (folder_of(tmp_path) / "a.jsonl").write_text(json.dumps({**GOOD, name: ""}))
    assert read_reviews(tmp_path) == (replace(ONE, **{name: None}),)


def test_only_regular_files_of_a_sane_size_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path)
    (folder / "deep.jsonl").mkdir(parents=True)
    kept = drop_reviews(tmp_path, [ONE])
    elsewhere = tmp_path / "elsewhere.jsonl"
    elsewhere.write_text(replace(ONE, review_id="r2").line())
    (folder / "link.jsonl").symlink_to(elsewhere)
    (folder / ".hidden.jsonl").write_text(replace(ONE, review_id="r3").line())
    (folder / "notes.txt").write_text(replace(ONE, review_id="r4").line())
    os.mkfifo(folder / "pipe.jsonl")
    assert review_files(tmp_path) == (kept,)
    assert read_reviews(tmp_path) == (ONE,)
    assert inbox.read_review_file(folder / "pipe.jsonl") == ()
    assert inbox.read_review_file(folder / "link.jsonl") == ()
    monkeypatch.setattr(inbox, "MOST_BYTES", 10)
    assert read_reviews(tmp_path) == ()
