"""The mean difference of two numbers for the same cases, day by day."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from dashboard.agreement.by_day import MOST_DAYS
from dashboard.agreement.counted import week_starts
from dashboard.agreement.numeric import Compared
from dashboard.charts.over_time import PLAIN, Point, Rule, over_time, reach
from dashboard.page import Visit
from dashboard.parts import Figure, figure, stamp
from dashboard.period import date_of
from dashboard.words import day, number, span
from data_contracts.findings import Finding
from evaluators.columns import NO_DAY, Columns
from evaluators.wording import count, level


def daily(sums: Columns, first: date, alpha: float) -> tuple[tuple[tuple[Point, int], ...], bool]:
    """Return the mean difference of each day and its cases, and whether weeks stand for days.

    They do where days are many.
    """
    if not len(sums):
        return (), False
    day_of = np.asarray(sums["cohort_day"], np.int64)
    keep = day_of != NO_DAY
    days = day_of[keep]
    weekly = bool(len(days) and days.max() - days.min() >= MOST_DAYS)
    if weekly:
        days = week_starts(days, first)
    starts, at = np.unique(days, return_inverse=True)

    def added(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(at, values[keep], len(starts)), float)

    n = added(sums["pairs"])
    total = added((sums["z"] - sums["x"]) * sums["unit"])
    squares = added(sums["dd"] * sums["unit"] ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        spread = np.sqrt(np.maximum(squares - n * mean**2, 0) / (n - 1))
        half = stdtrit(np.maximum(n - 1, 1), 1 - alpha / 2) * spread / np.sqrt(n)
    rows = zip(starts, n, mean, half, strict=True)
    points = tuple(
        (
            Point(
                date_of(start),
                float(value),
                *((float(value - h), float(value + h)) if m > 1 else (None, None)),
            ),
            int(m),
        )
        for start, m, value, h in rows
        if m > 0
    )
    return points, weekly


def numeric_days(visit: Visit, it: Compared) -> None:
    """Show by how much the AI's numbers differ from production's, day by day."""
    publication = visit.evidence.publication
    if publication.first_day is None or it.bias.n == 0:
        return
    points, weekly = daily(it.sums, publication.first_day, publication.alpha)
    if not points:
        return
    drawn = [point for point, _ in points]
    bound, bias = level(publication.alpha), it.bias
    unit = "week" if weekly else "day"
    sentence = bias_answer(bias)
    figure(
        Figure(
            name=f"difference-of-numbers-by-{unit}",
            sentence=sentence,
            numbers=(
                f"**{number(bias.estimate, signed=True)}** on average ({bound} interval "
                f"{span(bias.low, bias.high)} for one look; "
                f"{count(bias.n, 'case')})."
            ),
            takeaway=f"Mean of AI minus production by {unit}. {sentence}.",
            chart=over_time(
                drawn,
                reach(drawn),
                PLAIN,
                visit.palette.ink,
                visit.palette,
                [Rule(0.0, "same as production")],
                f"{unit.capitalize()} of the decision",
            ),
            how=(
                f"Each dot is the mean of the AI's number minus production's over the cases of a "
                f"{unit}, in the decision's own unit; the line is its {bound} interval for one "
                f"look at that {unit} alone. Above 0 the AI's numbers are higher. No outcome is "
                "needed for it."
            ),
            table=[
                {
                    unit.capitalize(): day(point.day),
                    "AI minus production": number(point.value, signed=True),
                    "Interval": f"{span(point.low, point.high)}",
                    "Cases": f"{n:,}",
                }
                for point, n in points
            ],
            csv=lambda: [
                {
                    **stamp(visit),
                    unit: point.day.isoformat(),
                    "difference": point.value,
                    "low": point.low,
                    "high": point.high,
                    "n": n,
                    "state": "answered cases; interval for one look",
                }
                for point, n in points
            ],
        ),
        visit,
    )


def bias_answer(bias: Finding) -> str:
    """Return whether the AI's numbers are shown to be higher or lower, without its stop."""
    if bias.low is not None and bias.low > 0:
        return "The AI's numbers are higher than production's on average"
    if bias.high is not None and bias.high < 0:
        return "The AI's numbers are lower than production's on average"
    return "It is not shown that the AI's numbers are higher or lower on average"
