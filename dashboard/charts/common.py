"""What all charts share: fonts, transparency, axis words and PNG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt

from dashboard.theme import Palette

FONT = '"Source Sans", "Source Sans Pro", sans-serif'
TEXT = 13
"""Size of text in pixels; never under 12."""

SIGNED = (
    "datum.value == 0 ? '0' : (datum.value > 0 ? '+' : '\u2212') + format(abs(datum.value), '.3~f')"
)
"""Vega expression for a signed axis label with a real minus."""

WIDE = "width > 720"
"""Vega expression: whether there is room for all columns of words."""

Position = Callable[[str], Any]
"""From the name of a field to its place along an axis; the same scale for every layer."""

Rows = Sequence[Mapping[str, object]]


def data(rows: Rows) -> alt.InlineData:
    """Return rows as inline data: types are given by the encodings, nothing is guessed."""
    return alt.InlineData(values=[dict(row) for row in rows])


def quiet(**settings: Any) -> dict[str, Any]:
    """Return mark settings that keep a layer out of the accessibility tree."""
    return {"aria": False, "tooltip": None, **settings}


def configured(layers: Sequence[alt.Chart], height: int, palette: Palette) -> alt.LayerChart:
    """Return the layers as a chart with our fonts and colours on a transparent ground."""
    chart = alt.LayerChart(layer=list(layers), width="container", height=height)
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": TEXT,
        "titleFontSize": TEXT,
        "labelColor": palette.muted,
        "titleColor": palette.muted,
        "titleFontWeight": "normal",
        "gridColor": palette.grid,
        "domainColor": palette.grid,
        "tickColor": palette.grid,
    }
    done: alt.LayerChart = (
        chart.configure(background="transparent", font=FONT, padding=4)
        .configure_axis(**axis)
        .configure_view(stroke=None)
        .configure_text(font=FONT, fontSize=TEXT, color=palette.ink)
    )
    return done


def png(chart: alt.LayerChart, palette: Palette, width: int = 960) -> bytes:
    """Return a chart as a picture file, on the page's colour, twice the resolution of a screen."""
    import vl_convert

    spec = chart.to_dict()
    spec["width"] = width
    spec.setdefault("config", {})["background"] = palette.page
    picture: bytes = vl_convert.vegalite_to_png(spec, scale=2)
    return picture
