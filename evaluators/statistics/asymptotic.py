"""Intervals of an unbounded mean that hold at every look, once there are enough cases."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr

from evaluators.statistics.moments import Moments
from evaluators.statistics.paired_means import fieller

Numbers = NDArray[np.float64]


def tuning(alpha: float, best_at: float) -> float:
    """Return the scale rho squared that makes the interval narrowest after `best_at` cases.

    References
    ----------
    Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), doi:10.1214/24-AOS2408, appendix B.2.

    Examples
    --------
    >>> round(tuning(0.05, 5000), 8)
    0.00158723
    """
    level = -2 * math.log(alpha)
    return (level + math.log(level + 1)) / best_at


def reach(n: ArrayLike, alpha: float, best_at: float) -> Numbers:
    """Return how many standard errors of the mean the interval reaches to both sides.

    Parameters
    ----------
    n
        Independent units so far: cases, or days.
    alpha
        Two-sided error at any number of looks.
    best_at
        Units after which it is to be narrowest; fixed before the data.

    Notes
    -----
    ``sqrt(2 (n rho^2 + 1) / (n rho^2) * log(sqrt(n rho^2 + 1) / alpha))``, Robbins' normal
    mixture. Infinite without a unit.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408, theorem 2.2; Robbins (1970),
    doi:10.1214/aoms/1177696786.

    Examples
    --------
    >>> round(float(reach(56, 0.05, 56)), 3)
    3.035
    """
    units = np.asarray(n, float) * tuning(alpha, best_at)
    with np.errstate(divide="ignore"):
        return np.where(
            units > 0,
            np.sqrt(2 * (units + 1) / units * np.log(np.sqrt(units + 1) / alpha)),
            np.inf,
        )


def asymptotic_sequence(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, alpha: float, best_at: float
) -> tuple[Numbers, Numbers]:
    """Return the two-sided interval of the mean of independent cases, valid at every look.

    Parameters
    ----------
    n, total, squares
        Cases, sum and sum of squares of their values.

    Returns
    -------
    low, high
        Minus and plus infinity where there are fewer than two cases.

    Notes
    -----
    It needs no bound, only a finite variance, and holds in the limit: **do not look** before 200
    cases, or 20 clusters, and do not feed it cases of one day as if they were independent.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408, theorem 2.2.

    Examples
    --------
    >>> low, high = asymptotic_sequence(1000, 13, 115, 0.05, 5000)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.023047, 0.049047)
    """
    cases, mean, error = _mean(n, total, squares)
    usable = cases >= 2
    half = reach(cases, alpha, best_at) * error
    return np.where(usable, mean - half, -np.inf), np.where(usable, mean + half, np.inf)


def asymptotic_lower(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, alpha: float, best_at: float
) -> Numbers:
    """Return the one-sided lower bound of the mean, valid at every look; after the burn-in.

    Notes
    -----
    The mixture over half a normal distribution: the S that solves ``log 2 - log(v)/2 +
    S^2 rho^2 / (2 v) + log Phi(S rho / sqrt(v)) = log(1 / alpha)`` with v = n rho^2 + 1, by
    halving, since it grows with S.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408; Howard, Ramdas, McAuliffe & Sekhon
    (2021), doi:10.1214/20-AOS1991.

    Examples
    --------
    >>> round(float(asymptotic_lower(1000, 13, 115, 0.025, 5000)), 6)
    -0.023069
    """
    cases, mean, error = _mean(n, total, squares)
    scale = tuning(2 * alpha, best_at)
    v = cases * scale + 1
    low, high = np.zeros(cases.shape), 50 * np.sqrt(v / scale * (np.log(v) + 10 - math.log(alpha)))
    for _ in range(100):
        s = (low + high) / 2
        log_e = math.log(2) - np.log(v) / 2 + s * s * scale / (2 * v)
        beyond = log_e + log_ndtr(s * math.sqrt(scale) / np.sqrt(v)) >= -math.log(alpha)
        low, high = np.where(beyond, low, s), np.where(beyond, s, high)
    with np.errstate(divide="ignore", invalid="ignore"):
        return mean - high / np.sqrt(cases) * error


def asymptotic_ratio(losses: Moments, alpha: float, best_at: float) -> tuple[Numbers, Numbers]:
    """Return the ratios mean y / mean x that no look has ruled out; NaN where not bounded.

    Notes
    -----
    Those r for which 0 lies in the interval of the mean of ``y - r x``: Fieller's idea with an
    interval that holds at every look. After the burn-in only.

    References
    ----------
    Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x; Waudby-Smith et al. (2024),
    doi:10.1214/24-AOS2408.
    """
    size = np.maximum(losses.n, 1) ** 2
    parts = (losses.m2_x / size, losses.m2_y / size, losses.cross / size)
    return fieller(losses.mean_x, losses.mean_y, *parts, reach(losses.n, alpha, best_at))


def _mean(n: ArrayLike, total: ArrayLike, squares: ArrayLike) -> tuple[Numbers, Numbers, Numbers]:
    cases, sums, more = (np.asarray(a, float) for a in (n, total, squares))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(cases > 0, sums / cases, np.nan)
        return cases, mean, np.sqrt(np.maximum(more / cases - mean**2, 0) / cases)
