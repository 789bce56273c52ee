"""Words beside the rows of a chart: a column each on a desk, the essential ones on a phone."""

from __future__ import annotations

import altair as alt

from dashboard.charts.common import TEXT, WIDE, Position, data, quiet
from dashboard.theme import Palette


def word_columns(base: alt.Chart, y: Position, bound: str, palette: Palette) -> list[alt.Chart]:
    """Return the columns of words; a phone keeps name, short number and sign."""
    columns = (
        ("name", "Segment", alt.expr("0"), "left", "1", 260, 112),
        ("cases", "Cases", alt.expr("250"), "right", f"{WIDE} ? 1 : 0", 80, 80),
        (
            "numbers",
            f"Points ({bound} interval)",
            alt.expr("max(0, width - 310)"),
            "left",
            f"{WIDE} ? 1 : 0",
            0,
            0,
        ),
        ("state", "Shown", alt.expr("max(0, width - 142)"), "left", f"{WIDE} ? 1 : 0", 0, 0),
        ("short", "Points", alt.expr("width"), "right", f"{WIDE} ? 0 : 1", 0, 0),
    )
    layers: list[alt.Chart] = []
    for field, title, x, align, opacity, desk, phone in columns:
        limits = {"limit": alt.expr(f"{WIDE} ? {desk} : {phone}")} if desk else {}
        colour = (
            alt.Color("state_colour:N", scale=None)
            if field in ("state", "short")
            else alt.value(palette.muted if field == "cases" else palette.ink)
        )
        for bold in (False, True):
            layers.append(
                base.transform_filter(f"datum.weight == '{'bold' if bold else 'normal'}'")
                .mark_text(
                    **quiet(
                        align=align,
                        baseline="middle",
                        fontSize=TEXT,
                        fontWeight="bold" if bold else "normal",
                        opacity=alt.expr(opacity),
                        **limits,
                    )
                )
                .encode(x=alt.value(x), text=f"{field}:N", color=colour)
            )
        layers.append(
            alt.Chart(data([{"y": -1.0}]))
            .mark_text(
                **quiet(
                    text=title,
                    align=align,
                    fontSize=TEXT - 1,
                    color=palette.muted,
                    opacity=alt.expr(opacity),
                    baseline="middle",
                )
            )
            .encode(x=alt.value(x), y=y("y"))
        )
    return layers
