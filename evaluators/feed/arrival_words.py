"""Units, days and silences in words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from evaluators.weeks import to_date
from evaluators.wording import joined

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NUMBERED = re.compile(r"^(.*?)(\d{1,9})$")
_NAMED = 6


def long_day(day: int, now: int) -> str:
    """Return a day number with its weekday; with its year where that is not the year of `now`.

    Examples
    --------
    >>> long_day(20_519, 20_530), long_day(20_519, 20_900)
    ('Saturday 7 March', 'Saturday 7 March 2026')
    """
    on = to_date(day)
    year = "" if on.year == to_date(now).year else f" {on.year}"
    return f"{_WEEKDAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]}{year}"


def weekdays_in_words(days: Sequence[int]) -> str:
    """Return weekdays, 0 is Monday, as the time when something happens.

    Examples
    --------
    >>> weekdays_in_words([5, 6]), weekdays_in_words([0]), weekdays_in_words([4, 0])
    ('at weekends', 'on Mondays', 'on Mondays and Fridays')
    """
    if sorted(days) == [5, 6]:
        return "at weekends"
    return f"on {joined([f'{_WEEKDAYS[d]}s' for d in sorted(days)])}"


def plural(noun: str) -> str:
    """Return the plural of a plain English noun.

    Examples
    --------
    >>> plural("store"), plural("city"), plural("branch"), plural("day")
    ('stores', 'cities', 'branches', 'days')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def units_in_words(noun: str, names: Sequence[str]) -> str:
    """Return units put together: consecutive numbers as ranges, long lists cut short.

    Parameters
    ----------
    noun
        What they are, e.g. `store`; empty for sources, which are named in code style.

    Examples
    --------
    >>> units_in_words("store", ["41", "42", "43", "44"])
    'stores 41 to 44'
    >>> units_in_words("store", ["store-07", "store-08", "store-11"])
    'stores 07, 08 and 11'
    >>> units_in_words("store", ["9"]), units_in_words("region", ["north", "south"])
    ('store 9', 'regions north and south')
    >>> units_in_words("", ["hospital north"])
    '`hospital north`'
    """
    if not noun:
        return _cut([f"`{name}`" for name in sorted(names)])
    series: dict[str, list[str]] = defaultdict(list)
    plain = []
    for name in names:
        found = _NUMBERED.match(name)
        if found is None:
            plain.append(name)
        else:
            prefix, digits = found.groups()
            own = prefix.rstrip(" -_#.").lower() in ("", noun.lower())
            series["" if own else prefix].append(digits)
    pieces = [piece for prefix in sorted(series) for piece in _ranges(prefix, series[prefix])]
    return f"{noun if len(names) == 1 else plural(noun)} {_cut(pieces + sorted(plain))}"


def _ranges(prefix: str, digits: list[str]) -> list[str]:
    ordered = sorted(digits, key=lambda text: (int(text), text))
    runs: list[list[str]] = []
    for text in ordered:
        if runs and int(text) == int(runs[-1][-1]) + 1:
            runs[-1].append(text)
        else:
            runs.append([text])
    return [
        piece
        for run in runs
        for piece in (
            [f"{prefix}{run[0]} to {prefix}{run[-1]}"]
            if len(run) > 2
            else [f"{prefix}{text}" for text in run]
        )
    ]


def _cut(pieces: list[str]) -> str:
    more = len(pieces) - _NAMED
    if more < 2:
        return joined(pieces)
    return f"{', '.join(pieces[:_NAMED])} and {more:,} more"


def about(number: float) -> str:
    """Return a number rounded as one would say it.

    Examples
    --------
    >>> about(118.4), about(3.2), about(0.4), about(12_345)
    ('about 120', 'about 3', 'about 1', 'about 12,000')
    """
    if number < 10:
        return f"about {max(1, round(number))}"
    return f"about {int(float(f'{number:.2g}')):,}"


def capital(sentence: str) -> str:
    """Return a sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]
