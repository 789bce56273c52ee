"""Whole-study measures by day: their sums, shares with the spread of their days, and means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.columns import NO_DAY, Columns
from evaluators.pairs.day_clusters import Shares
from evaluators.statistics.asymptotic import asymptotic_sequence
from evaluators.statistics.clusters import ClusterSums

Numbers = NDArray[np.float64]

T_OPT = 60
"""Days at which the interval of a daily mean is narrowest."""


def column(table: Columns, name: str) -> NDArray[np.int64]:
    """Return a column as 64-bit integers; empty where the table is."""
    if len(table) == 0:
        return np.zeros(0, np.int64)
    return np.asarray(table[name], np.int64)


def days_of(table: Columns) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cohort days that occur, ascending, and the place of each row's day in them."""
    return np.unique(column(table, "cohort_day"), return_inverse=True)


def by_day(table: Columns, values: ArrayLike) -> Numbers:
    """Return the sums of a row's values per day, in the order of `days_of`."""
    days, at = days_of(table)
    weights = np.asarray(values, float)
    return np.asarray(np.bincount(at, weights=weights, minlength=len(days)), float)


def share_of(n: Numbers, hits: Numbers, dated: bool) -> Shares:
    """Return the share of hits, with the design effect of the days where there are any.

    Parameters
    ----------
    n, hits
        Per day.
    """
    effect = np.ones(1)
    if dated and len(n):
        effect = np.atleast_1d(ClusterSums.of(n, hits, hits).along(-1).design_effect())
    whole = np.array([n.sum()]).astype(np.int64), np.array([hits.sum()]).astype(np.int64)
    return Shares(whole[1], whole[0], effect)


def is_dated(table: Columns) -> bool:
    """Return whether a table's rows carry days."""
    days = column(table, "cohort_day")
    return bool(len(days)) and bool((days != NO_DAY).all())


@dataclass(frozen=True, slots=True)
class DailyMean:
    """A mean over records with its interval.

    Attributes
    ----------
    n
        Records.
    clusters
        Days with records; 0 where they carry none.
    """

    mean: float
    low: float
    high: float
    n: int
    clusters: int


def mean_of(n: Numbers, total: Numbers, squares: Numbers, dated: bool, alpha: float) -> DailyMean:
    """Return the mean of records given per day, with an interval for every late look.

    Notes
    -----
    Days are the independent units where there are two or more of them: the interval is that of the
    daily totals about the mean, by the asymptotic sequence. Without days records are taken as
    independent. Either is for large counts; with few days it is too sure of itself.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408.

    Examples
    --------
    >>> found = mean_of(np.full(60, 10.0), np.full(60, 20.0), np.full(60, 40.0), True, 0.05)
    >>> found.mean, found.low, found.high, found.n
    (2.0, 2.0, 2.0, 600)
    """
    records = float(n.sum())
    if records == 0:
        return DailyMean(np.nan, np.nan, np.nan, 0, 0)
    mean = float(total.sum()) / records
    days = int((n > 0).sum())
    if dated:
        gap = (total - mean * n)[n > 0] * (days / records)
        low, high = asymptotic_sequence(days, 0.0, float((gap**2).sum()), alpha, T_OPT)
    else:
        spread = max(0.0, float(squares.sum()) - records * mean**2)
        low, high = asymptotic_sequence(records, 0.0, spread, alpha, 1000)
    return DailyMean(mean, mean + float(low), mean + float(high), int(records), days * dated)
