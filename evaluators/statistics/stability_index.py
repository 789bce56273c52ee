"""How far two histograms lie apart: population stability index and Jensen-Shannon distance.

Both grow with chance differences of small samples, so each comes with what chance alone explains.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri, xlogy

from evaluators.statistics.homogeneity import tail

Numbers = NDArray[np.float64]

HALF_CASE = 0.5
"""Pseudo-count per bin that keeps the index finite where a bin is new or has gone."""


def psi(reference: ArrayLike, current: ArrayLike, pseudo: float = HALF_CASE) -> Numbers:
    """Return the population stability index ``sum (p - q) ln(p / q)``.

    Parameters
    ----------
    reference, current
        Counts of shape (..., bins).
    pseudo
        Added to each bin that is occupied in either; with 0, a bin that only one has gives
        infinity.

    Returns
    -------
    array (...,)
        Not negative; 0 for equal shares. NaN where a histogram is empty.

    Notes
    -----
    Symmetric: Jeffreys' divergence of the two. Depends on the bins, so edges must be frozen.

    References
    ----------
    Jeffreys (1946), doi:10.1098/rspa.1946.0056; Yurdakul & Naranjo (2020),
    doi:10.21314/JRMV.2020.227.

    Examples
    --------
    >>> round(float(psi([50, 50], [60, 40], 0)), 4)
    0.0405
    """
    a, b = np.broadcast_arrays(np.asarray(reference, float), np.asarray(current, float))
    used = (a + b) > 0
    p, q = _shares(a, used, pseudo), _shares(b, used, pseudo)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(used & (p != q), (p - q) * (np.log(p) - np.log(q)), 0)
    return np.where((a.sum(axis=-1) > 0) & (b.sum(axis=-1) > 0), terms.sum(axis=-1), np.nan)


def by_chance(n: ArrayLike, m: ArrayLike, df: ArrayLike) -> Numbers:
    """Return the index that is expected without any drift: ``(1/n + 1/m) (B - 1)``.

    Parameters
    ----------
    n, m
        Independent cases in the reference and in the current sample.
    df
        Occupied bins less one.

    Examples
    --------
    >>> float(by_chance(1000, 500, 5))
    0.015
    """
    return np.asarray(_scale(n, m) * np.asarray(df, float))


def critical_psi(n: ArrayLike, m: ArrayLike, df: ArrayLike, alpha: float = 0.05) -> Numbers:
    """Return the index that chance alone exceeds with probability alpha.

    It is also the least shift that so few cases can show: a practical limit below it cannot be
    judged. Infinite without cases, 0 without a degree of freedom.

    Notes
    -----
    Without drift the index is about ``(1/n + 1/m)`` times a chi-square with B - 1 degrees of
    freedom; a little conservative below some ten cases a bin.

    References
    ----------
    Yurdakul & Naranjo (2020), doi:10.21314/JRMV.2020.227; Potgieter et al. (2023),
    arXiv:2307.11878.

    Examples
    --------
    >>> round(float(critical_psi(1000, 500, 5)), 4)
    0.0332
    """
    free = np.asarray(df, float)
    bound = np.where(free > 0, chdtri(np.maximum(free, 1), alpha), 0.0)
    scale = _scale(n, m)
    with np.errstate(invalid="ignore"):  # no cases and no degree of freedom
        return np.where(bound > 0, scale * bound, np.where(np.isinf(scale), np.inf, 0.0))


def psi_p_value(value: ArrayLike, n: ArrayLike, m: ArrayLike, df: ArrayLike) -> Numbers:
    """Return the chance of an index at least so large without drift; as `critical_psi`.

    Examples
    --------
    >>> float(psi_p_value(0.0332114931, 1000, 500, 5).round(6))
    0.05
    """
    with np.errstate(invalid="ignore"):
        return tail(np.asarray(value, float) / _scale(n, m), df)


def cases_to_tell(n: ArrayLike, df: ArrayLike, limit: float, alpha: float = 0.05) -> Numbers:
    """Return the current cases at which the critical index comes down to a limit.

    Infinite where the reference of `n` independent cases is too small for it by itself.

    Examples
    --------
    >>> float(cases_to_tell(1000, 9, 0.1).round(1)), float(cases_to_tell(100, 9, 0.1))
    (203.6, inf)
    """
    free, size = np.asarray(df, float), np.asarray(n, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = limit / chdtri(np.maximum(free, 1), alpha) - 1 / size
        needed = np.where(left > 0, 1 / left, np.inf)
    return np.where(free > 0, needed, 0.0)


def js_divergence(reference: ArrayLike, current: ArrayLike) -> Numbers:
    """Return the Jensen-Shannon divergence of two histograms, equal weights, in nats.

    Between 0 and ln 2, finite whatever bins are empty; its square root is a distance. NaN where
    a histogram is empty.

    References
    ----------
    Lin (1991), doi:10.1109/18.61115; Endres & Schindelin (2003), doi:10.1109/TIT.2003.813506.

    Examples
    --------
    >>> float(js_divergence([1, 0], [0, 1]).round(6))
    0.693147
    """
    a, b = np.broadcast_arrays(np.asarray(reference, float), np.asarray(current, float))
    used = np.ones(a.shape, np.bool_)
    p, q = _shares(a, used, 0), _shares(b, used, 0)
    middle = (p + q) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [xlogy(x, np.where(x > 0, x / middle, 1)).sum(axis=-1) for x in (p, q)]
    return np.asarray(np.maximum((parts[0] + parts[1]) / 2, 0))


def js_distance(reference: ArrayLike, current: ArrayLike) -> Numbers:
    """Return the Jensen-Shannon distance, the root of the divergence."""
    return np.asarray(np.sqrt(js_divergence(reference, current)))


def critical_js(n: ArrayLike, m: ArrayLike, df: ArrayLike, alpha: float = 0.05) -> Numbers:
    """Return the distance that chance alone exceeds with probability alpha.

    Notes
    -----
    ``8 JS nm / (n + m)`` is about chi-square with B - 1 degrees of freedom: near equality the
    divergence is an eighth of the index.

    References
    ----------
    Grosse et al. (2002), doi:10.1103/PhysRevE.65.041905.

    Examples
    --------
    >>> round(float(critical_js(1000, 500, 5)), 4)
    0.0644
    """
    return np.asarray(np.sqrt(critical_psi(n, m, df, alpha) / 8))


def js_p_value(distance: ArrayLike, n: ArrayLike, m: ArrayLike, df: ArrayLike) -> Numbers:
    """Return the chance of a distance at least so large without drift; as `critical_js`."""
    return psi_p_value(8 * np.asarray(distance, float) ** 2, n, m, df)


def _scale(n: ArrayLike, m: ArrayLike) -> Numbers:
    with np.errstate(divide="ignore"):
        return np.asarray(1 / np.asarray(n, float) + 1 / np.asarray(m, float))


def _shares(counts: Numbers, used: NDArray[np.bool_], pseudo: float) -> Numbers:
    filled = counts + pseudo * used
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(filled / filled.sum(axis=-1, keepdims=True))
