"""The drift page: its sentences, what each row shows, one subject closer, and the alarm."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.charts.chance_weeks import chance_weeks
from dashboard.charts.shifts import Shift, axis_end, shifts
from dashboard.drifting.alarm import alarm_answer
from dashboard.drifting.answer import drift_answer, other_stretch
from dashboard.drifting.bins import bins_answer
from dashboard.drifting.overview import overview_answer, ranked_subjects, singly
from dashboard.drifting.published import Standing, Stretch, Watched, standing
from dashboard.drifting.weeks import weeks_answer
from dashboard.theme import DARK, LIGHT

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
MOVED, LITTLE, STILL, UNKNOWN = (
    Standing.MOVED,
    Standing.TOO_LITTLE,
    Standing.STILL,
    Standing.UNKNOWN,
)
WEEK = Stretch(
    date(2013, 11, 4),
    date(2013, 11, 10),
    1,
    57589,
    6453,
    0.142,
    0.021,
    None,
    0.0,
    0.0,
    1.0,
    MOVED,
    "",
)


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(str(p.value) for p in parts).replace("\\", "")


def one(name: str, now: Standing, kind: str = "input", longer: Standing | None = None) -> Watched:
    together = None if longer is None else replace(WEEK, weeks=4, standing=longer)
    return Watched(kind, name, (replace(WEEK, standing=now),), together)


@pytest.mark.parametrize(
    ("subjects", "sentence"),
    [
        ([], "Nothing is compared with a reference yet."),
        ([one("a", MOVED)], "The one input has moved: a."),
        ([one("a", LITTLE)], "The one input has not moved in a way that matters."),
        (
            [one("a", UNKNOWN)],
            "There are too few cases to tell whether the one input has moved.",
        ),
        (
            [one("a", UNKNOWN), one("b", UNKNOWN)],
            "There are too few cases to tell whether any of 2 inputs has moved.",
        ),
        (
            [one("departure delay", MOVED), *(one(n, STILL) for n in "abcd"), one("e", UNKNOWN)],
            "1 of 6 inputs has moved: departure delay. For 1 there are too few cases to tell.",
        ),
        ([one("a", MOVED), one("b", MOVED)], "All 2 inputs have moved: a and b."),
        ([one("a", STILL), one("b", LITTLE)], "None of 2 inputs has moved in a way that matters."),
        (
            [one("a", STILL), one("b", UNKNOWN)],
            "No input has moved in a way that matters among the one that can be told. For 1 there"
            " are too few cases to tell.",
        ),
        (
            [one(n, MOVED) for n in "abcde"] + [one("f", STILL)],
            "5 of 6 inputs have moved: a, b, c and 2 more.",
        ),
        (
            [one("a", STILL), one("score", MOVED, "score")],
            "The one input has not moved in a way that matters. Moved elsewhere: how the AI"
            " scores.",
        ),
        (
            [one("a", MOVED), one("origin", MOVED, "mix")],
            "The one input has moved: a. Moved as well: mix by origin.",
        ),
        (
            [one("origin", STILL, "mix"), one("score", MOVED, "score")],
            "1 of 2 things watched has moved: how the AI scores.",
        ),
    ],
)
def test_what_has_moved_at_none_one_some_and_all(subjects: list[Watched], sentence: str) -> None:
    assert drift_answer(subjects, longer=False) == sentence


def test_what_moved_in_the_other_stretch_is_said_too() -> None:
    subjects = [one("a", STILL, longer=MOVED), one("b", MOVED, longer=MOVED)]
    assert other_stretch(subjects, False) == "Over the last weeks together 1 more has moved: a."
    assert other_stretch(subjects, True) == ""
    only = [one("a", MOVED, longer=STILL)]
    assert other_stretch(only, True) == "In the latest week alone 1 has moved: a."


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"alarm": True, "cannot_tell": False, "p_adjusted": 0.0, "psi_debiased": 0.2}, MOVED),
        ({"alarm": False, "cannot_tell": True, "p_adjusted": 0.0, "psi_debiased": 0.2}, UNKNOWN),
        ({"alarm": False, "cannot_tell": False, "p_adjusted": 0.01, "psi_debiased": 0.05}, LITTLE),
        ({"alarm": False, "cannot_tell": False, "p_adjusted": 0.5, "psi_debiased": 0.01}, STILL),
        ({"alarm": False, "cannot_tell": False, "p_adjusted": 0.07, "psi_debiased": 0.12}, UNKNOWN),
        ({"alarm": False, "cannot_tell": False, "p_adjusted": None, "psi_debiased": None}, STILL),
    ],
)
def test_four_words_say_what_a_row_shows(row: dict[str, Any], shown: Standing) -> None:
    assert standing(row, 0.05) is shown


def test_rows_are_ordered_by_what_they_show_then_by_how_far() -> None:
    near = Watched("input", "near", (replace(WEEK, psi=0.11),), None)
    rows = ranked_subjects([one("a", STILL), one("b", UNKNOWN), near, one("c", MOVED)], False)
    assert [subject.name for subject, _ in rows] == ["c", "near", "a", "b"]


@pytest.mark.parametrize(
    ("state", "total", "sentence"),
    [
        (MOVED, 1, "Delay has moved"),
        (MOVED, 3, "Delay has moved farthest"),
        (LITTLE, 3, "Delay has moved, too little to matter"),
        (STILL, 3, "Nothing shows a sign of movement"),
        (UNKNOWN, 1, "There are too few cases to tell what has moved"),
    ],
)
def test_the_sentence_of_the_overview(state: Standing, total: int, sentence: str) -> None:
    subject = one("delay", state)
    assert overview_answer(subject, subject.weekly[0], total) == sentence


def test_what_cannot_be_told_is_not_called_still() -> None:
    subject = one("delay", STILL)
    alone = overview_answer(subject, subject.weekly[0], 1)
    assert alone == "Delay shows no sign of movement"
    among = overview_answer(subject, subject.weekly[0], 10, unknown=9)
    assert among == (
        "Where it can be told nothing shows a sign of movement; for 9 there are too few cases to "
        "tell"
    )


def test_right_of_the_bar_and_no_movement_is_explained() -> None:
    beyond = replace(WEEK, psi=0.05, chance=0.04, standing=STILL)
    assert "by chance" in singly(beyond)
    assert singly(replace(beyond, psi=0.03)) == ""
    assert singly(replace(beyond, standing=MOVED)) == ""


def test_the_bin_that_changed_most_is_named() -> None:
    row = {"label": "a", "reference": 0.5, "latest": 0.5}
    assert bins_answer([], "x") == "X: no case to compare yet"
    assert bins_answer([row], "x") == "X: every share is what it was in the reference"
    fell = {**row, "label": "b", "latest": 0.3}
    assert "the share of b has shrunk most, from 50.0% to 30.0%" in bins_answer([row, fell], "x")


def test_in_how_many_weeks_it_had_moved() -> None:
    moved, still = WEEK, replace(WEEK, standing=STILL)

    def of(*weeks: Stretch) -> str:
        return weeks_answer(Watched("input", "delay", weeks, None))

    assert of(moved) == "Delay: moved in the one week compared"
    assert of(still, still) == "Delay has not moved in a way that matters in any of 2 weeks"
    assert of(moved, moved) == "Delay had moved in each of 2 weeks"
    assert of(moved, still) == "Delay had moved in 1 of 2 weeks"
    unknown = replace(WEEK, standing=UNKNOWN)
    few = "too few cases to tell"
    assert of(unknown, unknown) == f"Delay: {few} in any of 2 weeks"
    assert of(moved, unknown) == f"Delay had moved in 1 of 2 weeks; 1 has {few}"
    assert of(still, unknown, unknown) == (
        f"Delay has not moved in a way that matters in the one week that can be told; 2 have {few}"
    )


OPEN = {
    "cut": "all",
    "segment": "all",
    "alarm": True,
    "floor": -0.005,
    "alarm_day": date(2013, 10, 14),
    "change_day": date(2013, 10, 3),
}


def test_the_alarm_says_when_and_how_late_it_could_be_told() -> None:
    quiet = {**OPEN, "alarm": False}
    assert alarm_answer([], 14).startswith("The difference in accuracy is not watched yet")
    told = alarm_answer([quiet, {**quiet, "cut": "origin"}], 14)
    assert "over all cases or in any of 1 watched segment." in told
    assert "A fall is told 14 days after the decisions at the earliest" in told
    told = alarm_answer([OPEN], 0)
    assert told == (
        "Over all cases the difference in accuracy has fallen below \u22120.5 points: the alarm was"
        " raised by the cases of 14 Oct 2013, the fall seems to have begun on 3 Oct 2013."
    )
    told = alarm_answer([quiet, {**OPEN, "cut": "origin", "segment": "LGA"}, OPEN], 0)
    assert told.startswith("Over all cases")
    assert "1 more alarm is open" in told


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_marks_are_coloured_by_what_is_shown_and_never_green(palette: Any) -> None:
    rows = [Shift("far", 0.02, 0.9, MOVED), Shift("right of the bar", 0.01, 0.05, STILL)]
    spec = shifts(rows, 0.1, palette).to_dict()
    drawn = next(rows for rows in spec["datasets"].values() if "beyond" in rows[0])
    assert [row["colour"] for row in drawn] == [palette.failed, palette.ink]
    assert [row["beyond"] for row in drawn] == [True, False]
    assert palette.passed not in str(spec)
    assert axis_end(rows, 0.1) == 0.5
    weeks = chance_weeks([WEEK, replace(WEEK, standing=UNKNOWN, psi=-0.1)], 0.1, palette).to_dict()
    drawn = next(rows for rows in weeks["datasets"].values() if "beyond" in rows[0])
    assert [row["psi"] for row in drawn] == [0.142, 0.0]


def test_the_page_names_what_moved_and_what_cannot_be_told(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"), page="drift")
    assert app.header[0].value == (
        "1 of 5 inputs has moved\\: departure delay\\. For 1 there are too few cases to tell\\."
        " Moved as well\\: how the AI scores\\."
    )
    shown = app.table[0].value
    states = dict(zip(shown["Watched"], shown["Shown"], strict=True))
    assert states["departure delay"] == "moved"
    assert states["crew base"] == "cannot tell yet"
    assert states["carrier"].replace("\\", "") == "moved, too little to matter"
    assert states["destination"] == "no sign of movement"
    assert "drift detected" not in said(app)
    assert "A fall is told 14 days after the decisions at the earliest" in said(app)
    assert "hold a value the reference never held" in said(app)


def test_kind_stretch_and_subject_come_from_the_address(visit: Visitor, study: Study) -> None:
    app = visit(
        study("demo"),
        page="drift",
        stretch="Last weeks together",
        watched="Inputs",
        subject="carrier",
    )
    assert len(app.table[0].value) == 5
    assert any("Carrier: the share of" in s.value.replace("\\", "") for s in app.subheader)
    assert "in the 4 weeks to" in said(app)
    odd = visit(study("demo"), page="drift", subject="nothing", stretch="Never")
    assert not odd.exception
    assert any("Departure delay: the share of" in s.value.replace("\\", "") for s in odd.subheader)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"timeless": True}, "carry no days, so there is no earlier and no later to compare"),
        (
            {"weeks": 1, "outcomes": False},
            "The reference is the first 4 whole weeks, 1 May 2013 to",
        ),
        ({"weeks": 4}, "The first week to compare with it ends on 4 Jun 2013"),
        ({"weeks": 6, "drift": "no features"}, "No inputs are declared"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    visit: Visitor, publish: Visitor, settings: dict[str, Any], words: str
) -> None:
    folder = publish("short", segments=("LGA · UA",), weak="", **settings)
    app = visit(folder, page="drift")
    assert not app.exception
    assert words in said(app)


def test_one_week_has_no_choice_of_stretch(visit: Visitor, publish: Visitor) -> None:
    app = visit(publish("one", segments=("LGA · UA",), weak="", weeks=5), page="drift")
    assert not app.exception
    assert "in the one week compared" in said(app)
    assert not any(group.label == "Compared" for group in app.button_group)


def test_an_open_alarm_shows_on_both_pages(visit: Visitor, study: Study) -> None:
    for page in ("drift", "agreement"):
        text = said(visit(study("alarm"), page=page))
        assert "the alarm was raised by the cases of" in text
        assert "1 more alarm is open" in text
    assert "notifications_active: Accuracy alarm" in text


def test_every_file_carries_its_origin_interval_and_n(
    visit: Visitor, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(
        st, "download_button", lambda _, content, name, *a, **k: kept.update({name: content})
    )
    visit(study("hostile"), page="drift")
    tables = [
        list(csv.DictReader(io.StringIO(get().decode())))
        for name, get in kept.items()
        if name.endswith(".csv")
    ]
    assert len(tables) == 3
    for rows in tables:
        assert {"study", "evidence", "low", "high", "n", "state"} <= set(rows[0])
        assert not any(cell.startswith("=") for row in rows for cell in row.values())
