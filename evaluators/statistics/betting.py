"""Intervals and evidence that stay valid at every look: mixture betting on paired counts.

A case counts +1 (only the candidate right), -1 (only production right) or 0. A player who bets a
share u of the stake on "the mean is above m" multiplies it by ``1 - u + u (1 + x) / (1 + m)``;
while the mean is at most m nobody gains on average. The mean stake over a fixed grid of bets is
the e-value, and it depends on the counts alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.statistics.log_scale import log_mean_exp

Numbers = NDArray[np.float64]

_CELLS = 1 << 14
"""Most (count, bet) pairs worked on at once: what fits the cache of a core is quickest."""
_STEPS = 100


def general_grid() -> Numbers:
    """Return bets that suit any study with up to about three million disagreements.

    Examples
    --------
    >>> grid = general_grid()
    >>> len(grid), grid[[0, -1]].round(3).tolist()
    (64, [0.002, 0.999])
    """
    return np.exp(np.linspace(math.log(0.002), math.log(0.999), 64))


def planned_grid(margin: float, disagreement: float, difference: float = 0.0) -> Numbers:
    """Return bets tuned to what a study expects; a wrong guess costs time, never validity.

    Parameters
    ----------
    margin
        Worst acceptable difference, positive, as a fraction.
    disagreement, difference
        Expected share of disagreements and expected difference in accuracy, as fractions.

    Notes
    -----
    Centred on ``u = (difference + margin) / disagreement * (1 - margin)``, the bet that grows the
    stake fastest for a small edge, and spread over a factor of four on both sides.

    Examples
    --------
    >>> grid = planned_grid(0.02, 0.10)
    >>> len(grid), grid[[0, -1]].round(3).tolist()
    (32, [0.049, 0.784])
    """
    best = min(0.9, (difference + margin) / disagreement * (1 - margin))
    best = max(best, 0.002)
    return np.exp(np.linspace(math.log(best / 4), math.log(min(0.95, 4 * best)), 32))


def log_e_value(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, mean: ArrayLike, grid: ArrayLike
) -> Numbers:
    """Return the logarithm of the e-value against "the mean difference is at most `mean`".

    Parameters
    ----------
    n, b, c
        Cases, cases only the candidate got right, cases only production got right. Fractions are
        allowed (deflated counts).
    mean
        Between -1 and 1, -1 excluded.
    grid
        Bets, each between 0 and 1.

    Notes
    -----
    A test supermartingale: the chance that it ever reaches ``log(1 / alpha)`` while the
    hypothesis is true is at most alpha, whenever and however often one looks. It needs a
    conditional mean of at most `mean` at every case; deflate the counts where days differ.

    References
    ----------
    Ville (1939); Cover (1991), doi:10.1111/j.1467-9965.1991.tb00002.x;
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> round(float(log_e_value(1000, 64, 51, -0.02, general_grid())), 9)
    2.766616874
    """
    shape, (wins, ties, losses, at) = _flat(n, b, c, mean)
    if np.any(at <= -1) or np.any(at > 1):
        raise ValueError("`mean` must lie above -1 and at most at 1")
    bets = np.asarray(grid, float)
    found = np.empty(len(at))
    for part in _parts(len(at), len(bets)):
        logs = _log_stakes(wins[part], ties[part], losses[part], 1 / (1 + at[part]), bets)[0]
        found[part] = log_mean_exp(logs)
    return found.reshape(shape)


def log_growth(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, mean: ArrayLike, grid: ArrayLike
) -> Numbers:
    """Return the log growth of every bet's stake; shape (..., bets).

    Parameters
    ----------
    n, b, c, mean, grid
        As in `log_e_value`, which is the logarithm of the mean of the exponentials.

    Examples
    --------
    >>> log_growth(10, 5, 5, 0.0, [0.1, 0.5]).round(4).tolist()
    [-0.0503, -1.4384]
    """
    shape, (wins, ties, losses, at) = _flat(n, b, c, mean)
    bets = np.asarray(grid, float)
    logs = _log_stakes(wins, ties, losses, 1 / (1 + at), bets)[0]
    return logs.reshape(*shape, len(bets))


def lower_bound(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, alpha: ArrayLike, grid: ArrayLike
) -> Numbers:
    """Return the largest mean that is ruled out from below, one-sided, at any look.

    Parameters
    ----------
    n, b, c
        As in `log_e_value`.
    alpha
        One-sided error.
    grid
        Bets, each between 0 and 1.

    Notes
    -----
    With ``s = log(1 + m)`` the logarithm of the e-value is convex and falling in s (logarithms of
    ``a + k exp(-s)`` are, and so is the log of a sum of exponentials of convex functions). So
    Newton's method needs no bracket: one step from anywhere lands on the left of the root, and
    from there every step moves right without passing it. Stopping early is on the safe side.

    Examples
    --------
    >>> [round(float(x), 6) for x in lower_bound([0, 100], [0, 0], [0, 0], 0.025, general_grid())]
    [-1.0, -0.067317]
    """
    shape, (wins, ties, losses, level) = _flat(n, b, c, -np.log(np.asarray(alpha, float)))
    bets = np.asarray(grid, float)
    found = np.full(len(level), -1.0)
    for part in _parts(len(level), len(bets)):
        found[part] = _solve(wins[part], ties[part], losses[part], level[part], bets)
    return found.reshape(shape)


def confidence_sequence(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, alpha: float, grid: ArrayLike
) -> tuple[Numbers, Numbers]:
    """Return the two-sided interval of the mean difference that is valid at every look.

    Parameters
    ----------
    n, b, c
        As in `log_e_value`; without a case the interval is all that is possible, -1 to 1.
    alpha
        Two-sided error; half of it goes to each side.
    grid
        Bets, each between 0 and 1.

    Examples
    --------
    >>> low, high = confidence_sequence(1000, 64, 51, 0.05, general_grid())
    >>> round(float(low), 6), round(float(high), 6)
    (-0.023742, 0.050281)
    """
    return lower_bound(n, b, c, alpha / 2, grid), -lower_bound(n, c, b, alpha / 2, grid)


def _flat(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, last: ArrayLike
) -> tuple[tuple[int, ...], tuple[Numbers, Numbers, Numbers, Numbers]]:
    """Return the common shape, and wins, ties, losses and the last argument as flat arrays."""
    arrays = np.broadcast_arrays(*(np.asarray(a, float) for a in (n, b, c, last)))
    total, wins, losses, other = (a.ravel() for a in arrays)
    ties = total - wins - losses
    if not (np.all(wins >= 0) and np.all(losses >= 0) and np.all(ties >= -1e-6 * (1 + total))):
        raise ValueError("counts must not be negative, and `n` not below `b + c`")
    return arrays[0].shape, (wins, np.maximum(ties, 0), losses, other)


def _parts(size: int, bets: int) -> Iterator[slice]:
    step = max(1, _CELLS // bets)
    return (slice(start, start + step) for start in range(0, size, step))


def _log_stakes(
    wins: Numbers, ties: Numbers, losses: Numbers, ratio: Numbers, bets: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the log stake of every bet, and its derivative by -s; ratio = exp(-s)."""
    r = ratio[:, None]
    on_win, on_tie = 1 - bets + 2 * bets * r, 1 - bets + bets * r
    log_stakes = (
        wins[:, None] * np.log(on_win)
        + ties[:, None] * np.log(on_tie)
        + losses[:, None] * np.log1p(-bets)
    )
    slopes = wins[:, None] * (2 * bets * r / on_win) + ties[:, None] * (bets * r / on_tie)
    return log_stakes, slopes


def _solve(wins: Numbers, ties: Numbers, losses: Numbers, level: Numbers, bets: Numbers) -> Numbers:
    """Return the means at which the log e-values equal `level`; -1 where none does."""
    bound = np.full(len(level), -1.0)
    active = np.flatnonzero(wins + ties > 0)
    s = np.log1p(_guess(wins, ties, losses, level))[active]
    for _ in range(_STEPS):
        logs, slopes = _log_stakes(wins[active], ties[active], losses[active], np.exp(-s), bets)
        top = logs.max(axis=1)
        stakes = np.exp(logs - top[:, None])
        total = stakes.sum(axis=1)
        excess = top + np.log(total / len(bets)) - level[active]
        # Clipped from below so that 1 + m stays above zero; nothing real lies so far left.
        step = np.maximum(excess * total / (stakes * slopes).sum(axis=1), -600 - s)
        s = s + step
        bound[active] = np.expm1(np.minimum(s, math.log(2)))
        # Left of the root steps shrink quadratically: one below 1e-7 leaves nothing to gain.
        open_ = (np.abs(step) > 1e-7) & (s > -600)
        active, s = active[open_], s[open_]
        if not len(active):
            break
    return bound


def _guess(wins: Numbers, ties: Numbers, losses: Numbers, level: Numbers) -> Numbers:
    """Return a start near the bound: the normal approximation, kept inside the range."""
    n = np.maximum(wins + ties + losses, 1e-300)
    spread = np.sqrt(2.8 * level * (wins + losses) / n / n) + level / n
    return np.clip((wins - losses) / n - spread, -0.999, 0.999)
