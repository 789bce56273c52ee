"""The ladder of the books: each rung a bar whose parts must make up the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import Palette, blend
from evaluators.wording import count

ROW = 44
"""Height of a rung in pixels: a line of words above its bar."""

HEAD = 28
"""Height of the line that names a stream."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rule of the books of a stream: a whole, and the parts that must make it up."""

    stream: str
    word: str
    whole: int
    parts: tuple[tuple[str, int], ...]

    @property
    def balances(self) -> bool:
        """Whether the parts make up the whole."""
        return sum(n for _, n in self.parts) == self.whole

    @property
    def equation(self) -> str:
        """The rule in figures, without parts that are nothing.

        Examples
        --------
        >>> Rung("decisions", "read", 1200, (("accepted", 1190), ("set aside", 10))).equation
        '1,200 read = 1,190 accepted + 10 set aside'
        """
        shown = [(word, n) for word, n in self.parts if n] or list(self.parts[:1])
        sign = "=" if self.balances else "\u2260"
        right = " + ".join(f"{n:,} {word}" for word, n in shown)
        return f"{self.whole:,} {self.word} {sign} {right}"


def ladder(rungs: Sequence[Rung], palette: Palette) -> alt.LayerChart:
    """Return the chart of some rungs, those of a stream below its name."""
    placed, height = _placed(rungs)
    scale = alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)
    across = alt.Scale(domain=[0, 1], nice=False)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=None)

    names = [{"y": at - 14, "name": name} for at, name, rung in placed if rung is None]
    words = [_words(at, rung, palette) for at, _, rung in placed if rung is not None]
    bars = [bar for at, _, rung in placed if rung for bar in _bars(at, rung, palette)]
    layers = [
        alt.Chart(data(names))
        .mark_text(**quiet(align="left", baseline="middle", fontSize=TEXT, fontWeight="bold"))
        .encode(x=alt.value(0), y=y("y"), text="name:N", color=alt.value(palette.ink)),
        alt.Chart(data(bars))
        .mark_bar(**quiet(strokeWidth=1.2))
        .encode(
            x=alt.X("start:Q", scale=across, axis=None),
            x2="end:Q",
            y=y("top"),
            y2="bottom",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("edge:N", scale=None),
        ),
        alt.Chart(data(words))
        .mark_text(
            align="left", baseline="middle", fontSize=TEXT, limit=alt.expr("width"), tooltip=None
        )
        .encode(
            x=alt.value(0),
            y=y("y"),
            text="words:N",
            color=alt.Color("colour:N", scale=None),
            description="words:N",
        ),
    ]
    return configured(layers, height, palette)


def _placed(rungs: Sequence[Rung]) -> tuple[list[tuple[int, str, Rung | None]], int]:
    """Return the lower edge of every line, its name or its rung, and the height of all."""
    at, stream = 0, None
    placed: list[tuple[int, str, Rung | None]] = []
    for rung in rungs:
        if rung.stream != stream:
            at, stream = at + HEAD, rung.stream
            placed.append((at, rung.stream.capitalize(), None))
        at += ROW
        placed.append((at, "", rung))
    return placed, at + 6


def _words(at: int, rung: Rung, palette: Palette) -> dict[str, object]:
    broken = "" if rung.balances else " \u25a0 does not balance"
    colour = palette.muted if rung.balances else palette.blocked
    return {"y": at - ROW + 12, "words": rung.equation + broken, "colour": colour}


def _bars(at: int, rung: Rung, palette: Palette) -> Iterator[dict[str, object]]:
    """Yield the parts one after the other, each as long as its share of the larger side."""
    longest = max(rung.whole, sum(n for _, n in rung.parts), 1)
    fills = (blend(palette.production, palette.page, 0.25), palette.production, palette.ink)
    edge = palette.production if rung.balances else palette.blocked
    start = 0.0
    for position, (_, n) in enumerate(rung.parts):
        end = start + n / longest
        if n:
            yield {
                "start": start,
                "end": end,
                "top": at - ROW + 24,
                "bottom": at - 8,
                "fill": fills[min(position, len(fills) - 1)],
                "edge": edge,
            }
        start = end


def takeaway(rungs: Sequence[Rung]) -> str:
    """Return what the ladder shows, for readers of screen readers."""
    broken = sum(not rung.balances for rung in rungs)
    if broken:
        return f"{broken} of {count(len(rungs), 'rung')} of the books do not balance"
    return f"All {len(rungs)} rungs of the books balance" if len(rungs) > 1 else "The books balance"
