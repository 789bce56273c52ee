"""What the month has cost so far, and when its budget may run out."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dashboard.declared import Declared
from dashboard.money import spent as money
from dashboard.page import Visit
from dashboard.published import counts
from dashboard.words import between, short_day
from evaluators.wording import percent
from evaluators.worth.spending import LEAST_DAYS, foreseen, runs_out

MILLION = 1e6
PACE_DAYS = 28
"""Latest days whose spread the range of the days to come is made from: four of every weekday."""

COSTS = "running_costs"


@dataclass(frozen=True, slots=True)
class Month:
    """The calendar month of the last day of the record.

    Attributes
    ----------
    today
        Last day of the record.
    days
        What each day of the month cost so far.
    low, high
        The least and the most in all at the ends of the days that follow; empty where too few days
        are known.
    priced
        Records of the month that say a cost.
    budget
        Of the month; None where the study declares none.
    """

    today: date
    days: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    priced: int
    budget: float | None
    currency: str

    @property
    def length(self) -> int:
        """Days in the month."""
        return monthrange(self.today.year, self.today.month)[1]

    @property
    def spent(self) -> float:
        """Spent so far."""
        return float(sum(self.days))

    @property
    def running(self) -> tuple[float, ...]:
        """Spent in all at the end of each day so far."""
        return tuple(float(x) for x in np.cumsum(self.days))

    @property
    def used(self) -> float | None:
        """Share of the budget that is used."""
        return None if self.budget is None else self.spent / self.budget

    def exhaustion(self) -> tuple[date | None, date | None]:
        """Return the first day on which the budget may, and must, be used up; None: not this month.

        It has been used up on the day itself where it already is.
        """
        if self.budget is None:
            return None, None
        if self.spent > self.budget:
            over = next(i for i, total in enumerate(self.running) if total > (self.budget or 0))
            on = self.today.replace(day=over + 1)
            return on, on
        may, must = runs_out(self.budget, np.array(self.low), np.array(self.high))
        return tuple(  # type: ignore[return-value]
            None if ahead is None else self.today + timedelta(ahead) for ahead in (may, must)
        )


def month_so_far(visit: Visit, declared: Declared) -> Month | None:
    """Return the month of the last day; None without days or where no record says a cost."""
    today = visit.evidence.publication.data_to
    rows = counts(visit, COSTS, ("cohort_day",), sums=("millionths", "priced"), cut=None)
    rows = tuple(row for row in rows if row["cohort_day"] is not None)
    if today is None or not sum(row["priced"] for row in rows):
        return None
    cost = {row["cohort_day"]: row["millionths"] / MILLION for row in rows}
    first = min(cost)
    mine = tuple(cost.get(today.replace(day=d), 0.0) for d in range(1, today.day + 1))
    known = min(PACE_DAYS, (today - first).days + 1)
    pace = [cost.get(today - timedelta(back), 0.0) for back in range(known)]
    ahead = monthrange(today.year, today.month)[1] - today.day
    low, high = foreseen(pace, ahead, visit.evidence.publication.alpha)
    sure = known >= LEAST_DAYS
    start = today.replace(day=1)
    return Month(
        today,
        mine,
        tuple((sum(mine) + low).tolist()) if sure else (),
        tuple((sum(mine) + high).tolist()) if sure else (),
        sum(row["priced"] for row in rows if start <= row["cohort_day"] <= today),
        declared.budget.per_month if declared.budget else None,
        declared.currency,
    )


def used_words(month: Month) -> str:
    """Return how much of the month's budget is used, without a full stop.

    Where no budget is declared: what has been spent.
    """
    when = f"on day {month.today.day} of {month.length}"
    if month.budget is None or month.used is None:
        return f"{money(month.spent, month.currency)} are spent this month {when}"
    if month.spent > month.budget:
        over = money(month.spent - month.budget, month.currency)
        return f"the month's budget is used up and {over} over {when}"
    share = percent(month.used) if month.used < 0.1 else f"{100 * month.used:.0f}%"
    if month.used == 1:
        share = "all"
    if month.used == 0:
        return f"nothing of the month's budget is used {when}"
    return f"{share} of the month's budget is used {when}"


def outlook_words(month: Month) -> str:
    """Return when the budget is expected to run out, as a range and never one day."""
    if month.budget is None:
        return "No budget of the month is declared"
    if month.spent > month.budget:
        return f"The budget was used up on {short_day(month.exhaustion()[0])}"
    if month.today.day == month.length:
        return "The month has ended within its budget"
    if not month.high:
        return f"There are fewer than {LEAST_DAYS} days of spending, too few to look ahead"
    may, must = month.exhaustion()
    if may is None:
        return "At the pace so far the budget lasts to the end of the month"
    if must is None:
        return f"At the pace so far the budget may run out from {short_day(may)} on, or last"
    if may == must:
        return f"At the pace so far the budget runs out {between(may, must)}"
    return f"At the pace so far the budget runs out {between(may, must)}"
