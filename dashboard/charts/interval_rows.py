"""Rows of shares: a name and its numbers, below them mark and interval, or a bar with interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from dashboard.charts.common import TEXT, Position, configured, data, quiet
from dashboard.theme import Palette

ROW = 46
"""Height of a row in pixels: a line of words and the line below it."""

AXIS = 44
"""Height of the axis with its title."""


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One row; `estimate`, `low` and `high` are fractions, None where nothing is known.

    Attributes
    ----------
    numbers
        Share, interval and n in words.
    look
        `candidate` (filled circle), `production` (hollow diamond) or `other` (hollow circle).
    """

    name: str
    numbers: str
    estimate: float | None
    low: float | None
    high: float | None
    look: str = "other"


def interval_rows(
    rows: Sequence[IntervalRow], title: str, palette: Palette, half: bool = False
) -> alt.LayerChart:
    """Return the chart of the rows from 0 to 100 percent.

    Parameters
    ----------
    title
        What the axis measures.
    half
        Whether to draw a rule at one half.
    """
    x, y = _places(len(rows), 1.0, title)
    base = alt.Chart(data(_drawn(rows, palette))).encode(y=y("y"))
    layers = []
    if half:
        layers.append(
            alt.Chart(data([{"x": 0.5, "top": -0.3, "bottom": len(rows) - 0.3}]))
            .mark_rule(**quiet(color=palette.muted, strokeWidth=1.5))
            .encode(x=x("x"), y=y("top"), y2="bottom")
        )
    known = base.transform_filter("isValid(datum.estimate)")
    layers += [
        known.mark_rule(**quiet(strokeWidth=3)).encode(
            x=x("low"), x2="high:Q", color=alt.Color("colour:N", scale=None)
        ),
        known.mark_point(size=95, strokeWidth=2, opacity=1, tooltip=None).encode(
            x=x("estimate"),
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
            description="description:N",
        ),
        *row_words(base, palette),
    ]
    return configured(layers, len(rows) * ROW + AXIS, palette)


def bar_rows(rows: Sequence[IntervalRow], title: str, palette: Palette) -> alt.LayerChart:
    """Return the chart of the rows as bars from 0, each with its interval."""
    longest = max((row.high or 0.0 for row in rows), default=0.0)
    x, y = _places(len(rows), min(1.0, max(0.1, longest * 1.05)), title)
    base = alt.Chart(data(_drawn(rows, palette))).encode(y=y("y"))
    known = base.transform_filter("isValid(datum.estimate)")
    layers = [
        known.mark_bar(height=14, tooltip=None).encode(
            x=x("zero"),
            x2="estimate:Q",
            fill=alt.value(palette.panel),
            stroke=alt.value(palette.muted),
            description="description:N",
        ),
        known.mark_rule(**quiet(strokeWidth=2.4, color=palette.ink)).encode(
            x=x("low"), x2="high:Q"
        ),
        *row_words(base, palette, above=11),
    ]
    return configured(layers, len(rows) * ROW + AXIS, palette)


def row_words(base: alt.Chart, palette: Palette, above: int = 9) -> list[alt.Chart]:
    """Return name and numbers, so many pixels above each mark, on a desk and on a phone."""
    look = {"baseline": "bottom", "dy": -above, "fontSize": TEXT, "color": palette.ink}
    name = quiet(align="left", fontWeight="bold", limit=alt.expr("width * 0.55"), **look)
    numbers = quiet(align="right", limit=alt.expr("width * 0.5"), **look)
    return [
        base.mark_text(**name).encode(x=alt.value(0), text="name:N"),
        base.mark_text(**numbers).encode(x=alt.value(alt.expr("width")), text="numbers:N"),
    ]


def _places(rows: int, end: float, title: str) -> tuple[Position, Position]:
    y_scale = alt.Scale(domain=[-0.6, max(1, rows) - 0.4], reverse=True, nice=False, zero=False)
    x_scale = alt.Scale(domain=[0, end], nice=False)
    values = [0, 0.25, 0.5, 0.75, 1] if end == 1.0 else alt.Undefined
    axis = alt.Axis(
        format=".0%",
        title=title,
        values=values,
        tickCount=5,
        domain=False,
        ticks=False,
        labelFlush=True,
        labelOverlap="greedy",
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    return x, y


def _drawn(rows: Sequence[IntervalRow], palette: Palette) -> list[dict[str, object]]:
    looks = {
        "candidate": ("circle", palette.candidate, palette.candidate),
        "production": ("diamond", palette.production, palette.page),
        "other": ("circle", palette.muted, palette.page),
    }
    return [
        {
            "y": index + 0.2,
            "zero": 0,
            "name": row.name,
            "numbers": row.numbers,
            "estimate": row.estimate,
            "low": row.low,
            "high": row.high,
            "shape": looks[row.look][0],
            "colour": looks[row.look][1],
            "fill": looks[row.look][2],
            "description": f"{row.name}: {row.numbers}",
        }
        for index, row in enumerate(rows)
    ]
