"""The agreement page: its sentences, its filters, its figures and what its downloads carry."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from invented.plan import CUT, FIRST
from inventing import to_change
from streamlit.testing.v1 import AppTest

from dashboard.agreement.answer import agreement_answer
from dashboard.agreement.by_day import MOST_DAYS, differing, series
from dashboard.agreement.cohort_weeks import CohortWeek, weeks_answer
from dashboard.agreement.confusion import Confusion, confusion_rows, kinds_answer
from dashboard.agreement.counted import Counted, week_starts
from dashboard.agreement.left_out import exposed_answer, left_out_answer
from dashboard.agreement.numeric import numeric_answer
from dashboard.agreement.numeric_days import bias_answer, daily
from dashboard.agreement.where import Part, parts_of, where_answer
from dashboard.charts.over_time import PERCENT, Point, Rule, highest, over_time, reach
from dashboard.charts.ranked import Mark, Ranked, ranked
from dashboard.theme import DARK, LIGHT
from data_contracts.findings import WHOLE, Finding
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Columns
from evaluators.statistics.intervals import wilson

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
WEEK = CohortWeek(FIRST, 7, True, 0.01, 0.002, 0.02, 0.01, 0.01, 900)
UNDECIDED = replace(WEEK, low=-0.01)
WORSE = replace(WEEK, estimate=-0.02, low=-0.03, high=-0.01)
COMING = replace(WEEK, final=False)


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(str(p.value) for p in parts).replace("\\", "")


def finding(
    estimate: float | None, n: int, low: float | None = None, high: float | None = None
) -> Finding:
    reason = Reason.OK if n else Reason.NO_CASES
    return Finding("m", "c", "1", WHOLE, estimate, low, high, n, "", Status.PASS, reason)


@pytest.mark.parametrize(
    ("found", "same", "sentence"),
    [
        (finding(None, 0), 0, "There is no case yet that the AI has answered."),
        (finding(1.0, 1), 1, "The two give the same answer in the one case."),
        (finding(0.0, 1), 0, "The two give different answers in the one case."),
        (finding(0.0, 12), 0, "The two give the same answer in none of the 12 cases."),
        (finding(7 / 12, 12), 7, "The two give the same answer in 7 of 12 cases."),
        (finding(1.0, 12), 12, "The two give the same answer in all 12 cases."),
        (
            finding(0.965, 64042, 0.962, 0.967),
            61800,
            "The two give the same answer in 96.5% of cases (96.2% to 96.7%; 64,042 cases).",
        ),
        (
            finding(1.0, 500, 0.98, 1.0),
            500,
            "The two have given the same answer in every case (98.0% to 100%; 500 cases).",
        ),
        (
            finding(0.0, 500, 0.0, 0.02),
            0,
            "The two have never given the same answer (0% to 2.0%; 500 cases).",
        ),
    ],
)
def test_how_often_they_agree_at_none_one_some_and_all(
    found: Finding, same: int, sentence: str
) -> None:
    assert agreement_answer(found, same) == sentence


@pytest.mark.parametrize(
    ("agreement", "sentence"),
    [
        (1.0, "No answer differs; no outcome is needed to know this"),
        (0.0, "Every answer differs; no outcome is needed to know this"),
        (0.965, "3.5% of answers differ; no outcome is needed to know this"),
    ],
)
def test_how_many_differ(agreement: float, sentence: str) -> None:
    assert differing(finding(agreement, 500)) == sentence


@pytest.mark.parametrize(
    ("weeks", "sentence"),
    [
        ([], "No week is old enough yet: its outcomes are still coming in"),
        ([COMING], "No week is old enough yet: its outcomes are still coming in"),
        ([WEEK], "In the one week whose outcomes are final the AI is shown to be better"),
        ([WORSE], "In the one week whose outcomes are final the AI is shown to be worse"),
        (
            [UNDECIDED, COMING],
            "In the one week whose outcomes are final it is undecided who was right more often",
        ),
        ([WEEK, WEEK], "In all 2 weeks whose outcomes are final the AI is shown to be better"),
        ([WORSE, WORSE], "In all 2 weeks whose outcomes are final the AI is shown to be worse"),
        (
            [UNDECIDED, UNDECIDED],
            "In none of the 2 weeks whose outcomes are final is the AI shown to be better or worse",
        ),
        (
            [WEEK, WORSE, UNDECIDED, UNDECIDED],
            "Of 4 weeks whose outcomes are final the AI is shown to be better in 1 and worse in 1;"
            " 2 are undecided",
        ),
        (
            [WEEK, WORSE],
            "Of 2 weeks whose outcomes are final the AI is shown to be better in 1 and worse in 1",
        ),
    ],
)
def test_what_the_weeks_show(weeks: list[CohortWeek], sentence: str) -> None:
    assert weeks_answer(weeks) == sentence


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({("a", "a"): 9}, "The two have not differed in any of these cases"),
        (
            {("a", "a"): 9, ("a", "b"): 1},
            "All differences are of one kind: production says a, the AI b",
        ),
        (
            {("a", "b"): 3, ("b", "a"): 5},
            "The most frequent of 2 ways to differ: production says b, the AI a",
        ),
        (
            {("a", "b"): 3, ("b", "a"): 3},
            "Of 2 ways to differ none stands out; one of the most frequent: production says a, the"
            " AI b",
        ),
    ],
)
def test_the_ways_to_differ(cells: dict[tuple[str, str], int], sentence: str) -> None:
    assert kinds_answer(Confusion(("a", "b"), Counter(cells))) == sentence


def test_the_table_of_both_has_totals_of_rows_and_columns() -> None:
    cells = Counter({("a", "a"): 6, ("a", "b"): 1, ("b", "b"): 3})
    rows = confusion_rows(Confusion(("a", "b"), cells))
    assert [list(row.values()) for row in rows] == [
        ["a", "6 (60.0%)", "1 (10.0%)", "7 (70.0%)"],
        ["b", "0", "3 (30.0%)", "3 (30.0%)"],
        ["Total", "6 (60.0%)", "4 (40.0%)", "10 (100%)"],
    ]


@pytest.mark.parametrize(
    ("others", "total", "sentence"),
    [
        (0, 0, "There is no case."),
        (0, 1, "Nothing: the AI answered the one case."),
        (3, 3, "Everything: the AI gave no answer to compare in any of 3 cases."),
        (1, 200, "The AI gave no answer to compare in 1 of 200 cases (0.5%)."),
    ],
)
def test_what_is_left_out(others: int, total: int, sentence: str) -> None:
    assert left_out_answer(others, total) == sentence


def test_few_exposed_cases_are_told_as_counts() -> None:
    assert "the same in 7 of 9 cases (95% interval" in exposed_answer(7, 9, 0.05)


@pytest.mark.parametrize(
    ("bias", "part"),
    [
        (finding(None, 0), "There is no case yet"),
        (finding(None, 2), "There are too few cases yet to tell how far the two lie apart (2 case"),
        (
            finding(0.0, 50, -1.0, 1.0),
            "as high as production's on average (\u22121 to +1; 50 cases)",
        ),
        (
            finding(-2.5, 50, -3.0, -2.0),
            "on average 2.5 below production's (\u22123 to \u22122; 50 cases)",
        ),
    ],
)
def test_how_far_numbers_lie_apart(bias: Finding, part: str) -> None:
    assert part in numeric_answer(bias, finding(-9.0, 50), finding(9.0, 50))


def test_numbers_are_said_to_be_higher_only_where_it_is_shown() -> None:
    assert "are higher" in bias_answer(finding(1.0, 50, 0.5, 1.5))
    assert "are lower" in bias_answer(finding(-1.0, 50, -1.5, -0.5))
    assert "not shown" in bias_answer(finding(1.0, 50, -0.5, 1.5))


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([("a", 90, 9)], "The one segment that can be shown is a: 10.0%"),
        (
            [("a", 900, 36), ("b", 900, 34)],
            "No segment is shown to differ more often than all together",
        ),
        (
            [("a", 900, 90), ("b", 900, 34)],
            "Answers differ more often than elsewhere in a: 10.0%",
        ),
        (
            [("a", 900, 90), ("b", 900, 81), ("c", 900, 1)],
            "In 2 of 3 segments answers differ more often than in all together, among these "
            "most in a: 10.0%",
        ),
    ],
)
def test_where_they_differ_most(parts: list[tuple[str, int, int]], sentence: str) -> None:
    rows = [
        {"segment": name, "answer": "answered", "agree": agree, "n": n}
        for name, total, differ in parts
        for agree, n in ((True, total - differ), (False, differ))
    ]
    small = {"segment": "tiny", "answer": "answered", "agree": False, "n": 20}
    unanswered = {"segment": "a", "answer": "missing", "agree": None, "n": 500}
    found = parts_of([*rows, small, unanswered], 30, 0.05, 0.04)
    assert [part.name for part in found] == [name for name, *_ in parts]
    assert where_answer(found) == sentence


def test_among_many_segments_chance_names_none() -> None:
    rng = np.random.default_rng(5)
    named = 0
    for _ in range(40):
        differ = rng.binomial(400, 0.1, 300)
        rows = [
            {"segment": f"s{i}", "answer": "answered", "agree": agree, "n": n}
            for i, d in enumerate(differ.tolist())
            for agree, n in ((True, 400 - d), (False, d))
        ]
        found = parts_of(rows, 30, 0.05, 0.1)
        assert sum(part.low > 0.1 for part in found) > 1, "singly several would be named"
        named += any(part.above for part in found)
    assert named <= 5


def cases(days: list[int], same: int, differ: int) -> Counted:
    """Return answered cases, so many of each sort a day."""
    day = np.repeat(np.array(days, np.int32), 2)
    table = Columns(
        {
            "cohort_day": day,
            "answer": np.zeros(len(day), np.int32),
            "agree": np.tile(np.array([1, 0], np.int8), len(days)),
            "n": np.tile(np.array([same, differ]), len(days)),
        },
        {"answer": ("answered",)},
    )
    return Counted((), table)


def test_each_day_has_its_own_wilson_interval() -> None:
    found = series(cases([10, 11], 90, 10), date(1970, 1, 11), 0.05)
    low, high = (float(end) for end in wilson(10, 100, 0.05))
    assert [(s.start, s.n, s.differ) for s in found.shares] == [
        (date(1970, 1, 11), 100, 10),
        (date(1970, 1, 12), 100, 10),
    ]
    assert (found.shares[0].low, found.shares[0].high) == (low, high)
    assert not found.weekly


def test_many_days_and_small_days_of_a_segment_are_shown_by_week() -> None:
    first = date(1970, 1, 1)
    assert not series(cases(list(range(MOST_DAYS)), 9, 1), first, 0.05).weekly
    many = series(cases(list(range(MOST_DAYS + 1)), 9, 1), first, 0.05)
    assert many.weekly
    assert many.shares[0].n == 70
    small = series(cases([0, 1, 2, 7], 9, 1), first, 0.05, smallest=30)
    assert [(s.n, small.hidden) for s in small.shares] == [(30, 1)]


def test_weeks_are_counted_from_the_first_day_also_before_it() -> None:
    assert week_starts(np.array([2, 3, 9, 10]), date(1970, 1, 4)).tolist() == [-4, 3, 3, 10]


def test_one_wide_interval_does_not_squeeze_the_axis_but_values_stay_inside() -> None:
    narrow = [Point(FIRST + timedelta(d), 0.2, -1.0, 1.0) for d in range(9)]
    wide = Point(FIRST + timedelta(9), 2.9, -100.0, 100.0)
    assert reach([*narrow, wide])[1] == pytest.approx(3.19)
    assert highest(narrow) == pytest.approx(1.05)


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_charts_draw_one_layer_for_readers_and_boxes_only_where_no_value_is(palette: Any) -> None:
    points = [Point(FIRST, 1.0, 0.5, 1.5), Point(FIRST + timedelta(7), None, -2, 2, -1.0, 1.0)]
    spec = over_time(
        points, (-2.0, 2.0), PERCENT, palette.ink, palette, [Rule(0.0, "same")]
    ).to_dict()
    spoken = [layer for layer in spec["layer"] if layer["mark"].get("aria") is not False]
    assert len(spoken) == 1
    assert "description" in spoken[0]["encoding"]
    rows = next(rows for rows in spec["datasets"].values() if "box_low" in rows[0])
    assert [row["box_low"] for row in rows] == [None, -1.0]
    one = ranked([Ranked("a → b", "4.0% (9)", Mark(4.0, 3.0, 5.0))], "Share", palette).to_dict()
    assert len([la for la in one["layer"] if la["mark"].get("aria") is not False]) == 1


def test_the_page_says_how_often_and_how_it_is_known(visit: Visitor, study: Study) -> None:
    app = visit(study("demo"), page="agreement")
    assert app.header[0].value.replace("\\", "").startswith("The two give the same answer in 9")
    text = said(app)
    assert "holds however often you look" in text
    assert "weeks whose outcomes are final" in text
    assert "is still possible" in text
    assert "No recommendation" in " ".join(map(str, app.table[-1].value["Answer"]))
    assert "accuracy so far" not in text
    assert "Exploration" not in text
    ways = [s.value for s in app.subheader if "ways to differ" in s.value]
    assert len(ways) == 1


def test_a_period_and_a_segment_from_the_address_are_exploration_and_recomputed(
    visit: Visitor, study: Study
) -> None:
    whole = visit(study("demo"), page="agreement")
    part = visit(study("demo"), page="agreement", period=["2013-06-01", "2013-06-30"])
    assert "Exploration, does not count" in said(part)
    assert "1 Jun 2013 to 30 Jun 2013" in said(part)
    assert part.header[0].value != whole.header[0].value
    assert "Latest day, 30 Jun 2013" in said(part)
    one = visit(study("demo"), page="agreement", segment=f"{CUT}: LGA · MQ")
    assert "Exploration, does not count" in said(one)
    assert "Shown: origin x carrier LGA · MQ" in said(one)
    assert one.header[0].value != whole.header[0].value


def test_few_cases_of_a_segment_are_not_shown_by_themselves(visit: Visitor, study: Study) -> None:
    app = visit(
        study("demo"),
        page="agreement",
        segment=f"{CUT}: LGA · MQ",
        period=["2013-06-01", "2013-06-02"],
    )
    assert app.header[0].value == "Too few cases to be shown by themselves."
    assert not app.table


def test_before_outcomes_disagreement_is_shown_and_weeks_are_ranges(
    visit: Visitor, study: Study
) -> None:
    text = said(visit(study("early"), page="agreement"))
    assert "of answers differ; no outcome is needed to know this" in text
    assert "No week is old enough yet" in text
    assert "is still possible" in text


def test_without_days_there_is_agreement_but_no_course(visit: Visitor, study: Study) -> None:
    app = visit(study("timeless"), page="agreement")
    assert "same answer in 9" in app.header[0].value
    assert "carry no days, so nothing can be shown over time" in said(app)
    assert "ways to differ" in said(app)


def test_numbers_have_limits_and_no_classes(visit: Visitor, study: Study) -> None:
    for query in ({}, {"segment": "origin: LGA"}, {"period": ["2013-05-01", "2013-05-14"]}):
        app = visit(study("numbers"), page="agreement", **query)
        assert not app.exception
        assert "in 95 of 100 cases they differ by" in app.header[0].value
        assert "there are no classes to set against each other" in said(app)
        assert not any("ways to differ" in s.value for s in app.subheader)
        assert "of answers differ by more than 8" in said(app).replace("\\", "")


def test_exposed_and_other_unanswered_cases_are_apart(visit: Visitor, publish: Visitor) -> None:
    folder = publish("parallel", segments=("LGA · UA",), weeks=3, weak="", number=1)
    before = visit(folder, page="agreement").header[0].value
    with to_change(str(folder / "state" / "evidence-1.duckdb")) as db:
        for answer, agree in (("exposed", True), ("exposed", False), ("escalated", None)):
            db.execute(
                "INSERT INTO outcome_counts BY NAME SELECT * REPLACE (? AS answer, ? AS agree,"
                " 300::BIGINT AS n) FROM outcome_counts WHERE cut = 'all' LIMIT 1",
                [answer, agree],
            )
    st.cache_resource.clear()
    app = visit(folder, page="agreement")
    assert app.header[0].value == before, "exposed cases change nothing"
    assert "Where the decider had seen the answer, the two said the same in 50.0%" in said(app)
    assert list(app.table[-1].value["Answer"])[1:] == ["Escalated", "Exposed"]


def test_many_classes_have_ways_to_differ_and_no_table(visit: Visitor, publish: Visitor) -> None:
    folder = publish("classes", segments=("LGA · UA",), weeks=3, weak="", number=1)
    with to_change(str(folder / "state" / "evidence-1.duckdb")) as db:
        db.execute(
            "INSERT INTO outcome_counts BY NAME SELECT o.* REPLACE ('c' || i AS decision,"
            " 'c' || (i + 1) AS recommendation, false AS agree, 20::BIGINT AS n)"
            " FROM (SELECT * FROM outcome_counts WHERE cut = 'all' LIMIT 1) o, range(20) r(i)"
        )
    text = said(visit(folder, page="agreement"))
    assert "With 23 classes a table of all against all cannot be read" in text
    assert "Drawn are the 12 most frequent of" in text


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """Return what the buttons of the pages drawn would save, by file name."""
    kept: dict[str, Callable[[], bytes]] = {}

    def button(label: str, content: Callable[[], bytes], name: str, *_: Any, **__: Any) -> bool:
        kept[name] = content
        return False

    monkeypatch.setattr(st, "download_button", button)
    return kept


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize("kind", ["demo", "hostile", "numbers"])
def test_every_file_carries_its_origin_interval_and_n(
    visit: Visitor, study: Study, downloads: dict[str, Callable[[], bytes]], kind: str
) -> None:
    visit(study(kind), page="agreement")
    tables = {name: rows_of(get()) for name, get in downloads.items() if name.endswith(".csv")}
    assert len(tables) == (4 if kind == "numbers" else 5)
    for rows in tables.values():
        assert rows
        assert {
            "study",
            "candidate",
            "version",
            "data_to",
            "evidence",
            "low",
            "high",
            "n",
            "state",
        } <= set(rows[0])
    for name, get in downloads.items():
        if name.endswith(".png") and kind == "demo":
            assert get().startswith(b"\x89PNG")


def test_what_the_share_is_worth_is_shown_for_the_record_and_never_for_a_period(
    visit: Visitor, study: Study
) -> None:
    title = "What the share of same answers is worth"
    whole = visit(study("demo"), page="agreement")
    part = visit(study("demo"), page="agreement", period=["2013-06-01", "2013-06-30"])
    assert title in said(whole)
    assert title not in said(part)
    rows = next(t.value for t in whole.table if "It holds" in t.value)
    named = [str(cell).replace("\\", "") for cell in rows["What"]]
    assert named[0] == "Beyond chance (Gwet's AC1)"
    assert "When one says late, the other does" in named
    assert {*rows["It holds"]} == {"for one look", "at any look"}


def test_the_numbers_are_of_the_segment_that_the_sentence_names(
    visit: Visitor, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = Part("TINY", 40, 4, 0.03, 0.24, above=False)
    shown = Part("LGA", 10_000, 800, 0.075, 0.085, above=True)
    monkeypatch.setattr("dashboard.agreement.where.parts_of", lambda *_: (tiny, shown))
    said = [m.value for m in visit(study("demo"), page="agreement").markdown]
    assert any("LGA: **8.0%**" in words for words in said)
    assert not any("TINY: **" in words for words in said)


def test_a_period_the_wrong_way_round_and_one_without_cases(visit: Visitor, study: Study) -> None:
    there = visit(study("demo"), page="agreement", period=["2013-06-01", "2013-06-30"])
    back = visit(study("demo"), page="agreement", period=["2013-06-30", "2013-06-01"])
    assert not back.exception
    assert back.header[0].value == there.header[0].value
    assert agreement_answer(finding(None, 0), 0, everything=False) == (
        "Of what is chosen here the AI has answered no case."
    )


@pytest.mark.parametrize(("last", "weekly"), [(119, False), (122, True)])
def test_weeks_of_numbers_are_called_weeks(last: int, weekly: bool) -> None:
    days = np.arange(last + 1)
    ones = np.ones(len(days))
    sums = Columns(
        {"cohort_day": days, "pairs": ones, "z": ones, "x": ones, "unit": ones, "dd": ones}
    )
    points, said = daily(sums, date(1970, 1, 1), 0.05)
    assert said is weekly
    assert len(points) == (18 if weekly else 120)
