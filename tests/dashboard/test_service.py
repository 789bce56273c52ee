"""Service levels and cost: its sentences at none, one, some and all, and the page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.by_period import Dot, Objective, by_period
from dashboard.charts.month import month as month_chart
from dashboard.declared import Declared
from dashboard.escape import to_csv
from dashboard.overall import Number
from dashboard.periods import Periods
from dashboard.service import answers
from dashboard.service.answered import Days, allowance, summed
from dashboard.service.headline import headline
from dashboard.service.spending import Month, outlook_words, used_words
from dashboard.service.times import course_sentence
from dashboard.theme import DARK
from data_contracts.study.production import Budget, ServiceLevels
from evaluators.worth.latency_course import Percentiles

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
SPEED = Number(411.6, 380.0, 450.0, 9000, "")
UP = Number(0.9951, 0.993, 0.997, 9100, "")
NONE = Declared(ServiceLevels(), None, None, "USD", "USD", None, (), ())
ALL = Declared(
    ServiceLevels(latency_p95_ms=800, availability=0.99),
    Budget(per_month=100),
    None,
    "USD",
    "USD",
    None,
    (),
    (),
)
TODAY = date(2026, 4, 10)
MONTH = Month(TODAY, (3.8,) * 10, (), (), 500, 100.0, "USD")


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(f"{getattr(p, 'label', '')} {p.value}" for p in parts).replace("\\", "")


@pytest.mark.parametrize(
    ("speed", "up", "month", "declared", "sentence"),
    [
        (None, None, None, NONE, "Nothing is recorded yet about speed, answers or costs."),
        (
            SPEED,
            None,
            MONTH,
            ALL,
            "95 of 100 answers came within 412 ms (limit 800 ms); 38% of the month's budget is "
            "used on day 10 of 30.",
        ),
        (SPEED, None, None, NONE, "95 of 100 answers came within 412 ms (no limit declared)."),
        (None, UP, None, NONE, "99.5% of cases were answered."),
        (None, UP, None, ALL, "99.5% of cases were answered in time (objective 99%)."),
        (None, Number(1.0, 0.9, 1.0, 20, ""), None, NONE, "Every case was answered."),
        (None, Number(0.0, 0.0, 0.1, 20, ""), None, NONE, "No case was answered."),
    ],
)
def test_the_answer_says_what_is_known(
    speed: Number | None, up: Number | None, month: Month | None, declared: Declared, sentence: str
) -> None:
    assert headline(speed, up, month, declared) == sentence


def percentiles(*ends: tuple[float, float]) -> Percentiles:
    low, high = (np.array([end[i] for end in ends], float) for i in (0, 1))
    n = np.full(len(ends), 100)
    return Percentiles(np.arange(len(ends)), (low + high) / 2, low, high, n)


FAST, SLOW, OPEN = (300.0, 400.0), (900.0, 1000.0), (700.0, 900.0)


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ([], "No answer of this period says how long it took"),
        ([FAST], "In the one day 95 of 100 answers came within the limit"),
        ([SLOW], "In the one day more than 5 of 100 answers took longer than the limit"),
        ([OPEN], "In the one day it is open whether 95 of 100 answers came within the limit"),
        ([FAST] * 3, "In all 3 days 95 of 100 answers came within the limit"),
        ([SLOW] * 3, "In all 3 days more than 5 of 100 answers took longer than the limit"),
        (
            [FAST, FAST, SLOW, OPEN],
            "In 2 of 4 days 95 of 100 answers came within the limit; in 1 the AI was slower; "
            "1 is open",
        ),
        (
            [SLOW, OPEN, OPEN],
            "In no day of 3 is it shown that 95 of 100 answers met the limit; in 1 the AI was "
            "slower; 2 are open",
        ),
    ],
)
def test_how_many_days_were_fast_enough(ends: list[tuple[float, float]], sentence: str) -> None:
    assert course_sentence(percentiles(*ends), 800.0, "day") == sentence


def test_without_a_limit_the_span_is_said() -> None:
    spread = course_sentence(percentiles(FAST, SLOW), None, "week")
    assert spread == "From week to week, 95 of 100 answers came within 350 ms to 950 ms"
    same = course_sentence(percentiles(FAST, FAST), None, "week")
    assert same == "Every week, 95 of 100 answers came within 350 ms"


@pytest.mark.parametrize(
    ("cases", "without", "objective", "sentence"),
    [
        (0, 0, 0.99, "No case of the last 30 days has arrived"),
        (500, 0, 0.99, "No case of the last 30 days went without an answer"),
        (500, 3, 0.99, "3 of the 5 cases that may go without an answer in the last 30 days did"),
        (500, 5, 0.99, "All 5 cases that may go without an answer in the last 30 days did"),
        (100, 1, 0.99, "The one case that may go without an answer in the last 30 days did"),
        (500, 6, 0.99, "6 cases went without an answer in the last 30 days, and 5 may"),
        (50, 1, 0.99, "1 case went without an answer in the last 30 days, and 0 may"),
        (500, 500, None, "No case of the last 30 days got an answer"),
        (500, 7, None, "7 of 500 cases went without an answer in the last 30 days"),
    ],
)
def test_what_is_left_of_the_allowance(
    cases: int, without: int, objective: float | None, sentence: str
) -> None:
    assert allowance(cases, without, objective) == sentence


def test_only_the_last_days_count_for_the_allowance() -> None:
    first = date(2026, 1, 1)
    days = Days((first, first + timedelta(30), first + timedelta(31)), (10, 20, 30), (1, 2, 3), {})
    assert days.last(30) == Days(days.days[1:], (20, 30), (2, 3), {})
    assert summed(days, Periods(first, 7)) == [(0, 10, 1), (4, 50, 5)]


@pytest.mark.parametrize(
    ("month", "used", "outlook"),
    [
        (
            MONTH,
            "38% of the month's budget is used on day 10 of 30",
            "There are fewer than 5 days of spending, too few to look ahead",
        ),
        (
            Month(TODAY, (0.0,) * 10, (1.0,) * 20, (2.0,) * 20, 500, 100.0, "USD"),
            "nothing of the month's budget is used on day 10 of 30",
            "At the pace so far the budget lasts to the end of the month",
        ),
        (
            Month(TODAY, (10.0,) * 10, (), (), 500, 100.0, "USD"),
            "all of the month's budget is used on day 10 of 30",
            "There are fewer than 5 days of spending, too few to look ahead",
        ),
        (
            Month(TODAY, (11.0,) * 10, (), (), 500, 100.0, "USD"),
            "the month's budget is used up and $10.00 over on day 10 of 30",
            "The budget was used up on 10 Apr",
        ),
        (
            Month(TODAY, (3.0,) * 10, (90.0, 99.0, 110.0), (95.0, 105.0, 120.0), 5, 100.0, "USD"),
            "30% of the month's budget is used on day 10 of 30",
            "At the pace so far the budget runs out between 12 Apr and 13 Apr 2026",
        ),
        (
            Month(TODAY, (3.0,) * 10, (40.0, 50.0), (60.0, 105.0), 5, 100.0, "USD"),
            "30% of the month's budget is used on day 10 of 30",
            "At the pace so far the budget may run out from 12 Apr on, or last",
        ),
        (
            Month(TODAY, (3.0,) * 10, (), (), 5, None, "USD"),
            "$30.00 are spent this month on day 10 of 30",
            "No budget of the month is declared",
        ),
        (
            Month(date(2026, 4, 30), (3.0,) * 30, (), (), 5, 100.0, "USD"),
            "90% of the month's budget is used on day 30 of 30",
            "The month has ended within its budget",
        ),
    ],
)
def test_the_budget_and_when_it_runs_out(month: Month, used: str, outlook: str) -> None:
    assert used_words(month) == used
    assert outlook_words(month) == outlook


def test_nothing_recorded_says_which_columns_to_send(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"), page="service")
    assert not app.exception
    text = said(app)
    assert "Send `latency_ms`" in text
    assert "Send `cost`" in text


def test_recorded_but_not_declared_says_what_to_declare(visit: Visitor, study: Study) -> None:
    text = said(visit(study("recorded"), page="service"))
    assert "(no limit declared)" in text
    assert "`service_levels: latency_p95_ms`" in text
    assert "`service_levels: availability`" in text
    assert "No budget is declared" in text


def test_the_declared_page_has_its_tiles_rules_and_outlook(visit: Visitor, study: Study) -> None:
    app = visit(study("declared"), page="service")
    assert not app.exception
    labels = [tile.label for tile in app.metric]
    assert labels == ["95 of 100 within", "Answered", "Cost per 100", "Tokens per case"]
    assert all(t.delta.replace("\\", "").startswith("95%: ") for t in app.metric)
    answer = app.header[0].value.replace("\\", "")
    assert "(limit 800 ms)" in answer
    assert "on day 23 of 31" in answer
    assert "in 1 the AI was slower" in said(app)


def test_the_period_in_the_address_changes_the_course(visit: Visitor, study: Study) -> None:
    whole = said(visit(study("declared"), page="service"))
    part = said(visit(study("declared"), page="service", period=["2013-05-01", "2013-05-28"]))
    assert "In 11 of 12 weeks" in whole
    assert "In all 28 days 95 of 100 answers came within the limit" in part


def test_a_timeless_study_has_no_course(visit: Visitor, publish: Visitor) -> None:
    app = visit(publish("old", timeless=True, live="declared", segments=("A",)), page="service")
    assert not app.exception
    assert "carry no days" in said(app)


def test_charts_read_one_layer_aloud_and_squeeze_nothing() -> None:
    dots = [
        Dot(TODAY, 0.01, 0.0, 0.02, "10 Apr"),
        Dot(TODAY + timedelta(1), 1.0, 0.97, 1.0, "11 Apr"),
    ]
    spec = by_period(dots, Objective(0.01, "objective"), ".1%", DARK).to_dict()
    rows = (
        next(v for v in spec["datasets"].values() if "words" in v[0])
        if ("datasets" in spec)
        else next(layer["data"]["values"] for layer in spec["layer"])
    )
    assert [row["beyond"] for row in rows] == [False, True]
    assert max(row["high"] for row in rows) == pytest.approx(0.06)
    for one in (spec, month_chart([1.0, 2.0], [(2.5, 3.5)], None, 30, "spent", DARK).to_dict()):
        aloud = [layer for layer in one["layer"] if layer["mark"].get("aria") is not False]
        assert len(aloud) == 1
        assert "description" in aloud[0]["encoding"]


def test_the_file_carries_origin_interval_n_and_state() -> None:
    rows = answers.csv_rows([(0, 100, 5)], Periods(TODAY, 1), 0.99, 0.05, {"study": "s"})
    (row,) = csv.DictReader(io.StringIO(to_csv(rows).decode()))
    assert {"study", "low", "high", "n", "state"} <= set(row)
    assert row["state"] == "beyond it"
    assert float(row["low"]) < 0.05 < float(row["high"])


def test_the_allowance_is_that_of_the_record_whatever_period_is_chosen(
    visit: Visitor, study: Study
) -> None:
    whole = visit(study("declared"), page="service")
    part = visit(study("declared"), page="service", period=["2013-05-01", "2013-05-10"])
    assert not part.exception
    for text in (said(whole), said(part)):
        assert re.search("last 30 days hold 4.,... cases, 24 Jun 2013 to 23 Jul 2013", text)
        assert len(re.findall(r"over the whole record \(95% interval", text)) == 2
    ((before,), (after,)) = (
        [h.value for h in app.subheader if "without an answer" in h.value] for app in (whole, part)
    )
    assert before == after
    drawn = "Dots, table and file are of 1 May 2013 to 10 May 2013 only."
    assert (said(whole).count(drawn), said(part).count(drawn)) == (0, 2)
    (kinds,) = [b.label for b in part.expander if "What happened" in b.label]
    assert kinds.endswith("without an answer, 1 May 2013 to 10 May 2013")
