"""Planning: its sentences at none, one, some and all, the curve, and what the reader supposes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.chances import Line, chance_lines
from dashboard.charts.ranges import DayRange, ranges
from dashboard.planning.basis import Basis
from dashboard.planning.by_segment import sentence
from dashboard.planning.headline import NO_GATE, NOTHING_YET, headline
from dashboard.planning.needs import Need
from dashboard.planning.supposed import Supposed
from dashboard.planning.what_if import told
from dashboard.theme import LIGHT
from data_contracts.findings import Forecast
from data_contracts.vocabulary import GateFamily, Status

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
TODAY = date(2013, 11, 10)
WHOLE = Need(
    "overall", "all", "all", 0.01, 9000, 0.035, 3000, 6405.0, date(2013, 11, 17),
    date(2013, 11, 24), True,
)  # fmt: skip
SHOWN = replace(WHOLE, more=0, earliest=None, latest=None)
PART = replace(WHOLE, gate="segments", cut="carrier", segment="UA")
SHOWN_PART = replace(PART, more=0, earliest=None, latest=None)


def gate(status: Status, forecast: Forecast | None, needed: float | None, **settings: Any) -> Any:
    result = SimpleNamespace(
        gate="segments",
        kind="segments",
        family=GateFamily.SEGMENTS,
        status=status,
        forecast=forecast,
        threshold=needed,
    )
    return SimpleNamespace(result=result, settings={"cut": "carrier", **settings})


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(f"{getattr(p, 'label', '')} {p.value}" for p in parts).replace("\\", "")


SOON = Forecast(date(2014, 2, 1), date(2014, 2, 20))
START = Basis(0.01, 915.0, 0.035, True, 1.0, 1.0, 0.0, 7.0, 1, 4)
PACE = "At 915 cases a day and 3.5% disagreement: "


@pytest.mark.parametrize(
    ("needs", "gates", "today", "words"),
    [
        ([], [], TODAY, NOTHING_YET),
        ([replace(WHOLE, n=0)], [], TODAY, NOTHING_YET),
        ([WHOLE], [], TODAY, f"{PACE}all cases together need 1 to 2 more weeks."),
        ([SHOWN], [], TODAY, f"{PACE}it is shown already for all cases together."),
        (
            [replace(WHOLE, reachable=False, earliest=None, latest=None)],
            [],
            TODAY,
            f"{PACE}waiting will not show it for all cases together.",
        ),
        (
            [WHOLE, *[PART] * 32],
            [gate(Status.INCONCLUSIVE, SOON, 31)],
            TODAY,
            f"{PACE}all cases together need 1 to 2 more weeks; 31 of 32 segments need 12 to 15 "
            "more weeks (0 shown singly so far).",
        ),
        (
            [SHOWN, *[replace(SHOWN, gate="segments", cut="carrier")] * 3],
            [gate(Status.PASS, None, 3)],
            TODAY,
            f"{PACE}it is shown already for all cases together; it is shown already for all 3 "
            "segments.",
        ),
        (
            [WHOLE, PART],
            [gate(Status.INCONCLUSIVE, Forecast(reachable=False), 1)],
            TODAY,
            f"{PACE}all cases together need 1 to 2 more weeks; waiting will not show it for "
            "the one segment.",
        ),
        (
            [WHOLE, *[PART] * 32],
            [gate(Status.PASS, None, 0.95, by="volume", share=0.95)],
            TODAY,
            f"{PACE}all cases together need 1 to 2 more weeks; it is shown already for segments "
            "with 95% of the cases.",
        ),
        (
            [WHOLE, SHOWN_PART, *[PART] * 31],
            [gate(Status.INCONCLUSIVE, SOON, None, by="volume", share=0.9)],
            TODAY,
            f"{PACE}all cases together need 1 to 2 more weeks; segments with 90% of the cases need "
            "12 to 15 more weeks (1 of 32 segments shown singly so far).",
        ),
        (
            [WHOLE, SHOWN_PART, *[PART] * 31],
            [gate(Status.INCONCLUSIVE, SOON, 67, also=["origin"])],
            TODAY,
            f"{PACE}all cases together need 1 to 2 more weeks; 67 segments by carrier and origin "
            "need 12 to 15 more weeks (1 of 32 by carrier shown singly so far).",
        ),
        (
            [replace(WHOLE, a_week=None, earliest=None, latest=None)],
            [],
            None,
            "All cases together need about 3,000 further cases. The records carry no days, so "
            "cases can be said and weeks cannot.",
        ),
    ],
)
def test_the_answer_is_a_range_and_never_one_date(
    needs: list[Need], gates: list[Any], today: date | None, words: str
) -> None:
    assert headline(needs, gates, today, asks=True, start=START) == words


NO_CASE = replace(PART, n=0, segment="AA", reachable=False, earliest=None, latest=None)
UNDATED = replace(PART, a_week=None, earliest=None, latest=None)
HAVE_IT = replace(UNDATED, more=0)
HOPELESS = replace(UNDATED, more=None, reachable=False)
IN_CASES = " The records carry no days, so cases can be said and weeks cannot."


@pytest.mark.parametrize(
    ("needs", "status", "today", "words"),
    [
        (
            [NO_CASE, *[PART] * 3],
            Status.INCONCLUSIVE,
            TODAY,
            "All 4 segments need 12 to 15 more weeks (0 shown singly so far).",
        ),
        ([NO_CASE] * 3, Status.INCONCLUSIVE, TODAY, NOTHING_YET),
        (
            [HAVE_IT, UNDATED, replace(UNDATED, more=500), HOPELESS],
            Status.INCONCLUSIVE,
            None,
            "Singly it is shown for 1 of 4 segments by carrier, 2 need about 500 to 3,000 further "
            f"cases, more cases would not show 1.{IN_CASES}",
        ),
        (
            [UNDATED, NO_CASE, HOPELESS],
            Status.INCONCLUSIVE,
            None,
            "Singly it is shown for none of 3 segments by carrier, 2 need about 3,000 further "
            f"cases, more cases would not show 1.{IN_CASES}",
        ),
        (
            [HAVE_IT] * 3,
            Status.INCONCLUSIVE,
            None,
            f"Singly it is shown for all of 3 segments by carrier.{IN_CASES}",
        ),
        (
            [HAVE_IT, UNDATED],
            Status.PASS,
            None,
            f"It is shown already for all 2 segments.{IN_CASES}",
        ),
        (
            [UNDATED],
            Status.INCONCLUSIVE,
            None,
            f"The one segment needs about 3,000 further cases.{IN_CASES}",
        ),
        (
            [HOPELESS],
            Status.INCONCLUSIVE,
            None,
            f"More cases would not show the one segment.{IN_CASES}",
        ),
    ],
)
def test_where_no_gate_is_about_all_cases_it_is_said_of_the_segments(
    needs: list[Need], status: Status, today: date | None, words: str
) -> None:
    found = headline(needs, [gate(status, SOON, None)], today, asks=True, start=START)
    assert found == words


def test_a_gate_about_one_segment_of_a_cut_is_said_of_that_segment() -> None:
    asked = gate(Status.INCONCLUSIVE, SOON, 0.0, segment="UA")
    asked.result.kind = "superiority"
    found = headline([PART], [asked], TODAY, asks=True, start=START)
    assert found == "UA needs 12 to 15 more weeks."


def test_without_a_gate_nothing_is_needed() -> None:
    assert headline([], [], TODAY, asks=False, start=START) == NO_GATE


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ([], "No segment has enough cases to be shown singly"),
        ([SHOWN], "All cases: shown already"),
        ([WHOLE], "All cases: more cases needed"),
        ([SHOWN] * 4, "All 4 have the cases they need"),
        ([SHOWN, WHOLE], "1 of 2 has the cases needed; 1 needs more"),
        (
            [SHOWN, SHOWN, WHOLE, replace(WHOLE, reachable=False)],
            "2 of 4 have the cases needed; 1 needs more, waiting will not help 1",
        ),
        ([WHOLE] * 3, "None of 3 has the cases needed; 3 need more"),
    ],
)
def test_how_many_have_what_they_need(needs: list[Need], words: str) -> None:
    assert sentence(needs) == words


@pytest.mark.parametrize(
    ("chance", "wait", "words"),
    [
        ((0.0, 0.05), 0, "If the two are equally good it is unlikely to pass in 2 weeks"),
        ((0.0, 0.2), 0, "If the two are equally good it takes at least 2 weeks"),
        ((0.0, 0.95), 14, "If the two are equally good it takes about 2 weeks, then 2 weeks for "
         "outcomes"),
        ((0.1, 0.5, 0.9), 1, "If the two are equally good it takes 1 to 3 weeks, then 1 day for "
         "outcomes"),
    ],
)  # fmt: skip
def test_how_long_a_new_record_takes(chance: tuple[float, ...], wait: int, words: str) -> None:
    assert told(Supposed("equal", 0.0, chance), wait) == words


def test_the_page_gives_ranges_and_starts_from_the_record(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"), page="planning")
    assert not app.exception
    text = said(app)
    a_day = app.number_input(key="plan_cases").value
    assert f"At {a_day:.0f} cases a day and" in app.header[0].value, "one number for one thing"
    assert "not before" in text
    assert app.number_input(key="plan_limit").value == 1.0
    assert 230 < app.number_input(key="plan_cases").value < 250
    assert "no promise" in text


def test_what_is_supposed_lives_in_the_address(visit: Visitor, study: Study) -> None:
    query = {"plan_limit": "3.0", "plan_cases": "1000", "plan_disagreement": "8.0"}
    app = visit(study("demo"), page="planning", **query)
    assert app.number_input(key="plan_cases").value == 1000
    assert f"limit {chr(0x2212)}3.0" in said(app)
    before = app.subheader[-1].value
    slower = app.number_input(key="plan_cases").set_value(10).run()
    assert slower.subheader[-1].value != before
    assert not visit(study("demo"), page="planning", plan_cases="<b>").exception


def test_what_no_waiting_reaches_says_what_would_help(visit: Visitor, study: Study) -> None:
    query = {"plan_limit": "0.1", "plan_cases": "1", "plan_disagreement": "20.0"}
    text = said(visit(study("demo"), page="planning", **query))
    assert "a wider margin" in text


@pytest.mark.parametrize("kind", ["early", "tiny", "timeless", "empty", "unseen"])
def test_studies_with_little_still_have_a_plan(visit: Visitor, study: Study, kind: str) -> None:
    app = visit(study(kind), page="planning")
    assert not app.exception
    assert "How long would a new record take?" in [s.value for s in app.subheader]


def test_each_chart_reads_one_layer_aloud() -> None:
    charts = (
        chance_lines([Line("equal", (0.0, 0.4, 0.9)), Line("worse", (0.0, 0.0, 0.1))], 2, LIGHT),
        ranges([DayRange("UA", TODAY, None, "UA: not before")], TODAY, LIGHT),
    )
    for chart in charts:
        layers = chart.to_dict()["layer"]
        aloud = [layer for layer in layers if layer["mark"].get("aria") is not False]
        assert len(aloud) == 1
        assert "description" in aloud[0]["encoding"]
