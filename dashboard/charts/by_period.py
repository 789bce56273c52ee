"""Numbers by day or week with their intervals, against an objective."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import Palette

HEIGHT = 250
REACH = 6
"""The axis goes up to this many objectives; what lies beyond gets an arrowhead."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Dot:
    """One period: its first day, the number and its interval, whose high end may be infinite."""

    day: date
    value: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class Objective:
    """A level to keep, and what is written on its rule."""

    at: float
    words: str


def by_period(
    dots: Sequence[Dot], objective: Objective | None, axis_format: str, palette: Palette
) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    axis_format
        Of the numbers on the axis, in d3's words, e.g. `.1%`.
    """
    ends = [d.high for d in dots if math.isfinite(d.high)] + [d.value for d in dots]
    top = 1.12 * max([*ends, *([objective.at] if objective else []), 1e-9])
    if objective is not None and objective.at > 0:
        top = min(top, REACH * objective.at)
    rows = [_drawn(dot, top) for dot in dots]
    days = [row["day"] for row in rows]
    x = alt.X(
        "day:Q",
        scale=alt.Scale(zero=False, nice=False, padding=22),
        axis=alt.Axis(
            labelExpr="utcFormat(datum.value * 86400000, '%-d %b')",
            labelOverlap="greedy",
            labelSeparation=14,
            values=days,
            tickCount=len(days),
            grid=False,
            title=None,
            ticks=False,
        ),
    )
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(format=axis_format, title=None, tickCount=5, domain=False, ticks=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(data(rows)).encode(x=x)
    violet = palette.candidate
    layers: list[alt.Chart] = [
        base.mark_bar(**quiet(size=6, color=violet, opacity=0.3)).encode(y=y("low"), y2="high"),
        base.transform_filter("datum.open")
        .mark_point(**quiet(shape="triangle-up", size=50, filled=True, opacity=1, color=violet))
        .encode(y=y("high")),
        base.transform_filter("!datum.beyond")
        .mark_point(size=34, filled=True, color=violet, opacity=1, tooltip=None)
        .encode(y=y("value"), description="words:N"),
    ]
    if objective is not None:
        layers += _rule(objective, y, palette)
    return configured(layers, HEIGHT, palette)


def _drawn(dot: Dot, top: float) -> dict[str, Any]:
    return {
        "day": (dot.day - _EPOCH).days,
        "value": min(dot.value, top),
        "beyond": dot.value > top,
        "low": min(dot.low, top),
        "high": min(dot.high, top),
        "open": dot.high > top,
        "words": dot.words,
    }


def _rule(objective: Objective, y: Any, palette: Palette) -> list[alt.Chart]:
    at = alt.Chart(data([{"at": objective.at}]))
    layers = [
        at.mark_rule(**quiet(strokeDash=[5, 3], strokeWidth=1.5, color=palette.failed)).encode(
            y=y("at")
        )
    ]
    halo = {"stroke": palette.page, "strokeWidth": 4, "strokeJoin": "round"}
    for look in ({"color": palette.page, **halo}, {"color": palette.failed}):
        words = quiet(text=objective.words, align="left", dy=-9, fontSize=TEXT - 1, **look)
        layers.append(at.mark_text(**words).encode(y=y("at"), x=alt.value(4)))
    return layers
