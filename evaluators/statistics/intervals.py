"""Intervals for one look at a fixed number of cases: Wilson's for a share, Tango's for a pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtr, ndtri

Numbers = NDArray[np.float64]

_HALVINGS = 60


def wilson(hits: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> tuple[Numbers, Numbers]:
    """Return the score interval of a share; 0 to 1 where there is no case.

    Notes
    -----
    For one look at independent cases. Looked at every day it misses the truth far more often
    than `alpha` says; use `betting.share_sequence` there.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> low, high = wilson(118, 125)
    >>> round(float(low), 6), round(float(high), 6)
    (0.888912, 0.972612)
    """
    total, yes = np.asarray(n, float), np.asarray(hits, float)
    z2 = float(ndtri(1 - alpha / 2)) ** 2
    centre = yes + z2 / 2
    inner = yes * (total - yes) / np.where(total > 0, total, 1) + z2 / 4
    spread = np.sqrt(z2 * np.maximum(inner, 0))
    low, high = (centre - spread) / (total + z2), (centre + spread) / (total + z2)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def share_p_value(hits: ArrayLike, n: ArrayLike, share: float) -> Numbers:
    """Return the two-sided p-value of the score test of a share; 1 where there is no case.

    Notes
    -----
    The test that `wilson` inverts: at most alpha exactly where `share` lies outside its interval.
    For one look at independent cases; among many tests adjust it, e.g. by `multiplicity.holm`. A
    `share` of 0 or 1 is refuted by no number of cases.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> share_p_value([118, 0], [125, 0], 0.9).round(6).tolist()
    [0.10105, 1.0]
    """
    total, yes = np.asarray(n, float), np.asarray(hits, float)
    spread = np.sqrt(total * share * (1 - share))
    beyond = np.abs(yes - total * share)
    z = np.divide(beyond, spread, out=np.zeros_like(spread), where=spread > 0)
    found: Numbers = 2 * ndtr(-z)
    return found


def clopper_pearson(hits: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> tuple[Numbers, Numbers]:
    """Return the exact interval of a share; 0 to 1 where there is no case.

    Notes
    -----
    For one look at independent cases, with at least the stated coverage whatever the share; wider
    than Wilson's.

    References
    ----------
    Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404.

    Examples
    --------
    >>> low, high = clopper_pearson(3, 50)
    >>> round(float(low), 6), round(float(high), 6)
    (0.012549, 0.165482)
    """
    yes, total = np.broadcast_arrays(np.asarray(hits, float), np.asarray(n, float))
    no = total - yes
    low = betaincinv(np.where(yes > 0, yes, 1), no + 1, alpha / 2)
    high = betaincinv(yes + 1, np.where(no > 0, no, 1), 1 - alpha / 2)
    return np.where(yes > 0, low, 0.0), np.where(no > 0, high, 1.0)


def tango_z(n: ArrayLike, b: ArrayLike, c: ArrayLike, difference: ArrayLike) -> Numbers:
    """Return the score statistic of a paired difference against `difference`.

    Notes
    -----
    Standard normal when the true difference is `difference`; ``Z = tango_z(n, b, c, -margin)``
    tests non-inferiority at one look.

    References
    ----------
    Tango (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B.

    Examples
    --------
    >>> round(float(tango_z(1000, 64, 51, -0.02)), 6)
    3.019243
    """
    total, wins, losses, d = (np.asarray(a, float) for a in (n, b, c, difference))
    double = 2 * total
    linear = -wins - losses + (double - wins + losses) * d
    constant = -losses * d * (1 - d)
    root = np.sqrt(np.maximum(linear**2 - 4 * double * constant, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (root - linear) / (2 * double)
        spread = np.sqrt(np.maximum(total * (2 * share + d * (1 - d)), 0))
        gap = wins - losses - total * d
        z: Numbers = np.where(gap == 0, 0.0, gap / spread)
    return z


def tango(n: ArrayLike, b: ArrayLike, c: ArrayLike, alpha: float = 0.05) -> tuple[Numbers, Numbers]:
    """Return the score interval of a paired difference; -1 to 1 where there is no case.

    Notes
    -----
    For reports that are not looked at repeatedly, and for planning. The statistic falls in the
    difference, so each limit is found by halving.

    References
    ----------
    Tango (1998), as in `tango_z`.

    Examples
    --------
    >>> low, high = tango(1000, 64, 51)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.008131, 0.034403)
    """
    total, wins, losses = np.broadcast_arrays(*(np.asarray(a, float) for a in (n, b, c)))
    z = float(ndtri(1 - alpha / 2))
    low = _limit(total, wins, losses, z)
    return low, -_limit(total, losses, wins, z)


def _limit(n: Numbers, b: Numbers, c: Numbers, z: float) -> Numbers:
    centre = np.where(n > 0, (b - c) / np.where(n > 0, n, 1), -1.0)
    low, high = np.full(n.shape, -1.0), centre.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        beyond = tango_z(n, b, c, middle) > z
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return np.where(n > 0, (low + high) / 2, -1.0)
