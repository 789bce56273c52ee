"""How far a distribution of numbers has moved, read from two histograms with the same edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import kolmogorov

Numbers = NDArray[np.float64]


def ks_distance(reference: ArrayLike, current: ArrayLike) -> Numbers:
    """Return the largest difference of the two distribution functions at the edges.

    Parameters
    ----------
    reference, current
        Counts of shape (..., bins), bins in ascending order.

    Returns
    -------
    array (...,)
        Between 0 and 1; at most the distance of the raw values, which may lie inside a bin. NaN
        where a histogram is empty.

    Examples
    --------
    >>> float(ks_distance([1, 1, 2], [2, 1, 1]))
    0.25
    """
    return np.asarray(np.abs(_gap(reference, current)).max(axis=-1))


def ks_p_value(distance: ArrayLike, n: ArrayLike, m: ArrayLike) -> Numbers:
    """Return the chance of a distance at least so large without drift, in large samples.

    Notes
    -----
    The limit of the two-sample statistic, ``P(sqrt(nm / (n + m)) D > x)``. Conservative for
    binned values, and the more so the fewer bins there are.

    References
    ----------
    Kolmogorov (1933); Smirnov (1948), doi:10.1214/aoms/1177730256; Noether (1963) for ties,
    doi:10.1007/BF02613978.

    Examples
    --------
    >>> round(float(ks_p_value(0.07, 1000, 500)), 4)
    0.0763
    """
    size, other = np.asarray(n, float), np.asarray(m, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(size * other / (size + other))
    return np.asarray(kolmogorov(root * np.asarray(distance, float)))


def wasserstein(reference: ArrayLike, current: ArrayLike, at: ArrayLike) -> Numbers:
    """Return the first Wasserstein distance: how far a case has to move, on average.

    Parameters
    ----------
    reference, current
        Counts of shape (..., bins).
    at
        Where a bin's cases stand, ascending, e.g. the mean of its reference values; same shape.

    Returns
    -------
    array (...,)
        In the unit of `at`; divide by the reference's standard deviation to compare features.
        Cases beyond the outer edges stand where the outer bins do, so a far shift of few cases is
        told too small. NaN where a histogram is empty.

    References
    ----------
    Vallender (1974), doi:10.1137/1118101.

    Examples
    --------
    >>> float(wasserstein([1, 1, 0], [0, 1, 1], [0.0, 1.0, 2.0]))
    1.0
    """
    steps = np.diff(np.asarray(at, float), axis=-1)
    return np.asarray((np.abs(_gap(reference, current))[..., :-1] * steps).sum(axis=-1))


def permuted_wasserstein(
    reference: ArrayLike, current: ArrayLike, at: ArrayLike, draws: int = 999, seed: int = 1
) -> Numbers:
    """Return distances under random relabelling of the cases; shape (draws,).

    Parameters
    ----------
    reference, current
        Whole counts of shape (bins,), of one pair of histograms.

    Notes
    -----
    Which of all cases are the current ones is drawn anew: of a histogram that is a multivariate
    hypergeometric draw, so no case has to be seen. The p-value ``(1 + sum(drawn >= found)) /
    (1 + draws)`` is exact where cases are independent.

    References
    ----------
    Phipson & Smyth (2010), doi:10.2202/1544-6115.1585.

    Examples
    --------
    >>> permuted_wasserstein([5, 5], [5, 5], [0.0, 1.0], draws=3).shape
    (3,)
    """
    both = np.asarray(reference, np.int64) + np.asarray(current, np.int64)
    size = int(np.asarray(current, np.int64).sum())
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_hypergeometric(both, size, size=draws, method="marginals")
    return wasserstein(both - drawn, drawn, at)


def wasserstein_p_value(
    reference: ArrayLike, current: ArrayLike, at: ArrayLike, draws: int = 999, seed: int = 1
) -> float:
    """Return the permutation p-value of the distance; NaN where a histogram is empty.

    Examples
    --------
    >>> wasserstein_p_value([50, 50], [0, 50], [0.0, 1.0], draws=99)
    0.01
    """
    found = float(wasserstein(reference, current, at))
    if np.isnan(found):
        return float("nan")
    drawn = permuted_wasserstein(reference, current, at, draws, seed)
    # Relabelled distances that are the same number may differ in the last bit.
    return float((1 + (drawn >= found * (1 - 1e-9)).sum()) / (1 + draws))


def _gap(reference: ArrayLike, current: ArrayLike) -> Numbers:
    a, b = np.asarray(reference, float), np.asarray(current, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [np.cumsum(x, axis=-1) / x.sum(axis=-1, keepdims=True) for x in (a, b)]
    return np.asarray(ends[0] - ends[1])
