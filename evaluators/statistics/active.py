"""Reviews drawn by chance where they tell most: sampling with unequal chances, weighted back."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from evaluators.statistics.asymptotic import asymptotic_sequence

Numbers = NDArray[np.float64]


def chances(expected: ArrayLike, budget: float, floor: float = 0.01) -> Numbers:
    """Return for each case the chance with which it is to be reviewed.

    Parameters
    ----------
    expected
        Expected square of what a review would find, such as of the difference in accuracy; of an
        agreement it is 0.
    budget
        Expected number of reviews.
    floor
        Least chance of a case whose expectation is not 0, as a part of the mean chance.

    Notes
    -----
    In proportion to ``sqrt(expected)``, the most exact choice, cut at 1 with the rest shared out
    anew. A case with expectation 0 is never drawn and must be known without a review. The floor
    keeps a wrong expectation from making one review weigh without bound.

    References
    ----------
    Sawade, Landwehr, Bickel & Scheffer (2010), Active risk estimation, ICML; Hajek (1964).

    Examples
    --------
    >>> chances([0, 0, 1, 1, 4], 2).tolist()
    [0.0, 0.0, 0.5, 0.5, 1.0]
    """
    worth = np.sqrt(np.asarray(expected, float))
    drawn = worth > 0
    if not drawn.any():
        return np.zeros(worth.shape)
    least = min(1.0, floor * budget / float(drawn.sum()))
    found = np.where(drawn, least, 0.0)
    free = drawn.copy()
    for _ in range(60):
        rest = budget - float(found[~free].sum())
        total = float(worth[free].sum())
        if rest <= 0 or total <= 0:
            break
        found = np.where(free, rest * worth / total, found)
        over, under = free & (found > 1), free & (found < least)
        # Ones first: what they leave may lift the others above the floor.
        change = over if over.any() else under
        if not change.any():
            break
        found = np.where(change, np.where(over, 1.0, least), found)
        free &= ~change
    return np.clip(found, 0.0, 1.0)


def weighted_mean(
    value: ArrayLike, chance: ArrayLike, cases: float, alpha: float = 0.05
) -> tuple[float, float, float, float]:
    """Return the mean over all cases from the reviewed ones, each drawn with its own chance.

    Parameters
    ----------
    value, chance
        Of the reviewed cases: what was found, and the chance they were drawn with.
    cases
        Cases in all; those that could not be drawn count as 0.

    Returns
    -------
    mean, error, low, high
        For one look at independent draws, by the normal distribution.

    Notes
    -----
    Horvitz-Thompson ``sum(d / pi) / N`` with the unbiased variance
    ``sum(d**2 (1 - pi) / pi**2) / N**2`` of the draws. It is about these very cases; it does not
    hold the chance that others would have come. Both sums are additive.

    References
    ----------
    Horvitz & Thompson (1952), doi:10.1080/01621459.1952.10483446.

    Examples
    --------
    >>> mean, error, low, high = weighted_mean([1, -1, 1], [0.5, 0.5, 1.0], 10)
    >>> round(mean, 3), round(error, 3)
    (0.1, 0.2)
    """
    found, pi = np.asarray(value, float), np.asarray(chance, float)
    mean = float((found / pi).sum() / cases)
    error = math.sqrt(float((found**2 * (1 - pi) / pi**2).sum())) / cases
    reach = float(ndtri(1 - alpha / 2)) * error
    return mean, error, mean - reach, mean + reach


def judged_mean(
    judged_total: float, value: ArrayLike, judged: ArrayLike, chance: ArrayLike, cases: float
) -> tuple[float, float]:
    """Return a mean from a cheap judge of all cases, corrected by people's reviews of some.

    Parameters
    ----------
    judged_total
        Sum over all cases of what the cheap judge says.
    value, judged, chance
        Of the reviewed cases: what people found, what the judge said, and the chance of the draw.

    Returns
    -------
    mean, error

    Notes
    -----
    ``mean(f) + sum((d - f) / pi) / N``: unbiased however wrong the judge f is, and more exact the
    closer it comes to people.

    References
    ----------
    Angelopoulos, Bates, Fannjiang, Jordan & Zrnic (2023), doi:10.1126/science.adi6000.

    Examples
    --------
    >>> mean, error = judged_mean(8.0, [1.0, 0.0], [1.0, 1.0], [0.5, 0.5], 10)
    >>> round(mean, 3), round(error, 3)
    (0.6, 0.141)
    """
    gap = np.asarray(value, float) - np.asarray(judged, float)
    mean, error, _, _ = weighted_mean(gap, chance, cases)
    return judged_total / cases + mean, error


def scaled_back(value: ArrayLike, chance: ArrayLike, least: float) -> tuple[Numbers, float]:
    """Return weighted values brought between -1 and 1, and what to multiply their mean by.

    Parameters
    ----------
    value
        Between -1 and 1; of a case that was not drawn 0.
    chance
        Of each draw; at least `least`.
    least
        The least chance, fixed before.

    Notes
    -----
    ``d / pi`` has no bound that does not depend on the draw; ``d least / pi`` lies between -1 and
    1, so bets on it are valid at every look (`atoms`), and dividing the ends of the interval by
    `least` gives those of the mean over all cases that could be drawn.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> found, times = scaled_back([1, -1], [0.1, 0.5], 0.1)
    >>> found.tolist(), times
    ([1.0, -0.2], 10.0)
    """
    pi = np.asarray(chance, float)
    if np.any(pi < least):
        raise ValueError("`least` must not be above any chance")
    return np.asarray(value, float) * least / pi, 1 / least


def weighted_sequence(
    value: ArrayLike, chance: ArrayLike, cases: float, alpha: float, t_opt: float
) -> tuple[float, float]:
    """Return the interval of the mean that is valid at every late look, for unbounded weights.

    Parameters
    ----------
    value, chance
        Of the reviewed cases; all other of the `cases` count as 0.

    Notes
    -----
    The asymptotic sequence of ``d / pi`` over all cases that came, drawn or not. It is about the
    cases to come as well, so wider than `weighted_mean`.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408.

    Examples
    --------
    >>> low, high = weighted_sequence([1, -1] * 50, [0.5] * 100, 2000, 0.05, 2000)
    >>> round(low, 3), round(high, 3)
    (-0.03, 0.03)
    """
    weighted = np.asarray(value, float) / np.asarray(chance, float)
    low, high = asymptotic_sequence(
        cases, float(weighted.sum()), float((weighted**2).sum()), alpha, t_opt
    )
    return float(low), float(high)
