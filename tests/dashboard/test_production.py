"""The production definition page: its sentences at none, one, some and all, and its parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from inventing import to_change
from streamlit.testing.v1 import AppTest

from dashboard.charts.handoffs import HandoffRow, handoffs
from dashboard.production.answer import accepted_words, answer, plan_sentence, whose_move
from dashboard.production.changes import Change, changes
from dashboard.production.checkpoints import checkpoint_sentence, next_checkpoint
from dashboard.production.definition import Handoff
from dashboard.production.policy import registered_sentence
from dashboard.production.standing import Standing, standing, told
from dashboard.records import Registration
from dashboard.theme import DARK, LIGHT

Visitor = Callable[..., AppTest]
NOW = date(2025, 10, 20)


def step(due: int, accepted: bool = False, to: str = "Operations") -> Handoff:
    """Return a handoff due so many days after today; if accepted, a day before that or today."""
    on = NOW + timedelta(due)
    when = min(on, NOW) - timedelta(1)
    return Handoff("Science", to, on, "It works.", when if accepted else None, "A" * accepted)


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown]
    return " ".join(str(p.value) for p in parts).replace("\\", "")


def declare(folder: Path, **parts: Any) -> Path:
    """Change the published study file of an invented study."""
    with to_change(str((folder / "state" / "evidence.duckdb").resolve())) as db:
        ((document,),) = db.execute("SELECT document FROM publication").fetchall()
        db.execute(
            "UPDATE publication SET document = ?", [json.dumps(json.loads(document) | parts)]
        )
    return folder


@pytest.fixture
def small(publish: Callable[..., Path]) -> Callable[..., Path]:
    """Return a function that publishes a small study whose file says what is given."""

    def make(registrations: int = 1, **parts: Any) -> Path:
        plan = {"segments": ("LGA · UA",), "weeks": 35, "weak": "", "registrations": registrations}
        return declare(publish("small", **plan), **parts)

    return make


@pytest.mark.parametrize(
    ("steps", "words", "picture"),
    [
        ((), "no handoff is planned", None),
        ((step(20),), "the one handoff is not accepted yet", "No handoff is overdue"),
        ((step(-1),), "the one handoff is not accepted yet", "The handoff is overdue"),
        ((step(-1, True),), "the one handoff is accepted", "The handoff is accepted"),
        ((step(-9), step(-2)), "none of 2 handoffs accepted yet", "All 2 handoffs are overdue"),
        (
            (step(-9), step(5), step(50)),
            "none of 3 handoffs accepted yet",
            "1 of 3 handoffs is overdue",
        ),
        (
            (step(-9, True), step(5), step(50)),
            "1 of 3 handoffs accepted",
            "No handoff is overdue; 1 due within two weeks",
        ),
        (
            (step(-9, True), step(5, True)),
            "all 2 handoffs accepted",
            "Every handoff has been accepted",
        ),
        (
            (step(-9), step(-8), step(5, True)),
            "1 of 3 handoffs accepted",
            "2 of 3 handoffs are overdue",
        ),
    ],
)
def test_handoffs_are_counted_in_words(
    steps: tuple[Handoff, ...], words: str, picture: str | None
) -> None:
    assert accepted_words(steps, NOW) == words
    if picture is not None:
        assert plan_sentence(steps, NOW) == picture


@pytest.mark.parametrize(
    ("cases", "volume"), [(None, "today"), (1, "1 case a year"), (333_000, "333,000 cases a year")]
)
def test_the_answer_names_the_process_its_volume_and_its_owner(
    cases: int | None, volume: str
) -> None:
    sentence = answer("Rule (late by 15 minutes)", cases, "M. Ortega", (), NOW)
    assert sentence == (
        f"Production (Rule, late by 15 minutes) decides {volume}; owner M. Ortega;"
        " no handoff is planned."
    )


def test_a_handoff_stands_by_the_day_it_is_looked_at() -> None:
    it = step(0)
    assert told(it, NOW) == "due today"
    assert told(it, NOW - timedelta(20)) == "due in 20 days"
    assert standing(it, NOW - timedelta(14)) is Standing.DUE
    assert standing(it, NOW - timedelta(15)) is Standing.OPEN
    assert told(it, NOW + timedelta(2)) == "overdue by 2 days"
    accepted = step(0, accepted=True)
    assert told(accepted, NOW) == "accepted 19 Oct 2025 by A"
    early = NOW - timedelta(5)
    assert standing(accepted, early) is Standing.DUE, "not accepted before it was"


def test_who_moves_next_is_the_earliest_that_is_open() -> None:
    steps = (step(-30, True), step(-2, to="*Desk*"), step(9))
    assert "**Science** hands over to **\\*Desk\\***" in whose_move(steps, NOW)
    assert "(overdue by 2 days)" in whose_move(steps, NOW)
    assert "Every handoff has been accepted" in whose_move(steps[:1], NOW)
    assert "names no handoffs" in whose_move((), NOW)


def test_policies_are_compared_by_the_names_of_their_gates() -> None:
    before = {
        "mode": "shadow",
        "starts_on": None,
        "policy": {"alpha": 0.05, "gates": [{"kind": "books"}, {"kind": "a", "margin": 0.02}]},
    }
    after = {
        "mode": "parallel",
        "policy": {
            "alpha": 0.05,
            "gates": [{"kind": "a", "name": None, "margin": 0.01}, {"kind": "c", "name": "long"}],
        },
    }
    assert changes(before, after) == (
        Change("mode", "shadow", "parallel"),
        Change("gate books", "asked for", "—"),
        Change("gate a, margin", "0.02", "0.01"),
        Change("gate long", "—", "asked for"),
    )
    assert changes(after, after) == ()


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        (0, "No policy has been registered yet."),
        (1, "Registered once, on 1 Sep 2025, and never changed since."),
        (2, "First registered on 1 Sep 2025 and changed once since, last on 2 Sep 2025."),
        (3, "First registered on 1 Sep 2025 and changed 2 times since, last on 3 Sep 2025."),
    ],
)
def test_registrations_are_told(times: int, sentence: str) -> None:
    days = [datetime(2025, 9, 1 + i, tzinfo=UTC) for i in range(times)]
    assert registered_sentence([Registration(day, "ab", {}) for day in days]) == sentence


@pytest.mark.parametrize(
    ("cadence", "first", "now", "expected"),
    [
        ("daily", date(2025, 9, 1), date(2025, 9, 1), date(2025, 9, 2)),
        ("weekly", date(2025, 9, 1), date(2025, 9, 14), date(2025, 9, 15)),
        ("weekly", date(2025, 9, 1), date(2025, 8, 1), date(2025, 9, 1)),
        ("monthly", date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)),
        ("monthly", date(2025, 1, 31), date(2025, 2, 27), date(2025, 2, 28)),
        ("monthly", date(2025, 1, 1), date(2025, 12, 1), date(2026, 1, 1)),
        ("monthly", date(2025, 1, 31), date(2025, 11, 30), date(2025, 12, 31)),
        ("monthly", date(2025, 1, 31), date(2025, 12, 31), date(2026, 1, 31)),
        ("weekly", None, date(2025, 9, 14), None),
    ],
)
def test_the_next_checkpoint_is_counted_from_the_first_day(
    cadence: str, first: date | None, now: date, expected: date | None
) -> None:
    assert next_checkpoint(cadence, first, now) == expected
    assert ("next on" in checkpoint_sentence(cadence, first, now)) == (expected is not None)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_chart_marks_the_publication_only_where_it_lies_near(palette: Any) -> None:
    rows = [HandoffRow("A to B", "due", NOW, None, "blue")]
    near = handoffs(rows, NOW - timedelta(9), palette).to_dict()
    far = handoffs(rows, NOW + timedelta(900), palette).to_dict()
    assert len(near["layer"]) == len(far["layer"]) + 1
    low, high = far["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert high - low < 30, "a plan long past is not squeezed by today"
    described = [layer for layer in far["layer"] if "description" in layer["encoding"]]
    assert len(described) == 1


def test_the_page_says_what_was_declared(visit: Visitor, small: Callable[..., Path]) -> None:
    steps = [
        {"from": "Science", "to": "Desk", "on": "2013-12-01", "criterion": "<b>ready</b>"},
        {
            "from": "Desk",
            "to": "Control",
            "on": "2013-11-01",
            "criterion": "It runs.",
            "accepted_on": "2013-11-02",
            "accepted_by": "J. Abara",
        },
    ]
    folder = small(
        production={
            "owner": {"name": "M. Ortega", "team": "Control"},
            "users": ["Gate agents", "Desk"],
            "cases_per_year": 333_000,
        },
        transition=steps,
        service_levels={"latency_p95_ms": 800, "availability": 0.995},
        budget={"currency": "EUR", "per_month": 1500},
        governance=["A dispatcher can overrule every call."],
        privacy={"fields": {"decided_by": "pseudonymise"}},
        checkpoint="monthly",
    )
    app = visit(folder, page="production")
    assert not app.exception
    assert app.header[0].value.replace("\\", "") == (
        "Production (dispatchers' rule) decides 333,000 cases a year; owner M. Ortega;"
        " 1 of 2 handoffs accepted."
    )
    text = said(app)
    for part in (
        "1 of 2 handoffs is overdue",
        "A dispatcher can overrule every call.",
        "decided_by: replaced by a keyed hash",
        "Medium risk (customer-facing) asks for at least 4 whole weeks and gates about data,"
        " duration and quality.",
        "every month; next on 1 Feb 2014",
    ):
        assert part in text, part
    cells = " ".join(str(c) for t in app.table for name in t.value for c in t.value[name])
    cells = cells.replace("\\", "")
    for part in (
        "M. Ortega, Control",
        "Gate agents and Desk",
        "95 of 100 answers within 800 ms",
        "99.5% of decisions get an answer",
        "1,500.00 EUR",
        "accepted 2 Nov 2013 by J. Abara",
        "late-gbm 1.4.0",
    ):
        assert part in cells, part
    assert "per_month: 1500" in app.code[0].value


def test_what_is_left_out_is_said(visit: Visitor, small: Callable[..., Path]) -> None:
    text = said(visit(small(), page="production"))
    assert "names no handoffs" in text
    assert "sets no service levels" in text
    assert "names no requirements" in text
    assert "names no sensitive fields" in text


def test_a_changed_policy_shows_each_setting(visit: Visitor, small: Callable[..., Path]) -> None:
    app = visit(small(registrations=2), page="production")
    assert "changed once since" in said(app)
    assert any(e.label.startswith("What was changed: ") for e in app.expander)
    (changed,) = [t.value for t in app.table if "Before" in t.value]
    rows = dict(
        zip(changed["What"], zip(changed["Before"], changed["After"], strict=True), strict=True)
    )
    assert rows["gate noninferiority, margin"] == ("0\\.015", "0\\.01")
