"""Blind review as a reviewer does it: judge, put off, take back, come back another day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from invented.plan import CANDIDATE, HOSTILE, VERSION
from streamlit.testing.v1 import AppTest
from test_pages import said

from dashboard.access import NotAllowed
from dashboard.evidence import read_evidence
from dashboard.page import Visit
from dashboard.people import Person, Role
from dashboard.records import Candidate
from dashboard.reviewing import sitting
from dashboard.reviewing.batch import drawn
from dashboard.reviewing.ending import SHOW
from dashboard.reviewing.review import ENOUGH
from dashboard.reviewing.saving import ReviewRefused, save, take_back
from dashboard.theme import LIGHT
from data_contracts.evidence import evidence_path
from data_contracts.inbox import read_reviews, review_files
from data_contracts.reviews import Judgement, Review, Said, candidate_is_x

Visitor = Callable[..., AppTest]
Builder = Callable[..., Path]
SMALL = {"segments": ("LGA · UA",), "weeks": 2, "weak": ""}
ADA = Person("Ada", "ada@example.org", frozenset({Role.REVIEWER}), logged_in=True)
BEN = Person("Ben", "ben@example.org", frozenset({Role.REVIEWER}), logged_in=True)
VIEWER = Person("V", "v@example.org", frozenset({Role.VIEWER}), logged_in=True)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let presses come at once."""
    monkeypatch.setattr(sitting, "TOO_SOON", 0.0)


@pytest.fixture
def as_person(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], None]:
    """Return a function that makes somebody the one who looks."""

    def looks(person: Person) -> None:
        for name in ("dashboard.access.gate.standing", "dashboard.access.standing"):
            monkeypatch.setattr(name, lambda: person)

    return looks


def queue(visit: Visitor, folder: Path) -> AppTest:
    app = visit(folder, page="disagreements")
    assert not app.exception
    return app


def visit_of(folder: Path, person: Person) -> Visit:
    path = evidence_path(folder)
    assert path is not None
    evidence = read_evidence(path)
    return Visit(evidence, Candidate(CANDIDATE, VERSION), LIGHT, person, folder)


def case_of(app: AppTest) -> str:
    return next(s.value for s in app.subheader if s.value.startswith("Case")).replace("\\", "")[5:]


def answer_of(app: AppTest, name: str) -> str:
    texts = [m.value for m in app.markdown]
    return texts[texts.index(f"Answer {name}") + 1].removeprefix("#### ").replace("\\", "")


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=f"review-{key}").click()
    return app.run()


def test_ten_cases_are_judged_one_after_the_other(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL)
    as_person(ADA)
    app = queue(visit, folder)
    assert app.header[0].value == "24 cases wait for you: about 6 minutes."
    expected = {}
    for number in range(10):
        case = case_of(app)
        keys = {button.key for button in app.button}
        key = "x" if "review-x" in keys else "both"
        agrees = answer_of(app, "X") == answer_of(app, "Y")
        assert agrees == (key == "both")
        first = candidate_is_x("flights", CANDIDATE, VERSION, case, ADA.email)
        expected[case] = (
            Judgement.BOTH if agrees else Judgement.CANDIDATE if first else Judgement.PRODUCTION
        )
        press(app, key)
        assert f"Saved: case {case}" in said(app)
        assert app.header[0].value.startswith(f"{23 - number} of 24 cases ")
    reviews = read_reviews(folder)
    assert {r.decision_id: r.judgement for r in reviews} == expected
    assert set(expected.values()) == {Judgement.CANDIDATE, Judgement.PRODUCTION, Judgement.BOTH}
    assert {r.reviewer for r in reviews} == {ADA.email}
    assert len(review_files(folder)) == 10


def test_x_is_what_the_reviewer_sees_as_x(visit: Visitor, publish: Builder) -> None:
    folder = publish(**SMALL)
    app = queue(visit, folder)
    cases = {case.decision_id: case for case in drawn(visit_of(folder, VIEWER))}
    case, seen = cases[case_of(app)], answer_of(app, "Y")
    press(app, "y")
    judged = read_reviews(folder)[0].judgement
    right = case.recommendation if judged is Judgement.CANDIDATE else case.decision
    assert right == seen


def test_nothing_on_screen_tells_whose_answer_it_is(visit: Visitor, publish: Builder) -> None:
    app = queue(visit, publish(**SMALL))
    app = press(app, "y")
    shown = said(app) + " ".join(button.label for button in app.button)
    for word in ("Production", "production", "dispatchers", "AI ", "61%", "outcome", "on_time, "):
        assert word not in shown
    assert not app.table
    assert len(app.get("vega_lite_chart")) == 0


def test_the_last_one_is_taken_back_and_comes_up_again(visit: Visitor, publish: Builder) -> None:
    folder = publish(**SMALL)
    app = queue(visit, folder)
    assert "review-undo" not in {b.key for b in app.button}
    first = case_of(app)
    press(app, "x")
    second = case_of(app)
    press(app, "undo")
    assert case_of(app) == first
    assert f"Taken back: case {first}" in said(app)
    assert [r.judgement for r in read_reviews(folder)] == [Judgement.WITHDRAWN]
    press(app, "both")
    assert case_of(app) == second
    assert [r.judgement for r in read_reviews(folder)] == [Judgement.BOTH]
    assert len(review_files(folder)) == 3


def test_a_new_session_goes_on_where_the_last_one_ended(visit: Visitor, publish: Builder) -> None:
    folder = publish(**SMALL)
    app = queue(visit, folder)
    done = []
    for _ in range(3):
        done.append(case_of(app))
        press(app, "cannot-tell")
    again = queue(visit, folder)
    assert again.header[0].value.startswith("21 of 24 cases are left for you")
    assert case_of(again) not in done
    press(again, "undo")
    assert case_of(again) == done[-1]


def test_later_puts_a_case_at_the_end_of_the_sitting(visit: Visitor, publish: Builder) -> None:
    app = queue(visit, publish(**SMALL))
    first = case_of(app)
    press(app, "later")
    seen = []
    while "review-cannot-tell" in {b.key for b in app.button}:
        seen.append(case_of(app))
        press(app, "cannot-tell")
    assert len(seen) == 24
    assert first == seen[-1]
    assert first not in seen[:-1]


def test_results_open_when_the_batch_is_done(visit: Visitor, publish: Builder) -> None:
    folder = publish(**SMALL)
    app = queue(visit, folder)
    for _ in range(24):
        press(app, "cannot-tell")
    assert app.header[0].value == "You have judged all 24 cases."
    assert "61%" not in said(app)
    press(app, "undo")
    assert app.header[0].value.startswith("1 of 24 cases is left for you")
    press(app, "both")
    next(b for b in app.button if b.label == SHOW).click()
    app.run()
    assert "found the AI right in 61% of cases" in app.header[0].value
    assert "review-undo" not in {b.key for b in app.button}
    assert "found the AI right" in queue(visit, folder).header[0].value, "nothing is left to slip"


def test_who_stops_early_sees_results_and_is_asked_no_more(
    visit: Visitor, publish: Builder
) -> None:
    app = queue(visit, publish(**SMALL))
    next(b for b in app.button if b.label == ENOUGH).click()
    app.run()
    assert "found the AI right in 61% of cases" in app.header[0].value
    assert not [b for b in app.button if (b.key or "").startswith("review-")]


def test_a_round_that_was_ended_stays_so_in_a_new_session(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL)
    as_person(ADA)
    app = queue(visit, folder)
    other = queue(visit, folder)
    press(app, "cannot-tell")
    (kept,) = read_reviews(folder)
    next(b for b in app.button if b.label == ENOUGH).click()
    app.run()
    again = queue(visit, folder)
    for one in (app, again):
        assert "found the AI right in 61% of cases" in one.header[0].value
        assert "ended the round: 23 are not asked of you any more" in said(one)
        assert not [b for b in one.button if (b.key or "").startswith("review-")]
    press(other, "both")  # a window that still shows a case
    assert read_reviews(folder) == (kept,)
    ada = visit_of(folder, ADA)
    for call in (lambda: take_back(ada, kept), lambda: save(ada, "UA-2", Said.BOTH)):
        with pytest.raises(ReviewRefused, match="You have ended this round"):
            call()
    assert read_reviews(folder) == (kept,)
    as_person(BEN)
    assert "are left for you" in queue(visit, folder).header[0].value, "ended by one person only"


def test_results_stay_shut_where_it_cannot_be_kept_that_they_were_seen(
    visit: Visitor, publish: Builder
) -> None:
    folder = publish(**SMALL)
    (folder / "inbox").write_text("in the way")
    app = queue(visit, folder)
    next(b for b in app.button if b.label == ENOUGH).click()
    app.run()
    assert "it is not a folder" in app.error[0].value.replace("\\", "")
    assert "61%" not in said(app)


def test_who_comes_back_to_the_results_can_take_nothing_back(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL)
    as_person(ADA)
    app = queue(visit, folder)
    for _ in range(24):
        press(app, "cannot-tell")
    assert "found the AI right" in queue(visit, folder).header[0].value
    with pytest.raises(ReviewRefused, match="You have ended this round"):
        take_back(visit_of(folder, ADA), read_reviews(folder)[0])


def test_reason_and_note_are_kept_as_typed_and_never_shown_as_markup(
    visit: Visitor, publish: Builder
) -> None:
    folder = publish(segments=HOSTILE, weak="", weeks=2)
    app = queue(visit, folder)
    app.pills[0].set_value(HOSTILE[0])
    note = '../../x.jsonl\n{"review_id": "forged"}\n**b** <script>'
    app.text_input[0].set_value(note)
    press(app, "x")
    review = read_reviews(folder)[0]
    assert (review.reason, review.note) == (HOSTILE[0], note)
    assert [p.name for p in folder.rglob("*.jsonl")] == [review_files(folder)[0].name]
    assert len(review_files(folder)[0].read_text().splitlines()) == 1
    shown = " ".join(m.value for m in app.markdown)
    assert "<script>" not in shown
    assert "**b**" not in shown
    assert not app.pills[0].value, "the next case starts without"
    assert not app.text_input[0].value
    assert all("<" not in option.replace("\\<", "") for option in app.pills[0].options)


def test_a_press_right_after_a_new_case_was_for_the_last_one(
    visit: Visitor, publish: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publish(**SMALL)
    app = queue(visit, folder)
    press(app, "x")
    case = case_of(app)
    monkeypatch.setattr(sitting, "TOO_SOON", 60.0)
    press(app, "x")
    assert case_of(app) == case
    assert len(read_reviews(folder)) == 1


def test_a_broken_inbox_is_said_and_the_case_stays(visit: Visitor, publish: Builder) -> None:
    folder = publish(**SMALL)
    (folder / "inbox").write_text("in the way")
    app = queue(visit, folder)
    case = case_of(app)
    press(app, "x")
    assert "it is not a folder" in app.error[0].value.replace("\\", "")
    assert case_of(app) == case
    (folder / "inbox").unlink()
    press(app, "x")
    assert not app.error
    assert case_of(app) != case


def test_a_viewer_sees_results_and_no_case(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    as_person(VIEWER)
    app = queue(visit, publish(**SMALL))
    assert "61% of cases (54% to 67%; 212 judged of 2,255)" in said(app)
    assert "role reviewer" in said(app)
    assert not [b for b in app.button if (b.key or "").startswith("review-")]


def test_a_viewer_cannot_save_even_by_calling(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL)
    as_person(VIEWER)
    queue(visit, folder)
    forged = visit_of(folder, ADA)
    for call in (
        lambda: save(forged, "UA-1", Said.X),
        lambda: take_back(forged, _said_by(VIEWER.email)),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert not review_files(folder)


def test_who_lost_the_role_cannot_save_any_more(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL)
    as_person(ADA)
    app = queue(visit, folder)
    as_person(VIEWER)
    press(app, "x")
    assert not review_files(folder)
    assert not app.exception


@pytest.mark.parametrize(
    ("case", "answer", "reason", "note", "words"),
    [
        ("UA-99", Said.X, None, "", "not drawn"),
        ("../UA-1", Said.X, None, "", "not drawn"),
        ("UA-1", Said.X, "made up", "", "none of the study's"),
        ("UA-1", Said.X, None, "x" * 2001, "2,000 at most"),
        ("UA-1", Said.NEITHER, None, "", "cannot be answered"),
        ("UA-8", Said.X, None, "", "cannot be answered"),
    ],
)
def test_what_cannot_be_a_review_is_refused(
    visit: Visitor,
    publish: Builder,
    as_person: Callable[[Person], None],
    case: str,
    answer: Said,
    reason: str | None,
    note: str,
    words: str,
) -> None:
    folder = publish(**SMALL)
    as_person(ADA)
    queue(visit, folder)
    with pytest.raises(ReviewRefused, match=words):
        save(visit_of(folder, ADA), case, answer, reason, note)
    assert not review_files(folder)


def test_nobody_takes_back_what_another_said(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL)
    as_person(ADA)
    queue(visit, folder)
    review = save(visit_of(folder, ADA), "UA-1", Said.X, "data error", "a note")
    as_person(BEN)
    with pytest.raises(ReviewRefused, match="Only who said it"):
        take_back(visit_of(folder, BEN), review)
    assert read_reviews(folder) == (review,)
    assert json.loads(review_files(folder)[0].read_text())["note"] == "a note"


def test_two_people_share_the_queue(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL)
    as_person(ADA)
    app = queue(visit, folder)
    for _ in range(24):
        press(app, "cannot-tell")
    as_person(BEN)
    app = queue(visit, folder)
    assert app.header[0].value.startswith("4 of 24 cases are left for you"), "every fifth is second"
    ben = visit_of(folder, BEN)
    save(ben, "UA-1", Said.X)
    assert len(read_reviews(folder)) == 25, "whoever comes second is an extra second judgement"


def test_a_study_that_lists_its_reviewers_asks_no_others(
    visit: Visitor, publish: Builder, as_person: Callable[[Person], None]
) -> None:
    folder = publish(**SMALL, reviewers=("cleo@example.org",))
    as_person(ADA)
    app = queue(visit, folder)
    assert "found the AI right" in app.header[0].value
    assert "lists its reviewers, and you are not among them" in said(app)
    with pytest.raises(NotAllowed):
        save(visit_of(folder, ADA), "UA-1", Said.X)
    assert not review_files(folder)


def test_without_a_login_the_user_of_this_computer_reviews(
    visit: Visitor, publish: Builder
) -> None:
    folder = publish(**SMALL)
    press(queue(visit, folder), "x")
    assert read_reviews(folder)[0].reviewer.startswith("local:")


def _said_by(reviewer: str) -> Review:
    at = datetime(2014, 1, 2, tzinfo=UTC)
    return Review("r", "UA-1", CANDIDATE, VERSION, reviewer, at, Judgement.BOTH)
