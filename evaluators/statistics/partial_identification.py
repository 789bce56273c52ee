"""What cases whose outcome nobody can see leave possible: bounds, and the point where they tip.

Where the outcome is seen only after some production decisions, the candidate's overturned
decisions have none. With u of them among n cases, b cases only the candidate got right and c only
production, the difference in accuracy lies between ``(b - c - u) / n`` and ``(b - c + u) / n``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

Numbers = NDArray[np.float64]

_HALVINGS = 80


def bounds(n: ArrayLike, b: ArrayLike, c: ArrayLike, u: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return the lowest and the highest difference that the unseen outcomes leave possible.

    Notes
    -----
    No assumption at all, and no sampling error: it is about these very cases. -1 to 1 without one.

    References
    ----------
    Manski (1989), doi:10.2307/145818.

    Examples
    --------
    >>> [float(end) for end in bounds(10_000, 420, 260, 300)]
    [-0.014, 0.046]
    """
    cases, wins, losses, unseen = (np.asarray(a, float) for a in (n, b, c, u))
    some = np.maximum(cases, 1)
    low = np.where(cases > 0, (wins - losses - unseen) / some, -1.0)
    return low, np.where(cases > 0, (wins - losses + unseen) / some, 1.0)


def critical_value(width: ArrayLike, error: ArrayLike, alpha: float = 0.05) -> Numbers:
    """Return by how many standard errors each bound is moved out.

    Parameters
    ----------
    width
        Distance between the bounds.
    error
        Larger of the standard errors of the two bounds.

    Notes
    -----
    Solves ``Phi(C + width / error) - Phi(-C) = 1 - alpha``: from the two-sided quantile, where
    the bounds are one point, down to the one-sided one, where they are far apart.

    References
    ----------
    Imbens & Manski (2004), doi:10.1111/j.1468-0262.2004.00555.x, equation 7.

    Examples
    --------
    >>> critical_value([0.0, 10.0], 1.0).round(4).tolist()
    [1.96, 1.6449]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.asarray(width, float) / np.asarray(error, float)
    gap = np.where(np.isnan(gap), 0.0, gap)
    low = np.full(gap.shape, ndtri(1 - alpha))
    high = np.full(gap.shape, ndtri(1 - alpha / 2))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = ndtr(middle + gap) - ndtr(-middle) < 1 - alpha
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return (low + high) / 2


def imbens_manski(
    n: ArrayLike,
    b: ArrayLike,
    c: ArrayLike,
    u: ArrayLike,
    alpha: float = 0.05,
    effect: ArrayLike = 1.0,
) -> tuple[Numbers, Numbers]:
    """Return the interval that covers the true difference, wherever between the bounds it lies.

    Parameters
    ----------
    n, b, c, u
        Cases, cases only the candidate got right, only production got right, and unseen ones.
    effect
        Design effect of clusters: variances grow by it.

    Notes
    -----
    For one look at a fixed number of cases, by the normal approximation. -1 to 1 without a case.

    References
    ----------
    Imbens & Manski (2004), as in `critical_value`.

    Examples
    --------
    >>> [round(float(end), 6) for end in imbens_manski(10_000, 420, 260, 300)]
    [-0.019144, 0.051093]
    """
    cases, wins, losses, unseen = (np.asarray(a, float) for a in (n, b, c, u))
    low, high = bounds(cases, wins, losses, unseen)
    some = np.maximum(cases, 1)
    square = (wins + losses + unseen) / some

    def error(mean: Numbers) -> Numbers:
        spread: Numbers = np.sqrt(np.maximum(square - mean**2, 0) * effect / some)
        return spread

    low_error, high_error = error(low), error(high)
    far = critical_value(high - low, np.maximum(low_error, high_error), alpha)
    none = cases <= 0
    return (
        np.where(none, -1.0, np.maximum(low - far * low_error, -1.0)),
        np.where(none, 1.0, np.minimum(high + far * high_error, 1.0)),
    )


def difference_at(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, u: ArrayLike, good: ArrayLike
) -> Numbers:
    """Return the difference if a share `good` of the unseen cases were the candidate's wins.

    Notes
    -----
    ``(b - c + u (2 q - 1)) / n``, the others being production's wins.

    Examples
    --------
    >>> round(float(difference_at(10_000, 420, 260, 300, 0.7917)), 4)
    0.0335
    """
    cases, wins, losses, unseen, q = (np.asarray(a, float) for a in (n, b, c, u, good))
    value: Numbers = (wins - losses + unseen * (2 * q - 1)) / np.maximum(cases, 1)
    return np.where(cases > 0, value, np.nan)


def break_even(
    n: ArrayLike, b: ArrayLike, c: ArrayLike, u: ArrayLike, margin: ArrayLike
) -> Numbers:
    """Return the share of the unseen cases that must be the candidate's for ``-margin``.

    Notes
    -----
    ``(1 + (-margin n - (b - c)) / u) / 2``. At 0 or below the limit holds whatever they are, at 1
    or above it cannot hold; minus or plus infinity where there is no unseen case.

    Examples
    --------
    >>> round(float(break_even(10_000, 420, 260, 300, 0.01)), 9)
    0.066666667
    """
    cases, wins, losses, unseen, limit = (np.asarray(a, float) for a in (n, b, c, u, margin))
    lack = -limit * cases - (wins - losses)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (1 + lack / unseen) / 2
    return np.where(unseen > 0, share, np.where(lack <= 0, -np.inf, np.inf))


def good_share(comparable: ArrayLike, odds: ArrayLike) -> Numbers:
    """Return the share of good ones among unseen cases whose odds are so many times worse.

    Parameters
    ----------
    comparable
        Share of good ones among comparable cases that are seen, between 0 and 1.
    odds
        How many times lower the odds of being good are, above 0; 1: as good.

    Notes
    -----
    ``g / (g + odds (1 - g))``.

    References
    ----------
    Rosenbaum (2002), *Observational Studies*, chapter 4, for odds as the scale of what was not
    seen.

    Examples
    --------
    >>> round(float(good_share(0.95, 5)), 4)
    0.7917
    """
    g, times = np.asarray(comparable, float), np.asarray(odds, float)
    share: Numbers = g / (g + times * (1 - g))
    return share


def tipping_odds(comparable: ArrayLike, share: ArrayLike) -> Numbers:
    """Return how many times worse the odds may be until only `share` of the unseen are good.

    Notes
    -----
    The inverse of `good_share`: ``g (1 - q) / (q (1 - g))``. Infinite for a share of 0 or less:
    no odds are bad enough; 0 for a share of 1 or more: none are good enough.

    Examples
    --------
    >>> round(float(tipping_odds(0.95, 1 / 15)), 6)
    266.0
    """
    g, q = np.asarray(comparable, float), np.clip(np.asarray(share, float), 0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = g * (1 - q) / (q * (1 - g))
    return np.where(q <= 0, np.inf, np.where(q >= 1, 0.0, odds))


def trial_reach(
    n: ArrayLike, u: ArrayLike, approvals: ArrayLike, good: ArrayLike = 0.5, alpha: float = 0.05
) -> Numbers:
    """Return how far from its middle the bar would still reach after a trial.

    Parameters
    ----------
    approvals
        Unseen cases that would be let through at random, so that their outcome is seen.
    good
        Expected share of good ones; a half is the widest.

    Notes
    -----
    ``2 (u / n) z sqrt(q (1 - q) / m)``, and never more than ``u / n``, which is what it is
    without a trial; sampling error of the seen cases left out.

    References
    ----------
    Cochran (1977), *Sampling Techniques*, section 3.3.

    Examples
    --------
    >>> round(float(trial_reach(10_000, 300, 100)), 5)
    0.00588
    """
    cases, unseen, m, q = (np.asarray(a, float) for a in (n, u, approvals, good))
    share = unseen / np.maximum(cases, 1)
    z = float(ndtri(1 - alpha / 2))
    reach: Numbers = np.minimum(2 * share * z * np.sqrt(q * (1 - q) / np.maximum(m, 1)), share)
    return reach
