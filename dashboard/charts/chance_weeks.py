"""How far a subject stood from its reference week by week, against what chance alone produces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import altair as alt

from dashboard.charts.common import TEXT, configured, data, kept, quiet
from dashboard.charts.shifts import colour_of, shape_of
from dashboard.drifting.published import Stretch
from dashboard.theme import Palette

HEIGHT = 210
_EPOCH = date(1970, 1, 1)


@kept
def chance_weeks(weeks: Sequence[Stretch], limit: float, palette: Palette) -> alt.LayerChart:
    """Return the chart; what lies above the axis gets an arrowhead."""
    values = [v for w in weeks for v in (w.psi, w.chance) if v is not None]
    end = min(5 * limit, max(1.5 * limit, 1.1 * max(values, default=0.0)))
    rows = [_drawn(week, end, palette) for week in weeks]
    days = [_number(week.first) for week in weeks]
    x = alt.X(
        "day:Q",
        scale=alt.Scale(zero=False, nice=False, padding=14),
        axis=alt.Axis(
            labelExpr="utcFormat(datum.value * 86400000, '%-d %b')",
            labelOverlap="greedy",
            labelSeparation=14,
            grid=False,
            title="Week of the decision, from",
            ticks=False,
            values=days,
            tickCount=len(days),
        ),
    )
    scale = alt.Scale(domain=[-0.04 * end, end], nice=False)
    axis = alt.Axis(title=None, tickCount=4, domain=False, ticks=False, format=".2f")

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(data(rows)).encode(x=x)
    rule = alt.Chart(data([{"limit": limit}])).encode(y=y("limit"))
    words = quiet(text=f"matters above {limit:.4g}", align="left", dy=-8, color=palette.muted)
    layers: list[alt.Chart] = [
        base.mark_bar(**quiet(size=8, color=palette.undecided, opacity=0.38)).encode(
            y=y("zero"), y2="chance"
        ),
        rule.mark_rule(**quiet(color=palette.muted, strokeDash=[5, 3], strokeWidth=1.4)),
        rule.mark_text(**words, fontSize=TEXT - 1).encode(x=alt.value(4)),
    ]
    colour = alt.Color("colour:N", scale=None)
    for shape, filled in (("circle", True), ("circle", False), ("square", True)):
        mine = base.transform_filter(
            f"datum.shape == '{shape}' && datum.filled == {str(filled).lower()} && !datum.beyond"
        )
        paint = {"color": colour} if filled else {"stroke": alt.Stroke("colour:N", scale=None)}
        layers.append(
            mine.mark_point(shape=shape, filled=filled, size=46, opacity=1, tooltip=None).encode(
                y=y("psi"), description="description:N", **paint
            )
        )
    layers.append(
        base.transform_filter("datum.beyond")
        .mark_point(**quiet(shape="triangle-up", size=56, filled=True, opacity=1))
        .encode(y=y("psi"), color=colour)
    )
    return configured(layers, HEIGHT, palette)


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _drawn(week: Stretch, end: float, palette: Palette) -> dict[str, object]:
    shape, filled = shape_of(week.standing)
    psi = week.psi or 0.0
    return {
        "day": _number(week.first),
        "zero": 0.0,
        "chance": min(end, week.chance or 0.0),
        "psi": min(end, max(0.0, psi)),
        "beyond": psi > end,
        "shape": shape,
        "filled": filled,
        "colour": colour_of(week.standing, palette),
        "description": f"week from {week.first:%d.%m.%Y}",
    }
