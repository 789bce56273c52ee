"""Gates by state, verdict after verdict: a stack of as many boxes as the policy has gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import altair as alt

from dashboard.charts.common import TEXT, configured, data, quiet
from dashboard.theme import GATES, Badge, Palette
from data_contracts.vocabulary import Status

Standing = Status | None
"""How a gate stood in a verdict; None: it did not count, because the data could not be trusted."""

STACK: tuple[Standing, ...] = (
    Status.PASS,
    Status.INCONCLUSIVE,
    Status.NO_DATA,
    None,
    Status.FAIL,
    Status.ERROR,
)
"""From the ground up: what has passed stands at the bottom."""

UNCOUNTED = Badge("Not counted", "block", "gray")

HEIGHT = 240
FEWEST = 8
"""Room for so many verdicts at least, so that few of them are no broad blocks."""

_LABEL = 104
"""Room for the words at the right, in pixels."""


@dataclass(frozen=True, slots=True)
class Step:
    """One verdict: its number, its day, how many gates stood how, and whether it was blocked."""

    number: int
    day: date
    gates: Mapping[Standing, int]
    blocked: bool = False

    @property
    def total(self) -> int:
        """Gates of its policy."""
        return sum(self.gates.values())


def gate_steps(steps: Sequence[Step], palette: Palette) -> alt.LayerChart:
    """Return the chart of some verdicts, the first one first."""
    rows = [row for place, step in enumerate(steps) for row in _boxes(place, step)]
    top = max(step.total for step in steps)
    names = [f"{step.day.day} {step.day:%b}" for step in steps]
    labels = "[" + ",".join(f"'{name}'" for name in names) + "][datum.value]"
    scale = alt.Scale(
        domain=[-0.5, max(len(steps), FEWEST) - 0.5],
        nice=False,
        rangeMax=alt.expr(f"width - {_LABEL}"),
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
        mine = boxes.transform_filter(f"datum.status == '{status}'")
        colour = palette.tone(look(status).tone)
        solid = status is Status.PASS
        mark = quiet(fill=colour, fillOpacity=0.9 if solid else 0.3, stroke=colour, strokeWidth=1.2)
        layers.append(mine.mark_rect(**mark))
    last = [row for row in rows if row["place"] == len(steps) - 1]
    words = alt.Chart(data(last)).encode(
        x=alt.X("right:Q", scale=scale, axis=axis),
        y=alt.Y("middle:Q", axis=y_axis),
        text="words:N",
        description="words:N",
    )
    layers.append(
        words.mark_text(align="left", dx=8, fontSize=TEXT, color=palette.ink, tooltip=None)
    )
    return configured(layers, HEIGHT, palette)


def _boxes(place: int, step: Step) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    low = 0
    for status in STACK:
        n = step.gates.get(status, 0)
        if n:
            word = look(status).word.lower()
            rows.append(
                {
                    "place": place,
                    "left": place - 0.42,
                    "right": place + 0.42,
                    "low": low,
                    "high": low + n,
                    "middle": low + n / 2,
                    "status": str(status),
                    "words": f"{n} {word}",
                }
            )
            low += n
    return rows


def look(status: Standing) -> Badge:
    """Return the badge of a gate's standing."""
    return UNCOUNTED if status is None else GATES[status]
