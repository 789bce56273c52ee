"""The arrival chart: of each stream, the share of its records that had come by age in days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dashboard.charts.common import TEXT, configured, data, kept, quiet
from dashboard.theme import Palette

HEIGHT = 240
_DASHES: dict[str, list[int]] = {"decisions": [1, 0], "recommendations": [7, 3], "outcomes": [2, 3]}
"""Streams are told apart by the line's pattern and by its name, never by colour alone."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Of one stream: `ages` in days, ascending, and the records that had come by each."""

    stream: str
    ages: tuple[int, ...]
    come: tuple[int, ...]

    @classmethod
    def of(cls, stream: str, counts: Mapping[int, int]) -> Arrived:
        """Return the running total of records by age.

        Examples
        --------
        >>> Arrived.of("outcomes", {3: 1, 0: 3}).come
        (3, 4)
        """
        ages = tuple(sorted(counts))
        total, come = 0, []
        for age in ages:
            total += counts[age]
            come.append(total)
        return cls(stream, ages, tuple(come))

    @property
    def n(self) -> int:
        """Records in all."""
        return self.come[-1]

    def by(self, age: int) -> float:
        """Return the share of records that had come by an age in days."""
        return max(
            (c for a, c in zip(self.ages, self.come, strict=True) if a <= age), default=0
        ) / (self.n or 1)

    def age_of(self, share: float) -> int:
        """Return the age in days by which a share of the records had come.

        Examples
        --------
        >>> Arrived.of("outcomes", {0: 90, 3: 10}).age_of(0.95)
        3
        """
        reached = zip(self.ages, self.come, strict=True)
        return next(age for age, come in reached if come >= share * self.n)


@kept
def arrival(curves: Sequence[Arrived], longest: int, palette: Palette) -> alt.LayerChart:
    """Return the chart of some streams, up to an age of `longest` days."""
    end = max(1, min(longest, max(curve.age_of(0.99) for curve in curves) + 1))
    rows = [
        {"stream": curve.stream, "age": age, "share": curve.by(age)}
        for curve in curves
        for age in range(end + 1)
    ]
    x = alt.X(
        "age:Q",
        scale=alt.Scale(domain=[0, end * 1.02], nice=False),
        axis=alt.Axis(title="days after the event", tickMinStep=1, grid=False, format="d"),
    )
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 1.04], nice=False),
        axis=alt.Axis(
            title=None, format=".0%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False
        ),
    )
    layers: list[alt.Chart] = [
        alt.Chart(data([{"share": 0.95}]))
        .mark_rule(**quiet(color=palette.muted, strokeDash=[5, 3]))
        .encode(y=y),
        alt.Chart(data([{"share": 0.95, "age": 0}]))
        .mark_text(**quiet(text="95 of 100", align="right", dx=-4, dy=10, color=palette.muted))
        .encode(y=y, x=alt.value(alt.expr("width"))),
    ]
    for names, curve in _alike(curves).items():
        mine = [row for row in rows if row["stream"] == curve.stream]
        dash = _DASHES.get(curve.stream, [1, 3])
        line = quiet(color=palette.ink, strokeWidth=2, strokeDash=dash, interpolate="step-after")
        layers.append(alt.Chart(data(mine)).mark_line(**line).encode(x=x, y=y))
        at = {**mine[min(end, curve.age_of(0.95))], "name": names, "description": f"{names} by age"}
        # Where the line ends at the right there is room for its name on the left only.
        far = curve.age_of(0.95) > end / 2
        place: dict[str, Any] = {
            "align": "right" if far else "left",
            "dx": -6 if far else 6,
            "dy": 20,
        }
        halo = {"stroke": palette.page, "strokeWidth": 5, "strokeJoin": "round"}
        words = alt.Chart(data([at]))
        layers += [
            words.mark_text(**quiet(**place, fontSize=TEXT, color=palette.page, **halo)).encode(
                x=x, y=y, text="name:N"
            ),
            words.mark_text(**place, fontSize=TEXT, color=palette.ink).encode(
                x=x, y=y, text="name:N", description="description:N"
            ),
        ]
    return configured(layers, HEIGHT, palette)


def _alike(curves: Sequence[Arrived]) -> dict[str, Arrived]:
    """Return the curves to draw by their name; those that lie on each other share one."""
    names: dict[tuple[float, ...], list[Arrived]] = {}
    for curve in curves:
        shares = tuple(round(curve.by(age), 3) for age in range(curve.age_of(0.99) + 1))
        names.setdefault(shares, []).append(curve)
    return {", ".join(c.stream for c in same): same[0] for same in names.values()}
