"""Drift rows: a grey bar for what chance alone produces, a mark for what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, WIDE, configured, data, kept, quiet
from dashboard.drifting.published import Standing
from dashboard.theme import Palette

ROW = 28
TITLE = "Population stability index, less chance"


@dataclass(frozen=True, slots=True)
class Shift:
    """One row: name, what chance alone produces, what was measured, and what that shows."""

    name: str
    chance: float
    psi: float
    standing: Standing


def shape_of(standing: Standing) -> tuple[str, bool]:
    """Return the shape of a mark and whether it is filled."""
    if standing is Standing.MOVED:
        return "square", True
    return "circle", standing is not Standing.UNKNOWN


def colour_of(standing: Standing, palette: Palette) -> str:
    """Return the colour of a mark: by what is shown, never by where it lies."""
    if standing is Standing.MOVED:
        return palette.failed
    return palette.undecided if standing is Standing.UNKNOWN else palette.ink


@kept
def shifts(rows: Sequence[Shift], limit: float, palette: Palette) -> alt.LayerChart:
    """Return the chart, the first row on top; what lies beyond the axis gets an arrowhead."""
    end = axis_end(rows, limit)
    x = alt.X(
        "psi:Q",
        scale=alt.Scale(
            domain=[0, end],
            nice=False,
            rangeMin=alt.expr(f"{WIDE} ? 250 : 118"),
            rangeMax=alt.expr(f"{WIDE} ? width - 210 : width - 52"),
        ),
        axis=alt.Axis(
            title=TITLE, tickCount=4, domain=False, ticks=False, format=".2f", titleLimit=900
        ),
    )

    def at(field: str) -> alt.X:
        moved: alt.X = x.copy()
        moved.shorthand = f"{field}:Q"
        return moved

    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.9, len(rows) - 0.4], reverse=True))
    base = alt.Chart(data([_drawn(row, i, end, palette) for i, row in enumerate(rows)])).encode(y=y)
    rule = alt.Chart(data([{"limit": limit, "row": -0.9}])).encode(x=at("limit"))
    bars = quiet(size=9, color=palette.undecided, opacity=0.38)
    layers: list[alt.Chart] = [
        base.mark_bar(**bars).encode(x=at("zero"), x2="chance"),
        rule.mark_rule(**quiet(color=palette.muted, strokeDash=[5, 3], strokeWidth=1.4)),
        rule.mark_text(
            **quiet(
                text=f"matters above {limit:.4g}",
                align="left",
                dx=5,
                dy=6,
                color=palette.muted,
                fontSize=TEXT - 1,
            )
        ).encode(y=y),
    ]
    colour = alt.Color("colour:N", scale=None)
    for shape in ("circle", "square"):
        for filled in (True, False):
            look: dict[str, Any] = {
                "filled": filled,
                "shape": shape,
                "size": 60,
                "opacity": 1,
                "strokeWidth": 1.6,
            }
            mine = base.transform_filter(
                f"datum.shape == '{shape}' && datum.filled == {str(filled).lower()}"
                " && !datum.beyond"
            )
            mark = alt.Stroke("colour:N", scale=None) if not filled else colour
            layers.append(
                mine.mark_point(**look, tooltip=None).encode(
                    x=at("psi"),
                    description="name:N",
                    **{"stroke" if not filled else "color": mark},
                )
            )
    layers.append(
        base.transform_filter("datum.beyond")
        .mark_point(**quiet(shape="triangle-right", size=70, filled=True, opacity=1))
        .encode(x=at("psi"), color=colour)
    )
    columns = (
        ("name", "0", "left", f"{WIDE} ? 240 : 108", "1", "bold", palette.ink),
        ("words", "width", "right", "205", f"{WIDE} ? 1 : 0", "normal", None),
        ("short", "width", "right", "52", f"{WIDE} ? 0 : 1", "normal", None),
    )
    for field, place, align, limited, opacity, weight, ink in columns:
        layers.append(
            base.mark_text(
                **quiet(
                    align=align,
                    baseline="middle",
                    fontSize=TEXT,
                    fontWeight=weight,
                    limit=alt.expr(limited),
                    opacity=alt.expr(opacity),
                )
            ).encode(
                x=alt.value(alt.expr(place)),
                text=f"{field}:N",
                color=alt.value(ink) if ink else alt.Color("text_colour:N", scale=None),
            )
        )
    return configured(layers, ROW * len(rows) + 76, palette)


def axis_end(rows: Sequence[Shift], limit: float) -> float:
    """Return the end of the axis: what is drawn, but at most five limits.

    Examples
    --------
    >>> axis_end([Shift("a", 0.02, 0.14, Standing.MOVED)], 0.1)
    0.2
    >>> axis_end([Shift("a", 0.02, 7.0, Standing.MOVED)], 0.1)
    0.5
    """
    drawn = max((value for row in rows for value in (row.chance, row.psi)), default=0.0)
    return round(min(5 * limit, max(2 * limit, 1.08 * drawn)), 4)


def _drawn(row: Shift, at: int, end: float, palette: Palette) -> dict[str, object]:
    shape, filled = shape_of(row.standing)
    colour = colour_of(row.standing, palette)
    return {
        "row": at,
        "name": row.name,
        "zero": 0.0,
        "chance": min(end, row.chance),
        "psi": min(end, max(0.0, row.psi)),
        "beyond": row.psi > end,
        "shape": shape,
        "filled": filled,
        "colour": colour,
        "text_colour": palette.muted if row.standing is Standing.UNKNOWN else colour,
        "words": row.standing.value,
        "short": {
            Standing.MOVED: "moved",
            Standing.TOO_LITTLE: "little",
            Standing.STILL: "no sign",
            Standing.UNKNOWN: "?",
        }[row.standing],
    }
