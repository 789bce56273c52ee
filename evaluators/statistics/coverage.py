"""Whether cases that have an outcome are like those that have none."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from evaluators.statistics.log_scale import log_mean_exp

Numbers = NDArray[np.float64]

_STEPS = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)


def chi_square(labelled: ArrayLike, n: ArrayLike) -> tuple[Numbers, Numbers, NDArray[np.int64]]:
    """Return Pearson's chi-square of labelled shares that should be equal, its p and its freedom.

    Parameters
    ----------
    labelled, n
        Cases with an outcome, and all cases, of each group; shape (..., groups).

    Notes
    -----
    For one look at independent cases. Groups without a case do not count; with fewer than two
    groups, or with all or none labelled, there is nothing to differ: 0 and p = 1. Distrust it
    where expected counts are below about 5.

    References
    ----------
    Pearson (1900), doi:10.1080/14786440009463897.

    Examples
    --------
    >>> value, p, freedom = chi_square([880, 430], [1000, 500])
    >>> round(float(value), 6), round(float(p), 6), int(freedom)
    (1.205303, 0.272264, 1)
    """
    yes, total = np.asarray(labelled, float), np.asarray(n, float)
    every = total.sum(-1, keepdims=True)
    share = yes.sum(-1, keepdims=True) / np.maximum(every, 1)
    expected = total * share * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore"):
        term = np.where(expected > 0, (yes - total * share) ** 2 / expected, 0.0)
    value = term.sum(-1)
    freedom = np.maximum((total > 0).sum(-1) - 1, 0)
    p = np.where(freedom > 0, chdtrc(np.maximum(freedom, 1), value), 1.0)
    return value, p, freedom


def standardised_difference(labelled: ArrayLike, n: ArrayLike) -> Numbers:
    """Return how differently often each group occurs among labelled and unlabelled cases.

    Parameters
    ----------
    labelled, n
        As in `chi_square`.

    Notes
    -----
    ``(p1 - p0) / sqrt((p1 (1 - p1) + p0 (1 - p0)) / 2)`` with the group's share of the labelled
    and of the unlabelled cases. Unlike a p-value it does not grow with the number of cases;
    beyond 0.1 is commonly called imbalanced. NaN where all or none are labelled.

    References
    ----------
    Austin (2009), doi:10.1002/sim.3697.

    Examples
    --------
    >>> standardised_difference([880, 430], [1000, 500]).round(3).tolist()
    [0.084, -0.084]
    """
    yes, total = np.asarray(labelled, float), np.asarray(n, float)
    no = total - yes
    with np.errstate(divide="ignore", invalid="ignore"):
        one = yes / yes.sum(-1, keepdims=True)
        other = no / no.sum(-1, keepdims=True)
        spread = np.sqrt((one * (1 - one) + other * (1 - other)) / 2)
        value = (one - other) / spread
    return np.where(spread > 0, value, np.where(np.isnan(spread), np.nan, 0.0))


def log_evidence(labelled: ArrayLike, n: ArrayLike, share: ArrayLike) -> Numbers:
    """Return the log e-value for "a group's outcomes come more, or less, often than the others'".

    Parameters
    ----------
    labelled, n
        Cases of the group with an outcome, and all of them, on each day; shape (..., days).
    share
        Labelled share of all cases of that day, the group's among them.

    Notes
    -----
    Each day is compared with itself, so days on which little arrives do no harm. While outcomes
    come to the group's cases as to the day's others, its labelled cases are drawn from the day's
    without replacement, and ``exp(t m) / (1 - p + p exp(t)) ** n`` is at most 1 on average
    (Hoeffding: drawing with replacement spreads more). The product over days is averaged over
    odds ratios exp(t) from 0.04 to 25; by Ville's inequality it ever reaches 1/alpha with
    probability at most alpha. Outcomes of a day must not change once it counts.

    References
    ----------
    Hoeffding (1963), doi:10.1080/01621459.1963.10500830, theorem 4; Ville (1939).

    Examples
    --------
    >>> log_evidence([[18, 17], [2, 3]], [[20, 20], [20, 20]], 0.9).round(1).tolist()
    [-0.7, 61.1]
    """
    m, total, p = np.broadcast_arrays(*(np.asarray(a, float) for a in (labelled, n, share)))
    logs = np.stack(
        [(t * m - total * np.log1p(p * np.expm1(t))).sum(-1) for t in _both_signs()], -1
    )
    return log_mean_exp(logs)


def _both_signs() -> tuple[float, ...]:
    return (*_STEPS, *(-step for step in _STEPS))
