"""Rounds that were ended: kept for one person and candidate, and no review to anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from data_contracts.ended_rounds import ENDED_FOLDER, EndedRound, drop_ended, ended_round
from data_contracts.evidence import INBOX_FOLDER
from data_contracts.inbox import review_files

AT = datetime(2026, 4, 1, tzinfo=UTC)
ADA = "ada@example.org"


def test_the_last_round_holds_for_one_person_and_candidate(tmp_path: Path) -> None:
    assert ended_round(tmp_path, ADA, "gbm", "1") == 0
    for number in (2, 1):
        drop_ended(tmp_path, EndedRound("Ada@example.org", "gbm", "1", number, AT))
    assert ended_round(tmp_path, ADA, "gbm", "1") == 2
    assert ended_round(tmp_path, "ben@example.org", "gbm", "1") == 0
    assert ended_round(tmp_path, ADA, "gbm", "2") == 0
    assert ended_round(tmp_path, ADA, "bot", "1") == 0
    assert review_files(tmp_path) == ()


@pytest.mark.parametrize(
    "line", ["", "{", "[1]", "null", "{}", '{"reviewer": 5}', "\u0000", "[" * 100_000]
)
def test_what_is_no_such_event_is_skipped(tmp_path: Path, line: str) -> None:
    path = drop_ended(tmp_path, EndedRound(ADA, "gbm", "1", 1, AT))
    assert path.parent == tmp_path / INBOX_FOLDER / ENDED_FOLDER
    path.write_text(f"{line}\n{path.read_text()}")
    assert ended_round(tmp_path, ADA, "gbm", "1") == 1
