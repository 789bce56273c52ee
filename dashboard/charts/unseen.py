"""What cases nobody can see leave possible: one dashed bar, where it tips, and an assumption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts.common import SIGNED, TEXT, configured, data, quiet
from dashboard.theme import Palette

HEIGHT = 190


@dataclass(frozen=True, slots=True)
class Bar:
    """In points.

    Attributes
    ----------
    worst, best
        Ends of the bar: if none of the hidden, and if all were the candidate's.
    low, high
        The same with sampling.
    tip, tip_words
        Where the limit lies, and what is written there.
    similar
        If the hidden were like similar cases; None where there are none.
    supposed, supposed_low, supposed_words
        What the reader supposes, and the lower end of its interval.
    """

    worst: float
    best: float
    low: float
    high: float
    tip: float
    tip_words: str
    similar: float | None
    supposed: float
    supposed_low: float
    supposed_words: str


def unseen_bar(it: Bar, palette: Palette) -> alt.LayerChart:
    """Return the chart."""
    ends = [it.low, it.high, it.worst, it.best, it.tip, it.supposed_low, 0.0]
    span = max(ends) - min(ends) or 1.0
    scale = alt.Scale(
        domain=[min(ends) - 0.06 * span, max(ends) + 0.06 * span], nice=False, zero=False
    )
    axis = alt.Axis(
        labelExpr=SIGNED,
        title="AI minus production, points",
        tickCount=6,
        domain=False,
        ticks=False,
    )
    y_scale = alt.Scale(domain=[0, 10], reverse=True, nice=False, zero=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    one = alt.Chart(
        data([{**{name: getattr(it, name) for name in it.__slots__}, "top": 1, "end": 10, "y": 4}])
    )
    layers: list[alt.Chart] = [
        *_rule(0.0, palette.production, [1, 0], "same as production", 1, x, y),
        *_rule(it.tip, palette.failed, [5, 3], it.tip_words, -1, x, y),
        one.mark_rule(**quiet(color=palette.muted, strokeWidth=1.4)).encode(
            x=x("low"), x2="high", y=y("y")
        ),
        one.mark_bar(
            height=24,
            strokeDash=[3, 2],
            strokeWidth=1.2,
            fill=palette.panel,
            stroke=palette.muted,
            tooltip=None,
            description=f"possible from {it.worst:+.1f} to {it.best:+.1f} points",
        ).encode(x=x("worst"), x2="best", y=y("y")),
        one.mark_text(
            **quiet(text="if none", align="left", dy=22, fontSize=TEXT - 1, color=palette.muted)
        ).encode(x=x("worst"), y=y("y")),
        one.mark_text(
            **quiet(text="if all", align="right", dy=22, fontSize=TEXT - 1, color=palette.muted)
        ).encode(x=x("best"), y=y("y")),
    ]
    if it.similar is not None:
        like = alt.Chart(data([{"x": it.similar, "y": 2.9}]))
        violet = palette.candidate
        point = quiet(shape="triangle-down", size=80, filled=True, opacity=1, color=violet)
        words = quiet(text="like similar cases", dy=-13, fontSize=TEXT - 1, color=violet)
        layers += [
            like.mark_point(**point).encode(x=x("x"), y=y("y")),
            like.mark_text(**words, align="right", dx=8).encode(x=x("x"), y=y("y")),
        ]
    layers += _supposed(it, x, y, palette)
    return configured(layers, HEIGHT, palette)


def _supposed(it: Bar, x: Any, y: Any, palette: Palette) -> list[alt.Chart]:
    row = {"at": it.supposed, "low": it.supposed_low, "high": it.high, "y": 7.4}
    one = alt.Chart(data([row]))
    violet = palette.candidate
    return [
        one.mark_rule(**quiet(color=violet, strokeWidth=2.4, opacity=0.6)).encode(
            x=x("low"), x2="high", y=y("y")
        ),
        one.mark_point(**quiet(size=80, filled=True, color=violet, opacity=1)).encode(
            x=x("at"), y=y("y")
        ),
        one.mark_text(
            **quiet(text=it.supposed_words, dy=18, fontSize=TEXT - 1, color=violet)
        ).encode(x=x("at"), y=y("y")),
    ]


def _rule(
    at: float, colour: str, dash: list[int], words: str, side: int, x: Any, y: Any
) -> list[alt.Chart]:
    one = alt.Chart(data([{"x": at, "top": 1, "end": 10}]))
    look = {"align": "left" if side > 0 else "right", "dx": 5 * side, "dy": -4}
    return [
        one.mark_rule(**quiet(strokeDash=dash, strokeWidth=1.5, color=colour)).encode(
            x=x("x"), y=y("top"), y2="end"
        ),
        one.mark_text(**quiet(text=words, color=colour, fontSize=TEXT - 1, **look)).encode(
            x=x("x"), y=y("top")
        ),
    ]
