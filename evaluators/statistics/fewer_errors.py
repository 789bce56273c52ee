"""By how much the candidate's errors are fewer than production's, valid at every look.

The candidate makes fewer than (1 - r) times production's errors exactly when the mean of
``X = (1 - r) [production wrong] - [candidate wrong]`` is above 0. X takes four values only, so a
bettor's stake depends on four counts: ``1 - r`` where only production was wrong, -1 where only the
candidate was, ``-r`` where both were, 0 where none was.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.statistics.log_scale import log_mean_exp

Numbers = NDArray[np.float64]

WORST = -9.0
"""Least reduction that is told apart: ten times production's errors."""
_HALVINGS = 50


def log_e_fewer(
    wins: ArrayLike, losses: ArrayLike, both_wrong: ArrayLike, reduction: ArrayLike, grid: ArrayLike
) -> Numbers:
    """Return the log e-value for "errors are fewer by more than this share of production's".

    Parameters
    ----------
    wins, losses, both_wrong
        Cases only production got wrong, only the candidate got wrong, both got wrong; fractions
        are allowed (deflated counts). Cases both got right do not matter.
    reduction
        Between -9 and 1: 0.15 is 15 % fewer errors, below 0 is more errors.
    grid
        Bets, each between 0 and 1.

    Notes
    -----
    A mixture over the bets of ``prod (1 + u x / s)``, with s the largest value of X, at least 1: a
    supermartingale while the mean of X is at most 0. Evidence for more errors is the same with the
    sign of X turned (`log_e_more`).

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> float(log_e_fewer(60, 20, 40, 0.15, [0.05, 0.1, 0.2]).round(3))
    2.893
    """
    return _log_e(wins, losses, both_wrong, reduction, grid, 1.0)


def log_e_more(
    wins: ArrayLike, losses: ArrayLike, both_wrong: ArrayLike, reduction: ArrayLike, grid: ArrayLike
) -> Numbers:
    """Return the log e-value for "errors are not fewer by as much as this share of production's".

    References
    ----------
    Waudby-Smith & Ramdas (2024), as in `log_e_fewer`.
    """
    return _log_e(wins, losses, both_wrong, reduction, grid, -1.0)


def least_reduction(
    wins: ArrayLike, losses: ArrayLike, both_wrong: ArrayLike, alpha: float, grid: ArrayLike
) -> Numbers:
    """Return the largest reduction of errors that is shown, one-sided, at any look.

    Notes
    -----
    Inversion of `log_e_fewer`, which falls in the reduction; -9 where not even that is shown.

    References
    ----------
    Waudby-Smith & Ramdas (2024), as in `log_e_fewer`.
    """
    b, c, d = np.broadcast_arrays(*(np.asarray(a, float) for a in (wins, losses, both_wrong)))
    low, high = np.full(b.shape, WORST), np.ones(b.shape)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        shown = log_e_fewer(b, c, d, middle, grid) >= -math.log(alpha)
        low, high = np.where(shown, middle, low), np.where(shown, high, middle)
    return low


def most_reduction(
    wins: ArrayLike, losses: ArrayLike, both_wrong: ArrayLike, alpha: float, grid: ArrayLike
) -> Numbers:
    """Return the smallest reduction of errors that is ruled out, one-sided, at any look; at most 1.

    References
    ----------
    Waudby-Smith & Ramdas (2024), as in `log_e_fewer`.
    """
    b, c, d = np.broadcast_arrays(*(np.asarray(a, float) for a in (wins, losses, both_wrong)))
    low, high = np.full(b.shape, WORST), np.ones(b.shape)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        shown = log_e_more(b, c, d, middle, grid) >= -math.log(alpha)
        low, high = np.where(shown, low, middle), np.where(shown, middle, high)
    return high


def values(reduction: float) -> tuple[float, float, float]:
    """Return what a win, a loss and an error of both count, scaled to at most 1 in size.

    Examples
    --------
    >>> values(0.25)
    (0.75, -1.0, -0.25)
    """
    scale = max(1.0, 1 - reduction)
    return (1 - reduction) / scale, -1 / scale, -reduction / scale


def _log_e(
    wins: ArrayLike,
    losses: ArrayLike,
    both_wrong: ArrayLike,
    reduction: ArrayLike,
    grid: ArrayLike,
    sign: float,
) -> Numbers:
    arrays = (wins, losses, both_wrong, reduction)
    b, c, d, r = np.broadcast_arrays(*(np.asarray(a, float) for a in arrays))
    bets = sign * np.asarray(grid, float)
    scale = np.maximum(1.0, 1 - r)
    logs = (
        b[..., None] * np.log1p(bets * ((1 - r) / scale)[..., None])
        + c[..., None] * np.log1p(-bets / scale[..., None])
        + d[..., None] * np.log1p(-bets * (r / scale)[..., None])
    )
    return log_mean_exp(logs)
