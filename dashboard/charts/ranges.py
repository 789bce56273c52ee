"""Ranges of days row by row: never one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, WIDE, configured, data, quiet
from dashboard.theme import Palette

ROW = 28
_LEFT = f"{WIDE} ? 200 : 112"
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DayRange:
    """One row: from the first day, or not before it, to the last; None where none can be named."""

    name: str
    first: date
    last: date | None
    words: str


def ranges(rows: Sequence[DayRange], today: date, palette: Palette) -> alt.LayerChart:
    """Return the chart."""
    now = _number(today)
    ends = [_number(row.last or row.first) for row in rows]
    far = max([now + 14, *ends])
    far += max(7, (far - now) // 12)
    drawn: list[dict[str, Any]] = [
        {
            "y": i + 0.5,
            "name": row.name,
            "first": _number(row.first),
            "last": far if row.last is None else max(_number(row.last), _number(row.first) + 1),
            "open": row.last is None,
            "words": row.words,
        }
        for i, row in enumerate(rows)
    ]
    bottom = len(rows) + 0.1
    x = alt.Scale(
        domain=[now, far],
        nice=False,
        zero=False,
        rangeMin=alt.expr(_LEFT),
        rangeMax=alt.expr("width - 8"),
    )
    form = "'%-d %b %Y'" if far - now > 200 else "'%-d %b'"
    axis = alt.Axis(
        labelExpr=f"utcFormat(datum.value * 86400000, {form})",
        labelOverlap="greedy",
        labelSeparation=16,
        tickCount=6,
        grid=True,
        title=None,
        domain=False,
        ticks=False,
    )

    def at(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x, axis=axis)

    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.6, bottom], reverse=True, nice=False))
    base = alt.Chart(data(drawn)).encode(y=y)
    rule = alt.Chart(data([{"x": now}]))
    box: dict[str, Any] = {"height": 12, "strokeWidth": 1.2, "strokeDash": [3, 2]}
    layers: list[alt.Chart] = [
        rule.mark_rule(**quiet(color=palette.production, strokeWidth=1.5)).encode(x=at("x")),
        rule.mark_text(
            **quiet(text="now", align="left", dx=5, fontSize=TEXT - 1, color=palette.muted)
        ).encode(x=at("x"), y=alt.value(6)),
        base.mark_bar(**box, fill=palette.panel, stroke=palette.collecting, tooltip=None).encode(
            x=at("first"), x2="last", description="words:N"
        ),
        base.transform_filter("datum.open")
        .mark_point(**quiet(shape="triangle-right", size=60, filled=True, color=palette.collecting))
        .encode(x=at("last")),
    ]
    limit = alt.expr(f"({_LEFT}) - 8")
    names = quiet(align="left", baseline="middle", fontSize=TEXT, color=palette.ink, limit=limit)
    layers.append(base.mark_text(**names).encode(x=alt.value(0), text="name:N"))
    return configured(layers, round((bottom + 0.6) * ROW) + 26, palette)


def _number(day: date) -> int:
    return (day - _EPOCH).days
