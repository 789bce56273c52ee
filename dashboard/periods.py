"""Days or weeks of the record, whichever leaves enough cases in each to say something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.words import day, short_day

MOST_DAYS = 62
"""Longer records are shown by week."""

FEWEST = 100
"""Cases a day, in the middle, below which weeks are shown."""


@dataclass(frozen=True, slots=True)
class Periods:
    """Days, or weeks by their first day, counted from the first day of the record."""

    first: date
    step: int

    @classmethod
    def fitting(cls, days: Sequence[date], cases: Sequence[int], first: date) -> Periods:
        """Return days, or weeks where the record is long or its days are small.

        Parameters
        ----------
        days, cases
            Each day of the record, and its cases.
        first
            First day of the record; weeks start with it.

        Examples
        --------
        >>> Periods.fitting([date(2026, 3, 2)] * 3, [500, 300, 400], date(2026, 3, 2)).name
        'day'
        >>> Periods.fitting([date(2026, 3, 2)] * 3, [5, 3, 400], date(2026, 3, 2)).name
        'week'
        """
        span = (max(days) - min(days)).days + 1 if days else 1
        middle = sorted(cases)[len(cases) // 2] if cases else 0
        return cls(first, 7 if span > MOST_DAYS or middle < FEWEST else 1)

    @property
    def name(self) -> str:
        """`day` or `week`."""
        return "day" if self.step == 1 else "week"

    def of(self, on: date) -> int:
        """Return the number of the period a day lies in."""
        return (on - self.first).days // self.step

    def start(self, number: int) -> date:
        """Return the first day of a period."""
        return self.first + timedelta(number * self.step)

    def label(self, number: int, *, year: bool = False) -> str:
        """Return a period in words, e.g. `3 Nov` or `week of 3 Nov`."""
        start = self.start(number)
        words = day(start) if year else short_day(start)
        return words if self.step == 1 else f"week of {words}"
