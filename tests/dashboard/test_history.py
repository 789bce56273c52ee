"""Past verdicts: how the gates stood, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.common import png
from dashboard.charts.gate_steps import Step, gate_steps
from dashboard.history.compare import reach
from dashboard.history.differences import change_answer, differences
from dashboard.history.over_time import over_time_answer, state_of, step_of
from dashboard.history.past import PastGate
from dashboard.records import Candidate, PastVerdict
from dashboard.theme import DARK, LIGHT
from data_contracts.vocabulary import GateFamily, Status, VerdictState

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
PASS, OPEN, FAIL, ERROR = Status.PASS, Status.INCONCLUSIVE, Status.FAIL, Status.ERROR
NONE = Status.NO_DATA
AT = datetime(2013, 11, 3, 5, 12, tzinfo=UTC)


def said(app: AppTest) -> str:
    parts = [*app.header, *app.subheader, *app.markdown]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


def gate(name: str, status: Status, n: int = 7) -> PastGate:
    return PastGate(
        name, name, GateFamily.QUALITY, status, "", "", "+0.1", None, None, None, None, n, None
    )


def gates(**states: Status) -> dict[str, PastGate]:
    return {name: gate(name, state) for name, state in states.items()}


def verdict(number: int, at: datetime, state: str = "COLLECTING") -> PastVerdict:
    return PastVerdict(number, at, None, Candidate("bot", "1"), VerdictState(state), "", "a1")


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (gates(a=OPEN), gates(a=OPEN), "no gate changed its state"),
        (gates(a=OPEN), gates(a=PASS), "1 gate passed: a"),
        (gates(a=OPEN, b=FAIL), gates(a=PASS, b=PASS), "2 gates passed: a and b"),
        (
            gates(a=OPEN, b=OPEN, c=PASS),
            gates(a=PASS, b=PASS, c=OPEN),
            "2 gates passed: a and b; 1 gate was withdrawn: c",
        ),
        (gates(a=PASS, b=OPEN), gates(a=FAIL, b=ERROR), "2 gates failed: a and b"),
        (gates(a=FAIL), gates(a=OPEN), "1 gate is open again: a"),
        (gates(), gates(a=PASS), "1 gate was added to the policy: a"),
        (gates(a=PASS, b=PASS), gates(), "2 gates left the policy: a and b"),
        (
            gates(a=OPEN, b=OPEN, c=OPEN, d=OPEN, e_f=OPEN),
            gates(a=PASS, b=PASS, c=PASS, d=PASS, e_f=PASS),
            "5 gates passed: a, b, c and 2 more",
        ),
        (
            {"a": gate("a", OPEN, 1), "b": gate("b", PASS, 1)},
            {"a": gate("a", OPEN, 2), "b": gate("b", PASS, 1)},
            "no gate changed its state; the figures of 1 gate moved",
        ),
        (
            {"a": gate("a", NONE, 1), "b": gate("b", OPEN, 1), "c": gate("c", NONE, 1)},
            {"a": gate("a", OPEN, 2), "b": gate("b", NONE, 1), "c": gate("c", OPEN, 1)},
            "2 gates have data now: a and c; 1 gate has no data any more: b",
        ),
    ],
)
def test_what_changed_is_one_sentence(
    before: dict[str, PastGate], after: dict[str, PastGate], what: str
) -> None:
    first, second = verdict(1, AT), verdict(2, AT.replace(day=10))
    sentence = change_answer(first, second, differences(before, after))
    assert sentence == f"Between 3 Nov and 10 Nov 2013 {what}."


def test_two_verdicts_of_one_day_are_told_apart_by_the_hour() -> None:
    sentence = change_answer(verdict(1, AT), verdict(2, AT.replace(hour=9)), ())
    assert sentence.startswith("Between 3 Nov 2013, 05:12 UTC, and 09:12 UTC ")
    year = change_answer(verdict(1, AT), verdict(2, AT.replace(year=2014)), ())
    assert year.startswith("Between 3 Nov 2013 and 3 Nov 2014 ")


@pytest.mark.parametrize(
    ("first", "second", "timeless", "sentence"),
    [
        (3, 3, False, "The data reach to the same day in both."),
        (3, 10, False, "The data reach to 10 Nov 2013 in place of 3 Nov 2013."),
        (
            None,
            10,
            False,
            "The data reach to 10 Nov 2013; those of the earlier verdict held no day of a"
            " decision.",
        ),
        (
            3,
            None,
            False,
            "The data reach to 3 Nov 2013; those of the later verdict held no day of a decision.",
        ),
        (None, None, False, "There was no decision in the data of either."),
        (None, None, True, ""),
    ],
)
def test_how_far_the_data_of_two_verdicts_reach(
    first: int | None, second: int | None, timeless: bool, sentence: str
) -> None:
    days = [None if number is None else date(2013, 11, number) for number in (first, second)]
    assert reach(days[0], days[1], timeless=timeless) == sentence


def step(number: int, **states: int) -> Step:
    on = date(2013, 11, number)
    return Step(number, on, {Status[name]: n for name, n in states.items()})


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([step(1, PASS=1)], "In the one verdict so far the one gate has passed"),
        ([step(1, FAIL=3)], "In the one verdict so far no gate has passed"),
        ([step(1, PASS=2)] * 2, "Both gates have passed, as in both verdicts since 1 Nov 2013"),
        ([step(1, PASS=5)] * 3, "All 5 gates have passed, as in all 3 verdicts since 1 Nov 2013"),
        (
            [step(1, INCONCLUSIVE=3), step(2, PASS=1, INCONCLUSIVE=2)],
            "1 of 3 gates has passed; in the first of 2 verdicts, on 1 Nov 2013, it was 0 of 3",
        ),
        (
            [step(1, PASS=4, FAIL=1), replace(step(2, FAIL=1), blocked=True)],
            "The verdict is blocked; in the last one before, of 1 Nov 2013, 4 of 5 gates had"
            " passed",
        ),
        (
            [replace(step(1, FAIL=1), blocked=True), step(2, PASS=2), step(3, PASS=3)],
            "All 3 gates have passed; in the first verdict that was not blocked, of 2 Nov 2013, it"
            " was 2 of 2",
        ),
        (
            [replace(step(n, FAIL=1), blocked=True) for n in (1, 2)] + [step(3, PASS=1, FAIL=2)],
            "1 of 3 gates has passed; every verdict before, from 1 Nov 2013 on, was blocked",
        ),
        (
            [replace(step(1, FAIL=3), blocked=True), step(2, INCONCLUSIVE=3)],
            "No gate has passed; the verdict before, of 1 Nov 2013, was blocked",
        ),
        (
            [replace(step(2, FAIL=1), blocked=True)],
            "No verdict so far has rested on data that could be trusted",
        ),
    ],
)
def test_the_course_of_the_gates_is_one_sentence(steps: list[Step], sentence: str) -> None:
    assert over_time_answer(steps) == sentence


def test_in_a_blocked_verdict_nothing_counts_as_passed() -> None:
    it = step_of(verdict(3, AT, "BLOCKED"), {PASS: 4, OPEN: 2, FAIL: 1})
    assert it.gates == {FAIL: 1, None: 6}
    assert state_of(it) == "**Blocked**: 6 not counted, 1 failed"
    open_ = step_of(verdict(3, AT), {PASS: 4, OPEN: 2})
    assert state_of(open_) == "**4 of 6 gates passed**, 2 collecting"


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_only_what_has_passed_is_drawn_in_its_colour(palette: object) -> None:
    chart = gate_steps([step(1, PASS=2, FAIL=1), step(2, INCONCLUSIVE=3)], palette)
    spec = chart.to_dict()
    fills = {
        layer["transform"][0]["filter"]: layer["mark"]["fill"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "rect"
    }
    green = [name for name, fill in fills.items() if fill == palette.passed]
    assert green == ["(datum.status === 'PASS')"] or green == ["datum.status == 'PASS'"]
    assert png(chart, palette).startswith(b"\x89PNG")


def test_readiness_compares_the_last_two_verdicts_and_any_others(
    visit: Visitor, study: Study
) -> None:
    app = visit(study("demo"))
    assert "Between 26 Dec 2013 and 2 Jan 2014 no gate changed its state" in said(app)
    app = visit(study("demo"), from_verdict="4: 12 Dec 2013, COLLECTING")
    assert "Between 12 Dec 2013 and 2 Jan 2014" in said(app)
    assert "gates passed:" in said(app)
    app = visit(
        study("demo"),
        from_verdict="7: 2 Jan 2014, COLLECTING",
        to_verdict="4: 12 Dec 2013, COLLECTING",
    )
    assert "Between 12 Dec 2013 and 2 Jan 2014" in said(app), "always from the earlier one"
    app = visit(study("demo"), from_verdict="7: 2 Jan 2014, COLLECTING")
    assert "Both are the same verdict" in said(app)


def test_one_verdict_has_nothing_to_compare_with(visit: Visitor, study: Study) -> None:
    app = visit(study("tiny"))
    assert not app.exception
    assert "There is one verdict so far" in said(app)
