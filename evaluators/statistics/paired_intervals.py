"""Intervals of a paired difference for one look at a fixed number of cases: the older formulas.

Tango's score interval (`intervals.tango`) is the default; these stand beside it because readers
know them and reports ask for them. None may be looked at repeatedly: `betting` is for that.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from evaluators.statistics.intervals import wilson

Numbers = NDArray[np.float64]


def wald(n: ArrayLike, b: ArrayLike, c: ArrayLike, alpha: float = 0.05) -> tuple[Numbers, Numbers]:
    """Return the plain large-sample interval of the difference ``(b - c) / n``.

    Parameters
    ----------
    n, b, c
        Cases, cases only the candidate got right, cases only production got right.
    alpha
        Two-sided error.

    Notes
    -----
    Too short in small samples, and a single point where nobody disagrees; for comparison only.

    Examples
    --------
    >>> low, high = wald(1000, 64, 51)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.008003, 0.034003)
    """
    total, wins, losses = (np.asarray(a, float) for a in (n, b, c))
    size = np.where(total > 0, total, 1)
    return _normal(wins / size, losses / size, size, total > 0, alpha)


def agresti_min(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers]:
    """Return the plain interval after half a case is added to each of the four cells.

    References
    ----------
    Agresti & Min (2005), doi:10.1002/sim.1781.

    Examples
    --------
    >>> low, high = agresti_min(21, 1, 7)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.493226, -0.028513)
    """
    total, wins, losses = (np.asarray(a, float) for a in (n, b, c))
    size = total + 2
    return _normal((wins + 0.5) / size, (losses + 0.5) / size, size, total > 0, alpha)


def bonett_price(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers]:
    """Return the plain interval after one case is added to each of the discordant cells.

    References
    ----------
    Bonett & Price (2012), doi:10.3102/1076998611411915.

    Examples
    --------
    >>> low, high = bonett_price(21, 1, 7)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.508359, -0.01338)
    """
    total, wins, losses = (np.asarray(a, float) for a in (n, b, c))
    size = total + 2
    return _normal((wins + 1) / size, (losses + 1) / size, size, total > 0, alpha)


def newcombe(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers]:
    """Return Newcombe's square-and-add interval (his method 10) of the paired difference.

    Parameters
    ----------
    a, b, c, d
        Cases both got right, only the candidate, only production, neither.
    alpha
        Two-sided error.

    Notes
    -----
    Wilson's limits of both accuracies, joined with the correlation of the two; -1 to 1 without a
    case. The only one of these that needs to know how many both got right.

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C.

    Examples
    --------
    >>> low, high = newcombe(1, 1, 7, 12)
    >>> round(float(low), 6), round(float(high), 6)
    (-0.50692, -0.025559)
    """
    both, wins, losses, none = np.broadcast_arrays(*(np.asarray(x, float) for x in (a, b, c, d)))
    n = both + wins + losses + none
    size = np.where(n > 0, n, 1)
    p1, p2 = (both + wins) / size, (both + losses) / size
    (low1, high1), (low2, high2) = wilson(both + wins, n, alpha), wilson(both + losses, n, alpha)
    cross = both * none - wins * losses
    margins = (both + wins) * (losses + none) * (both + losses) * (wins + none)
    # Only a positive association is drawn towards 0, and not beyond it.
    joint = np.where(cross > 0, np.maximum(cross - n / 2, 0), cross)
    phi = np.where(margins > 0, joint / np.sqrt(np.where(margins > 0, margins, 1)), 0)

    def reach(one: Numbers, other: Numbers) -> Numbers:
        found: Numbers = np.sqrt(np.maximum(one**2 - 2 * phi * one * other + other**2, 0))
        return found

    difference = p1 - p2
    low = difference - reach(p1 - low1, high2 - p2)
    high = difference + reach(high1 - p1, p2 - low2)
    return np.where(n > 0, low, -1.0), np.where(n > 0, high, 1.0)


def _normal(
    gain: Numbers, loss: Numbers, size: Numbers, known: NDArray[np.bool_], alpha: float
) -> tuple[Numbers, Numbers]:
    centre = gain - loss
    spread = np.sqrt(np.maximum(gain + loss - centre**2, 0) / size)
    reach = float(ndtri(1 - alpha / 2)) * spread
    low, high = np.clip(centre - reach, -1, 1), np.clip(centre + reach, -1, 1)
    return np.where(known, low, -1.0), np.where(known, high, 1.0)
