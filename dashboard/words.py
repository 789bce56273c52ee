"""Days, shares and states in the product's own words, on top of those the evaluators use."""

from __future__ import annotations

import math
from datetime import date, datetime

from data_contracts.vocabulary import Shown
from evaluators.wording import MINUS, NO_VALUE, count, percent, points
from evaluators.wording import day as known_day
from evaluators.wording import short_day as known_short_day

STATES: dict[Shown, str] = {
    Shown.BETTER: "better",
    Shown.AT_LEAST_AS_GOOD: "at least as good",
    Shown.UNDECIDED: "undecided",
    Shown.WORSE: "worse than the limit",
    Shown.NO_DATA: "not yet known",
}

NEAR_ZERO = 0.0005
"""Differences below this, as fractions, round to 0.0 points."""


def state_words(state: Shown, limit: float | None) -> str:
    """Return what is shown in words; without a limit nothing is worse than it.

    Examples
    --------
    >>> state_words(Shown.WORSE, -0.01), state_words(Shown.WORSE, None)
    ('worse than the limit', 'worse')
    """
    return "worse" if limit is None and state is Shown.WORSE else STATES[state]


def bounds(low: float | None, high: float | None, limit: float | None = None) -> str:
    """Return an interval in points; an end that rounds to zero is told apart from zero.

    Examples
    --------
    >>> bounds(0.0003, 0.02), bounds(0.0, 0.02), bounds(0.005, 0.011)
    ('+0.03 to +2.0', '0.0 to +2.0', '+0.5 to +1.1')
    """

    def end(value: float | None) -> str:
        near = value is not None and abs(value) < NEAR_ZERO
        return points(value, 0.0 if near else limit)

    return f"{end(low)} to {end(high)}"


def share(part: int, whole: int) -> str:
    """Return a share as rate, or in full where fewer than 100 stand behind it.

    Examples
    --------
    >>> share(7, 12), share(965, 1000), share(0, 0)
    ('7 of 12', '96.5%', '—')
    """
    if whole == 0:
        return NO_VALUE
    return f"{part} of {whole}" if whole < 100 else percent(part / whole)


def all_of(total: int, one: str) -> str:
    """Return all of some things as the start of a sentence.

    Examples
    --------
    >>> all_of(1, "check"), all_of(12, "check")
    ('The one check', 'All 12 checks')
    """
    return f"The one {one}" if total == 1 else f"All {count(total, one)}"


def number(value: float | None, *, signed: bool = False) -> str:
    """Return a number with at most three digits that matter and a real minus.

    Examples
    --------
    >>> number(1234.56), number(0.01234), number(2.0, signed=True), number(None)
    ('1,235', '0.0123', '+2', '—')
    """
    if value is None or math.isnan(value):
        return NO_VALUE
    size = abs(value)
    text = f"{size:,.0f}" if size >= 1000 else f"{size:.3g}"
    return (MINUS if value < 0 and text != "0" else "+" if signed and value > 0 else "") + text


def span(low: float | None, high: float | None) -> str:
    """Return an interval of signed numbers in words.

    Examples
    --------
    >>> span(0.5, 1.25)
    '+0.5 to +1.25'
    """
    return f"{number(low, signed=True)} to {number(high, signed=True)}"


def day(on: date | None) -> str:
    """Return a day with its year, a dash for none."""
    return NO_VALUE if on is None else known_day(on)


def short_day(on: date | None) -> str:
    """Return a day without its year, a dash for none."""
    return NO_VALUE if on is None else known_short_day(on)


def moment(at: datetime) -> str:
    """Return a moment, e.g. `11 Nov 2013, 05:12 UTC`."""
    return f"{day(at.date())}, {at:%H:%M} UTC"


def between(first: date | None, last: date | None) -> str:
    """Return a range of days in words, e.g. `between 24 Nov and 15 Dec 2013`.

    Examples
    --------
    >>> between(date(2013, 11, 24), date(2013, 12, 15))
    'between 24 Nov and 15 Dec 2013'
    >>> between(date(2013, 12, 24), date(2014, 1, 5))
    'between 24 Dec 2013 and 5 Jan 2014'
    >>> between(date(2013, 11, 24), None), between(None, None)
    ('not before 24 Nov 2013', '')
    """
    if first is None:
        return "" if last is None else f"by {day(last)}"
    if last is None:
        return f"not before {day(first)}"
    if first == last:
        return f"around {day(first)}"
    start = short_day(first) if first.year == last.year else day(first)
    return f"between {start} and {day(last)}"
