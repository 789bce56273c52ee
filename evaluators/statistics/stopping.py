"""When a test that is looked at every week stops: its spread, by simulating the counts to come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

PATHS = 2000
QUANTILES = (0.1, 0.5, 0.9)


def stopping_looks(
    cases: float,
    disagreement: float,
    difference: float,
    margin: float,
    alpha: float,
    grid: ArrayLike,
    looks: int,
    first: int = 1,
    so_far: tuple[float, float, float] = (0, 0, 0),
    paths: int = PATHS,
    seed: int = 1998,
) -> Numbers:
    """Return for simulated studies the look at which the difference is shown above the limit.

    Parameters
    ----------
    cases
        Cases between two looks, after the division by a design effect; need not be whole.
    disagreement, difference
        Expected in the cases to come, as fractions.
    margin
        Worst acceptable difference, positive.
    alpha
        One-sided error.
    grid
        Bets, each between 0 and 1.
    looks
        Looks to simulate.
    first
        The first look at which the test may stop.
    so_far
        Cases, candidate's wins and production's wins already counted.

    Returns
    -------
    array of shape (paths,)
        Looks from 1 on; infinite where none of them shows it.

    Notes
    -----
    Wins, losses and agreements arrive as independent Poisson counts, which is what days of
    varying size give. The same seed gives the same paths, so that plans can be compared.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> from evaluators.statistics.betting import planned_grid
    >>> days = stopping_looks(100, 0.1, 0.0, 0.02, 0.025, planned_grid(0.02, 0.1), 120)
    >>> [float(q) for q in stopping_quantiles(days)]
    [8.0, 22.0, 45.0]
    """
    chance = np.random.default_rng(seed)
    psi = min(1.0, max(disagreement, abs(difference)))
    rates = cases * np.array([(psi + difference) / 2, 1 - psi, (psi - difference) / 2])
    bets = np.asarray(grid, float)
    logs = np.stack(
        [
            np.log1p(bets * (2 / (1 - margin) - 1)),
            np.log1p(bets * (1 / (1 - margin) - 1)),
            np.log1p(-bets),
        ]
    )
    n, wins, losses = so_far
    counts = np.tile(np.array([wins, max(n - wins - losses, 0), losses], float), (paths, 1))
    stopped = np.full(paths, np.inf)
    running = np.arange(paths)
    needed = -np.log(alpha) + np.log(len(bets))
    for look in range(1, looks + 1):
        counts[running] += chance.poisson(rates, (len(running), 3))
        if look < first:
            continue
        stakes = counts[running] @ logs
        top = stakes.max(axis=1)
        shown = top >= needed
        # The log of the sum lies between the largest and that plus log(bets): few need adding up.
        near = np.flatnonzero(~shown & (top >= -np.log(alpha)))
        far = stakes[near] - top[near, None]
        shown[near] = top[near] + np.log(np.exp(far).sum(axis=1)) >= needed
        stopped[running[shown]] = look
        running = running[~shown]
        if not len(running):
            break
    return stopped


def stopping_quantiles(looks: Numbers, shares: Sequence[float] = QUANTILES) -> Numbers:
    """Return quantiles of stopping looks; infinite where too few paths stop.

    Examples
    --------
    >>> stopping_quantiles(np.array([1.0, 2.0, 3.0, np.inf])).tolist()
    [1.0, 2.0, inf]
    """
    ordered = np.sort(looks)
    at = np.ceil(np.asarray(shares) * len(ordered)).astype(int) - 1
    found: Numbers = ordered[np.clip(at, 0, len(ordered) - 1)]
    return found
