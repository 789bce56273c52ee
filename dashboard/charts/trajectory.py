"""The trajectory: the cumulative difference week by week, with its interval, against the limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import altair as alt

from dashboard.charts.common import SIGNED, TEXT, configured, data, kept, quiet
from dashboard.charts.forest import REACH
from dashboard.records import Week
from dashboard.theme import Palette
from evaluators.wording import MINUS

HEIGHT = 270


@kept
def trajectory(
    weeks: Sequence[Week], limit: float | None, label: str, palette: Palette
) -> alt.LayerChart:
    """Return the chart of the weeks.

    Parameters
    ----------
    limit
        Worst acceptable difference in points, negative; None when the policy names none.
    label
        Words beside the last dot.
    """
    low, high = bounds(weeks, limit)
    rows = [_drawn(week, low, high) for week in weeks]
    x = alt.X(
        "day:Q",
        scale=alt.Scale(zero=False, nice=False, padding=22),
        axis=alt.Axis(
            labelExpr="utcFormat(datum.value * 86400000, '%-d %b')",
            labelOverlap="greedy",
            labelSeparation=14,
            grid=False,
            title=None,
            ticks=False,
            values=[_day_number(week.day) for week in weeks],
            tickCount=len(weeks),
        ),
    )
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    axis = alt.Axis(labelExpr=SIGNED, title=None, tickCount=6, domain=False, ticks=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    base = alt.Chart(data(rows)).encode(x=x)
    mature = base.transform_filter("datum.mature && isValid(datum.estimate)")
    coming = base.transform_filter("!(datum.mature && isValid(datum.estimate))")
    violet = palette.candidate
    layers: list[alt.Chart] = [
        *_rules(limit, y, palette),
        coming.mark_rule(**quiet(color=palette.muted, strokeWidth=1.2)).encode(
            y=y("low"), y2="high"
        ),
        coming.mark_bar(
            **quiet(
                size=9, strokeDash=[3, 2], strokeWidth=1.2, fill=palette.panel, stroke=palette.muted
            )
        ).encode(y=y("box_low"), y2="box_high"),
        mature.mark_bar(**quiet(size=7, color=violet, opacity=0.3)).encode(y=y("low"), y2="high"),
        mature.transform_filter("datum.inside")
        .mark_line(**quiet(color=violet, strokeWidth=1.6))
        .encode(y=y("estimate")),
        mature.transform_filter("datum.inside")
        .mark_point(size=42, filled=True, color=violet, opacity=1, tooltip=None)
        .encode(y=y("estimate"), description="description:N"),
    ]
    for side, shape in (("low", "triangle-down"), ("high", "triangle-up")):
        layers.append(
            base.transform_filter(f"datum.beyond_{side}")
            .mark_point(**quiet(shape=shape, size=40, filled=True, opacity=0.7, color=violet))
            .encode(y=y(side))
        )
    last = [row for row in rows if row["mature"] and row["inside"]][-1:]
    if last:
        layers.append(
            alt.Chart(data(last))
            .mark_text(
                **quiet(
                    text=label,
                    dy=-20,
                    align="right",
                    dx=6,
                    fontWeight="bold",
                    color=violet,
                    fontSize=TEXT,
                )
            )
            .encode(x=x, y=y("high"))
        )
    layers += _rule_words(limit, rows[-1:], y, palette)
    return configured(layers, HEIGHT, palette)


def bounds(weeks: Sequence[Week], limit: float | None) -> tuple[float, float]:
    """Return the ends of the axis in points: what is drawn, but at most five limits either way."""
    size = abs(limit) if limit else 1.0
    reach = size * REACH
    lows = [100 * w.low for w in weeks if w.low is not None]
    highs = [100 * w.high for w in weeks if w.high is not None]
    low = min([-1.6 * size, *(max(-reach, value * 1.1) for value in lows)])
    high = max([0.6 * size, *(min(reach, value * 1.1) for value in highs)])
    return low, high


def _drawn(week: Week, low: float, high: float) -> dict[str, object]:
    def within(value: float | None) -> float | None:
        return None if value is None else max(low, min(high, 100 * value))

    estimate = None if week.estimate is None else 100 * week.estimate
    return {
        "day": _day_number(week.day),
        "mature": week.mature,
        "estimate": estimate,
        "inside": estimate is not None and low <= estimate <= high,
        "low": within(week.low),
        "high": within(week.high),
        "beyond_low": week.low is not None and 100 * week.low < low,
        "beyond_high": week.high is not None and 100 * week.high > high,
        "box_low": within(week.possible_low),
        "box_high": within(week.possible_high),
        "description": f"week {week.week}",
    }


def _day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _rules(limit: float | None, y: Callable[[str], alt.Y], palette: Palette) -> list[alt.Chart]:
    lines = [(0.0, palette.production, [1, 0])]
    if limit is not None:
        lines.append((limit, palette.failed, [5, 3]))
    return [
        alt.Chart(data([{"at": at}]))
        .mark_rule(**quiet(strokeDash=dash, strokeWidth=1.5, color=colour))
        .encode(y=y("at"))
        for at, colour, dash in lines
    ]


def _rule_words(
    limit: float | None,
    last: Sequence[dict[str, object]],
    y: Callable[[str], alt.Y],
    palette: Palette,
) -> list[alt.Chart]:
    """Return the words of the rules, on a halo of the page's colour, clear of the last interval."""
    above = any(float(str(row["low"])) > 0 for row in last if row["low"] is not None)
    lines = [(0.0, palette.production, "same as production", 10 if above else -8, "right")]
    if limit is not None:
        words = f"limit {MINUS}{abs(limit):.4g}: the worst the policy accepts"
        lines.append((limit, palette.failed, words, 10, "left"))
    layers = []
    for at, colour, words, dy, align in lines:
        x = alt.value(4) if align == "left" else alt.value(alt.expr("width - 4"))
        halo = {"stroke": palette.page, "strokeWidth": 4, "strokeJoin": "round"}
        for look in ({"color": palette.page, **halo}, {"color": colour}):
            layers.append(
                alt.Chart(data([{"at": at}]))
                .mark_text(**quiet(text=words, align=align, dy=dy, fontSize=TEXT - 1, **look))
                .encode(y=y("at"), x=x)
            )
    return layers
