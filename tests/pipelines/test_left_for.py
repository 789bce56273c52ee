"""Which drawn cases go into the sheet of one person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from data_contracts.ended_rounds import EndedRound, drop_ended
from pipelines.cli.reviewing import nothing_left
from pipelines.reviewing.drawn import Case, left_for, not_ended

AT = datetime(2026, 4, 1, tzinfo=UTC)
ADA, RAVI = "ada@example.org", "ravi@example.org"


def case(name: str, number: int, version: str = "1") -> Case:
    return Case("bot", version, name, False, False, "yes", "no", 0, number, {})


def test_a_sheet_leaves_out_what_its_reviewer_has_seen_the_results_of(tmp_path: Path) -> None:
    cases = (case("a", 1), case("b", 2), case("c", 1, "2"))
    drop_ended(tmp_path, EndedRound(ADA, "bot", "1", 1, AT))
    left = left_for(not_ended(cases, tmp_path, ADA), (), ADA)
    assert [one.decision_id for one in left] == ["b", "c"]
    assert not_ended(cases, tmp_path, RAVI) == cases
    assert not_ended(cases, tmp_path, "") == cases
    assert not_ended((), tmp_path, ADA) == ()


def test_why_nothing_is_left_is_said() -> None:
    assert nothing_left(ended=False) == "All drawn cases are judged; nothing was written."
    assert nothing_left(ended=True) == (
        "Of the rounds that are not ended, all cases are judged; nothing was written."
    )
