"""Money spent in a month, day by day, what the days to come may add, and the budget."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import Palette

HEIGHT = 230


def month(
    spent: Sequence[float],
    ahead: Sequence[tuple[float, float]],
    budget: tuple[float, str] | None,
    last: int,
    words: str,
    palette: Palette,
) -> alt.LayerChart:
    """Return the chart.

    Parameters
    ----------
    spent
        In all at the end of day 1, 2, ... of the month.
    ahead
        Least and most in all at the ends of the days that follow.
    budget
        Of the month, and what is written on its rule.
    last
        Days in the month.
    words
        Description of the line for readers of screen readers.
    """
    today = len(spent)
    line = [{"day": day, "value": value} for day, value in enumerate((0.0, *spent))]
    now = spent[-1] if spent else 0.0
    range_ = [
        {"day": today + i, "low": low, "high": high}
        for i, (low, high) in enumerate(((now, now), *ahead))
    ]
    top = 1.12 * max([now, 1e-9, *(high for _, high in ahead), *([budget[0]] if budget else [])])
    x = alt.X(
        "day:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(title="day of the month", tickMinStep=1, grid=False, format="d"),
    )
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(format=",.2~f", title=None, tickCount=5, domain=False, ticks=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    layers: list[alt.Chart] = []
    if ahead:
        box = quiet(fill=palette.panel, stroke=palette.muted, strokeDash=[3, 2], opacity=1)
        layers.append(alt.Chart(data(range_)).mark_area(**box).encode(x=x, y=y("low"), y2="high"))
    layers += [
        alt.Chart(data(line))
        .mark_line(**quiet(color=palette.candidate, strokeWidth=2.4))
        .encode(x=x, y=y("value")),
        alt.Chart(data([{"day": today, "value": now, "words": words}]))
        .mark_point(size=50, filled=True, color=palette.candidate, opacity=1, tooltip=None)
        .encode(x=x, y=y("value"), description="words:N"),
    ]
    if budget is not None:
        at = alt.Chart(data([{"at": budget[0]}]))
        layers.append(
            at.mark_rule(**quiet(strokeDash=[5, 3], strokeWidth=1.5, color=palette.failed)).encode(
                y=y("at")
            )
        )
        look = {"align": "left", "dy": -9, "fontSize": TEXT - 1, "color": palette.failed}
        layers.append(
            at.mark_text(**quiet(text=budget[1], **look)).encode(y=y("at"), x=alt.value(4))
        )
    return configured(layers, HEIGHT, palette)
