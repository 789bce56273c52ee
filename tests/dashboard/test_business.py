"""Business case: its sentences at none, one, some and all, hidden outcomes, and the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.amounts import AmountRow, amounts
from dashboard.charts.unseen import Bar, unseen_bar
from dashboard.declared import Declared
from dashboard.theme import LIGHT
from dashboard.worth.by_segment import Part, parts_of
from dashboard.worth.by_segment import sentence as by_segment_sentence
from dashboard.worth.case import Amount, Case
from dashboard.worth.headline import headline
from dashboard.worth.refused import answer
from dashboard.worth.sensitivity import sampling, sentence
from dashboard.worth.unseen import Assumed, Unseen
from dashboard.worth.varied import Item, items_of
from data_contracts.study.production import BusinessValue, ServiceLevels
from evaluators.wording import MINUS

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
VALUED = Declared(
    ServiceLevels(),
    None,
    BusinessValue(currency="USD", unit_value=40),
    "USD",
    "USD",
    330_000,
    ("approve",),
    ("approve", "deny"),
)
SAVES = Case(
    VALUED, Amount(0.45, 0.255, 0.64), 900, 330_000, False, 70, Amount(0.03, 0.03, 0.03), 9
)


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(f"{getattr(p, 'label', '')} {p.value}" for p in parts).replace("\\", "")


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            replace(SAVES, declared=replace(VALUED, value=None)),
            "Nothing says yet what a decision is worth.",
        ),
        (
            replace(SAVES, saving=None),
            "What going live is worth is not known yet: no outcome is final.",
        ),
        (SAVES, "Going live is worth about $139,000 a year, between $74,000 and $201,000."),
        (
            replace(SAVES, saving=Amount(0.0, -0.3, 0.3), running=None),
            f"It is open whether going live pays: about $0 a year, between {MINUS}$99,000 and "
            "$99,000.",
        ),
        (
            replace(SAVES, saving=Amount(-0.5, -0.7, -0.3)),
            "Going live would cost about $175,000 a year, between $109,000 and $241,000.",
        ),
        (
            replace(SAVES, volume=None),
            "Going live is worth about $0.42 a case, between $0.23 and $0.61.",
        ),
        (
            replace(SAVES, saving=Amount(None, 0.255, 0.64)),
            "Going live is worth between $74,000 and $201,000 a year.",
        ),
        (
            replace(SAVES, saving=Amount(None, -0.3, 0.3), running=None),
            f"It is open whether going live pays: between {MINUS}$99,000 and $99,000 a year.",
        ),
    ],
)
def test_the_answer_is_never_without_its_interval(case: Case, sentence: str) -> None:
    assert headline(case) == sentence


def item(name: str, *ends: tuple[float, float, float]) -> Item:
    return Item(name, 10.0, dict(zip((0.5, 1.0, 2.0), (Amount(*e) for e in ends), strict=True)))


STEADY = item("a", (1.0, 0.9, 1.1), (2.0, 1.9, 2.1), (4.0, 3.9, 4.1))
LOSES = item("d", (-1.0, -1.1, -0.9), (-2.0, -2.1, -1.9), (-4.0, -4.1, -3.9))
TIPS = item("b", (-1.0, -1.1, -0.9), (1.0, 0.9, 1.1), (5.0, 4.9, 5.1))
OPEN = item("c", (0.0, -1.0, 1.0), (0.0, -1.0, 1.0), (0.0, -2.0, 2.0))


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (
            [STEADY],
            "On average in this record the AI saves, also with the declared cost halved or doubled",
        ),
        ([TIPS], "Whether the AI saves on average in this record depends on the one declared cost"),
        (
            [STEADY] * 3,
            "On average in this record the AI saves, also with any one declared cost halved or "
            "doubled",
        ),
        (
            [LOSES] * 2,
            "On average in this record the AI costs more than it saves, also with any one declared "
            "cost halved or doubled",
        ),
        (
            [STEADY, TIPS],
            "Whether the AI saves on average in this record depends on 1 of 2 declared costs",
        ),
        (
            [TIPS, TIPS],
            "Whether the AI saves on average in this record depends on each of the 2 declared "
            "costs",
        ),
        (
            [OPEN],
            "Whether the AI saves on average in this record is open, also with the declared cost "
            "halved or doubled",
        ),
        (
            [OPEN, OPEN],
            "Whether the AI saves on average in this record is open, also with any one declared "
            "cost halved or doubled",
        ),
    ],
)
def test_what_the_answer_depends_on(items: list[Item], words: str) -> None:
    assert sentence(items) == words


def test_what_sampling_leaves_open_is_said_beside_a_saving_on_average() -> None:
    case = replace(SAVES, saving=Amount(0.2, -0.1, 0.5), running=None)
    rows = [
        {"item": "unit value", "outcome": "", "factor": f, "cost": 40 * f}
        | dict.fromkeys(("saving", "low", "high"), 0.2 * f)
        for f in (0.5, 1.0, 2.0)
    ]
    items = items_of(rows, case, hidden=False)
    assert headline(case).startswith("It is open whether going live pays")
    assert sentence(items).startswith("On average in this record the AI saves")
    assert sampling(Amount(0.2, -0.1, 0.5)).endswith("it is open whether going live pays.")
    assert sampling(Amount(None, -0.1, 0.5)) == sampling(Amount(0.2, -0.1, 0.5))
    for clear in (Amount(0.2, 0.1, 0.3), Amount(-0.2, -0.3, -0.1)):
        assert sampling(clear) == "Sentence and boxes leave sampling out."


def test_where_a_cost_breaks_even_is_a_range() -> None:
    low, high = TIPS.break_even() or (0.0, 0.0)
    assert 0.5 < low < high < 1
    assert STEADY.break_even() is None


def test_the_running_cost_is_taken_off_and_hidden_outcomes_have_no_middle() -> None:
    rows = [
        {
            "item": "unit value",
            "outcome": "",
            "factor": f,
            "cost": 40 * f,
            "saving": f,
            "low": f,
            "high": f,
        }
        for f in (0.5, 1.0, 2.0)
    ]
    (one,) = items_of(rows, SAVES, hidden=False)
    assert one.by_factor[1.0] == Amount(0.97, 0.97, 0.97)
    (hidden,) = items_of(rows, SAVES, hidden=True)
    assert hidden.by_factor[1.0].middle is None


def part(state: str) -> Part:
    low, high = {"saves": (1.0, 2.0), "costs": (-2.0, -1.0), "open": (-1.0, 1.0)}[state]
    return Part(state, 0.0, low, high, 500)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["saves"], "In the one segment the AI is shown to save"),
        (
            ["costs"] * 2,
            "Taken singly, in all 2 segments the AI is shown to cost more than it saves",
        ),
        (["open"] * 3, "Taken singly, in all 3 segments it is open whether the AI saves"),
        (
            ["saves", "costs", "open", "open"],
            "Taken singly, in 1 of 4 segments the AI is shown to save; in 1 to cost more; "
            "2 are open",
        ),
        (
            ["costs", "open"],
            "Taken singly, in 1 of 2 segments the AI is shown to cost more; 1 is open",
        ),
    ],
)
def test_where_the_saving_comes_from(states: list[str], words: str) -> None:
    assert by_segment_sentence([part(state) for state in states]) == words


def test_small_segments_are_never_shown_singly() -> None:
    rows = [
        {"segment": name, "estimate": 0.1, "low": 0.0, "high": 0.2, "n": n}
        for name, n in (("large", 500), ("small", 29), ("empty", 0))
    ]
    parts, small = parts_of(rows, 30, hidden=False)
    assert ([p.segment for p in parts], small) == (["large"], 1)


HIDDEN = Unseen(10_000, 312, -0.014, 0.046, -0.019, 0.051, 0.01, 0.067, 0.95, 4000, ())


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            HIDDEN,
            "as long as it would have been right in 7 in 100 of the 312 overturned “deny”, "
            "sampling left out; among the 4,000 similar cases in which both chose “approve” it "
            "was in 95 in 100.",
        ),
        (replace(HIDDEN, break_even=-0.5), "whatever the 312 overturned “deny” would have come to"),
        (replace(HIDDEN, break_even=1.5), "even if it were right in all of the 312 overturned"),
        (replace(HIDDEN, hidden=1), "the one overturned “deny”"),
        (replace(HIDDEN, comparable_good=None), "no similar cases to hold against it"),
    ],
)
def test_where_hidden_outcomes_tip(found: Unseen, words: str) -> None:
    assert words in answer(found, "“deny”", VALUED)


def test_a_supposition_takes_the_next_lower_published_share() -> None:
    found = replace(HIDDEN, assumed=tuple(Assumed(g / 20, g / 100, -0.1) for g in range(21)))
    assert (found.nearest(0.3) or Assumed(9, 0, 0)).good == pytest.approx(0.3)
    assert (found.nearest(0.33) or Assumed(9, 0, 0)).good == pytest.approx(0.3)
    assert found.like_comparable == pytest.approx(-0.014 + 0.95 * 0.06)


def test_without_a_value_the_page_says_what_to_declare(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"), page="business")
    assert app.header[0].value.replace("\\", "") == "Nothing says yet what a decision is worth."
    assert "Put what a decision is worth into `study.yaml`" in said(app)
    assert not app.metric


def test_the_page_has_three_tiles_and_a_sum_after_the_running_cost(
    visit: Visitor, study: Study
) -> None:
    app = visit(study("declared"), page="business")
    assert not app.exception
    assert [t.label for t in app.metric] == ["Saving per case", "Cases a year", "Running cost"]
    assert "€" in app.header[0].value
    assert "less the running cost" in said(app)


def test_hidden_outcomes_leave_no_middle_anywhere(visit: Visitor, study: Study) -> None:
    app = visit(study("unseen"), page="business")
    assert not app.exception
    assert "about" not in app.header[0].value
    text = said(app)
    assert "overturned “late” have no outcome" in text
    saving = next(tile for tile in app.metric if tile.label == "Saving per case")
    assert " to " in saving.value


def test_the_supposition_lives_in_the_address(visit: Visitor, study: Study) -> None:
    none = visit(study("unseen"), page="business", suppose="0")
    every = visit(study("unseen"), page="business", suppose="100")
    assert none.slider(key="suppose").value == 0
    assert "If in 0 in 100" in said(none)
    assert "If in 100 in 100" in said(every)
    moved = none.slider(key="suppose").set_value(50).run()
    assert "If in 50 in 100" in said(moved)
    assert not visit(study("unseen"), page="business", suppose="no").exception


def test_the_cut_of_segments_lives_in_the_address(visit: Visitor, study: Study) -> None:
    app = visit(study("declared"), page="business", saving_by="origin x carrier")
    assert app.selectbox(key="saving_by").value == "origin x carrier"
    assert "6 segments" in said(app)


def test_each_chart_reads_one_layer_aloud() -> None:
    row = AmountRow("a", -1.0, 1.0, None, "a: -1 to 1")
    bar = Bar(-1.4, 4.6, -1.9, 5.1, -1.0, "limit", 4.3, 2.0, 1.0, "if 60 in 100")
    for chart in (amounts([row], "no gain", LIGHT), unseen_bar(bar, LIGHT)):
        layers = chart.to_dict()["layer"]
        aloud = [layer for layer in layers if layer["mark"].get("aria") is not False]
        assert len(aloud) == 1
        assert "description" in aloud[0]["encoding"] or "description" in aloud[0]["mark"]
