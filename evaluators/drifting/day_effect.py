"""How much less the cases of a day tell than as many independent ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.statistics.overdispersion import overdispersion
from evaluators.weeks import WEEK

_ENOUGH = 20
"""Degrees of freedom from which the spread between weeks is worth estimating by itself."""


def effect_of(days: ArrayLike) -> NDArray[np.float64]:
    """Return how much less the cases of a day tell than independent ones; at least 1.

    Parameters
    ----------
    days
        Cases of whole weeks, day by day; shape (..., days, bins).

    Notes
    -----
    The larger of two dispersions: days against days of the same weekday, and, where there are
    enough bins and weeks to estimate it, weeks against each other. A weekly cycle counts in
    neither, since whole weeks are compared.

    Examples
    --------
    >>> float(effect_of(np.full((28, 3), 10)))
    1.0
    """
    counts = np.asarray(days, float)
    weeks = counts.shape[-2] // WEEK
    by_day, df = overdispersion(counts, np.arange(weeks * WEEK) % WEEK)
    # In one week there are no two days of the same weekday.
    alone, _ = overdispersion(counts, np.zeros(weeks * WEEK, np.int64))
    by_day = np.where(df > 0, by_day, alone)
    shape = (*counts.shape[:-2], weeks, WEEK, counts.shape[-1])
    by_week, freedom = overdispersion(counts.reshape(shape).sum(axis=-2), np.zeros(weeks, np.int64))
    slow = np.where(freedom >= _ENOUGH, by_week, 1.0)
    found: NDArray[np.float64] = np.maximum(1.0, np.fmax(np.nan_to_num(by_day, nan=1.0), slow))
    return found
