"""Numbers, days and states in the product's own words; for the reader, never for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from data_contracts.vocabulary import Shown

MINUS = "\u2212"
NO_VALUE = "\u2014"

STATES: dict[Shown, str] = {
    Shown.BETTER: "better",
    Shown.AT_LEAST_AS_GOOD: "at least as good",
    Shown.UNDECIDED: "undecided",
    Shown.WORSE: "worse than the limit",
    Shown.NO_DATA: "not yet known",
}


def decimals(value: float, limit: float | None = None) -> int:
    """Return 1, or 2 where one decimal would make the value look as if it were the limit.

    Examples
    --------
    >>> decimals(-1.0, -1.0), decimals(-0.98, -1.0), decimals(-0.9, -1.0)
    (1, 2, 1)
    """
    touches = limit is not None and value != limit and round(value, 1) == round(limit, 1)
    return 2 if touches else 1


def points(fraction: float | None, limit: float | None = None) -> str:
    """Return a difference given as a fraction in points: signed, with a real minus.

    Examples
    --------
    >>> points(0.008), points(-0.062), points(0.0002), points(None)
    ('+0.8', '−6.2', '0.0', '—')
    """
    if fraction is None:
        return NO_VALUE
    value = 100 * fraction
    places = decimals(value, None if limit is None else 100 * limit)
    text = f"{abs(value):.{places}f}"
    if float(text) == 0:
        return text
    return ("+" if value > 0 else MINUS) + text


def interval(low: float | None, high: float | None, limit: float | None = None) -> str:
    """Return an interval of differences in points, e.g. `+0.5 to +1.1`."""
    return f"{points(low, limit)} to {points(high, limit)}"


def percent(fraction: float | None) -> str:
    """Return a rate, e.g. `96.5%`; all and none are said exactly.

    Examples
    --------
    >>> percent(0.965), percent(1.0), percent(0.9999), percent(0.0001)
    ('96.5%', '100%', 'over 99.9%', 'under 0.1%')
    """
    if fraction is None:
        return NO_VALUE
    if fraction in (0, 1):
        return f"{fraction:.0%}"
    if fraction > 0.9995:
        return "over 99.9%"
    return "under 0.1%" if fraction < 0.0005 else f"{fraction:.1%}"


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


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun, e.g. `1 case`, `2,800 cases`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def level(alpha: float) -> str:
    """Return the level of an interval, e.g. `95%`.

    Examples
    --------
    >>> level(0.05), level(0.025)
    ('95%', '97.5%')
    """
    return f"{100 * (1 - alpha):.4g}%"


def day(on: date | None) -> str:
    """Return a day with its year, e.g. `3 Nov 2013`."""
    return NO_VALUE if on is None else f"{on.day} {on:%b %Y}"


def short_day(on: date | None) -> str:
    """Return a day without its year, e.g. `3 Nov`."""
    return NO_VALUE if on is None else f"{on.day} {on:%b}"


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


def joined(parts: Sequence[str], word: str = "and") -> str:
    """Return a list in words, e.g. `a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
