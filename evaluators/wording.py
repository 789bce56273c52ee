"""Numbers and days in the product's own words, for sentences of gates and of pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

MINUS = "\u2212"
NO_VALUE = "\u2014"
INDEPENDENT = (
    "Without days, cases are taken as independent of each other; where the same people or things"
    " recur, this is too sure of itself."
)
"""What must be said with an interval from records without days."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def points(fraction: float | None, limit: float | None = None) -> str:
    """Return a difference, given as a fraction, in points: signed, with a real minus.

    One decimal; more where rounding would make it look as if it were the limit.

    Examples
    --------
    >>> points(0.008), points(0.0002), points(0.0098), points(0.0098, limit=0.01)
    ('+0.8', '0.0', '+1.0', '+0.98')
    >>> points(-0.062) == MINUS + "6.2", points(None) == NO_VALUE
    (True, True)
    >>> points(0.0098, limit=-0.01), points(0.0003, limit=0.0)
    ('+1.0', '+0.03')
    """
    if fraction is None or math.isnan(fraction):
        return NO_VALUE
    other_side = limit is None or fraction * limit < 0
    text = _rounded(100 * abs(fraction), None if other_side else 100 * abs(limit or 0))
    if float(text) == 0:
        return text
    return ("+" if fraction > 0 else MINUS) + text


def percent(fraction: float | None, limit: float | None = None) -> str:
    """Return a rate; all and none are said only where they are exact.

    Examples
    --------
    >>> percent(0.965), percent(1.0), percent(0.9999), percent(0.0001), percent(0.9898, 0.99)
    ('96.5%', '100%', 'over 99.9%', 'under 0.1%', '98.98%')
    """
    if fraction is None or math.isnan(fraction):
        return NO_VALUE
    if fraction in (0, 1):
        return f"{fraction:.0%}"
    if fraction >= 0.9995 and (limit is None or limit < 0.999):
        return "over 99.9%"
    if fraction < 0.0005 and (limit is None or limit > 0.001):
        return "under 0.1%"
    return _rounded(100 * fraction, None if limit is None else 100 * limit) + "%"


def money(amount: float | None, currency: str, *, signed: bool = False) -> str:
    """Return an amount in a currency; small ones with as many digits as they need.

    Examples
    --------
    >>> money(1234.5, "EUR"), money(0.00042, "USD"), money(24.6, "EUR", signed=True)
    ('1,234.50 EUR', '0.00042 USD', '+24.60 EUR')
    >>> money(-3, "EUR") == MINUS + "3.00 EUR", money(None, "EUR") == NO_VALUE
    (True, True)
    """
    if amount is None or math.isnan(amount):
        return NO_VALUE
    size = abs(amount)
    small = 0 < size < 0.1
    text = f"{size:.2g}" if small and size >= 1e-4 else f"{size:,.6f}" if small else f"{size:,.2f}"
    sign = MINUS if amount < 0 else "+" if signed and amount > 0 else ""
    return f"{sign}{text} {currency}"


def plain_percent(fraction: float) -> str:
    """Return a rate of a rule with no more decimals than it has.

    Examples
    --------
    >>> plain_percent(0.95), plain_percent(0.995)
    ('95%', '99.5%')
    """
    return f"{100 * fraction:.6g}%"


def interval(low: float | None, high: float | None, limit: float | None = None) -> str:
    """Return an interval of differences in points.

    Examples
    --------
    >>> interval(0.005, 0.011)
    '+0.5 to +1.1'
    """
    return f"{points(low, limit)} to {points(high, limit)}"


def level(alpha: float) -> str:
    """Return the level of an interval with this two-sided error.

    Examples
    --------
    >>> level(0.05), level(0.025)
    ('95%', '97.5%')
    """
    return f"{100 * (1 - alpha):.4g}%"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> count(1, "case"), count(2800, "case"), count(0, "day")
    ('1 case', '2,800 cases', '0 days')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(on: date) -> str:
    """Return a day with its year.

    Examples
    --------
    >>> day(date(2013, 11, 3))
    '3 Nov 2013'
    """
    return f"{short_day(on)} {on.year}"


def short_day(on: date) -> str:
    """Return a day without its year.

    Examples
    --------
    >>> short_day(date(2013, 11, 3))
    '3 Nov'
    """
    return f"{on.day} {_MONTHS[on.month - 1]}"


def joined(parts: Sequence[str]) -> str:
    """Return a list in words.

    Examples
    --------
    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def within(sentence: str) -> str:
    """Return a sentence as it stands after a colon: its first letter small, names untouched.

    Examples
    --------
    >>> within("Over all cases it is worse."), within("USA is worse."), within("4 are worse.")
    ('over all cases it is worse.', 'USA is worse.', '4 are worse.')
    """
    if len(sentence) > 1 and sentence[0].isupper() and not sentence[1].isupper():
        return sentence[0].lower() + sentence[1:]
    return sentence


def _rounded(value: float, limit: float | None) -> str:
    for places in (1, 2, 3, 4):
        text = f"{value:.{places}f}"
        if (
            limit is None
            or math.isclose(value, limit, rel_tol=1e-12)
            or text != f"{limit:.{places}f}"
        ):
            return text
    return f"{value:.4f}"


def kept(since: date | None, *, still: bool) -> str:
    """Return the sentence that a pass of some day stands though today's figures alone would not do.

    Examples
    --------
    >>> kept(date(2013, 9, 22), still=False)
    ' This was shown on 22 Sep 2013, and what was shown is kept.'
    >>> kept(None, still=False), kept(date(2013, 9, 22), still=True)
    ('', '')
    """
    if still or since is None:
        return ""
    return f" This was shown on {day(since)}, and what was shown is kept."
