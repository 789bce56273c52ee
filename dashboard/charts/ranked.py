"""A list of shares: a row each with its name, a mark, a thin interval and the number in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, WIDE, configured, data, kept, quiet
from dashboard.theme import Palette

ROW = 26


@dataclass(frozen=True, slots=True)
class Mark:
    """One value of a row, in percent; an interval is drawn where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One row.

    Attributes
    ----------
    main
        Filled dot, with its interval.
    before
        Hollow diamond: what it is compared with.
    between
        Small tick: a longer stretch of time.
    """

    name: str
    words: str
    main: Mark
    before: Mark | None = None
    between: Mark | None = None


@kept
def ranked(rows: Sequence[Ranked], title: str, palette: Palette) -> alt.LayerChart:
    """Return the chart, the first row on top."""
    marks = [m for r in rows for m in (r.main, r.before, r.between) if m is not None]
    end = 1.06 * max([v for m in marks for v in (m.value, m.high) if v is not None] + [0.1])
    x = alt.X(
        "value:Q",
        scale=alt.Scale(
            domain=[0, end],
            nice=False,
            rangeMin=alt.expr(f"{WIDE} ? 270 : 124"),
            rangeMax=alt.expr(f"{WIDE} ? width - 190 : width - 62"),
        ),
        axis=alt.Axis(
            title=title, tickCount=4, domain=False, ticks=False, labelExpr="datum.label + '%'"
        ),
    )
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.6, len(rows) - 0.4], reverse=True))
    base = alt.Chart(data([_drawn(row, at) for at, row in enumerate(rows)])).encode(y=y)
    hollow = quiet(shape="diamond", size=52, filled=False, stroke=palette.muted, strokeWidth=1.6)
    dot: dict[str, Any] = {"size": 46, "filled": True, "color": palette.ink, "opacity": 1}
    layers: list[alt.Chart] = [
        base.transform_filter("isValid(datum.low)")
        .mark_rule(**quiet(color=palette.ink, strokeWidth=1.4, opacity=0.6))
        .encode(x=_at(x, "low"), x2="high"),
        base.transform_filter("isValid(datum.between)")
        .mark_tick(**quiet(thickness=2, size=14, color=palette.collecting))
        .encode(x=_at(x, "between")),
        base.transform_filter("isValid(datum.before)")
        .mark_point(**hollow)
        .encode(x=_at(x, "before")),
        base.mark_point(**dot, tooltip=None).encode(x=_at(x, "main"), description="name:N"),
        *_words(base, palette),
    ]
    return configured(layers, ROW * len(rows) + 62, palette)


def _at(x: alt.X, field: str) -> alt.X:
    moved: alt.X = x.copy()
    moved.shorthand = f"{field}:Q"
    return moved


def _words(base: alt.Chart, palette: Palette) -> list[alt.Chart]:
    texts = (
        ("name", "0", "left", palette.ink, {"limit": alt.expr(f"{WIDE} ? 255 : 112")}),
        ("words", "width", "right", palette.muted, {"opacity": alt.expr(f"{WIDE} ? 1 : 0")}),
        ("short", "width", "right", palette.muted, {"opacity": alt.expr(f"{WIDE} ? 0 : 1")}),
    )
    return [
        base.mark_text(
            **quiet(align=align, baseline="middle", fontSize=TEXT, color=colour, **more)
        ).encode(x=alt.value(alt.expr(place)), text=f"{field}:N")
        for field, place, align, colour, more in texts
    ]


def _drawn(row: Ranked, at: int) -> dict[str, object]:
    return {
        "row": at,
        "name": row.name,
        "words": row.words,
        "short": row.words.split(" (")[0],
        "main": row.main.value,
        "low": row.main.low,
        "high": row.main.high,
        "before": None if row.before is None else row.before.value,
        "between": None if row.between is None else row.between.value,
    }
