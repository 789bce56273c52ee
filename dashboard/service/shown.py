"""Which days the pictures of this page are of: in steps that suit them, in words, in the files."""

from __future__ import annotations

from dashboard.page import Visit
from dashboard.parts import stamp
from dashboard.period import Period
from dashboard.periods import Periods
from dashboard.published import Row
from dashboard.words import day


def fitting(rows: tuple[Row, ...], count_of: str, visit: Visit) -> Periods:
    """Return the periods that suit some rows with a `cohort_day` and a count."""
    a_day: dict[object, int] = {}
    for row in rows:
        a_day[row["cohort_day"]] = a_day.get(row["cohort_day"], 0) + row[count_of]
    days = sorted(a_day)  # type: ignore[type-var]
    first = visit.evidence.publication.first_day
    return Periods.fitting(days, list(a_day.values()), first or days[0])  # type: ignore[arg-type]


def chosen_days(period: Period | None) -> str:
    """Return the days a reader asked for, with a comma before them; nothing for the whole record.

    Examples
    --------
    >>> from datetime import date
    >>> chosen_days((date(2013, 5, 1), date(2013, 5, 10))), chosen_days(None)
    (', 1 May 2013 to 10 May 2013', '')
    """
    return "" if period is None else f", {day(period[0])} to {day(period[1])}"


def drawn_from(period: Period | None) -> str:
    """Return of which days dots, table and file are, where that is not the whole record."""
    if period is None:
        return ""
    return f" Dots, table and file are of {day(period[0])} to {day(period[1])} only."


def origin(visit: Visit, period: Period | None) -> dict[str, object]:
    """Return what every row of a file says of its origin: its stamp, and the days asked for."""
    it = visit.evidence.publication
    first, last = period or (it.first_day, it.data_to)
    return {**stamp(visit), "period_from": first, "period_to": last}
