"""The data quality page: its answer, whose move it is, and every part at none, one and some."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from inventing import to_change
from streamlit.testing.v1 import AppTest

from dashboard.charts.arrival import Arrived, arrival
from dashboard.feed.answer import answer
from dashboard.feed.arrivals import arrived
from dashboard.feed.published import Feed
from dashboard.records import Candidate
from dashboard.theme import DARK, LIGHT
from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status

Visitor = Callable[..., AppTest]
Study = Callable[[str], Path]
Builder = Callable[..., Path]
FILE = {"stream": "decisions", "path": "a.csv", "state": "ingested", "read": 10, "run": 1}
CHECK = {
    "run": 2,
    "stream": "decisions",
    "check": "c",
    "severity": "warning",
    "status": "PASS",
    "sentence": "",
}
OTHER = {"candidate": "other"}
AI = Candidate("late-gbm", "1.4.0")
WAITING = {"stream": "decisions", "path": "a.csv", "state": "waiting", "n": 1}


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(f"{getattr(p, 'label', '')} {p.value}" for p in parts).replace("\\", "")


def a_day(day: int, decisions: int, paired: int) -> dict[str, object]:
    return {
        "candidate": AI.name,
        "model_version": AI.version,
        "cohort_day": date(2013, 5, day),
        "decisions": decisions,
        "recommendations": paired,
    }


def a_feed(**tables: list[dict[str, object]]) -> Feed:
    return Feed({name: tuple(rows) for name, rows in tables.items()})


def gate(status: Status) -> GateResult:
    return GateResult(
        "books", "books", GateFamily.DATA, status, Reason.OK, "", "Two files are not read.", ""
    )


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({}, "Nothing has been read yet."),
        (
            {"sources": [FILE]},
            "The books balance; no decision has been compared yet.",
        ),
        (
            {"sources": [FILE], "checks": [CHECK], "stream_counts": [a_day(1, 5, 5)]},
            "The one day balances; every decision has a recommendation.",
        ),
        (
            {"sources": [FILE], "stream_counts": [a_day(1, 800, 800), a_day(2, 200, 197)]},
            "All 2 days balance; 0.3% of decisions (3 of 1,000) have no recommendation.",
        ),
        (
            {"sources": [FILE], "stream_counts": [a_day(1, 7, 5)]},
            "The one day balances; 2 of 7 decisions have no recommendation.",
        ),
        (
            {"sources": [FILE], "stream_counts": [a_day(1, 7, 0), {**a_day(2, 9, 9), **OTHER}]},
            "The one day balances; none of 7 decisions has a recommendation.",
        ),
        (
            {"sources": [FILE], "quarantine_counts": [WAITING]},
            "The data can be judged; 1 row waits in quarantine.",
        ),
        (
            {
                "checks": [{**CHECK, "status": "FAIL"}],
                "overdue": [{"units": 2, "silent": True}, {"units": 9, "silent": False}],
                "quarantine_counts": [WAITING, WAITING],
                "schema_changes": [{}],
                "conflicts": [{"n": 7}, {"n": 3}],
                "data_cliff": [{"beyond": True}, {"beyond": False}],
            },
            "The data can be judged; 1 check was not met, 2 units that should report have been"
            " silent, 2 rows wait in quarantine, the columns changed once, sources disagree about"
            " 7 cases and 1 thing is not as in the pilot.",
        ),
    ],
)
def test_the_answer_names_what_wants_a_look(
    tables: dict[str, list[dict[str, object]]], sentence: str
) -> None:
    assert answer(a_feed(**tables), (gate(Status.PASS),), AI) == sentence


def test_a_failed_gate_about_the_data_comes_first() -> None:
    said_first = answer(a_feed(quarantine_counts=[WAITING]), (gate(Status.FAIL),), AI)
    assert said_first == (
        "The data cannot be trusted yet: gate “books” has failed. Two files are not read."
    )
    both = answer(a_feed(), (gate(Status.FAIL), gate(Status.ERROR)), AI)
    assert both.endswith("gates “books” and “books” have failed.")


def test_only_the_latest_checks_and_the_latest_reading_of_a_file_count() -> None:
    old = {**CHECK, "run": 1, "status": "FAIL"}
    it = a_feed(
        checks=[old, CHECK],
        sources=[{**FILE, "state": "refused"}, {**FILE, "run": 2}],
    )
    assert it.broken_checks == ()
    assert it.refused == ()


def test_all_that_is_wrong_is_said(visit: Visitor, study: Study) -> None:
    app = visit(study("troubled"), page="data")
    text = said(app)
    assert "Next: M. Ortega (owner of the production system) has the file" in text.replace("*", "")
    for part in (
        "Set aside 37",
        "Checks met 3 of 6",
        "Stores 41 to 44",
        "On Sundays 8% of the stores",
        "3 of 6 checks of the latest run were not met",
        "The columns changed once",
        "Two sources disagree about 42 cases or more",
        "37 rows wait in quarantine; 5 more were mended",
        "1 of 2 comparisons is beyond the limit",
        "right in 71.0% of cases",
        "Outcomes take longest: 95 of 100 have come 8 days after the event",
    ):
        assert part in text, part
    assert "Removed for privacy: 1 entry" in [e.label for e in app.expander]


def test_a_failed_gate_about_the_data_asks_the_owner(visit: Visitor, study: Study) -> None:
    text = said(visit(study("blocked"), page="data")).replace("*", "")
    assert "Next: M. Ortega (owner of the production system) finds out why" in text
    assert "Nothing is asked of you today" not in text


def test_a_sound_feed_asks_nothing_of_anybody(visit: Visitor, study: Study) -> None:
    app = visit(study("sound"), page="data")
    assert app.header[0].value.replace("\\", "") == (
        "All 70 days balance; every decision has a recommendation."
    )
    assert "Nothing is asked of you today." in said(app)
    assert "Columns that changed" not in said(app)
    assert "Against the pilot" not in said(app)


def test_records_written_long_after_the_days_draw_no_curve(
    visit: Visitor, publish: Callable[..., Path]
) -> None:
    folder = publish("backfilled", segments=("LGA · UA",), weeks=2, weak="", feed="sound")
    file = (folder / "state" / "evidence.duckdb").resolve()
    with to_change(str(file)) as db:
        db.execute("UPDATE arrival_lags SET lag_days = lag_days + 4900")
    app = visit(folder, page="data")
    assert "written more than 60 days after what they tell of" in said(app)
    assert "take longest" not in said(app)
    assert "Who has reported, and up to when: 3 sources" in [e.label for e in app.expander]


def test_arrivals_add_up_and_early_records_count_as_come() -> None:
    row = {"stream": "outcomes", "source": "s", "weekday": 1}
    (curve,) = arrived(
        a_feed(
            arrival_lags=[
                {**row, "lag_days": -2, "n": 1},
                {**row, "lag_days": 0, "n": 1},
                {**row, "lag_days": 4, "n": 2},
            ]
        )
    )
    assert (curve.ages, curve.come, curve.n) == ((0, 4), (2, 4), 4)
    assert (curve.by(0), curve.by(3), curve.by(4)) == (0.5, 0.5, 1.0)
    assert (curve.age_of(0.5), curve.age_of(0.95)) == (0, 4)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("lag", [0, 400])
def test_the_arrival_chart_is_valid(palette: object, lag: int) -> None:
    curves = [Arrived.of("decisions", {0: 5}), Arrived.of("outcomes", {lag: 5})]
    spec = arrival(curves, 60, palette).to_dict()  # type: ignore[arg-type]
    domain = spec["layer"][2]["encoding"]["x"]["scale"]["domain"]
    assert domain[1] == pytest.approx(1.02 * (1 if lag == 0 else 60))


def test_a_day_is_shown_with_its_year(visit: Visitor, study: Study) -> None:
    app = visit(study("troubled"), page="data")
    cells = [str(c) for t in app.table for name in t.value for c in t.value[name]]
    assert any(str(date(2013, 5, 1).year) in cell for cell in cells)


def test_one_check_that_was_met_is_told_as_one(visit: Visitor, publish: Builder) -> None:
    folder = publish("one", segments=("LGA · UA",), weeks=2, weak="", feed="sound")
    with to_change(str((folder / "state" / "evidence.duckdb").resolve())) as db:
        db.execute("DELETE FROM checks WHERE \"check\" <> 'decisions_unique'")
    app = visit(folder, page="data")
    assert "The one check of the latest run was met." in said(app)
    assert "The one check" in [box.label for box in app.expander]
