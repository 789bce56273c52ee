"""How many cases a comparison that is looked at once needs, and the power it then really has."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, betaln, ndtri, xlog1py, xlogy

from evaluators.statistics.intervals import tango_z

Numbers = NDArray[np.float64]

_TAIL = 1e-13
"""Probability left out at each end of an exact enumeration."""


def score_size(
    disagreement: ArrayLike,
    difference: ArrayLike,
    margin: ArrayLike,
    alpha: float = 0.025,
    power: float = 0.9,
) -> Numbers:
    """Return the cases a score test of non-inferiority needs for a power, looked at once.

    Parameters
    ----------
    disagreement, difference
        Expected, as fractions; `disagreement` at least the size of `difference`.
    margin
        Worst acceptable difference, positive.
    alpha
        One-sided error.

    Returns
    -------
    array
        Whole cases; infinite where the difference is not above ``-margin``.

    Notes
    -----
    ``n = (z_alpha sqrt(v0) + z_power sqrt(v1))**2 / (difference + margin)**2`` with the variance
    at the constrained maximum of the likelihood under the hypothesis. It presumes independent
    cases with every outcome known; looked at more than once the test loses its error.

    References
    ----------
    Nam (1997), doi:10.2307/2533508; Tango (1998), as in `intervals.tango_z`.

    Examples
    --------
    >>> score_size(0.10, [0.0, 0.01, -0.02], 0.02).tolist()
    [2676.0, 1201.0, inf]
    """
    psi, delta, limit = (np.asarray(a, float) for a in (disagreement, difference, margin))
    at = -limit
    wins, losses = (psi + delta) / 2, (psi - delta) / 2
    linear = -wins - losses + (2 - wins + losses) * at
    root = np.sqrt(np.maximum(linear**2 + 8 * losses * at * (1 - at), 0))
    under = 2 * (root - linear) / 4 + at * (1 - at)
    return _size(under, psi - delta**2, delta + limit, alpha, power)


def wald_size(
    disagreement: ArrayLike,
    difference: ArrayLike,
    margin: ArrayLike,
    alpha: float = 0.025,
    power: float = 0.9,
) -> Numbers:
    """Return the same by the variance that is expected, for comparison; a little too few.

    Notes
    -----
    ``(z_alpha + z_power)**2 (disagreement - difference**2) / (difference + margin)**2``.

    References
    ----------
    Nam (1997), as in `score_size`.

    Examples
    --------
    >>> float(wald_size(0.10, 0.0, 0.02))
    2627.0
    """
    psi, delta, limit = (np.asarray(a, float) for a in (disagreement, difference, margin))
    return _size(psi - delta**2, psi - delta**2, delta + limit, alpha, power)


def superiority_size(
    disagreement: ArrayLike, difference: ArrayLike, alpha: float = 0.05, power: float = 0.9
) -> Numbers:
    """Return the cases McNemar's test needs to show a difference, looked at once.

    Parameters
    ----------
    alpha
        Two-sided error.

    Notes
    -----
    ``(z_{alpha/2} sqrt(psi) + z_power sqrt(psi - delta**2))**2 / delta**2``.

    References
    ----------
    Connor (1987), doi:10.2307/2531961.

    Examples
    --------
    >>> float(superiority_size(0.10, 0.02))
    2623.0
    """
    psi, delta = (np.asarray(a, float) for a in (disagreement, difference))
    return _size(psi, psi - delta**2, np.abs(delta), alpha / 2, power)


def noninferiority_power(
    n: int, disagreement: float, difference: float, margin: float, alpha: float = 0.025
) -> float:
    """Return the exact power of the score test of non-inferiority, over every possible table.

    Notes
    -----
    Sums the trinomial probabilities of all tables the test rejects, but for a probability of
    1e-13 at each end.

    References
    ----------
    Tango (1998), as in `intervals.tango_z`.

    Examples
    --------
    >>> round(noninferiority_power(1201, 0.10, 0.01, 0.02), 4)
    0.9045
    """
    differ, wins, chance = _tables(n, disagreement, difference)
    critical = float(ndtri(1 - alpha))
    rejects = tango_z(n, wins, differ - wins, -margin) >= critical
    return float(chance[rejects].sum())


def superiority_power(n: int, disagreement: float, difference: float, alpha: float = 0.05) -> float:
    """Return the exact power of McNemar's two-sided asymptotic test, over every possible table.

    Notes
    -----
    Rejects when ``(b - c)**2 / (b + c)`` exceeds the chi-squared quantile.

    References
    ----------
    McNemar (1947), doi:10.1007/BF02295996; Connor (1987), as in `superiority_size`.

    Examples
    --------
    >>> round(superiority_power(2623, 0.10, 0.02), 4)
    0.9025
    """
    differ, wins, chance = _tables(n, disagreement, difference)
    gap, critical = 2 * wins - differ, float(ndtri(1 - alpha / 2))
    return float(chance[gap**2 >= critical**2 * np.maximum(differ, 1e-9)].sum())


def _size(under: Numbers, true: Numbers, gap: Numbers, alpha: float, power: float) -> Numbers:
    spread = ndtri(1 - alpha) * np.sqrt(np.maximum(under, 0))
    spread = spread + ndtri(power) * np.sqrt(np.maximum(true, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        n = (spread / gap) ** 2
    # A size that is whole but for rounding must not become one more.
    return np.where(gap > 0, np.ceil(n - 1e-9), np.inf)


def _tables(n: int, disagreement: float, difference: float) -> tuple[Numbers, Numbers, Numbers]:
    """Return every likely (disagreements, candidate's wins) and its probability."""
    below = bdtr(np.arange(n + 1.0), n, disagreement)
    low, high = (float(np.argmax(below >= tail)) for tail in (_TAIL, 1 - _TAIL))
    differ = np.arange(low, high + 1)[:, None]
    wins = np.arange(0, high + 1)[None, :]
    share = (disagreement + difference) / (2 * disagreement)
    found = np.broadcast_arrays(differ, wins)
    possible = found[1] <= found[0]
    differ, wins = (array[possible] for array in found)
    return differ, wins, _binomial(differ, n, disagreement) * _binomial(wins, differ, share)


def _binomial(hits: Numbers, n: ArrayLike, share: float) -> Numbers:
    """Return the probability of so many hits; `scipy.stats` would take a second to load."""
    size = np.asarray(n, float)
    ways = -betaln(1 + size - hits, 1 + hits) - np.log1p(size)
    found: Numbers = np.exp(ways + xlogy(hits, share) + xlog1py(size - hits, -share))
    return found
