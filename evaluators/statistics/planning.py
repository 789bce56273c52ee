"""How many cases a question still needs: the path on which everything goes as expected."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

_STEPS = 200


def cases_needed(
    disagreement: ArrayLike,
    difference: ArrayLike,
    margin: ArrayLike,
    alpha: float,
    grid: ArrayLike,
    so_far: tuple[ArrayLike, ArrayLike, ArrayLike] = (0, 0, 0),
) -> Numbers:
    """Return how many more cases are needed to show that the difference is above the limit.

    Parameters
    ----------
    disagreement, difference
        Expected in the cases to come, as fractions; a disagreement below the size of the
        difference is taken as that size.
    margin
        Worst acceptable difference, positive.
    alpha
        One-sided error.
    grid
        Bets, each between 0 and 1.
    so_far
        Cases, candidate's wins and production's wins already counted (deflated, filled).

    Returns
    -------
    array
        0 where it is shown already, infinite where no bet of the grid gains on this path.

    Notes
    -----
    Every bet's log stake grows linearly on the path, and the log of their mean is convex, so one
    crossing of ``log(1 / alpha)`` remains; Newton's method comes down to it from the right. The
    result is close to the median stopping time; the time really needed is spread widely around.

    Examples
    --------
    >>> from evaluators.statistics.betting import general_grid
    >>> float(np.ceil(cases_needed(0.10, 0.0, 0.02, 0.025, general_grid())))
    2907.0
    """
    expected = (disagreement, difference, margin, *so_far)
    arrays = np.broadcast_arrays(*(np.asarray(a, float) for a in expected))
    psi, delta, limit, n, b, c = (a.ravel()[:, None] for a in arrays)
    bets = np.asarray(grid, float)
    psi = np.clip(np.maximum(psi, np.abs(delta)), 0, 1)
    on_win = np.log1p(bets * (2 / (1 - limit) - 1))
    on_tie = np.log1p(bets * (1 / (1 - limit) - 1))
    on_loss = np.log1p(-bets)
    gain = (psi + delta) / 2 * on_win + (1 - psi) * on_tie + (psi - delta) / 2 * on_loss
    start = b * on_win + np.maximum(n - b - c, 0) * on_tie + c * on_loss - np.log(len(bets))
    start = start + np.log(alpha)
    return _crossing(start, gain).reshape(arrays[0].shape)


def _crossing(start: Numbers, gain: Numbers) -> Numbers:
    """Return where the log of the sum of exp(start + x * gain) reaches 0 from below."""
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.where(gain > 0, np.maximum(-start / gain, 0), np.inf)
    x = alone.min(axis=-1)
    found = np.where(_log_sum(start) >= 0, 0.0, x)
    active = np.flatnonzero(np.isfinite(found) & (found > 0))
    for _ in range(_STEPS):
        if not len(active):
            break
        logs = start[active] + found[active, None] * gain[active]
        top = logs.max(axis=-1)
        weights = np.exp(logs - top[:, None])
        total = weights.sum(axis=-1)
        step = (top + np.log(total)) * total / (weights * gain[active]).sum(axis=-1)
        found[active] = np.maximum(found[active] - step, 0)
        active = active[np.abs(step) > 1e-9 * (1 + found[active])]
    return found


def _log_sum(logs: Numbers) -> Numbers:
    top = logs.max(axis=-1)
    total: Numbers = top + np.log(np.exp(logs - top[:, None]).sum(axis=-1))
    return total
