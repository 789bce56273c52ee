"""How many of several segments are good, all together: partial conjunction of e-values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Combine = Callable[[ArrayLike], Numbers]


def products(log_e: ArrayLike) -> Numbers:
    """Return log e-values against "fewer than k are good", for k = 1 .. G along the last axis.

    Parameters
    ----------
    log_e
        Log e-values of G segments that share no case, shape (..., G).

    Notes
    -----
    If fewer than k are good then at least ``m = G - k + 1`` are not; the product of the m
    smallest e-values is at most that of any m of them, so it is an e-value too. Needs segments
    without a common case; use `means` where they overlap.

    References
    ----------
    Benjamini & Heller (2008), doi:10.1111/j.1541-0420.2007.00984.x; Vovk & Wang (2021),
    doi:10.1214/20-AOS2020.

    Examples
    --------
    >>> products(np.log([100.0, 0.5, 8.0])).round(3).tolist()
    [5.991, 1.386, -0.693]
    """
    ordered = np.sort(np.asarray(log_e, float), axis=-1)
    return np.flip(np.cumsum(ordered, axis=-1), axis=-1)


def means(log_e: ArrayLike) -> Numbers:
    """Return the same as `products` for segments that may share cases: means of the smallest.

    References
    ----------
    Vovk & Wang (2021), doi:10.1214/20-AOS2020.

    Examples
    --------
    >>> np.exp(means(np.log([100.0, 0.5, 8.0]))).round(3).tolist()
    [36.167, 4.25, 0.5]
    """
    ordered = np.sort(np.asarray(log_e, float), axis=-1)
    sums = np.logaddexp.accumulate(ordered, axis=-1)
    return np.flip(sums - np.log(np.arange(1, ordered.shape[-1] + 1)), axis=-1)


def good_at_least(log_e: ArrayLike, alpha: float, combine: Combine = products) -> NDArray[np.int64]:
    """Return a lower bound on the number of good segments, valid at every look.

    The largest k for which "fewer than k are good" is ruled out at `alpha`; 0 where none is.

    References
    ----------
    Goeman & Solari (2011), doi:10.1214/11-STS356.

    Examples
    --------
    >>> int(good_at_least(np.log([1e4, 1e4, 0.3]), 0.05))
    2
    """
    ruled_out = combine(log_e) >= -np.log(alpha)
    size = ruled_out.shape[-1]
    found: NDArray[np.int64] = (np.arange(1, size + 1) * ruled_out).max(axis=-1, initial=0)
    return found
