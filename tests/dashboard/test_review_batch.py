"""Which cases one person is asked to judge, at which pace, and what may be answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.reviewing import sitting
from dashboard.reviewing.answer import done_answer, left_answer, stopped_answer
from dashboard.reviewing.batch import Case, batch, offered
from dashboard.reviewing.pace import own_pace
from dashboard.reviewing.sitting import Sitting
from data_contracts.reviews import Judgement, Review, Said

AT = datetime(2014, 1, 2, 9, tzinfo=UTC)
CASES = tuple(Case(f"c{n}", "late", "on_time", n == 3, 1, "{}") for n in range(1, 5))


def by(who: str, case: str, judgement: Judgement = Judgement.BOTH, minute: int = 0) -> Review:
    at = AT + timedelta(minutes=minute)
    return Review(f"{who} {case}", case, "gbm", "1", who, at, judgement)


def ids(cases: tuple[Case, ...]) -> list[str]:
    return [case.decision_id for case in cases]


def test_a_case_somebody_else_judged_is_not_offered_but_a_second_one_is() -> None:
    reviews = [by("ben", "c1"), by("ben", "c3"), by("ben", "not drawn")]
    assert ids(batch(CASES, reviews, "ada").left) == ["c2", "c3", "c4"]
    reviews.append(by("cleo", "c3"))
    assert ids(batch(CASES, reviews, "ada").left) == ["c2", "c4"]


def test_what_was_taken_back_counts_for_nobody() -> None:
    reviews = [by("ben", "c1", Judgement.WITHDRAWN), by("ada", "c2", Judgement.WITHDRAWN)]
    assert ids(batch(CASES, reviews, "ada").left) == ["c1", "c2", "c3", "c4"]


def test_cannot_tell_is_a_judgement() -> None:
    found = batch(CASES, [by("ada", "c1", Judgement.CANNOT_TELL)], "ada")
    assert ids(found.left) == ["c2", "c3", "c4"]
    assert [review.decision_id for review in found.mine] == ["c1"]


def test_what_this_person_said_is_in_the_order_they_said_it() -> None:
    found = batch(CASES, [by("ada", "c2", minute=2), by("ada", "c1", minute=1)], "ada")
    assert [review.decision_id for review in found.mine] == ["c1", "c2"]


def test_nothing_of_an_ended_round_is_asked_or_can_be_taken_back() -> None:
    later = tuple(replace(case, decision_id=f"d{n}", round=2) for n, case in enumerate(CASES))
    reviews = [by("ada", "c1", minute=1), by("ada", "d0", minute=2)]
    found = batch((*CASES, *later), reviews, "ada", reopened=("c2",), ended=1)
    assert ids(found.left) == ["d1", "d2", "d3"]
    assert found.skipped == 3
    assert [review.decision_id for review in found.mine] == ["c1", "d0"]
    assert [review.decision_id for review in found.undoable] == ["d0"]
    before = batch((*CASES, *later), reviews, "ada")
    assert (len(before.left), before.skipped, before.undoable) == (6, 0, before.mine)


@pytest.mark.parametrize(
    ("mine", "skipped", "sentence"),
    [
        (0, 24, "You have judged no case and ended the round: 24 are not asked of you any more."),
        (
            1,
            23,
            "You have judged 1 of 24 cases and ended the round: 23 are not asked of you any more.",
        ),
        (
            23,
            1,
            "You have judged 23 of 24 cases and ended the round: 1 is not asked of you any more.",
        ),
    ],
)
def test_the_sentence_of_who_stopped_early(mine: int, skipped: int, sentence: str) -> None:
    assert stopped_answer(mine, skipped, 24) == sentence


def test_a_case_taken_back_is_offered_though_others_have_judged_it() -> None:
    reviews = [by("ada", "c1", Judgement.WITHDRAWN), by("ben", "c1")]
    assert ids(batch(CASES, reviews, "ada").left) == ["c2", "c3", "c4"]
    assert ids(batch(CASES, reviews, "ada", reopened=("c1",)).left)[0] == "c1"


def test_of_a_case_the_inbox_does_not_speak_of_the_publication_says_who_judged() -> None:
    published = Case("c9", "late", "on_time", False, 1, "{}", judged=1)
    assert not batch([published], [], "ada").left
    taken_back = by("ben", "c9", Judgement.WITHDRAWN)
    assert ids(batch([published], [taken_back], "ada").left) == ["c9"]


@pytest.mark.parametrize(
    ("same", "classes", "expected"),
    [
        (False, ("late", "on_time"), {Said.X, Said.Y, Said.BOTH, Said.CANNOT_TELL}),
        (False, ("a", "b", "c"), set(Said)),
        (False, (), set(Said)),
        (True, ("late", "on_time"), {Said.BOTH, Said.NEITHER, Said.CANNOT_TELL}),
    ],
)
def test_neither_is_offered_where_it_can_be_true(
    same: bool, classes: tuple[str, ...], expected: set[Said]
) -> None:
    case = Case("c1", "late", "late" if same else "on_time", False, 1, "{}")
    assert set(offered(case, classes)) == expected


@pytest.mark.parametrize("told", ["", "[1]", "null", "{", '"text"'])
def test_facts_that_cannot_be_read_are_none(told: str) -> None:
    assert Case("c1", "late", "late", False, 1, told).facts == ()


def test_the_pace_is_ones_own_once_five_cases_tell_and_pauses_do_not_count() -> None:
    at = [AT + timedelta(seconds=20 * n) for n in range(5)]
    assert own_pace(at) is None
    assert own_pace([*at, AT + timedelta(seconds=100)]) == 20
    assert own_pace([*at, AT + timedelta(seconds=100), AT + timedelta(days=1)]) == 20
    assert own_pace([AT] * 50) is None, "an import is no pace"


@pytest.mark.parametrize(
    ("left", "total", "sentence"),
    [
        (1, 1, "1 case waits for you: less than a minute."),
        (240, 240, "240 cases wait for you: about 60 minutes."),
        (28, 240, "28 of 240 cases are left for you: about 7 minutes."),
        (1, 240, "1 of 240 cases is left for you: less than a minute."),
        (1000, 2000, "1,000 of 2,000 cases are left for you: about 4 hours."),
    ],
)
def test_the_sentence_says_how_much_is_left(left: int, total: int, sentence: str) -> None:
    assert left_answer(left, total, 15) == sentence


@pytest.mark.parametrize(
    ("mine", "total", "sentence"),
    [
        (0, 1, "Nothing is left for you: others have judged the one case."),
        (0, 240, "Nothing is left for you: others have judged all 240 cases."),
        (1, 1, "You have judged the one case."),
        (240, 240, "You have judged all 240 cases."),
        (1, 240, "You are done: you have judged 1 of 240 cases, others the rest."),
    ],
)
def test_the_sentence_at_the_end(mine: int, total: int, sentence: str) -> None:
    assert done_answer(mine, total) == sentence


def test_only_a_new_case_needs_time_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(sitting, "monotonic", lambda: now)
    it = Sitting()
    it.show(CASES[0])
    assert it.pressed_too_soon()
    now += 1.0
    it.show(CASES[0])  # drawn again, as a reason was picked
    assert not it.pressed_too_soon()
    it.show(CASES[1])
    assert it.pressed_too_soon()


def test_cases_put_off_come_back_in_the_order_they_were_put_off() -> None:
    it = Sitting()
    seen = []
    for _ in range(9):
        case = it.next_of(CASES)
        assert case is not None
        seen.append(case.decision_id)
        it.show(case)
        it.put_off()
    assert seen == ["c1", "c2", "c3", "c4", "c1", "c2", "c3", "c4", "c1"]
    assert it.next_of(()) is None
