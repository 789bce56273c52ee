"""The reader: what it gives, and what it says of files it cannot read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path

import pyarrow as pa
import pytest
from inventing import to_change

from dashboard.evidence import (
    EvidenceFormatUnknown,
    EvidenceUnreadable,
    ask_columns,
    columns,
    read_evidence,
)
from dashboard.records import Candidate
from data_contracts.evidence import evidence_path
from evaluators.columns import NO_DAY, UNKNOWN

Study = Callable[[str], Path]


def published(folder: Path) -> Path:
    path = evidence_path(folder)
    assert path is not None
    return path


def test_a_publication_becomes_frozen_values(study: Study) -> None:
    it = read_evidence(published(study("two")))
    assert it.candidates == (Candidate("late-gbm", "1.4.0"), Candidate("late-llm", "2"))
    assert it.publication.alpha == 0.025, "shared out among the candidates"
    assert len(it.gates(it.candidates[1])) == 5
    assert len(it.trajectory(it.candidates[0])) == 35
    assert [v.evidence_no for v in it.history(it.candidates[0])] == [7, 6, 5, 4, 3, 2, 1]
    gate = it.gate_on(it.candidates[0], "origin x carrier")
    assert gate is not None
    assert gate.settings["margin"] == 0.02
    assert it.gate_on(it.candidates[0], "origin") is None


def test_times_are_utc_wherever_the_reader_is(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = published(study("demo"))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        at = read_evidence(path).publication.published_at
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (at.tzinfo, at.hour, at.day) == (UTC, 5, 2)


def test_days_of_a_measure_are_numbers(study: Study) -> None:
    path = published(study("two"))
    one = ask_columns(path, "FROM outcome_counts WHERE candidate = ?", ["late-llm"])
    with to_change(str(path), read_only=True) as db:
        expected = db.execute(
            "SELECT sum(n), min(cohort_day) FROM outcome_counts WHERE candidate = 'late-llm'"
        ).fetchall()[0]
    assert (one["n"].sum(), one["cohort_day"].min()) == (
        expected[0],
        (expected[1] - date(1970, 1, 1)).days,
    )


def test_nulls_and_kinds_of_columns() -> None:
    table = pa.table(
        {
            "day": pa.array([date(1970, 1, 2), None], pa.date32()),
            "text": pa.array([None, "a"], pa.string()),
            "truth": pa.array([False, None], pa.bool_()),
            "whole": pa.array([3, None], pa.int64()),
        }
    )
    found = columns(table)
    assert found["day"].tolist() == [1, NO_DAY]
    assert found["text"].tolist() == [UNKNOWN, 0]
    assert found["truth"].tolist() == [0, UNKNOWN]
    assert found["whole"].tolist() == [3, UNKNOWN]
    assert found.labels == {"text": ("a",)}


def test_numbers_that_are_none_stay_nothing(publish: Callable[..., Path]) -> None:
    path = published(publish("nan", segments=("LGA · UA",), weeks=2, weak=""))
    with to_change(str(path)) as db:
        db.execute("UPDATE findings SET estimate = 'nan'")
    assert {f.estimate for f in read_evidence(path).findings} == {None}


@pytest.mark.parametrize("content", [b"", b"not a database", b"\0" * 5000])
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "evidence-1.duckdb"
    file.write_bytes(content)
    with pytest.raises(EvidenceUnreadable, match=r"`evidence-1\.duckdb` cannot be read"):
        read_evidence(file)


def test_a_file_that_is_gone_is_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(EvidenceUnreadable):
        read_evidence(tmp_path / "evidence-2.duckdb")
    assert not os.listdir(tmp_path), "reading creates nothing"


def test_another_layout_is_said(publish: Callable[..., Path]) -> None:
    path = published(publish("new", segments=("LGA · UA",), weeks=2, weak=""))
    with to_change(str(path)) as db:
        db.execute("UPDATE publication SET format = 99")
    with pytest.raises(EvidenceFormatUnknown, match="layout 99, this dashboard reads layout 4"):
        read_evidence(path)


def test_reading_changes_nothing(study: Study) -> None:
    path = published(study("demo"))
    before = (path.stat().st_mtime_ns, path.stat().st_size)
    read_evidence(path)
    assert (path.stat().st_mtime_ns, path.stat().st_size) == before
