"""Points with intervals over days or weeks; a dashed box where the outcome is still to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, WIDE, configured, data, kept, quiet
from dashboard.theme import Palette

HEIGHT = 240
PERCENT = "format(datum.value, '.3~f') + '%'"
"""Vega expression for a rate on an axis whose values are in percent."""
PLAIN = "replace(format(datum.value, ',.4~f'), '-', '\u2212')"
"""Vega expression for a number with a real minus."""
CROWDED = 60
"""Beyond so many points marks are drawn smaller."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Point:
    """One day or week; without `value`, what is still possible is drawn as a box.

    Attributes
    ----------
    day
        The day, or the first day of the week.
    low, high
        The interval; of a box, with sampling.
    box_low, box_high
        What missing outcomes leave possible.
    """

    day: date
    value: float | None
    low: float | None
    high: float | None
    box_low: float | None = None
    box_high: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A line to compare with, and its words."""

    at: float
    words: str
    dashed: bool = False


@kept
def over_time(
    points: Sequence[Point],
    axis: tuple[float, float],
    labels: str,
    colour: str,
    palette: Palette,
    rules: Sequence[Rule] = (),
    title: str | None = None,
) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    axis
        Ends of the axis; what goes on beyond them gets an arrowhead.
    labels
        Vega expression of an axis label.
    colour
        Of the marks.
    """
    low, high = axis
    rows = [_drawn(point, low, high) for point in points]
    days = [_number(point.day) for point in points]
    x = alt.X(
        "day:Q",
        scale=alt.Scale(zero=False, nice=False, padding=14, **_room(rules)),
        axis=alt.Axis(
            labelExpr="utcFormat(datum.value * 86400000, '%-d %b')",
            labelOverlap="greedy",
            labelSeparation=14,
            grid=False,
            title=title,
            ticks=False,
            values=days,
            tickCount=len(days),
        ),
    )
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)

    def y(field: str) -> alt.Y:
        ticks = alt.Axis(labelExpr=labels, title=None, tickCount=5, domain=False, ticks=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=ticks)

    many = len(points) > CROWDED
    base = alt.Chart(data(rows)).encode(x=x)
    known = base.transform_filter("isValid(datum.value)")
    coming = base.transform_filter("isValid(datum.box_low)")
    box = {"fill": palette.panel, "stroke": palette.muted, "strokeDash": [3, 2]}
    layers: list[alt.Chart] = [
        *_lines(rules, y, palette),
        coming.mark_rule(**quiet(color=palette.muted, strokeWidth=1)).encode(y=y("low"), y2="high"),
        coming.mark_bar(**quiet(size=9, strokeWidth=1.2, **box)).encode(
            y=y("box_low"), y2="box_high"
        ),
        known.mark_rule(**quiet(color=colour, strokeWidth=1 if many else 1.6, opacity=0.65)).encode(
            y=y("low"), y2="high"
        ),
        known.transform_filter("datum.inside")
        .mark_point(size=18 if many else 42, filled=True, color=colour, opacity=1, tooltip=None)
        .encode(y=y("value"), description="description:N"),
    ]
    for side, shape in (("low", "triangle-down"), ("high", "triangle-up")):
        mark = quiet(shape=shape, size=34, filled=True, opacity=0.8, color=palette.muted)
        layers.append(
            base.transform_filter(f"datum.beyond_{side}").mark_point(**mark).encode(y=y(side))
        )
    if any(point.value is None and point.box_low is not None for point in points):
        for look in _haloed(palette):
            words = quiet(text="not yet known", align="right", fontSize=TEXT - 1, **look)
            layers.append(
                alt.Chart(data([{"at": high}]))
                .mark_text(**words, baseline="top", dy=2)
                .encode(x=alt.value(alt.expr("width - 2")), y=y("at"))
            )
    layers += _words(rules, y, palette)
    return configured(layers, HEIGHT, palette)


def reach(points: Sequence[Point]) -> tuple[float, float]:
    """Return the ends of an axis around 0 on which one wide interval does not squeeze the rest.

    Examples
    --------
    >>> narrow, wide = (Point(date(2013, 5, d), 0.5, -d, d) for d in (1, 30))
    >>> [round(end, 2) for end in reach([narrow, narrow, wide])]
    [-2.5, 2.5]
    """
    size = highest(points)
    return -size, size


def highest(points: Sequence[Point]) -> float:
    """Return the upper end of such an axis: every value and box, and intervals but for wide ones.

    Examples
    --------
    >>> highest([])
    1.0
    """
    shown = [abs(v) for p in points for v in (p.value, p.box_low, p.box_high) if v is not None]
    ends = [abs(v) for p in points for v in (p.low, p.high) if v is not None]
    usual = min(1.05 * max(ends), 2.5 * median(ends)) if ends else 0.0
    return max([usual, *(1.1 * value for value in shown)]) or 1.0


def _drawn(point: Point, low: float, high: float) -> dict[str, object]:
    def within(value: float | None) -> float | None:
        return None if value is None else max(low, min(high, value))

    return {
        "day": _number(point.day),
        "value": point.value,
        "inside": point.value is not None and low <= point.value <= high,
        "low": within(point.low),
        "high": within(point.high),
        "beyond_low": point.low is not None and point.low < low,
        "beyond_high": point.high is not None and point.high > high,
        "box_low": within(point.box_low) if point.value is None else None,
        "box_high": within(point.box_high) if point.value is None else None,
        "description": f"{point.day:%d.%m.%Y}",
    }


def _room(rules: Sequence[Rule]) -> dict[str, Any]:
    """Return where the first point stands: right of the words of the rules, where they fit."""
    words = max((len(rule.words) for rule in rules), default=0)
    return {"rangeMin": alt.expr(f"{WIDE} ? {7 * words} : 0")} if words else {}


def _lines(rules: Sequence[Rule], y: Callable[[str], alt.Y], palette: Palette) -> list[alt.Chart]:
    return [
        alt.Chart(data([{"at": rule.at}]))
        .mark_rule(
            **quiet(
                color=palette.production,
                strokeWidth=1.4,
                strokeDash=[5, 3] if rule.dashed else [1, 0],
            )
        )
        .encode(y=y("at"))
        for rule in rules
    ]


def _words(rules: Sequence[Rule], y: Callable[[str], alt.Y], palette: Palette) -> list[alt.Chart]:
    """Return the words of the rules on a halo of the page's colour; a phone has no room."""
    shown = alt.expr(f"{WIDE} ? 1 : 0")
    return [
        alt.Chart(data([{"at": rule.at}]))
        .mark_text(
            **quiet(text=rule.words, align="left", dy=-8, fontSize=TEXT - 1, opacity=shown, **look)
        )
        .encode(y=y("at"), x=alt.value(4))
        for rule in rules
        if rule.words
        for look in _haloed(palette)
    ]


def _haloed(palette: Palette) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the looks of a text and of the ground below it, the ground first."""
    halo = {"stroke": palette.page, "strokeWidth": 5, "strokeJoin": "round"}
    return {"color": palette.page, **halo}, {"color": palette.muted}


def _number(day: date) -> int:
    return (day - _EPOCH).days
