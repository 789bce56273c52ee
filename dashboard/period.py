"""Days a reader asks for."""

from __future__ import annotations

from datetime import date, timedelta

Period = tuple[date, date]
"""First and last day, both included."""

EPOCH = date(1970, 1, 1)


def day_number(day: date | None) -> int | None:
    """Return whole days since 1970-01-01.

    Examples
    --------
    >>> day_number(date(1970, 1, 31))
    30
    """
    return None if day is None else (day - EPOCH).days


def date_of(number: int) -> date:
    """Return a day number as a date.

    Examples
    --------
    >>> date_of(30)
    datetime.date(1970, 1, 31)
    """
    return EPOCH + timedelta(int(number))
