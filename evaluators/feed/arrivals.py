"""Who should have reported and has not: expectation from a unit's own history, no clock.

A unit is a reporter (a store) where the study declares reporters, else a source. A day is expected
of a unit when the same weekday of its last eight weeks never went without a record, at least four
times; where the study declares how the stream arrives, all expected weekdays of those weeks are
looked at together as long as there are fewer than four. A day is due once the stream itself has
gone further than the lateness that is declared, or that the unit has shown on that weekday.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

WEEKS = 8
"""Weeks of history that expectation is learned from."""
LEAST = 4
"""Days of one kind that history must hold before anything is expected."""
LEARNED = 7
"""Days of lateness that a habit can excuse, at most."""
HOLES = 28
"""Days back in which days left out by a unit that reports again are still named."""
DOUBTFUL = 0.01
"""Share of records dated after they came beyond which it is the file times that are doubted."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the study declares about a stream's arrivals.

    Attributes
    ----------
    declared
        Whether it declares anything.
    within_days
        Declared lateness; None: learned.
    not_on
        Weekdays without records, 0 is Monday.
    closed
        Units that are not waited for.
    """

    declared: bool = False
    within_days: int | None = None
    not_on: frozenset[int] = frozenset()
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ArrivalCounts:
    """Records of one stream by unit and day of the event, one row each.

    Attributes
    ----------
    units
        Names of the units.
    unit, day, n
        Of each row: the unit, the day as days since 1970-01-01, and the records.
    came
        First day on which any of them arrived.
    """

    units: tuple[str, ...]
    unit: Ints
    day: Ints
    n: Ints
    came: Ints


@dataclass(frozen=True, slots=True)
class UnitState:
    """Where each unit stands; arrays of shape (units,).

    Attributes
    ----------
    now
        Last day of the stream.
    last_day, n
        Last day with records, and records in all.
    overdue
        Days since then that were expected and are due; 0: on time.
    expected
        Records a day expected of it in its silence; NaN where nothing is.
    watched
        Whether enough is known of it to expect anything.
    hole_unit, hole_day, hole_expected
        Days left out by units that reported later; one entry each.
    """

    now: int
    last_day: Ints
    n: Ints
    overdue: Ints
    expected: Numbers
    watched: Flags
    hole_unit: Ints
    hole_day: Ints
    hole_expected: Numbers


def last_day_of(day: Ints, n: Ints, came: Ints) -> int | None:
    """Return the last day a stream has reached; None without records.

    Records dated after the day they came are left out, as mistakes, unless they are more than one
    in a hundred: then the days of arrival are not to be trusted.

    Examples
    --------
    >>> last_day_of(np.array([1, 2, 90]), np.array([500, 500, 1]), np.array([2, 3, 3]))
    2
    """
    if not len(day):
        return None
    ahead = day > came
    if 0 < n[ahead].sum() <= DOUBTFUL * n.sum():
        return int(day[~ahead].max())
    return int(day.max())


def unit_states(counts: ArrivalCounts, now: int, rule: Expectation) -> UnitState:
    """Return which units are overdue at the end of the day `now`, and which days they left out.

    Notes
    -----
    Everything is judged by the days of the events, so the same records give the same answer at any
    time. A stream of which nothing comes any more cannot be seen from inside its own data.
    """
    size = len(counts.units)
    inside = counts.day <= now
    unit, day, n, came = (a[inside] for a in (counts.unit, counts.day, counts.n, counts.came))
    start = int(day.min()) if len(day) else now
    span = now - start + 1
    table = np.zeros((size, span))
    table[unit, day - start] = n
    first_came = np.full(span, np.iinfo(np.int64).max)
    np.minimum.at(first_came, day - start, came)
    delay = np.full((size, span), -1, np.int64)
    delay[unit, day - start] = came - first_came[day - start]
    last = np.full(size, start - 1)
    np.maximum.at(last, unit, day)
    first = np.full(size, now + 1)
    np.minimum.at(first, unit, day)
    history = _History(table, delay, first, last, start, rule)

    week = last[:, None] + np.arange(1, 8)
    whose = np.broadcast_to(np.arange(size)[:, None], week.shape)
    usual = history.usual(whose, week)
    allowed = history.allowed(whose, week)
    closed = np.array([name in rule.closed for name in counts.units], np.bool_)
    usual[closed] = np.nan
    is_expected = ~np.isnan(usual)
    due = np.maximum(0, (now - allowed - 1 - week) // 7 + 1)
    overdue = np.where(is_expected, due, 0).sum(axis=1)
    known = is_expected.sum(axis=1)
    rate = np.where(known > 0, np.nansum(usual, axis=1) / np.maximum(known, 1), np.nan)

    since = max(start, now - HOLES + 1)
    days = np.arange(since, now + 1)
    empty = (table[:, since - start :] == 0) & (days < last[:, None]) & (days > first[:, None])
    empty[closed] = False
    hole_unit, place = np.nonzero(empty)
    hole_day = days[place]
    hole_usual = history.usual(hole_unit, hole_day)
    real = ~np.isnan(hole_usual) & (now - hole_day > history.allowed(hole_unit, hole_day))
    return UnitState(
        now,
        last,
        np.bincount(counts.unit, weights=counts.n, minlength=size).astype(np.int64),
        overdue,
        rate,
        known > 0,
        hole_unit[real],
        hole_day[real],
        hole_usual[real],
    )


@dataclass(frozen=True, slots=True)
class _History:
    """What each unit did before a day."""

    table: Numbers
    delay: Ints
    first: Ints
    last: Ints
    start: int
    rule: Expectation

    def usual(self, unit: Ints, day: Ints) -> Numbers:
        """Return the records expected of units on days; NaN where nothing is expected."""
        found = _regular(*self._before(self.table, unit, day, 7 * np.arange(1, WEEKS + 1)))
        if self.rule.declared:
            back = np.arange(1, 7 * WEEKS + 1)
            values, there = self._before(self.table, unit, day, back)
            there &= ~self._off(day[..., None] - back)
            same = self._before(self.table, unit, day, 7 * np.arange(1, WEEKS + 1))[1]
            found = np.where(same.sum(axis=-1) < LEAST, _regular(values, there), found)
        found[self._off(day)] = np.nan
        return found

    def allowed(self, unit: Ints, day: Ints) -> Ints:
        """Return the days units may be late for days."""
        if self.rule.within_days is not None:
            return np.full(day.shape, self.rule.within_days, np.int64)
        late, there = self._before(self.delay, unit, day, 7 * np.arange(1, WEEKS + 1))
        habit: Ints = np.where(there, late, 0).max(axis=-1, initial=0)
        return np.minimum(habit, LEARNED)

    def _before(
        self, table: NDArray[np.generic], unit: Ints, day: Ints, back: Ints
    ) -> tuple[NDArray[np.generic], Flags]:
        days = day[..., None] - back
        there: Flags = (days >= self.first[unit][..., None]) & (days <= self.last[unit][..., None])
        place = np.clip(days - self.start, 0, table.shape[1] - 1)
        return table[unit[..., None], place], there

    def _off(self, day: Ints) -> Flags:
        return np.isin(weekday_of(day), list(self.rule.not_on))


def _regular(values: NDArray[np.generic], there: Flags) -> Numbers:
    """Return the median of what is there, NaN where it is too little or was ever nothing."""
    held = np.where(there, values.astype(float), np.nan)
    steady = (there.sum(axis=-1) >= LEAST) & ~((held == 0).any(axis=-1))
    result = np.full(steady.shape, np.nan)
    result[steady] = np.nanmedian(held[steady], axis=-1)
    return result


def weekday_of(day: Ints) -> Ints:
    """Return the weekdays of day numbers, 0 is Monday.

    Examples
    --------
    >>> weekday_of(np.array([0, 4])).tolist()  # 1 January 1970 was a Thursday
    [3, 0]
    """
    return (np.asarray(day, np.int64) + 3) % 7
