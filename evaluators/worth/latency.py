"""Response times from their histogram: percentiles with intervals, and answers beyond a limit."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import Columns
from evaluators.pairs.day_clusters import Shares
from evaluators.statistics.shares import share_sequence
from evaluators.worth.counted import by_day, column, is_dated, share_of

Numbers = NDArray[np.float64]

STEPS = 20
"""Bins in a doubling."""


def edge(bin_: int | NDArray[np.int64]) -> Numbers:
    """Return the time in milliseconds from which on a bin holds.

    Examples
    --------
    >>> float(edge(20)), float(edge(0))
    (1.0, 0.0)
    """
    return np.asarray(np.exp2(np.asarray(bin_) / STEPS) - 1, float)


def slower(table: Columns, limit: float) -> NDArray[np.bool_]:
    """Return for each row whether its answers may have taken longer than the limit.

    The bin that holds the limit counts as slower unless it begins at it: in doubt, against the
    candidate.
    """
    bins = column(table, "latency_bin")
    found: NDArray[np.bool_] = bins >= math.floor(STEPS * math.log2(limit + 1) + 1e-9)
    return found


def slow_share(table: Columns, limit: float) -> Shares:
    """Return the share of answers that took longer than the limit, over all days."""
    answered = column(table, "answered")
    n = by_day(table, answered)
    return share_of(n, by_day(table, answered * slower(table, limit)), is_dated(table))


def quantile(table: Columns, share: float, alpha: float) -> tuple[float, float, float, int]:
    """Return a percentile in milliseconds, its interval and the number of answers.

    Notes
    -----
    The interval holds the times x for which the share of answers up to x may be `share`, by the
    sequence of shares that is valid at every look; counts are divided by the design effect of the
    days at the estimate. An end is the edge of a bin, outwards.

    References
    ----------
    Howard & Ramdas (2022), doi:10.3150/21-BEJ1388; Waudby-Smith & Ramdas (2024),
    doi:10.1093/jrsssb/qkad009.
    """
    answered = column(table, "answered")
    total = int(answered.sum())
    if total == 0:
        return math.nan, math.nan, math.nan, 0
    bins, at = np.unique(column(table, "latency_bin"), return_inverse=True)
    upto = np.cumsum(np.bincount(at, weights=answered, minlength=len(bins)))
    place = int(np.searchsorted(upto, share * total))
    inside = answered * (at <= place)
    effect = share_of(by_day(table, answered), by_day(table, inside), is_dated(table)).effect[0]
    low, high = share_sequence(upto / effect, np.full(len(bins), total / effect), alpha)
    first = int(np.argmax(high >= share))
    above = np.flatnonzero(low > share)
    last = int(bins[above[0]]) + 1 if len(above) else int(bins[-1]) + 1
    middle = (float(edge(bins[place])) + float(edge(bins[place] + 1))) / 2
    return (
        middle,
        float(edge(bins[min(first, place)])),
        float(edge(max(last, bins[place] + 1))),
        total,
    )
