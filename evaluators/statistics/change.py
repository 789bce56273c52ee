"""Has the difference fallen since? Detectors that may run for years, day after day.

An interval over all cases so far answers slowly when something changes late: the good past
outweighs the bad present. A detector weighs every possible day of the change at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def log_detector(log_growth: ArrayLike) -> Numbers:
    """Return the logarithm of the Shiryaev-Roberts e-detector day by day.

    Parameters
    ----------
    log_growth
        Log growth of every bet's stake on each day, shape (..., days, bets), as
        `betting.log_growth` gives it for production's wins against the candidate's.

    Returns
    -------
    array of shape (..., days)

    Notes
    -----
    ``M <- (M + 1) L`` for each bet, and the mean over the bets: the sum, over all days on which
    the change may have come, of the evidence since. While the difference stays at or above the
    floor, ``mean(M) - days`` gains nothing on average, so an alarm at A comes on average not
    before A days, whatever the distribution. It needs a mean at or above the floor given the
    past; deflate counts where days differ.

    References
    ----------
    Shin, Ramdas & Rinaldo (2024), doi:10.1214/23-EJS2191.

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid, log_growth
    >>> days = log_growth([100, 100, 100], [5, 8, 9], [5, 3, 2], 0.0, general_grid())
    >>> np.exp(log_detector(days)).round(6).tolist()
    [0.811482, 2.638814, 11.302619]
    """
    growth = np.asarray(log_growth, float)
    total = np.cumsum(growth, axis=-2)
    before = total - growth
    logs = total + np.logaddexp.accumulate(-before, axis=-2)
    found: Numbers = np.logaddexp.reduce(logs, axis=-1) - np.log(growth.shape[-1])
    return found


def strongest_since(log_growth: ArrayLike, start: ArrayLike = 0) -> NDArray[np.int64]:
    """Return since which day the evidence for a fall is strongest, seen from the last day.

    Parameters
    ----------
    log_growth
        As in `log_detector`, shape (..., days, bets), up to the day of the alarm.
    start
        First day that may be named, as a position; shape (...).

    Returns
    -------
    array of shape (...)
        Position of the estimated first day after the change.

    Notes
    -----
    The day that maximises the mixture e-value of all days from it on. An estimate without an
    interval, and a rough one for small changes.

    References
    ----------
    Shin, Ramdas & Rinaldo (2024), doi:10.1214/23-EJS2191.

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid, log_growth
    >>> days = log_growth([100] * 5, [3, 3, 9, 9, 9], [6, 6, 1, 1, 1], 0.0, general_grid())
    >>> int(strongest_since(days))
    2
    """
    growth = np.asarray(log_growth, float)
    since = np.flip(np.cumsum(np.flip(growth, axis=-2), axis=-2), axis=-2)
    strength = np.logaddexp.reduce(since, axis=-1)
    early = np.arange(growth.shape[-2]) < np.asarray(start)[..., None]
    found: NDArray[np.int64] = np.where(early, -np.inf, strength).argmax(axis=-1)
    return found


def bernoulli_cusum(n: ArrayLike, hits: ArrayLike, before: float, after: float) -> Numbers:
    """Return the CUSUM of a rate of errors day by day, along the last axis.

    Parameters
    ----------
    n, hits
        Cases and errors of each day.
    before, after
        The rate to be kept and the rate to be noticed, fractions between 0 and 1.

    Notes
    -----
    Each increment is a log likelihood ratio, so with an alarm at ``log(A)`` the exponential is
    an e-detector too. Quicker than `log_detector` where both rates are known; at a rate of
    errors just above `before` it says little.

    References
    ----------
    Page (1954), doi:10.1093/biomet/41.1-2.100.

    Examples
    --------
    >>> bernoulli_cusum([100, 100, 100], [10, 14, 18], 0.10, 0.13).round(6).tolist()
    [-0.427497, 0.757566, 2.700196]
    """
    total, errors = np.broadcast_arrays(np.asarray(n, float), np.asarray(hits, float))
    if not (0 < before < 1 and 0 < after < 1):
        raise ValueError("both rates must lie between 0 and 1")
    gain = errors * np.log(after / before)
    gain = gain + (total - errors) * np.log((1 - after) / (1 - before))
    path = np.cumsum(gain, axis=-1)
    start = np.concatenate([np.zeros((*path.shape[:-1], 1)), path[..., :-1]], axis=-1)
    found: Numbers = path - np.minimum.accumulate(start, axis=-1)
    return found
