"""Whether two histograms come from one distribution: chi-square, G, and many of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, xlogy

Numbers = NDArray[np.float64]

LEAST_EXPECTED = 5.0
"""Expected count below which a bin is put together with others."""


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """Tests of equal shares; arrays of the shape of the histograms without their last axis.

    Attributes
    ----------
    chi_square, g
        Pearson's and the likelihood-ratio statistic.
    p, g_p
        Their p-values; 1 where fewer than two bins are occupied.
    df
        Degrees of freedom, occupied bins less one; 0 where there is nothing to compare.
    """

    chi_square: Numbers
    p: Numbers
    g: Numbers
    g_p: Numbers
    df: Numbers


def merged(
    reference: ArrayLike, current: ArrayLike, least: float = LEAST_EXPECTED
) -> tuple[Numbers, Numbers]:
    """Return two histograms in which bins with small expected counts are one bin.

    Parameters
    ----------
    reference, current
        Counts of shape (..., bins), not negative.
    least
        Expected count that a bin must have in both histograms.

    Returns
    -------
    tuple of arrays (..., bins + 1)
        The last bin holds the small ones together; where even together they are too small, they
        join the smallest of the others. Bins that went elsewhere hold 0.

    Notes
    -----
    Which bins are small follows from the counts of both together, so that under equal shares the
    choice favours neither.

    References
    ----------
    Cochran (1954), doi:10.2307/3001616.

    Examples
    --------
    >>> a, b = merged([60, 36, 2, 2], [50, 45, 4, 1])
    >>> a.tolist(), b.tolist()
    ([60.0, 40.0, 0.0, 0.0, 0.0], [50.0, 50.0, 0.0, 0.0, 0.0])
    """
    a, b = np.broadcast_arrays(np.asarray(reference, float), np.asarray(current, float))
    both = a + b
    total = both.sum(axis=-1, keepdims=True)
    smaller = np.minimum(a.sum(axis=-1, keepdims=True), b.sum(axis=-1, keepdims=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(total > 0, both / total * smaller, 0.0)
    small = (expected < least) & (both > 0)
    rest = np.where(small, expected, 0).sum(axis=-1)
    large = np.where(small | (both == 0), np.inf, expected)
    smallest = np.argmin(large, axis=-1)
    joins = (rest > 0) & (rest < least) & np.isfinite(large.min(axis=-1))
    takes = joins[..., None] & (np.arange(a.shape[-1]) == smallest[..., None])

    def together(counts: Numbers) -> Numbers:
        gathered = np.where(small, counts, 0).sum(axis=-1)
        kept = np.where(small, 0, counts) + np.where(takes, gathered[..., None], 0)
        return np.concatenate([kept, np.where(joins, 0, gathered)[..., None]], axis=-1)

    return together(a), together(b)


def occupied(reference: ArrayLike, current: ArrayLike) -> NDArray[np.int64]:
    """Return the number of bins in which either histogram has something.

    Examples
    --------
    >>> int(occupied([3, 0, 0], [0, 0, 1]))
    2
    """
    both = np.asarray(reference, float) + np.asarray(current, float)
    return np.asarray((both > 0).sum(axis=-1), np.int64)


def homogeneity(reference: ArrayLike, current: ArrayLike) -> Homogeneity:
    """Return the tests that two histograms have equal shares; empty bins are dropped.

    Parameters
    ----------
    reference, current
        Counts of shape (..., bins). Both are samples: to treat the reference as exact would
        raise false alarms.

    Notes
    -----
    ``X2 = sum (O - E)**2 / E`` and ``G = 2 sum O ln(O / E)`` over the 2 x B table, without
    continuity correction, against chi-square with B - 1 degrees of freedom. Cases must be
    independent: divide counts by the design effect first. Merge small bins first (`merged`).

    References
    ----------
    Pearson (1900), doi:10.1080/14786440009463897; Agresti (2013), Categorical Data Analysis,
    section 3.2.

    Examples
    --------
    >>> found = homogeneity([60, 40], [50, 50])
    >>> round(float(found.chi_square), 4), float(found.df)
    (2.0202, 1.0)
    """
    a, b = np.broadcast_arrays(np.asarray(reference, float), np.asarray(current, float))
    both = a + b
    total = both.sum(axis=-1, keepdims=True)
    n, m = a.sum(axis=-1), b.sum(axis=-1)
    comparable = (n > 0) & (m > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(total > 0, both / total, 0)
        pairs = [(counts, size[..., None] * share) for counts, size in ((a, n), (b, m))]
        chi = sum(np.where(e > 0, (o - e) ** 2 / e, 0).sum(axis=-1) for o, e in pairs)
        g = sum(
            2 * np.where(e > 0, xlogy(o, np.where(o > 0, o / e, 1)), 0).sum(axis=-1)
            for o, e in pairs
        )
    df = np.where(comparable, np.maximum(occupied(a, b) - 1, 0), 0).astype(float)
    return Homogeneity(np.asarray(chi, float), tail(chi, df), np.asarray(g, float), tail(g, df), df)


def tail(statistic: ArrayLike, df: ArrayLike) -> Numbers:
    """Return the chance of a chi-square at least so large; 1 without a degree of freedom.

    Examples
    --------
    >>> tail([3.841458820694124, 5.0], [1, 0]).round(4).tolist()
    [0.05, 1.0]
    """
    value, free = np.broadcast_arrays(np.asarray(statistic, float), np.asarray(df, float))
    known = chdtrc(np.maximum(free, 1), np.maximum(value, 0))
    return np.where(free > 0, known, np.where(np.isnan(free), np.nan, 1.0))
