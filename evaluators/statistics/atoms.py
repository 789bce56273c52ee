"""Evidence about the mean of a bounded number from a histogram with counts and sums."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

_HALVINGS = 50
_LEAST = -1 + 1e-12
_CELLS = 1 << 21


def split_to_edges(n: ArrayLike, total: ArrayLike, edges: ArrayLike) -> Numbers:
    """Return how much mass each edge gets when every bin is moved to its two edges.

    Parameters
    ----------
    n, total
        Cases in each bin and the sum of their values, shape (..., bins).
    edges
        Ascending, shape (bins + 1,); values lie between the first and the last.

    Returns
    -------
    array
        Mass at each edge, shape (..., bins + 1); cases and sum stay the same.

    Notes
    -----
    The logarithm of a bet's return is concave in the value, so moving a value to the two ends of
    an interval that holds it, with its mean kept, can only lower the evidence: it stays valid,
    and what is lost is of the order of the width squared. Make values that many cases have
    exactly, such as 0, an edge.

    Examples
    --------
    >>> split_to_edges([4, 2], [-1.0, 1.0], [-1.0, 0.0, 1.0]).tolist()
    [1.0, 4.0, 1.0]
    """
    cases, sums, ends = (np.asarray(a, float) for a in (n, total, edges))
    upper = np.clip((sums - cases * ends[:-1]) / np.diff(ends), 0, cases)
    mass = np.zeros((*cases.shape[:-1], len(ends)))
    mass[..., 1:] += upper
    mass[..., :-1] += cases - upper
    return mass


def log_e_of_atoms(mass: ArrayLike, atoms: ArrayLike, mean: ArrayLike, grid: ArrayLike) -> Numbers:
    """Return the logarithm of the e-value against "the mean is at most `mean`".

    Parameters
    ----------
    mass
        Mass at each atom, shape (..., atoms); fractions are allowed (deflated counts).
    atoms
        Values between -1 and 1, shape (atoms,).
    mean
        Between -1 and 1, -1 excluded, shape (...).
    grid
        Bets, each between 0 and 1.

    Notes
    -----
    The same bets as for counts of wins, ties and losses, to which it comes down for the atoms -1,
    0 and 1: a bet u multiplies the stake by ``1 - u + u (1 + x) / (1 + mean)``.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Ville (1939).

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid
    >>> round(float(log_e_of_atoms([51, 885, 64], [-1, 0, 1], -0.02, general_grid())), 9)
    2.766616874
    """
    weight, values, bets = (np.asarray(a, float) for a in (mass, atoms, grid))
    at = np.broadcast_to(np.asarray(mean, float), weight.shape[:-1])
    if np.any(at <= -1) or np.any(at > 1):
        raise ValueError("`mean` must lie above -1 and at most at 1")
    flat, means = weight.reshape(-1, len(values)), at.reshape(-1)
    found = np.empty(len(means))
    step = max(1, _CELLS // (len(values) * len(bets)))
    for start in range(0, len(means), step):
        part = slice(start, start + step)
        gain = (1 + values) / (1 + means[part, None])
        stakes = np.log1p(bets[:, None] * (gain[:, None, :] - 1))
        logs = (stakes * flat[part, None, :]).sum(-1)
        top = logs.max(-1)
        found[part] = top + np.log(np.exp(logs - top[:, None]).mean(-1))
    return found.reshape(at.shape)


def lower_bound_of_atoms(
    mass: ArrayLike, atoms: ArrayLike, alpha: float, grid: ArrayLike
) -> Numbers:
    """Return the largest mean that is ruled out from below, one-sided, at any look.

    Notes
    -----
    The e-value falls as the mean grows, so halving finds the place where it is 1 / alpha; the end
    on the safe side is returned. -1 where nothing is ruled out.

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid
    >>> round(float(lower_bound_of_atoms([51, 885, 64], [-1, 0, 1], 0.025, general_grid())), 9)
    -0.023741793
    """
    weight = np.asarray(mass, float)
    shape = weight.shape[:-1]
    low, high = np.full(shape, -1.0), np.ones(shape)
    for _ in range(_HALVINGS):
        middle = np.maximum((low + high) / 2, _LEAST)
        ruled_out = log_e_of_atoms(weight, atoms, middle, grid) >= -math.log(alpha)
        low, high = np.where(ruled_out, middle, low), np.where(ruled_out, high, middle)
    return low


def sequence_of_atoms(
    mass: ArrayLike, atoms: ArrayLike, alpha: float, grid: ArrayLike
) -> tuple[Numbers, Numbers]:
    """Return the two-sided interval of the mean that is valid at every look."""
    weight, values = np.asarray(mass, float), np.asarray(atoms, float)
    mirrored = lower_bound_of_atoms(weight[..., ::-1], -values[::-1], alpha / 2, grid)
    return lower_bound_of_atoms(weight, values, alpha / 2, grid), -mirrored
