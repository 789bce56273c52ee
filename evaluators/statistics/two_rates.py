"""Two shares of different cases against each other, at one look."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from evaluators.statistics.intervals import wilson

Numbers = NDArray[np.float64]


def newcombe_of_two(
    hits: ArrayLike, n: ArrayLike, other_hits: ArrayLike, other_n: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers]:
    """Return the interval of a share minus another one; -1 to 1 where one has no case.

    Notes
    -----
    Wilson's limits of both, combined as squares. For one look at independent cases.

    References
    ----------
    Newcombe (1998), method 10,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> low, high = newcombe_of_two(56, 70, 48, 80)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    x, m, y, k = (np.asarray(a, float) for a in (hits, n, other_hits, other_n))
    l1, u1 = wilson(x, m, alpha)
    l2, u2 = wilson(y, k, alpha)
    known = (m > 0) & (k > 0)
    p, q = x / np.where(m > 0, m, 1), y / np.where(k > 0, k, 1)
    low = p - q - np.sqrt((p - l1) ** 2 + (u2 - q) ** 2)
    high = p - q + np.sqrt((u1 - p) ** 2 + (q - l2) ** 2)
    return np.where(known, low, -1.0), np.where(known, high, 1.0)


def two_rates_p(
    hits: ArrayLike, n: ArrayLike, other_hits: ArrayLike, other_n: ArrayLike
) -> Numbers:
    """Return the two-sided p-value of "both shares are the same" by the pooled score test.

    Notes
    -----
    Pearson's chi-squared without correction; 1 where one has no case or nothing varies.

    References
    ----------
    Pearson (1900); Campbell (2007), doi:10.1002/sim.2832.

    Examples
    --------
    >>> round(float(two_rates_p(56, 70, 48, 80)), 4)
    0.008
    """
    x, m, y, k = (np.asarray(a, float) for a in (hits, n, other_hits, other_n))
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (x + y) / (m + k)
        z = (x / m - y / k) / np.sqrt(pooled * (1 - pooled) * (1 / m + 1 / k))
    return np.where(np.isfinite(z), 2 * ndtr(-np.abs(np.nan_to_num(z))), 1.0)
