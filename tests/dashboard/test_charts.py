"""Pictures: what is drawn for each state, and that one layer only is read aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.charts.common import png
from dashboard.charts.forest import ForestRow, forest
from dashboard.charts.trajectory import bounds, trajectory
from dashboard.records import Candidate, Week
from dashboard.theme import DARK, LIGHT, PALETTES, Palette
from data_contracts.vocabulary import Shown
from evaluators.wording import MINUS

ROW = ForestRow("LGA · MQ", 2800, -6.2, -8.0, -4.5, Shown.WORSE, "", "", "worse")
OPEN = replace(ROW, name="JFK · AA", estimate=0.5, low=-20.0, high=3.0, shown=Shown.UNDECIDED)
COMING = replace(
    ROW,
    estimate=None,
    low=-4.0,
    high=4.0,
    shown=Shown.NO_DATA,
    possible_low=-3.0,
    possible_high=3.0,
)
WEEK = Week(Candidate("c", "1"), 1, date(2013, 5, 7), True, 0.01, -0.01, 0.03, 0.009, 0.011, 900)


def rows_of(spec: dict[str, Any], *needed: str) -> list[dict[str, Any]]:
    """Return the inline rows that have these fields."""
    found = [layer.get("data", {}).get("values", []) for layer in spec["layer"]]
    found += list(spec.get("datasets", {}).values())
    return next(rows for rows in found if rows and all(name in rows[0] for name in needed))


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES.keys())
def test_colour_and_shape_follow_the_state_not_the_numbers(palette: Palette) -> None:
    lucky = replace(ROW, shown=Shown.UNDECIDED)
    spec = forest([ROW, lucky], (-2.0, -2.0), "95%", palette).to_dict()
    worse, undecided = rows_of(spec, "estimate", "shape")
    assert (worse["colour"], worse["shape"]) == (palette.failed, "square")
    assert (undecided["colour"], undecided["fill"]) == (palette.undecided, palette.page)


def test_an_interval_beyond_the_axis_gets_an_arrowhead() -> None:
    (row,) = rows_of(forest([OPEN], (-2.0, -2.0), "95%", LIGHT).to_dict(), "estimate", "shape")
    assert (row["low"], row["beyond_low"], row["beyond_high"]) == (-10, True, False)


def test_before_outcomes_a_box_and_no_dot() -> None:
    (row,) = rows_of(forest([COMING], (-2.0, -2.0), "95%", LIGHT).to_dict(), "estimate", "shape")
    assert (row["box"], row["box_low"], row["estimate"]) == (True, -3.0, None)


def test_the_whole_has_its_own_limit() -> None:
    spec = forest([replace(ROW, whole=True), OPEN], (-1.0, -2.0), "95%", LIGHT).to_dict()
    texts = [layer["mark"].get("text") for layer in spec["layer"]]
    assert {f"limit {MINUS}1", f"limit {MINUS}2"} <= {
        text for text in texts if isinstance(text, str)
    }


@pytest.mark.parametrize(
    "spec",
    [
        forest([ROW, OPEN, COMING], (-1.0, -2.0), "95%", DARK).to_dict(),
        trajectory([WEEK], -1.0, "+1.0", DARK).to_dict(),
    ],
    ids=["forest", "trajectory"],
)
def test_one_layer_is_read_aloud_and_it_has_words(spec: dict[str, Any]) -> None:
    aloud = [layer for layer in spec["layer"] if layer["mark"].get("aria") is not False]
    assert len(aloud) == 1
    assert "description" in aloud[0]["encoding"]


def test_an_immature_week_has_no_dot() -> None:
    coming = replace(WEEK, week=2, day=date(2013, 5, 14), mature=False, estimate=None)
    rows = rows_of(trajectory([WEEK, coming], -1.0, "", LIGHT).to_dict(), "box_low")
    assert [row["estimate"] for row in rows] == [1.0, None]
    assert rows[1]["box_low"] == pytest.approx(0.9)


def test_one_wide_week_does_not_squeeze_the_rest() -> None:
    wide = replace(WEEK, low=-0.9, high=0.9)
    assert bounds([wide, WEEK], -1.0) == (-5.0, 5.0)


def test_a_picture_file_can_be_made_offline() -> None:
    assert png(trajectory([WEEK], -1.0, "+1.0", LIGHT), LIGHT).startswith(b"\x89PNG")
    assert png(forest([ROW], (-2.0, -2.0), "95%", DARK), DARK).startswith(b"\x89PNG")
