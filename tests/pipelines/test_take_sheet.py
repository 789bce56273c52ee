"""Rows of a filled sheet: whose answer X is, and what may be said of two answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data_contracts.reviews import Judgement
from data_contracts.study.decision import Decision
from data_contracts.study.model import Study
from data_contracts.study.production import Person, ReviewPlan
from data_contracts.vocabulary import DecisionType
from pipelines.reviewing.drawn import Case, Drawn, ReviewerUnknown, reviewer_named
from pipelines.reviewing.sheet import NEEDED
from pipelines.reviewing.take_sheet import Taken, take_sheet

AT = datetime(2026, 4, 1, tzinfo=UTC)
COLUMNS = {name: place for place, name in enumerate(NEEDED)}
NUMBERS = Decision(type=DecisionType.NUMERIC, tolerance=1.0)


def classes(*names: str, kind: DecisionType = DecisionType.CATEGORICAL) -> Decision:
    positive = names[0] if kind is DecisionType.BINARY else None
    return Decision(type=kind, classes=names, positive=positive)


def take(
    decision: Decision, answers: tuple[str, str], shown: tuple[str, str], said: str = "X"
) -> Taken:
    """Take a row in; `answers` are production's and the candidate's, `shown` are X and Y."""
    study = Study.model_construct(decision=decision, review=ReviewPlan())
    case = Case("bot", "1", "c1", False, False, *answers, 0, 1, {})
    rows = [["c1", "bot 1", *shown, said, "", ""]]
    return take_sheet(study, Drawn("s", (case,)), COLUMNS, rows, "ada@example.org", (), AT)


@pytest.mark.parametrize(
    ("decision", "answers", "shown", "judgement"),
    [
        (classes("A", "a", "b"), ("A", "a"), ("A", "a"), Judgement.PRODUCTION),
        (classes("A", "a", "b"), ("A", "a"), ("a", "A"), Judgement.CANDIDATE),
        (classes("late", "early", "on time"), ("late", "early"), ("Early", "LATE"), "candidate"),
        (NUMBERS, ("0", "-0"), ("0", "-0"), Judgement.PRODUCTION),
        (NUMBERS, ("0", "-0"), ("-0", "0"), Judgement.CANDIDATE),
        (NUMBERS, ("7.0", "7.2"), ("7,2", "7"), Judgement.CANDIDATE),
        (NUMBERS, ("7.0", "7.2"), ("7", "7,2"), Judgement.PRODUCTION),
    ],
)
def test_x_is_whose_answer_it_says(
    decision: Decision, answers: tuple[str, str], shown: tuple[str, str], judgement: Judgement
) -> None:
    taken = take(decision, answers, shown)
    assert not taken.mistakes
    assert [review.judgement for review in taken.reviews] == [judgement]


@pytest.mark.parametrize(
    ("answers", "shown", "words"),
    [
        (("0", "-0"), ("0", "0"), "which fit both ways round"),
        (("7.0", "7.2"), ("7.0", "7.4"), "not those of the case"),
    ],
)
def test_answers_that_fit_both_ways_or_none_are_refused_with_their_row(
    answers: tuple[str, str], shown: tuple[str, str], words: str
) -> None:
    taken = take(NUMBERS, answers, shown)
    assert not taken.reviews
    (mistake,) = taken.mistakes
    assert mistake.row == 2
    assert words in mistake.text


@pytest.mark.parametrize("listed", [(), ("ADA@example.org", "ravi@example.org")])
def test_a_reviewer_is_named_as_the_dashboard_names_them(listed: tuple[str, ...]) -> None:
    people = tuple(Person(name="A", email=email) for email in listed)
    study = Study.model_construct(review=ReviewPlan(reviewers=people))
    assert reviewer_named(study, " Ada@Example.ORG ") == "ada@example.org"
    if listed:
        with pytest.raises(ReviewerUnknown, match="not a reviewer of this study"):
            reviewer_named(study, "ad\u00e4@example.org")


TWO, THREE = classes("late", "early"), classes("late", "early", "on time")


@pytest.mark.parametrize(
    ("decision", "answers", "said", "words"),
    [
        (TWO, ("late", "late"), "X", "both answers are the same; say both or neither"),
        (TWO, ("late", "late"), "y", "both answers are the same; say both or neither"),
        (NUMBERS, ("7", "7"), "X", "both answers are the same; say both or neither"),
        (TWO, ("late", "early"), "neither", "of two different classes one is right"),
        (
            classes("late", "early", kind=DecisionType.BINARY),
            ("late", "early"),
            "neither",
            "of two different classes one is right",
        ),
    ],
)
def test_what_cannot_be_said_of_two_answers_is_refused_with_the_row(
    decision: Decision, answers: tuple[str, str], said: str, words: str
) -> None:
    taken = take(decision, answers, answers, said)
    assert not taken.reviews
    assert [str(mistake) for mistake in taken.mistakes] == [
        f'row 2: answer "{said.upper() if len(said) == 1 else said}": {words}'
    ]


@pytest.mark.parametrize(
    ("decision", "answers", "said"),
    [
        (TWO, ("late", "late"), "both"),
        (TWO, ("late", "late"), "neither"),
        (TWO, ("late", "late"), "cannot tell"),
        (THREE, ("late", "early"), "neither"),
        (NUMBERS, ("7", "9"), "neither"),
    ],
)
def test_what_can_be_said_is_taken(decision: Decision, answers: tuple[str, str], said: str) -> None:
    taken = take(decision, answers, answers, said)
    assert not taken.mistakes
    assert [r.judgement.value for r in taken.reviews] == [said.replace(" ", "_")]
