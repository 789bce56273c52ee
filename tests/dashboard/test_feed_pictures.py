"""Pictures of the feed: the ladder of the books, and the days on which recommendations miss."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from inventing import to_change
from streamlit.testing.v1 import AppTest

from dashboard.charts.ladder import Rung, ladder, takeaway
from dashboard.charts.unpaired import PairedDay, unpaired
from dashboard.feed.pairing import sentence
from dashboard.theme import DARK, LIGHT, Palette

Visitor = Callable[..., AppTest]
GOOD = Rung("decisions", "read", 500, (("accepted", 490), ("set aside", 10)))
NOTHING = Rung("outcomes", "accepted", 0, (("new", 0), ("duplicate", 0)))
BROKEN = Rung("outcomes", "read", 500, (("accepted", 490), ("set aside", 0)))


def said(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.metric]
    return " ".join(f"{getattr(p, 'label', '')} {p.value}" for p in parts).replace("\\", "")


def drawn(spec: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the rows that each layer draws."""
    return [spec["datasets"][layer["data"]["name"]] for layer in spec["layer"]]


@pytest.mark.parametrize(
    ("rung", "equation"),
    [
        (GOOD, "500 read = 490 accepted + 10 set aside"),
        (NOTHING, "0 accepted = 0 new"),
        (BROKEN, "500 read \u2260 490 accepted"),
    ],
)
def test_a_rung_is_told_in_figures(rung: Rung, equation: str) -> None:
    assert rung.equation == equation
    assert rung.balances == (rung is not BROKEN)


@pytest.mark.parametrize(
    ("rungs", "words"),
    [
        ((GOOD,), "The books balance"),
        ((GOOD, NOTHING), "All 2 rungs of the books balance"),
        ((BROKEN,), "The books do not balance"),
        ((GOOD, BROKEN), "1 of 2 rungs of the books does not balance"),
        ((BROKEN, BROKEN), "None of the 2 rungs of the books balances"),
    ],
)
def test_the_ladder_is_told_at_none_one_and_all(rungs: tuple[Rung, ...], words: str) -> None:
    assert takeaway(rungs) == words


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_ladder_draws_parts_by_their_share_and_a_broken_rung_in_the_colour_of_blocked(
    palette: Palette,
) -> None:
    spec = ladder((GOOD, BROKEN), palette).to_dict()
    names, bars, words = drawn(spec)
    assert [row["name"] for row in names] == ["Decisions", "Outcomes"]
    assert [row["start"] for row in bars] == [0, 0.98, 0]
    assert bars[-1]["end"] == 0.98, "what is missing stays open"
    assert [row["edge"] for row in bars] == [palette.production] * 2 + [palette.blocked]
    assert words[1]["words"].endswith("does not balance")
    assert palette.passed not in json.dumps(spec)
    assert sum("description" in layer["encoding"] for layer in spec["layer"]) == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (PairedDay(date(2013, 5, 1), 1, 0), "1 of 1 decision has no recommendation"),
        (PairedDay(date(2013, 5, 1), 40, 0), "40 of 40 decisions have no recommendation"),
        (PairedDay(date(2013, 5, 1), 40, 39), "1 of 40 decisions has no recommendation"),
    ],
)
def test_the_worst_day_is_told(day: PairedDay, words: str) -> None:
    whole = PairedDay(date(2013, 5, 2), 90, 90)
    assert sentence((whole, day)) == f"On 1 May 2013 most is missing: {words}"


def test_only_days_with_something_missing_have_a_bar() -> None:
    days = (PairedDay(date(2013, 5, 1), 40, 40), PairedDay(date(2013, 5, 2), 40, 10))
    bars, _ = drawn(unpaired(days, LIGHT).to_dict())
    assert [row["share"] for row in bars] == [0.75]


def test_the_page_shows_the_ladder_and_the_day(
    visit: Visitor, study: Callable[[str], Path]
) -> None:
    text = said(visit(study("troubled"), page="data"))
    assert "All 4 rungs of the books balance" in text
    assert "On 10 May 2013 most is missing: 30 of 100 decisions have no recommendation" in text
    assert "Every one of 7,000 decisions has a recommendation." in said(
        visit(study("sound"), page="data")
    )


def test_a_rule_that_does_not_balance_is_said_first(
    visit: Visitor, publish: Callable[..., Path]
) -> None:
    folder = publish("broken", segments=("LGA · UA",), weeks=2, weak="", feed="sound")
    terms: dict[str, Any] = {"read": 500, "accepted": 450, "rejected": 0}
    with to_change(str((folder / "state" / "evidence.duckdb").resolve())) as db:
        db.execute(
            "UPDATE books SET terms = ?, balanced = false WHERE run = 2 AND subject = 'outcomes'",
            [json.dumps(terms)],
        )
    text = said(visit(folder, page="data"))
    assert "1 of 4 rungs of the books does not balance" in text
    assert "Outcomes**: 1,000 read \u2260 950 accepted." in text
