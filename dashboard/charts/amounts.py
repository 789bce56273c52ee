"""Amounts of money row by row: a dot with its interval, or a box from half to double."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import Palette

ROW = 46
"""Height of a row in pixels: its name, and below it the mark."""


@dataclass(frozen=True, slots=True)
class AmountRow:
    """One row.

    Attributes
    ----------
    low, high
        Ends of the line.
    middle
        The dot; None where a number alone would be a guess.
    box
        Ends of a box, with what is written beside each; None without one.
    words
        For readers of screen readers.
    """

    name: str
    low: float
    high: float
    middle: float | None
    words: str
    box: tuple[float, float] | None = None
    ends: tuple[str, str] = ("", "")


def amounts(rows: Sequence[AmountRow], none: str, palette: Palette) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    none
        What is written at 0.
    """
    drawn = [_drawn(row, i) for i, row in enumerate(rows)]
    values = [x for row in rows for x in (row.low, row.high, *(row.box or ()))] + [0.0]
    span = max(values) - min(values) or 1.0
    x_scale = alt.Scale(
        domain=[min(values) - 0.08 * span, max(values) + 0.08 * span], nice=False, zero=False
    )
    axis = alt.Axis(
        labelExpr="(datum.value < 0 ? '\u2212' : '') + format(abs(datum.value), ',.4~f')",
        tickCount=6,
        title=None,
        domain=False,
        ticks=False,
    )
    bottom = len(rows) + 0.1
    y_scale = alt.Scale(domain=[-0.5, bottom], reverse=True, nice=False, zero=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    base = alt.Chart(data(drawn)).encode(y=y("y"))
    layers: list[alt.Chart] = [
        *_zero(none, bottom, x, y, palette),
        base.transform_filter("isValid(datum.box_low)")
        .mark_bar(**quiet(height=14, fill=palette.panel, stroke=palette.muted, strokeWidth=1.2))
        .encode(x=x("box_low"), x2="box_high"),
        base.mark_rule(strokeWidth=2.2, color=palette.candidate, tooltip=None).encode(
            x=x("low"), x2="high", description="words:N"
        ),
        base.transform_filter("isValid(datum.middle)")
        .mark_point(**quiet(size=80, filled=True, color=palette.candidate, opacity=1))
        .encode(x=x("middle")),
        *(
            base.mark_text(
                **quiet(align="left", dy=-17, fontSize=TEXT, limit=alt.expr("width"), **look)
            ).encode(x=alt.value(0), text="name:N")
            for look in (
                {"color": palette.page, "stroke": palette.page, "strokeWidth": 4},
                {"color": palette.ink},
            )
        ),
    ]
    for side, align, dx in (("low", "right", -5), ("high", "left", 5)):
        layers.append(
            base.transform_filter(f"datum.{side}_words != ''")
            .mark_text(**quiet(align=align, dx=dx, fontSize=TEXT - 1, color=palette.muted))
            .encode(x=x(f"box_{side}"), text=f"{side}_words:N")
        )
    return configured(layers, round((bottom + 0.5) * ROW) + 26, palette)


def _drawn(row: AmountRow, index: int) -> dict[str, Any]:
    first, last = row.box or (None, None)
    words = row.ends
    if first is not None and last is not None and first > last:
        first, last, words = last, first, (words[1], words[0])
    return {
        "y": index + 0.5,
        "name": row.name,
        "low": row.low,
        "high": row.high,
        "middle": row.middle,
        "box_low": first,
        "box_high": last,
        "low_words": words[0],
        "high_words": words[1],
        "words": row.words,
    }


def _zero(none: str, bottom: float, x: Any, y: Any, palette: Palette) -> list[alt.Chart]:
    at = alt.Chart(data([{"x": 0.0, "top": -0.2, "bottom": bottom}]))
    return [
        at.mark_rule(**quiet(color=palette.production, strokeWidth=1.5)).encode(
            x=x("x"), y=y("top"), y2="bottom"
        ),
        at.mark_text(
            **quiet(text=none, align="left", dx=5, dy=-4, fontSize=TEXT - 1, color=palette.muted)
        ).encode(x=x("x"), y=y("top")),
    ]
