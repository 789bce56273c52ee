"""Asymptotic confidence sequence: an interval of a mean without a bound, at every late look."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def asymptotic_sequence(
    n: ArrayLike, total: ArrayLike, squares: ArrayLike, alpha: float, t_opt: float
) -> tuple[Numbers, Numbers]:
    """Return the two-sided interval of a mean that is valid at every look, for large counts.

    Parameters
    ----------
    n, total, squares
        Cases, sum and sum of squares of their values.
    alpha
        Two-sided error.
    t_opt
        Number of cases at which it is narrowest.

    Returns
    -------
    low, high
        Arrays; minus and plus infinity where there are fewer than two cases.

    Notes
    -----
    Asymptotic: it needs a burn-in, registered before, and independent cases with a finite
    variance. A gate that must not err uses a bounded value and `atoms` instead.

    References
    ----------
    Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), doi:10.1214/24-AOS2408.

    Examples
    --------
    >>> low, high = asymptotic_sequence(1000, 13, 115, 0.05, 5000)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.023047, 0.049047)
    """
    cases, value, square = (np.asarray(a, float) for a in (n, total, squares))
    usable = cases >= 2
    size = np.where(usable, cases, 2)
    mean = value / size
    variance = np.maximum(square / size - mean**2, 0)
    log = -2 * math.log(alpha)
    rho2 = (log + math.log(log + 1)) / t_opt
    growth = size * rho2 + 1
    spread = np.sqrt(variance * 2 * growth / (size**2 * rho2) * np.log(np.sqrt(growth) / alpha))
    low, high = mean - spread, mean + spread
    return np.where(usable, low, -np.inf), np.where(usable, high, np.inf)
