"""Decisions without a recommendation, day by day: a bar a day, as share of the day's decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt

from dashboard.charts.common import configured, data, quiet
from dashboard.theme import Palette

HEIGHT = 180


@dataclass(frozen=True, slots=True)
class PairedDay:
    """A cohort day: its decisions, and how many of them have a recommendation."""

    day: date
    decisions: int
    paired: int

    @property
    def missing(self) -> int:
        """Decisions without a recommendation."""
        return self.decisions - self.paired

    @property
    def share(self) -> float:
        """Share of the decisions that have none."""
        return self.missing / self.decisions if self.decisions else 0.0


def unpaired(days: Sequence[PairedDay], palette: Palette) -> alt.LayerChart:
    """Return the chart of the days; a day on which all is missing reaches the top of its scale."""
    first, last = _number(days[0].day), _number(days[-1].day)
    # In one path: ten years of days are still drawn at once, each bar a day wide.
    bars = [
        {"start": _number(it.day) - 0.4, "end": _number(it.day) + 0.4, "share": it.share}
        for it in days
        if it.missing
    ]
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[first - 1, last + 1], nice=False, zero=False),
        axis=alt.Axis(
            labelExpr="utcFormat(datum.value * 86400000, '%-d %b %Y')",
            labelOverlap="greedy",
            labelSeparation=20,
            tickCount=6,
            tickMinStep=1,
            title=None,
            grid=False,
        ),
    )
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domainMin=0, nice=True),
        axis=alt.Axis(title=None, format=".1~%", tickCount=4, domain=False, ticks=False),
    )
    worst = max(days, key=lambda it: it.share)
    at = {"start": _number(worst.day), "share": worst.share, "words": "most missing"}
    layers = [
        alt.Chart(data(bars))
        .mark_bar(**quiet(color=palette.production, stroke=palette.production, strokeWidth=1))
        .encode(x=x, x2="end:Q", y=y, y2=alt.datum(0)),
        alt.Chart(data([at]))
        .mark_point(
            shape="triangle-down", size=60, filled=True, opacity=1, tooltip=None, yOffset=-8
        )
        .encode(x=x, y=y, color=alt.value(palette.ink), description="words:N"),
    ]
    return configured(layers, HEIGHT, palette)


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
