"""Cohort days and whole weeks of a scope: which of them count, and when later ones will."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope

WEEK = 7
LEAST_DAYS = 14
"""Days a gate waits before its first look: two of every weekday."""
LEAST_CLUSTERS = 20
"""Days with cases a gate needs before the spread between days can be told."""

_EPOCH = date(1970, 1, 1).toordinal()


def to_date(day: int) -> date:
    """Return a day number as a date.

    Examples
    --------
    >>> to_date(0)
    datetime.date(1970, 1, 1)
    """
    return date.fromordinal(_EPOCH + int(day))


def is_timeless(scope: Scope) -> bool:
    """Return whether the cases carry no days."""
    return scope.first_day is None or scope.last_day is None


def mature_day(scope: Scope) -> int:
    """Return the last cohort day whose outcomes are expected to be in; timed studies only."""
    if scope.last_day is None:
        raise ValueError("a timeless study has no days")
    return scope.last_day if scope.mature_day is None else min(scope.mature_day, scope.last_day)


def mature_cases(cases: CaseCounts, scope: Scope) -> CaseCounts:
    """Return the cases old enough for their outcomes; all of them in a timeless study."""
    if scope.first_day is None or scope.last_day is None:
        return cases
    day = cases.day
    return cases.where((day != NO_DAY) & (day >= scope.first_day) & (day <= mature_day(scope)))


def week_ends(scope: Scope, until: int | None = None) -> NDArray[np.int64]:
    """Return the last day of every whole week since the first day, up to a day.

    Parameters
    ----------
    until
        Last day that may belong to a week; the last cohort day if None.

    Examples
    --------
    >>> from data_contracts.vocabulary import DecisionType, RiskTier
    >>> scope = Scope("c", "1", DecisionType.BINARY, (), None, RiskTier.LOW,
    ...               first_day=100, last_day=115)
    >>> week_ends(scope).tolist()
    [106, 113]
    """
    if scope.first_day is None or scope.last_day is None:
        return np.zeros(0, np.int64)
    last = scope.last_day if until is None else until
    weeks = max(0, (last - scope.first_day + 1) // WEEK)
    return scope.first_day - 1 + WEEK * np.arange(1, weeks + 1, dtype=np.int64)
