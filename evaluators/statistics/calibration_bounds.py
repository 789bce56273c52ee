"""Bounds of the calibration error that hold at every look, from one joint test of all bins."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.statistics.betting import log_e_value

Numbers = NDArray[np.float64]

_FAR = 12 * np.geomspace(1.1, 1000, 50)
_SPREADS = np.concatenate([-_FAR[::-1], np.linspace(-12, 12, 161), _FAR])
"""Edges of the cells, in standard errors around the rate found."""
_PRICES = np.geomspace(1e-9, 1, 19)
_FINER = np.geomspace(0.4, 2.5, 12)


def calibration_grid() -> Numbers:
    """Return bets for rates of bins.

    Examples
    --------
    >>> calibration_grid()[[0, -1]].round(3).tolist()
    [0.002, 0.95]
    """
    return np.exp(np.linspace(math.log(0.002), math.log(0.95), 24))


def calibration_bounds(
    n: ArrayLike,
    p: ArrayLike,
    fewest: ArrayLike,
    most: ArrayLike,
    alpha: float,
    effect: ArrayLike = 1.0,
) -> tuple[Numbers, Numbers]:
    """Return bounds of the root-mean-square calibration error, each valid at every look.

    Parameters
    ----------
    n, p
        Cases of each bin and the sum of their scores; bins along the last axis.
    fewest, most
        Cases that came true if no, and if every, outcome that is not known came true.
    alpha
        Chance that the truth is ever outside either bound.
    effect
        Design effect by which the counts are divided; shape of the result.

    Returns
    -------
    tuple of arrays
        Lower and upper bound of ``sqrt(sum(share * (rate - mean score)**2))``; 0 and 1 without a
        case.

    Notes
    -----
    In each bin two players bet on a rate above and below m; half the stake each, mixed over a
    grid of bets. The product over bins is an e-value against "these are the true rates", since
    a case moves the stake of its own bin alone. All rates whose product stays below ``1 / alpha``
    form the joint confidence set; the bounds are the largest and smallest error in it. Both are
    found from the Lagrangian dual: any price on the constraint gives a bound on the safe side,
    and in each bin the e-value is taken at the less harmful ends of small cells, so that nothing
    is lost between grid points. Assumes that inside a bin cases come true at one rate, whatever
    came before; days that differ are met by `effect`.

    References
    ----------
    Ville (1939); Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Boyd & Vandenberghe
    (2004), section 5.2 (weak duality).

    Examples
    --------
    >>> n, came_true = [5000, 5000], [1000, 4000]
    >>> low, high = calibration_bounds(n, [1000.0, 4000.0], came_true, came_true, 0.025)
    >>> round(float(low), 3), bool(0.01 < high < 0.03)
    (0.0, True)
    """
    arrays = np.broadcast_arrays(*(np.asarray(a, float) for a in (n, p, fewest, most)))
    cases, scores, least, greatest = arrays
    total = cases.sum(axis=-1)
    share = cases / np.where(total > 0, total, 1)[..., None]
    mean = np.where(cases > 0, scores / np.where(cases > 0, cases, 1), 0.0)
    deflation = np.asarray(effect, float)[..., None]
    edges, evidence = _cells(cases / deflation, least / deflation, greatest / deflation)
    below, above = edges[..., :-1] - mean[..., None], edges[..., 1:] - mean[..., None]
    far = share[..., None] * np.maximum(below**2, above**2)
    near = share[..., None] * np.where(below * above < 0, 0, np.minimum(below**2, above**2))
    needed = -math.log(alpha)

    def reach(price: Numbers) -> Numbers:
        found: Numbers = np.max(far - price[..., None, None] * evidence, axis=-1).sum(axis=-1)
        return found + price * needed

    def floor(price: Numbers) -> Numbers:
        found: Numbers = np.min(near + price[..., None, None] * evidence, axis=-1).sum(axis=-1)
        return price * needed - found

    high, low = _least(reach, total.shape), -_least(floor, total.shape)
    seen = total > 0
    return np.where(seen, np.sqrt(np.maximum(low, 0)), 0.0), np.where(
        seen, np.sqrt(np.maximum(high, 0)), 1.0
    )


def _least(bound: Callable[[Numbers], Numbers], shape: tuple[int, ...]) -> Numbers:
    """Return the least value of a bound over prices; each price is one pass over the bins."""
    best = bound(np.zeros(shape))
    price = np.full(shape, _PRICES[0])
    for coarse in _PRICES:
        found = bound(np.full(shape, coarse))
        best, price = np.minimum(best, found), np.where(found < best, coarse, price)
    for factor in _FINER:
        best = np.minimum(best, bound(price * factor))
    return best


def _cells(n: Numbers, least: Numbers, most: Numbers) -> tuple[Numbers, Numbers]:
    """Return the edges of cells of rates, and the least log e-value in each cell."""
    size = np.maximum(n, 1e-9)
    rate = np.clip((least + most) / 2 / size, 0, 1)
    spread = np.sqrt(np.maximum(rate * (1 - rate), 1 / (size + 4)) / size)
    inner = rate[..., None] + spread[..., None] * _SPREADS
    ends = np.zeros((*rate.shape, 1))
    edges = np.clip(np.concatenate([ends, inner, ends + 1], axis=-1), 0, 1)
    bets = calibration_grid()
    floor, ceiling = least[..., None], most[..., None]
    cases = n[..., None]
    tight = np.clip(edges, 1e-12, 1 - 1e-12)
    up = log_e_value(cases, floor, cases - floor, 2 * tight[..., 1:] - 1, bets)
    down = log_e_value(cases, cases - ceiling, ceiling, 1 - 2 * tight[..., :-1], bets)
    return edges, np.logaddexp(up, down) - math.log(2)
