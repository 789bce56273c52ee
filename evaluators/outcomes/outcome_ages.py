"""The measure `outcome_lags` by age and class: when outcomes came, who is still watched.

There is no clock: now is the last day in the data, of a decision or of an outcome, whichever is
later. So the outcomes of a study whose decisions have ended are still watched while they come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from evaluators.outcomes.selective import unobservable
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OutcomeAges:
    """Outcomes with a day, row by row of the measure.

    Attributes
    ----------
    classes
        Outcomes that occur, in the order of the study's classes.
    now
        Last day in the data; `NO_DAY` where there is none.
    first
        First cohort day of the study.
    day, age, of_class, n
        Of each row with an outcome: cohort day, whole days until it came (not below 0), number of
        its class and cases.
    open_day, open_n
        Cohort days, and their cases without an outcome that could still come.
    """

    classes: tuple[str, ...]
    now: int
    first: int
    day: Counts
    age: Counts
    of_class: Counts
    n: Counts
    open_day: Counts
    open_n: Counts

    @classmethod
    def of(cls, measures: Measures, scope: Scope) -> OutcomeAges:
        """Return the outcomes of the study's days; nothing in a timeless study.

        Cases whose outcome cannot be seen are left out: nothing of them is late.
        """
        table = measures.get("outcome_lags", Columns({}))
        none = np.zeros(0, np.int64)
        if len(table) == 0 or scope.first_day is None or "outcome" not in table.labels:
            return cls((), NO_DAY, 0, *(none,) * 6)
        day, n = table["cohort_day"].astype(np.int64), table["n"].astype(np.int64)
        inside = (day != NO_DAY) & (day >= scope.first_day)
        lag = _whole(table["lag_days"])
        code = table["outcome"].astype(np.int64)
        names = table.labels["outcome"]
        known = [*(c for c in scope.classes if c in names)]
        known += [name for name in names if name not in known]
        rank = np.array([known.index(name) for name in names] or [0], np.int64)
        dated = inside & (lag != NO_DAY) & (code != UNKNOWN)
        age = np.maximum(lag, 0)
        latest = [int(a.max(initial=NO_DAY)) for a in (day[inside], (day + age)[dated])]
        waiting = inside & (lag == NO_DAY) & (code == UNKNOWN)
        cases = CaseCounts.of_measures(measures).only([0])
        hidden = cases.where(unobservable(cases, scope))
        days = np.concatenate([day[waiting], hidden.day])
        counts = np.concatenate([n[waiting], -hidden.column("n")])
        open_day, place = np.unique(days, return_inverse=True)
        open_n = np.bincount(place, weights=counts, minlength=len(open_day)).astype(np.int64)
        return cls(
            tuple(known),
            max(latest),
            scope.first_day,
            day[dated],
            age[dated],
            rank[code[dated]],
            n[dated],
            open_day,
            np.maximum(open_n, 0),
        )

    def by_age(self) -> tuple[Counts, Counts]:
        """Return outcomes by class and age, and cases watched up to an age without one.

        Shapes (classes, ages) and (ages,); ages run from 0 to that of the first cohort day.
        """
        ages = max(0, self.now - self.first + 1)
        event = np.bincount(
            self.of_class * ages + self.age, weights=self.n, minlength=len(self.classes) * ages
        )
        watched = np.clip(self.now - self.open_day, 0, max(0, ages - 1))
        censored = np.bincount(watched, weights=self.open_n, minlength=ages)
        shape = (len(self.classes), ages)
        return event.astype(np.int64).reshape(shape), censored.astype(np.int64)

    def usual_age(self, share: float = 0.9) -> int:
        """Return the age by which that share of the outcomes that came had come."""
        order = np.argsort(self.age, kind="stable")
        running = np.cumsum(self.n[order])
        if not len(running):
            return 0
        return int(self.age[order][np.searchsorted(running, share * running[-1])])

    def within(self, age: int) -> Counts:
        """Return outcomes that came within an age, by class and cohort day; shape (classes, days).

        Only cohort days that are at least so old, from the first one on, so that all had as much
        time and a class that comes late is not missed in the young ones.
        """
        days = max(0, self.now - age - self.first + 1)
        at = self.day - self.first
        keep = (self.age <= age) & (at < days)
        cell = self.of_class[keep] * days + at[keep]
        size = len(self.classes) * days
        found = np.bincount(cell, weights=self.n[keep], minlength=size)
        return found.astype(np.int64).reshape(len(self.classes), days)

    def last_arrival(self, number: int) -> int:
        """Return the last day on which an outcome of a class came."""
        mine = self.of_class == number
        return int((self.day + self.age)[mine].max(initial=NO_DAY))

    def arrived_after(self, day: int) -> int:
        """Return how many outcomes came after a day."""
        return int(self.n[self.day + self.age > day].sum())


def _whole(values: NDArray[np.generic]) -> Counts:
    """Return numbers with NaN for null as integers with `NO_DAY` for null."""
    numbers = np.asarray(values, float)
    return np.where(np.isnan(numbers), NO_DAY, numbers).astype(np.int64)
