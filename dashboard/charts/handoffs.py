"""The transition plan as a line of time: a row a handoff, its day, and when it was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import Palette, Tone

ROW = 52
"""Height of a row in pixels: a line of words above a line of marks."""

AXIS = 44
_TOP = -0.45


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """One handoff: its words, its day, the day of acceptance if any, and the tone of its state."""

    name: str
    state: str
    on: date
    accepted_on: date | None
    tone: Tone


def handoffs(rows: Sequence[HandoffRow], now: date, palette: Palette) -> alt.LayerChart:
    """Return the chart of some handoffs; `now` is marked where it lies near them."""
    drawn = [_drawn(row, i, palette) for i, row in enumerate(rows)]
    days = [_number(day) for row in rows for day in (row.on, row.accepted_on) if day]
    first, last = min(days), max(days)
    near = first - 30 <= _number(now) <= last + max(60, (last - first) // 2)
    first, last = (min(first, _number(now)), max(last, _number(now))) if near else (first, last)
    pad = max(4.0, 0.05 * (last - first))
    # The words of the states stand to the right of every day.
    x_scale = alt.Scale(
        domain=[first - pad, last + pad],
        nice=False,
        zero=False,
        rangeMin=24,
        rangeMax=alt.expr("width - 76"),
    )
    axis = alt.Axis(
        labelExpr="utcFormat(datum.value * 86400000, '%-d %b %Y')",
        labelOverlap="greedy",
        labelSeparation=14,
        title=None,
        grid=False,
        ticks=False,
        values=sorted({_number(row.on) for row in rows}),
        tickCount=len({row.on for row in rows}),
    )
    bottom = len(rows) - 0.35
    y_scale = alt.Scale(domain=[_TOP, bottom], reverse=True, nice=False, zero=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    base = alt.Chart(data(drawn)).encode(y=y("marks"))
    words = alt.Chart(data(drawn)).encode(y=y("words"))
    accepted = base.transform_filter("isValid(datum.accepted)")
    colour = alt.Color("colour:N", scale=None)
    layers: list[alt.Chart] = [
        base.mark_rule(**quiet(color=palette.grid, strokeWidth=1)).encode(
            x=alt.value(0), x2=alt.value(alt.expr("width"))
        ),
        accepted.mark_rule(**quiet(strokeWidth=2.4)).encode(
            x=x("on"), x2="accepted:Q", color=colour
        ),
        base.mark_point(
            shape="diamond", size=110, strokeWidth=2, opacity=1, tooltip=None, fill=palette.page
        ).encode(x=x("on"), stroke=alt.Stroke("edge:N", scale=None), description="description:N"),
        accepted.mark_point(**quiet(size=80, filled=True, opacity=1)).encode(
            x=x("accepted"), color=colour
        ),
        words.mark_text(
            **quiet(align="left", fontSize=TEXT, color=palette.ink, limit=alt.expr("width - 84"))
        ).encode(x=alt.value(0), text="name:N"),
        words.mark_text(**quiet(align="right", fontSize=TEXT, limit=80)).encode(
            x=alt.value(alt.expr("width")), text="state:N", color=alt.Color("ink:N", scale=None)
        ),
    ]
    if near:
        at = alt.Chart(data([{"now": _number(now), "top": _TOP + 0.3, "bottom": bottom}]))
        dash = quiet(strokeDash=[5, 3], strokeWidth=1.5, color=palette.muted)
        layers.insert(0, at.mark_rule(**dash).encode(x=x("now"), y=y("top"), y2="bottom"))
    return configured(layers, ROW * len(rows) + AXIS, palette)


def _drawn(row: HandoffRow, index: int, palette: Palette) -> dict[str, object]:
    colour = palette.tone(row.tone)
    return {
        "words": index - 0.18,
        "marks": index + 0.25,
        "name": row.name,
        "state": row.state,
        "on": _number(row.on),
        "accepted": None if row.accepted_on is None else _number(row.accepted_on),
        "colour": colour,
        "edge": palette.muted if row.accepted_on is not None else colour,
        "ink": palette.muted if row.tone == "gray" else colour,
        "description": f"{row.name}: {row.state}",
    }


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
