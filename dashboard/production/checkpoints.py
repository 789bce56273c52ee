"""When the team looks at the verdict together: how often, and the next day."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.words import day


def next_checkpoint(cadence: str, first: date | None, now: date) -> date | None:
    """Return the next day on which the team looks, counted from the study's first day.

    Examples
    --------
    >>> next_checkpoint("weekly", date(2025, 9, 1), date(2025, 9, 8)).isoformat()
    '2025-09-15'
    >>> next_checkpoint("monthly", date(2025, 8, 31), date(2025, 9, 8)).isoformat()
    '2025-09-30'
    """
    if first is None:
        return None
    if now < first:
        return first
    if cadence == "monthly":
        return _month_after(first, now)
    step = 1 if cadence == "daily" else 7
    return first + timedelta(days=((now - first).days // step + 1) * step)


def checkpoint_sentence(cadence: str, first: date | None, now: date) -> str:
    """Return how often the team looks together, and when next."""
    often = {"daily": "every day", "monthly": "every month"}.get(cadence, "every week")
    following = next_checkpoint(cadence, first, now)
    if following is None:
        return f"The team looks at the verdict together {often}; the records carry no days."
    return f"The team looks at the verdict together {often}; next on {day(following)}."


def _month_after(first: date, now: date) -> date:
    """Return the next day of a month with the first day's number, or that month's last day."""
    for month in range(now.month - 1, now.month + 1):
        year, number = now.year + month // 12, month % 12 + 1
        found = _of_month(year, number, first.day)
        if found > now:
            return found
    return _of_month(now.year + (now.month + 1) // 12, (now.month + 1) % 12 + 1, first.day)


def _of_month(year: int, month: int, number: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=number - 1), after - timedelta(days=1))
