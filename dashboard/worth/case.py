"""The business case as numbers: saving per case, cases a year, running cost, and what is left."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.declared import Declared
from dashboard.overall import Number, number
from dashboard.page import Visit
from dashboard.published import OUTCOMES, counts
from dashboard.worth.unseen import unseen
from evaluators.worth.running import DAYS_A_MONTH, MONTHS

LEAST_DAYS = 14
"""Days of a record below which its pace says little about a year."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money with its interval; no middle where outcomes cannot be seen."""

    middle: float | None
    low: float
    high: float

    def times(self, factor: float) -> Amount:
        """Return it so many times; the factor is not negative."""
        middle = None if self.middle is None else self.middle * factor
        return Amount(middle, self.low * factor, self.high * factor)

    def less(self, cost: Amount) -> Amount:
        """Return what is left of it after a cost, both at their worst and at their best together.

        Examples
        --------
        >>> Amount(10.0, 6.0, 14.0).less(Amount(2.0, 1.0, 3.0))
        Amount(middle=8.0, low=3.0, high=13.0)
        """
        known = self.middle is not None and cost.middle is not None
        middle = (self.middle or 0.0) - (cost.middle or 0.0) if known else None
        return Amount(middle, self.low - cost.high, self.high - cost.low)


@dataclass(frozen=True, slots=True)
class Case:
    """What going live is worth.

    Attributes
    ----------
    declared
        What the study file says.
    saving
        Per case, before the cost to run the AI; None where nothing is known yet.
    cases
        Cases with a saving behind it.
    volume
        Cases a year; None where it is neither declared nor to be told from the record.
    paced
        Whether the volume is the record's pace and not declared.
    days
        Days of the record; 0 where it has none.
    running
        Cost to run the AI per case; None where no record says one, or in another currency.
    records
        Records that say a cost.
    """

    declared: Declared
    saving: Amount | None
    cases: int
    volume: float | None
    paced: bool
    days: int
    running: Amount | None
    records: int

    @property
    def net(self) -> Amount | None:
        """Saving per case less the cost to run the AI, where that is known."""
        if self.saving is None:
            return None
        return self.saving if self.running is None else self.saving.less(self.running)

    @property
    def yearly(self) -> Amount | None:
        """What a year is worth."""
        if self.net is None or self.volume is None:
            return None
        return self.net.times(self.volume)


def business_case(visit: Visit, declared: Declared) -> Case:
    """Return the business case of a publication."""
    it = visit.evidence.publication
    days = 0 if it.first_day is None or it.data_to is None else (it.data_to - it.first_day).days + 1
    volume: float | None = declared.cases_per_year
    paced = False
    if volume is None and days >= LEAST_DAYS:
        rows = counts(visit, OUTCOMES, ())
        n = rows[0]["n"] if rows and rows[0]["n"] else 0
        volume, paced = (n / days * DAYS_A_MONTH * MONTHS, True) if n else (None, False)
    saved = None if declared.value is None else number(visit, "saving_per_case")
    cost = number(visit, "cost_per_decision")
    running = None if cost is None or not _same_currency(declared) else _amount(cost)
    return Case(
        declared,
        _saving(visit, saved),
        saved.n if saved else 0,
        volume,
        paced,
        days,
        running,
        cost.n if cost else 0,
    )


def _same_currency(declared: Declared) -> bool:
    return declared.currency == declared.value_currency


def _amount(found: Number) -> Amount | None:
    if found.low is None or found.high is None:
        return None
    return Amount(found.estimate, found.low, found.high)


def _saving(visit: Visit, found: Number | None) -> Amount | None:
    """Return the saving; without a middle where disagreements hide their outcome for good."""
    if found is None:
        return None
    amount = _amount(found)
    if amount is None:
        return None
    hidden = unseen(visit)
    return Amount(None, amount.low, amount.high) if hidden and hidden.hidden else amount
