"""Scores and how often they came true: a point a tenth, on or off the line of what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, configured, data, kept, quiet
from dashboard.theme import Palette

HEIGHT = 300


@dataclass(frozen=True, slots=True)
class Tenth:
    """Scores of one tenth: what they said on average, and what came true of them.

    Without `low` and `high` there are too few outcomes for an interval.
    """

    said: float
    came_true: float
    low: float | None
    high: float | None
    words: str


@kept
def reliability(tenths: Sequence[Tenth], palette: Palette) -> alt.LayerChart:
    """Return the chart; what was said lies on the dashed line."""

    def place(title: str) -> dict[str, Any]:
        values = [0, 0.25, 0.5, 0.75, 1]
        axis = alt.Axis(
            title=title, format=".0%", values=values, tickCount=5, domain=False, ticks=False
        )
        return {"scale": alt.Scale(domain=[0, 1], nice=False), "axis": axis}

    x, y = place("what the scores said"), place("what came true")
    rows = [
        {
            "said": t.said,
            "true": t.came_true,
            "low": t.low,
            "high": t.high,
            "words": t.words,
        }
        for t in tenths
    ]
    line = alt.Chart(data([{"a": 0, "b": 0}, {"a": 1, "b": 1}]))
    base = alt.Chart(data(rows))
    layers = [
        line.mark_line(**quiet(strokeDash=[5, 3], color=palette.muted, strokeWidth=1.5)).encode(
            x=alt.X("a:Q", **x), y=alt.Y("b:Q", **y)
        ),
        alt.Chart(data([{"a": 0.5, "b": 0.5}]))
        .mark_text(
            **quiet(text="as said", align="left", dx=10, dy=14, fontSize=TEXT, color=palette.muted)
        )
        .encode(x=alt.X("a:Q", **x), y=alt.Y("b:Q", **y)),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(**quiet(strokeWidth=7, opacity=0.45, color=palette.candidate))
        .encode(x=alt.X("said:Q", **x), y=alt.Y("low:Q", **y), y2="high:Q"),
        base.mark_point(
            filled=True, size=70, opacity=1, color=palette.candidate, tooltip=None
        ).encode(x=alt.X("said:Q", **x), y=alt.Y("true:Q", **y), description="words:N"),
    ]
    return configured(layers, HEIGHT, palette)
