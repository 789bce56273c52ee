"""What the days still to come will cost, from the days so far: a range, and when money runs out."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

Numbers = NDArray[np.float64]

LEAST_DAYS = 5
"""Days of spending below which their spread says too little to foresee anything."""


def foreseen(daily: ArrayLike, days: int, alpha: float = 0.05) -> tuple[Numbers, Numbers]:
    """Return the least and the most that the next 1, 2, ... days will cost in all.

    Parameters
    ----------
    daily
        What each of the latest days cost, days without a record being 0.
    days
        Days ahead.

    Returns
    -------
    tuple of numpy.ndarray
        Two arrays of length `days`; all of it infinite or 0 with fewer than five days.

    Notes
    -----
    The prediction interval of the sum of m further values of a normal sample of k,
    ``m mean ± t s sqrt(m + m**2 / k)``, each m by itself. Days are taken as independent and alike;
    costs cannot be negative, and what has been spent is not given back.

    References
    ----------
    Hahn & Meeker (1991), *Statistical Intervals*, section 4.8.

    Examples
    --------
    >>> low, high = foreseen([10.0] * 7, 3)
    >>> low.tolist(), high.tolist()
    ([10.0, 20.0, 30.0], [10.0, 20.0, 30.0])
    """
    spent = np.asarray(daily, float)
    k, m = len(spent), np.arange(1, days + 1, dtype=float)
    if k < LEAST_DAYS:
        return np.zeros(days), np.full(days, np.inf)
    reach = float(stdtrit(k - 1, 1 - alpha / 2)) * float(spent.std(ddof=1))
    spread = reach * np.sqrt(m + m**2 / k)
    middle = m * spent.mean()
    low = np.maximum.accumulate(np.maximum(middle - spread, 0.0)) if days else middle
    return low, middle + spread


def runs_out(left: float, low: Numbers, high: Numbers) -> tuple[int | None, int | None]:
    """Return the first day ahead on which money may, and on which it must, have run out.

    Parameters
    ----------
    left
        What is left of the budget.
    low, high
        As `foreseen` gives them; None where it does not happen within these days.

    Examples
    --------
    >>> runs_out(25.0, *foreseen([9.0, 10.0, 11.0, 10.0, 10.0], 5))
    (3, 3)
    >>> runs_out(99.0, *foreseen([10.0] * 7, 3)), runs_out(-1.0, *foreseen([10.0] * 7, 3))
    ((None, None), (0, 0))
    """
    if left < 0:
        return 0, 0

    def first(ends: Numbers) -> int | None:
        over = np.flatnonzero(ends > left)
        return int(over[0]) + 1 if len(over) else None

    return first(high), first(low)
