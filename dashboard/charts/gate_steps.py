"""Gates by state, verdict after verdict: a stack of as many boxes as the policy has gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import GATES, Palette
from data_contracts.vocabulary import Status

STACK = (Status.PASS, Status.INCONCLUSIVE, Status.NO_DATA, Status.FAIL, Status.ERROR)
"""From the ground up: what has passed stands at the bottom."""

HEIGHT = 240
_LABEL = 104
"""Room for the words at the right, in pixels."""


@dataclass(frozen=True, slots=True)
class Step:
    """One verdict: its number, its day, and how many gates stood how."""

    number: int
    day: date
    gates: Mapping[Status, int]

    @property
    def total(self) -> int:
        """Gates of its policy."""
        return sum(self.gates.values())


def gate_steps(steps: Sequence[Step], palette: Palette) -> alt.LayerChart:
    """Return the chart of some verdicts, the first one first."""
    rows = [row for place, step in enumerate(steps) for row in _boxes(place, step, palette)]
    top = max(step.total for step in steps)
    names = [f"{step.day.day} {step.day:%b}" for step in steps]
    labels = "[" + ",".join(f"'{name}'" for name in names) + "][datum.value]"
    scale = alt.Scale(
        domain=[-0.5, len(steps) - 0.5], nice=False, rangeMax=alt.expr(f"width - {_LABEL}")
    )
    axis = alt.Axis(
        labelExpr=labels,
        labelOverlap="greedy",
        labelSeparation=14,
        values=list(range(len(steps))),
        tickCount=len(steps),
        grid=False,
        title=None,
        ticks=False,
    )
    y_axis = alt.Axis(title="gates", tickMinStep=1, domain=False, ticks=False, format="d")
    y = alt.Y("low:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=y_axis)
    boxes = alt.Chart(data(rows)).encode(
        x=alt.X("left:Q", scale=scale, axis=axis), x2="right", y=y, y2="high"
    )
    layers: list[alt.Chart] = []
    for status in STACK:
        mine = boxes.transform_filter(f"datum.status == '{status.value}'")
        colour = palette.tone(GATES[status].tone)
        solid = status is Status.PASS
        mark = quiet(fill=colour, fillOpacity=0.9 if solid else 0.3, stroke=colour, strokeWidth=1.2)
        layers.append(mine.mark_rect(**mark))
    last = [row for row in rows if row["place"] == len(steps) - 1]
    words = alt.Chart(data(last)).encode(
        x=alt.value(alt.expr(f"width - {_LABEL - 8}")),
        y=alt.Y("middle:Q", axis=y_axis),
        text="words:N",
        description="words:N",
    )
    layers.append(words.mark_text(align="left", fontSize=TEXT, color=palette.ink, tooltip=None))
    return configured(layers, HEIGHT, palette)


def _boxes(place: int, step: Step, palette: Palette) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    low = 0
    for status in STACK:
        n = step.gates.get(status, 0)
        if n:
            word = GATES[status].word.lower()
            rows.append(
                {
                    "place": place,
                    "left": place - 0.42,
                    "right": place + 0.42,
                    "low": low,
                    "high": low + n,
                    "middle": low + n / 2,
                    "status": status.value,
                    "words": f"{n} {word}",
                }
            )
            low += n
    return rows
