"""Who was right and why the two differ: sentences, figures, and what is said without reviews."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest
from test_pages import said

from dashboard.charts.interval_rows import IntervalRow, bar_rows, interval_rows
from dashboard.people import Person, Role
from dashboard.reviewing.answer import results_answer, sides
from dashboard.reviewing.found import Share, told
from dashboard.reviewing.reasons import Why, pareto_sentence
from dashboard.reviewing.states import NO_PLAN
from dashboard.theme import LIGHT
from data_contracts.reviews import Judgement
from evaluators.wording import NO_VALUE

Visitor = Callable[..., AppTest]
Builder = Callable[..., Path]
SMALL = {"segments": ("LGA · UA",), "weeks": 2, "weak": ""}
VIEWER = Person("V", "v@example.org", frozenset({Role.VIEWER}), logged_in=True)


@pytest.fixture
def results(
    visit: Visitor, publish: Builder, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Return a function that opens the page as somebody who does not review."""
    for name in ("dashboard.access.gate.standing", "dashboard.access.standing"):
        monkeypatch.setattr(name, lambda: VIEWER)
    numbers = count()

    def opened(**plan: object) -> AppTest:
        name = f"study-{next(numbers)}"
        app = visit(publish(name, **{**SMALL, **plan}), page="disagreements")
        assert not app.exception
        return app

    return opened


def share(
    estimate: float | None, judged: int, low: float = 0.1, high: float = 0.9, population: int = 2255
) -> Share:
    known = estimate is not None
    ends = (low, high) if known else (None, None)
    said = round((estimate or 0) * judged)
    return Share("", Judgement.CANDIDATE, estimate, *ends, judged, judged, population, said)


@pytest.mark.parametrize(
    ("ai", "sentence"),
    [
        (None, "Nobody has judged a case in which the two differ yet."),
        (share(None, 0), "Nobody has judged a case in which the two differ yet."),
        (share(None, 3), "3 of 3 cases have been judged: too few yet to say who was right."),
        (
            share(1.0, 1),
            "Where the two differ, people found the AI right in the one case judged"
            " (10% to 90% of all 2,255).",
        ),
        (
            share(0.0, 1),
            "Where the two differ, people did not find the AI right in the one case judged"
            " (10% to 90% of all 2,255).",
        ),
        (
            share(0.0, 12),
            "Where the two differ, people found the AI right in none of 12 cases judged"
            " (10% to 90% of all 2,255).",
        ),
        (
            share(7 / 12, 12),
            "Where the two differ, people found the AI right in 7 of 12 cases judged"
            " (10% to 90% of all 2,255).",
        ),
        (
            share(1.0, 12),
            "Where the two differ, people found the AI right in all 12 cases judged"
            " (10% to 90% of all 2,255).",
        ),
        (
            share(0.6132, 212, 0.54, 0.67),
            "Where the two differ, people found the AI right in 61% of cases"
            " (54% to 67%; 212 judged of 2,255).",
        ),
        (
            share(0.0, 212, 0.0, 0.02),
            "Where the two differ, people found the AI right in 0% of cases"
            " (0% to 2%; 212 judged of 2,255).",
        ),
    ],
)
def test_the_answer_at_none_one_few_and_many(ai: Share | None, sentence: str) -> None:
    assert results_answer(ai) == sentence


def test_counts_are_told_as_they_were_counted_and_the_share_beside_them() -> None:
    """Rounds of different size: the share is weighted, what was counted is not."""
    pooled = replace(share(0.97, 20, 0.71, 0.99, 2060), said=10)
    assert "right in 10 of 20 cases judged (weighted 97%, 71% to 99% of" in results_answer(pooled)
    assert told(pooled) == "10 of 20, weighted 97% (71% to 99%)"
    before = replace(pooled, said=None)
    assert "right in 97% of cases (71% to 99%; 20 judged of 2,060)" in results_answer(before)
    assert told(before) == "97% (71% to 99%)"


def test_evidence_published_before_cases_were_counted_is_told_in_percent(
    visit: Visitor, publish: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.access.standing", lambda: VIEWER)
    monkeypatch.setattr("dashboard.access.gate.standing", lambda: VIEWER)
    folder = publish("before", **SMALL, reviews="few")
    with duckdb.connect(str((folder / "state" / "evidence.duckdb").resolve())) as evidence:
        evidence.execute("ALTER TABLE review_results DROP COLUMN said")
    app = visit(folder, page="disagreements")
    assert not app.exception
    assert "people found the AI right in 61% of cases" in app.header[0].value.replace("\\", "")


@pytest.mark.parametrize(
    ("ai", "production", "words"),
    [
        ((0.54, 0.67), (0.2, 0.3), "people side with the AI more often"),
        ((0.2, 0.3), (0.54, 0.67), "people side with production more often"),
        ((0.3, 0.6), (0.25, 0.4), "is open"),
    ],
)
def test_sides_are_named_only_where_the_intervals_are_apart(
    ai: tuple[float, float], production: tuple[float, float], words: str
) -> None:
    assert words in sides(share(0.5, 212, *ai), share(0.3, 212, *production))


def test_a_share_of_few_is_told_in_full() -> None:
    assert told(share(7 / 12, 12, 0.31, 0.81)) == "7 of 12 (31% to 81%)"
    assert told(share(0.5, 100, 0.4, 0.6)) == "50% (40% to 60%)"
    assert told(share(None, 0)) == "0 judged"


def test_the_most_frequent_reason_is_named_unless_two_are_level() -> None:
    one = Why("a", "data error", False, 30, 0.3, 0.2, 0.4)
    two = Why("b", "borderline case", False, 10, 0.1, 0.05, 0.15)
    assert pareto_sentence([one, two]).endswith("most frequent reason: 75% of those given")
    assert "The one reason given" in pareto_sentence([one])
    near = Why("c", "borderline case", False, 20, 0.2, 0.1, 0.3)
    assert pareto_sentence([one, near]).endswith("was given most often, but not clearly so")
    assert pareto_sentence([two, two]) == "No one reason is given more often than all others"


def test_before_shares_can_be_told_reasons_are_counted(
    visit: Visitor, publish: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = Why("a", "wrong rule applied", False, 7, None, None, None)
    one = Why("b", "borderline case", False, 1, None, None, None)
    assert pareto_sentence([many, one]).startswith(
        "“wrong rule applied” was given most often so far: 7 times. Too few"
    )
    assert pareto_sentence([one, one]) == "No one reason is given more often than all others"
    assert pareto_sentence([one]) == "The one reason given is “borderline case”"
    monkeypatch.setattr("dashboard.access.standing", lambda: VIEWER)
    monkeypatch.setattr("dashboard.access.gate.standing", lambda: VIEWER)
    folder = publish("begun", **SMALL)
    with duckdb.connect(str((folder / "state" / "evidence.duckdb").resolve())) as evidence:
        evidence.execute("UPDATE review_reasons SET share = NULL, low = NULL, high = NULL")
        evidence.execute("UPDATE review_reasons SET judged = 50 WHERE reason = 'data error'")
    app = visit(folder, page="disagreements")
    assert not app.exception
    assert "“data error” was given most often so far: 50 times" in said(app)
    reasons = next(t.value for t in app.table if "Reason" in t.value)
    assert list(reasons["Reason"]) == ["data error", "missing information", "borderline case"]
    assert set(reasons["Share"]) == {"too few yet"}
    assert set(reasons["Together"]) == {NO_VALUE}


def test_results_show_kinds_control_agreement_segments_and_reasons(
    results: Callable[..., AppTest],
) -> None:
    app = results(segments=("LGA · UA", "LGA · MQ"), weeks=8)
    text = said(app)
    assert (
        "61% of all (95% interval 54% to 67%; 212 disagreements judged, 240 drawn from 2,255)"
        in text
    )
    kinds = next(t.value for t in app.table if "Kind" in t.value)
    assert next(iter(kinds["Kind"])).replace("\\", "") == "Production on_time, AI late"
    sayings = next(t.value for t in app.table if "Said" in t.value)
    assert list(sayings["Said"])[-1] == "A known difference"
    assert "Control: cases in which the two agree" in text
    assert "people found both right in 22 of 24 (84% to 97%)" in text
    assert "(AC1 0.78, 95% interval 0.66 to 0.90)" in text
    assert "“missing information” was given most often, but not clearly so" in text
    assert "Known differences, counted apart" in text
    assert "understudy review export" in text
    known = next(t.value for t in app.table if "Known difference" in t.value)
    assert list(known["Known difference"]) == ["Holidays count as weekdays"]


def test_known_differences_are_not_among_the_reasons(results: Callable[..., AppTest]) -> None:
    app = results()
    reasons = next(t.value for t in app.table if "Reason" in t.value)
    assert list(reasons["Reason"]) == ["missing information", "borderline case", "data error"]
    assert list(reasons["Together"])[-1] == "100%"


def test_segments_with_few_judged_cases_say_so(results: Callable[..., AppTest]) -> None:
    text = said(results(segments=[f"S{n} · X" for n in range(12)], weeks=12, smallest=1))
    assert "have too few judged cases (fewer than 10) to be shown" in text
    assert "In no segment" in said(results(reviews="few"))


def test_few_judged_show_counts(results: Callable[..., AppTest]) -> None:
    assert "found the AI right in 7 of 12 cases judged" in said(results(reviews="few"))


def test_nothing_judged_yet_is_said(results: Callable[..., AppTest]) -> None:
    app = results(reviews="drawn")
    assert app.header[0].value.replace("\\", "") == (
        "Nobody has judged a case in which the two differ yet."
    )
    assert "`understudy run` reads what people have judged" in said(app)


def test_no_plan_and_nothing_drawn_say_what_to_do(results: Callable[..., AppTest]) -> None:
    none = results(reviews="")
    assert none.header[0].value == NO_PLAN
    assert "control_share" in none.code[0].value
    planned = results(reviews="planned")
    assert planned.header[0].value == "No case has been drawn for review yet."
    assert "24 cases in each round" in said(planned)


@pytest.mark.parametrize("draw", [interval_rows, bar_rows])
def test_every_row_has_its_interval_and_nothing_is_green(draw: Callable[..., object]) -> None:
    rows = [
        IntervalRow("A", "61%", 0.61, 0.54, 0.67, "candidate"),
        IntervalRow("B", "", None, None, None),
    ]
    spec = str(draw(rows, "share", LIGHT).to_dict())  # type: ignore[attr-defined]
    assert "'low': 0.54" in spec
    assert "x2" in spec
    assert LIGHT.passed not in spec
    assert "isValid(datum.estimate)" in spec
