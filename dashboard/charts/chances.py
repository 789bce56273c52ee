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
    for i, (line, dash) in enumerate(zip(lines, _DASHES, strict=False)):
        rows = [{"week": w, "chance": c} for w, c in enumerate((0.0, *line.chance))]
        style = quiet(color=palette.ink, strokeWidth=2, strokeDash=dash)
        layers.append(alt.Chart(data(rows)).mark_line(**style).encode(x=x, y=y))
        layers += _name(line, i, len(lines), weeks, x, y, palette)
    return configured(layers, HEIGHT, palette)


def _name(
    line: Line, i: int, total: int, weeks: int, x: alt.X, y: alt.Y, palette: Palette
) -> list[alt.Chart]:
    """Return the name at the line's own height, each line at another one, on a halo."""
    level = 0.85 - 0.3 * i if total > 1 else 0.5
    reached = [w for w, c in enumerate(line.chance, 1) if c >= level]
    week = reached[0] if reached else weeks
    chance = line.chance[week - 1] if len(line.chance) else 0.0
    left = week > 0.55 * weeks
    row = {"week": week, "chance": min(chance, level) if reached else chance}
    row_words = {**row, "words": f"{line.name}: {line.chance[-1]:.0%} by week {weeks}"}
    at = alt.Chart(data([row_words]))
    look: dict[str, Any] = {
        "align": "right" if left else "left",
        "dx": -8 if left else 8,
        "fontSize": TEXT,
    }
    halo = quiet(text=line.name, color=palette.page, stroke=palette.page, strokeWidth=4, **look)
    return [
        at.mark_text(**halo).encode(x=x, y=y),
        at.mark_text(text=line.name, color=palette.ink, tooltip=None, **look).encode(
            x=x, y=y, description="words:N"
        ),
    ]
