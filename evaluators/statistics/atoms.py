"""Betting on a bounded value that takes finitely many values: exact from the counts of each.

As `betting`, with any values between -1 and 1 in place of -1, 0 and 1: a share u of the stake on
"the mean is above m" multiplies it by ``1 - u + u (1 + x) / (1 + m)``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.statistics.log_scale import log_mean_exp

Numbers = NDArray[np.float64]

_CELLS = 1 << 20
_STEPS = 100


def log_e_of_atoms(
    counts: ArrayLike, atoms: ArrayLike, mean: ArrayLike, grid: ArrayLike
) -> Numbers:
    """Return the logarithm of the e-value against "the mean value is at most `mean`".

    Parameters
    ----------
    counts
        Array of shape (..., atoms): cases with each value; fractions are allowed (deflated).
    atoms
        The values, each between -1 and 1.
    mean
        Above -1 and at most 1; broadcasts with the leading shape of `counts`.
    grid
        Bets, each between 0 and 1.

    Notes
    -----
    A test supermartingale whatever the distribution of the values, so that the chance that it ever
    reaches ``log(1 / alpha)`` while the hypothesis is true is at most alpha.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid
    >>> round(float(log_e_of_atoms([64, 885, 51], [1, 0, -1], -0.02, general_grid())), 9)
    2.766616874
    """
    table, values, bets = _checked(counts, atoms, grid)
    at = np.broadcast_to(np.asarray(mean, float), table.shape[:-1])
    flat = table.reshape(-1, table.shape[-1])
    found = np.empty(len(flat))
    for part in _parts(len(flat), len(bets)):
        logs = _log_stakes(flat[part], values, 1 / (1 + at.reshape(-1)[part]), bets)[0]
        found[part] = log_mean_exp(logs)
    return found.reshape(table.shape[:-1])


def lower_bound_of_atoms(
    counts: ArrayLike, atoms: ArrayLike, alpha: float, grid: ArrayLike
) -> Numbers:
    """Return the largest mean that is ruled out from below, one-sided, at any look.

    Parameters
    ----------
    counts, atoms, grid
        As in `log_e_of_atoms`.
    alpha
        One-sided error.

    Notes
    -----
    The logarithm of the e-value is convex and falling in ``log(1 + mean)``, so Newton's method
    comes to the root from the left; stopping early is on the safe side. -1 without a case.

    References
    ----------
    Waudby-Smith & Ramdas (2024), as in `log_e_of_atoms`.

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid
    >>> round(float(lower_bound_of_atoms([64, 885, 51], [1, 0, -1], 0.025, general_grid())), 6)
    -0.023742
    """
    table, values, bets = _checked(counts, atoms, grid)
    flat = table.reshape(-1, table.shape[-1])
    found = np.full(len(flat), -1.0)
    for part in _parts(len(flat), len(bets)):
        found[part] = _solve(flat[part], values, -math.log(alpha), bets)
    return found.reshape(table.shape[:-1])


def sequence_of_atoms(
    low: ArrayLike, high: ArrayLike, atoms: ArrayLike, alpha: float, grid: ArrayLike
) -> tuple[Numbers, Numbers]:
    """Return the two-sided interval of the mean that is valid at every look.

    Parameters
    ----------
    low, high
        Counts with unknown values filled with the least, and with the largest possible ones.
    alpha
        Two-sided error; half of it goes to each side.

    Notes
    -----
    The e-value rises with every case's value, so that the filled counts cannot claim more than
    the complete ones would, whatever the reason a value is missing.

    References
    ----------
    Waudby-Smith & Ramdas (2024), as in `log_e_of_atoms`.

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid
    >>> ends = sequence_of_atoms([64, 885, 51], [64, 885, 51], [1, 0, -1], 0.05, general_grid())
    >>> [round(float(end), 6) for end in ends]
    [-0.023742, 0.050281]
    """
    mirrored = -np.asarray(atoms, float)
    return (
        lower_bound_of_atoms(low, atoms, alpha / 2, grid),
        -lower_bound_of_atoms(high, mirrored, alpha / 2, grid),
    )


def _checked(
    counts: ArrayLike, atoms: ArrayLike, grid: ArrayLike
) -> tuple[Numbers, Numbers, Numbers]:
    table, values, bets = (np.asarray(a, float) for a in (counts, atoms, grid))
    if np.any(np.abs(values) > 1 + 1e-12):
        raise ValueError("values must lie between -1 and 1")
    if np.any(table < 0):
        raise ValueError("counts must not be negative")
    return table, np.clip(values, -1, 1), bets


def _parts(size: int, bets: int) -> list[slice]:
    step = max(1, _CELLS // bets)
    return [slice(start, start + step) for start in range(0, size, step)]


def _log_stakes(
    counts: Numbers, atoms: Numbers, ratio: Numbers, bets: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the log stake of every bet, and its derivative by -s; ratio = exp(-s)."""
    logs = np.zeros((len(counts), len(bets)))
    slopes = np.zeros_like(logs)
    for number, atom in enumerate(atoms.tolist()):
        if not counts[:, number].any():
            continue
        gain = (1 + atom) * bets * ratio[:, None]
        stake = 1 - bets + gain
        logs += counts[:, number, None] * np.log(stake)
        slopes += counts[:, number, None] * (gain / stake)
    return logs, slopes


def _solve(counts: Numbers, atoms: Numbers, level: float, bets: Numbers) -> Numbers:
    bound = np.full(len(counts), -1.0)
    active = np.flatnonzero(counts[:, atoms > -1].sum(axis=1) > 0)
    s = np.log1p(_guess(counts[active], atoms, level))
    for _ in range(_STEPS):
        if not len(active):
            break
        logs, slopes = _log_stakes(counts[active], atoms, np.exp(-s), bets)
        top = logs.max(axis=1)
        stakes = np.exp(logs - top[:, None])
        total = stakes.sum(axis=1)
        excess = top + np.log(total / len(bets)) - level
        step = np.maximum(excess * total / (stakes * slopes).sum(axis=1), -600 - s)
        s = s + step
        bound[active] = np.expm1(np.minimum(s, math.log(2)))
        unsettled = (np.abs(step) > 1e-7) & (s > -600)
        active, s = active[unsettled], s[unsettled]
    return bound


def _guess(counts: Numbers, atoms: Numbers, level: float) -> Numbers:
    n = np.maximum(counts.sum(axis=1), 1e-300)
    mean, square = counts @ atoms / n, counts @ atoms**2 / n
    spread = np.sqrt(2.8 * level * square / n) + level / n
    start: Numbers = np.clip(mean - spread, -0.999, 0.999)
    return start
