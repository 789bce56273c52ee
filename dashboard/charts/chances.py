"""The chance of having passed by week: one line for each true difference that is supposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import Palette

HEIGHT = 270
_DASHES = ([1, 0], [7, 3], [2, 3])
_PLACES = ((0.3, "left"), (0.85, "right"), (0.15, "left"))
"""Where each name stands: the chance its line has there, and on which side of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One supposition, and the chance of having passed by the ends of weeks 1, 2, ..."""

    name: str
    chance: Sequence[float]


def chance_lines(lines: Sequence[Line], least: int, palette: Palette) -> alt.LayerChart:
    """Return the chart; lines are told apart by their pattern and their names.

    Parameters
    ----------
    least
        Weeks the policy asks for in any case; 0: none.
    """
    weeks = max((len(line.chance) for line in lines), default=1)
    x = alt.X(
        "week:Q",
        scale=alt.Scale(domain=[0, weeks], nice=False),
        axis=alt.Axis(
            title="weeks of decisions from the start", tickMinStep=1, grid=False, format="d"
        ),
    )
    y = alt.Y(
        "chance:Q",
        scale=alt.Scale(domain=[0, 1.06], nice=False),
        axis=alt.Axis(
            title=None, format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False
        ),
    )
    layers: list[alt.Chart] = []
    if 0 < least <= weeks:
        at = alt.Chart(data([{"week": least}]))
        words = f"policy: at least {least} weeks"
        layers += [
            at.mark_rule(**quiet(color=palette.muted, strokeWidth=1.2)).encode(x=x),
            at.mark_text(
                **quiet(text=words, align="left", dx=5, fontSize=TEXT - 1, color=palette.muted)
            ).encode(x=x, y=alt.value(6)),
        ]
    ends = []
    for line, dash, place in zip(lines, _DASHES, _PLACES, strict=False):
        rows = [{"week": w, "chance": c} for w, c in enumerate((0.0, *line.chance))]
        style = quiet(color=palette.ink, strokeWidth=2, strokeDash=dash, interpolate="step-after")
        layers.append(alt.Chart(data(rows)).mark_line(**style).encode(x=x, y=y))
        layers += _name(line, place, weeks, x, y, palette)
        last = line.chance[-1] if line.chance else 0.0
        words = f"{line.name}: {last:.0%} by week {weeks}"
        ends.append({"week": weeks, "chance": last, "words": words})
    layers.append(
        alt.Chart(data(ends))
        .mark_point(size=36, filled=True, color=palette.ink, opacity=1, tooltip=None)
        .encode(x=x, y=y, description="words:N")
    )
    return configured(layers, HEIGHT, palette)


def _name(
    line: Line, place: tuple[float, str], weeks: int, x: alt.X, y: alt.Y, palette: Palette
) -> list[alt.Chart]:
    """Return the name beside its line, where it reaches a chance, on a halo; else at its end."""
    height, side = place
    reached = [w for w, c in enumerate(line.chance, 1) if c >= height]
    at: dict[str, Any] = {"week": reached[0] if reached else weeks, "chance": height}
    look: dict[str, Any] = {"align": side, "dx": 8 if side == "left" else -8, "fontSize": TEXT}
    if not reached or (side == "left" and reached[0] > 0.6 * weeks):
        at = {"week": weeks, "chance": line.chance[-1] if line.chance else 0.0}
        look |= {"align": "right", "dx": -6, "dy": 14}
    one = alt.Chart(data([at]))
    halo = {"color": palette.page, "stroke": palette.page, "strokeWidth": 4}
    return [
        one.mark_text(**quiet(text=line.name, **look, **colour)).encode(x=x, y=y)
        for colour in (halo, {"color": palette.ink})
    ]
