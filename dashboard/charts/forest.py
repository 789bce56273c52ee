"""The forest plot: one row a segment, as one layered chart for desk and phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from dashboard.charts.common import SIGNED, TEXT, WIDE, Position, configured, data, kept, quiet
from dashboard.charts.word_columns import word_columns
from dashboard.theme import MARKS, Palette
from data_contracts.vocabulary import Shown
from evaluators.wording import MINUS

ROW = 26
"""Height of a row in pixels."""

AXIS = 48
"""Height of the axis with its title; the height of a chart includes it."""

REACH = 5
"""The axis goes to this many limits on either side; what lies beyond gets an arrowhead."""

UNNAMED = 1.0
"""Points in place of a limit for the length of the axis, where the policy names none."""

_TOP = -0.55
"""Where rules begin, in rows; the whole is row 0."""

_LEFT = f"{WIDE} ? 276 : 118"
_RIGHT = f"{WIDE} ? width - 330 : width - 62"


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One row; differences in points.

    `low` and `high` are the interval. `possible_low` and `possible_high` are set where outcomes
    are still to come: what they leave possible, without sampling; such a row has no estimate.
    """

    name: str
    n: int
    estimate: float | None
    low: float | None
    high: float | None
    shown: Shown
    numbers: str
    short: str
    words: str
    possible_low: float | None = None
    possible_high: float | None = None
    whole: bool = False


@kept
def forest(
    rows: Sequence[ForestRow],
    limits: tuple[float | None, float | None],
    bound: str,
    palette: Palette,
) -> alt.LayerChart:
    """Return the forest plot; the whole, if among the rows, stands apart on top.

    Parameters
    ----------
    limits
        Worst acceptable differences in points, negative: of the whole, of its segments; nothing is
        drawn for one that is None.
    bound
        Level of the intervals, e.g. `95%`.
    """
    reach = max((abs(limit) for limit in limits if limit is not None), default=UNNAMED) * REACH
    drawn = [_drawn(row, i, reach, palette) for i, row in enumerate(rows)]
    bottom = max([float(str(d["y"])) for d in drawn], default=0.0) + 0.6
    height = round((bottom + 1.6) * ROW) + AXIS
    y_scale = alt.Scale(domain=[-1.6, bottom], reverse=True, nice=False, zero=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", axis=None, scale=y_scale)

    x_scale = alt.Scale(
        domain=[-reach, reach],
        nice=False,
        zero=False,
        rangeMin=alt.expr(_LEFT),
        rangeMax=alt.expr(_RIGHT),
    )
    ticks = [-reach, -reach / 2, 0, reach / 2, reach]
    axis = alt.Axis(
        values=ticks,
        tickCount=len(ticks),
        labelExpr=SIGNED,
        title="AI minus production, points",
        grid=True,
        domain=False,
        ticks=False,
        orient="bottom",
        labelFlush=False,
    )
    table = data(drawn)
    base = alt.Chart(table).encode(y=y("y"))

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=axis)

    layers: list[alt.Chart] = [
        *_rules(limits, bottom, x, y, palette),
        base.transform_filter("datum.box")
        .mark_bar(**quiet(height=14, strokeDash=[3, 2], strokeWidth=1.2))
        .encode(
            x=x("box_low"),
            x2="box_high:Q",
            fill=alt.value(palette.panel),
            stroke=alt.value(palette.muted),
        ),
        base.transform_filter("isValid(datum.low)")
        .mark_rule(**quiet())
        .encode(
            x=x("low"),
            x2="high:Q",
            strokeWidth=alt.condition("datum.box", alt.value(1.4), alt.value(2.4)),
            color=alt.Color("colour:N", scale=None),
        ),
    ]
    for side, shape in (("low", "triangle-left"), ("high", "triangle-right")):
        layers.append(
            base.transform_filter(f"datum.beyond_{side}")
            .mark_point(**quiet(shape=shape, size=60, filled=True, opacity=1))
            .encode(
                x=x(side),
                color=alt.Color("colour:N", scale=None),
            )
        )
    layers.append(
        base.transform_filter("isValid(datum.estimate)")
        .mark_point(size=95, strokeWidth=2, opacity=1, tooltip=None)
        .encode(
            x=x("estimate"),
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
            description="description:N",
        )
    )
    layers += word_columns(base, y, bound, palette)
    return configured(layers, height, palette)


def _drawn(row: ForestRow, index: int, reach: float, palette: Palette) -> dict[str, object]:
    mark = MARKS[row.shown]
    colour = palette.tone(mark.tone)
    box = row.possible_low is not None and row.possible_high is not None

    def inside(value: float | None) -> float | None:
        return None if value is None else max(-reach, min(reach, value))

    visible = not box and row.estimate is not None and abs(row.estimate) <= reach
    return {
        "y": 0.0 if row.whole else index + 0.5,
        "name": row.name,
        "cases": f"{row.n:,}",
        "estimate": row.estimate if visible else None,
        "low": inside(row.low),
        "high": inside(row.high),
        "beyond_low": row.low is not None and row.low < -reach,
        "beyond_high": row.high is not None and row.high > reach,
        "box": box,
        "box_low": inside(row.possible_low),
        "box_high": inside(row.possible_high),
        "colour": palette.muted if box else colour,
        "state_colour": palette.muted if mark.tone == "gray" else colour,
        "shape": mark.shape,
        "fill": colour if mark.filled else palette.page,
        "numbers": row.numbers,
        "state": f"{mark.sign} {row.words}",
        "short": f"{row.short} {mark.sign}",
        "weight": "bold" if row.whole else "normal",
        "description": f"{row.name}: {row.numbers}; {row.words}",
    }


def _rules(
    limits: tuple[float | None, float | None],
    bottom: float,
    x: Position,
    y: Position,
    palette: Palette,
) -> list[alt.Chart]:
    """Return the rules with their words; the whole has its own where its limit differs."""
    whole, parts = limits
    same = alt.expr(f"{WIDE} ? 'same as production' : 'same'")
    marks: list[tuple[float, str, list[int], object, int, float, float]] = [
        (0.0, palette.production, [1, 0], same, 1, _TOP, bottom)
    ]
    spans = [(whole, _TOP, -_TOP), (parts, 1.0, bottom)]
    if whole == parts:
        spans = [(parts, _TOP, bottom)]
    for limit, start, end in spans:
        if limit is not None:
            marks.append((limit, palette.failed, [5, 3], _limit(limit), -1, start, end))
    layers = []
    for at, colour, dash, words, side, top, end in marks:
        one = alt.Chart(data([{"x": at, "top": top, "bottom": end}]))
        layers.append(
            one.mark_rule(**quiet(strokeDash=dash, strokeWidth=1.5, color=colour)).encode(
                x=x("x"), y=y("top"), y2="bottom"
            )
        )
        align = "left" if side > 0 else "right"
        look = {"align": align, "dx": 5 * side, "dy": -9, "color": colour, "fontSize": TEXT - 1}
        layers.append(one.mark_text(**quiet(text=words, **look)).encode(x=x("x"), y=y("top")))
    return layers


def _limit(limit: float) -> str:
    return f"limit {MINUS}{abs(limit):.4g}"
