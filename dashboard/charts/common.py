"""What all charts share: fonts, transparency, axis words and PNG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, wraps
from typing import Any, ParamSpec

import altair as alt

from dashboard.charts.named import silence_empty
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

P = ParamSpec("P")
Rows = Sequence[Mapping[str, object]]


def data(rows: Rows) -> alt.InlineData:
    """Return rows as inline data: types are given by the encodings, nothing is guessed.

    A tuple, because Altair copies lists, row by row, for every layer that uses them.
    """
    return alt.InlineData(values=tuple(dict(row) for row in rows))


def quiet(**settings: Any) -> dict[str, Any]:
    """Return mark settings that keep a layer out of the accessibility tree."""
    return {"aria": False, "tooltip": None, **settings}


def configured(layers: Sequence[alt.Chart], height: int, palette: Palette) -> alt.LayerChart:
    """Return the layers as a chart with our fonts and colours on a transparent ground."""
    axis: dict[str, Any] = {
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
    look = alt.Config(
        background="transparent",
        font=FONT,
        padding=4,
        axis=alt.AxisConfig(**axis),
        view=alt.ViewConfig(stroke=None),
        text=alt.MarkConfig(font=FONT, fontSize=TEXT, color=palette.ink),
    )
    return alt.LayerChart(layer=list(layers), width="container", height=height, config=look)


def kept(draw: Callable[P, alt.LayerChart]) -> Callable[P, alt.LayerChart]:
    """Return a function that draws the same chart of the same frozen values only once.

    Building a chart takes Altair far longer than everything else on a page together.
    """
    known = lru_cache(maxsize=48)(draw)

    @wraps(draw)
    def drawn(*args: P.args, **named: P.kwargs) -> alt.LayerChart:
        frozen = (tuple(a) if isinstance(a, list) else a for a in args)
        return known(*frozen, **named)  # type: ignore[arg-type]

    return drawn


def spec_of(chart: alt.LayerChart) -> dict[str, Any]:
    """Return a chart as Vega-Lite, worked out once for each chart; it is not to be changed."""
    spec: dict[str, Any] | None = vars(chart).get("_spec")
    if spec is None:
        spec = chart.to_dict(validate=False)  # tests validate
        for size in ("continuousWidth", "continuousHeight"):  # Altair's theme, for a fixed page
            spec.get("config", {}).get("view", {}).pop(size, None)
        silence_empty(spec)
        object.__setattr__(chart, "_spec", spec)
    return spec


def png(chart: alt.LayerChart, palette: Palette, width: int = 960) -> bytes:
    """Return a chart as a picture file, on the page's colour, twice the resolution of a screen."""
    import vl_convert

    spec = chart.to_dict()
    spec["width"] = width
    spec.setdefault("config", {})["background"] = palette.page
    picture: bytes = vl_convert.vegalite_to_png(spec, scale=2)
    return picture
