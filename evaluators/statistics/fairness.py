"""Gaps between groups in how often they are selected, rightly or wrongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupRates:
    """Rates of groups, each NaN where its denominator is empty; one array shape.

    Attributes
    ----------
    selected
        Share of all cases for which the positive class was said.
    found
        Share of them among positive outcomes (true positive rate).
    alarmed
        Share of them among negative outcomes (false positive rate).
    """

    selected: Numbers
    found: Numbers
    alarmed: Numbers

    @classmethod
    def of(cls, tp: ArrayLike, fp: ArrayLike, tn: ArrayLike, fn: ArrayLike) -> GroupRates:
        """Return the rates of groups from their counts.

        Examples
        --------
        >>> rates = GroupRates.of([50, 5], [10, 1], [120, 30], [20, 0])
        >>> rates.found.round(3).tolist()
        [0.714, 1.0]
        """
        a, b, c, d = (np.asarray(x, float) for x in (tp, fp, tn, fn))
        return cls(rate(a + b, a + b + c + d), rate(a, a + d), rate(b, b + c))


def rate(hits: ArrayLike, n: ArrayLike) -> Numbers:
    """Return shares, NaN where there is no case.

    Examples
    --------
    >>> rate([1, 0], [4, 0]).tolist()
    [0.25, nan]
    """
    total = np.asarray(n, float)
    return np.where(total > 0, np.asarray(hits, float) / np.where(total > 0, total, 1), np.nan)


def gap(rates: ArrayLike) -> Numbers:
    """Return the largest difference between groups, along the last axis.

    Notes
    -----
    Groups with an empty denominator (NaN) are left out and have to be told; NaN with fewer than
    two groups. The gap of many groups that are alike is above 0 by chance alone, and the more so
    the smaller they are: hold it against production's, not against 0. Of selection rates it is
    the demographic-parity difference, of true positive rates equal opportunity.

    References
    ----------
    Hardt, Price & Srebro (2016), arXiv:1610.02413.

    Examples
    --------
    >>> float(gap([0.3, 0.15, np.nan]).round(3))
    0.15
    """
    low, high, enough = _ends(rates)
    return np.where(enough, high - low, np.nan)


def ratio(rates: ArrayLike) -> Numbers:
    """Return the smallest rate over the largest, along the last axis; NaN where that is 0.

    Of selection rates it is the demographic-parity ratio; below 0.8 the "four fifths" rule of
    thumb sees adverse impact.

    References
    ----------
    Feldman et al. (2015), doi:10.1145/2783258.2783311.

    Examples
    --------
    >>> float(ratio([0.3, 0.15, np.nan]).round(3))
    0.5
    """
    low, high, enough = _ends(rates)
    return np.where(enough & (high > 0), low / np.where(high > 0, high, 1), np.nan)


def odds_gap(rates: GroupRates) -> Numbers:
    """Return the larger of the gaps of true and of false positive rates (equalised odds).

    References
    ----------
    Hardt, Price & Srebro (2016), as in `gap`.
    """
    return np.fmax(gap(rates.found), gap(rates.alarmed))


def most_widening(low: ArrayLike, high: ArrayLike) -> Numbers:
    """Return how much a gap can at most have widened, from what is known of each group's change.

    Parameters
    ----------
    low, high
        Bounds of each group's change of rate (candidate minus production), shape (..., groups).

    Notes
    -----
    With changes d of rates r, ``max(r + d) - min(r + d) <= max r - min r + max d - min d``; so the
    gap widens by at most the largest difference of two groups' changes. No rate has to be known,
    and it holds whichever groups are the extreme ones. With one group there is no gap: 0.

    Examples
    --------
    >>> float(most_widening([-0.01, -0.02], [0.02, 0.01]).round(3))
    0.04
    """
    bottom, top = np.asarray(low, float), np.asarray(high, float)
    if top.shape[-1] < 2:
        return np.zeros(top.shape[:-1])
    order = np.sort(top, axis=-1)
    first, second = order[..., -1:], order[..., -2:-1]
    of_others = np.where(np.argmax(top, -1)[..., None] == np.arange(top.shape[-1]), second, first)
    found: Numbers = (of_others - bottom).max(axis=-1)
    return np.maximum(found, 0.0)


def _ends(rates: ArrayLike) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    values = np.asarray(rates, float)
    known = ~np.isnan(values)
    low = np.where(known, values, np.inf).min(axis=-1, initial=np.inf)
    high = np.where(known, values, -np.inf).max(axis=-1, initial=-np.inf)
    enough = known.sum(axis=-1) >= 2
    return np.where(enough, low, 0.0), np.where(enough, high, 0.0), enough
