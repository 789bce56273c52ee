"""Intervals of shares that stay valid at every look."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from evaluators.statistics.betting import Numbers, confidence_sequence


def share_grid() -> Numbers:
    """Return bets for shares, whose best bets are smaller than those for differences.

    Examples
    --------
    >>> share_grid()[[0, -1]].round(5).tolist()
    [2e-05, 0.999]
    """
    return np.exp(np.linspace(math.log(2e-5), math.log(0.999), 64))


def rare_grid() -> Numbers:
    """Return bets for showing that something is rarer than a limit.

    The best bet is ``1 - rate / limit``, whatever the limit: a few bets between 0.02 and 0.98 lose
    less than many over a wide range.

    Examples
    --------
    >>> len(rare_grid()), rare_grid()[[0, -1]].round(2).tolist()
    (24, [0.02, 0.98])
    """
    return np.exp(np.linspace(math.log(0.02), math.log(0.98), 24))


def share_sequence(
    hits: ArrayLike, n: ArrayLike, alpha: float, grid: ArrayLike | None = None
) -> tuple[Numbers, Numbers]:
    """Return the two-sided interval of a share that is valid at every look.

    Notes
    -----
    A hit counts +1 and a miss -1, so a share p is the mean ``2 p - 1``.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> low, high = share_sequence([0, 950], [0, 1000], 0.05)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.921], [1.0, 0.971])
    """
    total, yes = np.asarray(n, float), np.asarray(hits, float)
    bets = share_grid() if grid is None else grid
    low, high = confidence_sequence(total, yes, total - yes, alpha, bets)
    return (1 + low) / 2, (1 + high) / 2
