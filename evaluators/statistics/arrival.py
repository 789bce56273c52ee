"""How outcomes arrive: shares that have one by a given age, from cases of every age.

A case that has no outcome yet is still counted: it was watched up to its age, and not longer. All
functions take counts by age along the last axis, so parts of a study merge by adding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.statistics.intervals import wilson

Numbers = NDArray[np.float64]


def at_risk(event: ArrayLike, censored: ArrayLike) -> Numbers:
    """Return how many cases are still watched, and without outcome, at the start of each age.

    Parameters
    ----------
    event, censored
        Cases whose outcome came at that age, and cases last watched at that age without one;
        shape (..., ages).

    Examples
    --------
    >>> at_risk([2, 1], [0, 3]).tolist()
    [6.0, 4.0]
    """
    leaving = np.asarray(event, float) + np.asarray(censored, float)
    return np.flip(np.cumsum(np.flip(leaving, -1), -1), -1)


def kaplan_meier(event: ArrayLike, censored: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return the share that still has no outcome after each age, and its standard error.

    Parameters
    ----------
    event, censored
        As in `at_risk`.

    Notes
    -----
    ``S(t) = prod(1 - d / Y)``, standard error by Greenwood's formula. It assumes that cases of
    different days arrive alike (the young ones as the old ones did). Ages at which nobody is
    watched any more keep the last value.

    References
    ----------
    Kaplan & Meier (1958), doi:10.1080/01621459.1958.10501452; Greenwood (1926).

    Examples
    --------
    >>> share, error = kaplan_meier([2, 1], [0, 3])
    >>> share.round(4).tolist(), error.round(4).tolist()
    ([0.6667, 0.5], [0.1925, 0.2041])
    """
    d, watched = np.asarray(event, float), at_risk(event, censored)
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(watched > 0, 1 - d / watched, 1.0)
        term = np.where(watched > d, d / (watched * (watched - d)), 0.0)
    share: Numbers = np.cumprod(step, -1).astype(np.float64)
    return share, share * np.sqrt(np.cumsum(term, -1))


def cumulative_incidence(event: ArrayLike, censored: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return the share of all cases that have each class of outcome by each age, and its variance.

    Parameters
    ----------
    event
        Cases by class and age, shape (..., classes, ages).
    censored
        Shape (..., ages).

    Notes
    -----
    Aalen and Johansen's estimator: classes compete, so ``1 - S`` is the sum of the classes. The
    variance is that of the delta method.

    References
    ----------
    Aalen & Johansen (1978), Scand. J. Statist. 5; Marubini & Valsecchi (1995), *Analysing
    Survival Data from Clinical Trials and Observational Studies*, section 10.2.

    Examples
    --------
    >>> share, _ = cumulative_incidence([[2, 0], [0, 1]], [0, 3])
    >>> share.round(4).tolist()
    [[0.3333, 0.3333], [0.0, 0.1667]]
    """
    d = np.asarray(event, float)
    every = d.sum(-2)
    watched = at_risk(every, censored)
    after, _ = kaplan_meier(every, censored)
    before = np.concatenate([np.ones_like(after[..., :1]), after[..., :-1]], -1)[..., None, :]
    y, total = watched[..., None, :], every[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumsum(np.where(y > 0, before * d / y, 0.0), -1)
        spread = np.where(y > total, total / (y * (y - total)), 0.0)
        own = np.where(y > 0, before**2 * (y - d) * d / y**3, 0.0)
        cross = np.where(y > 0, before * d / y**2, 0.0)
    later = (
        share**2 * np.cumsum(spread, -1)
        - 2 * share * np.cumsum(share * spread, -1)
        + np.cumsum(share**2 * spread, -1)
    )
    both = share * np.cumsum(cross, -1) - np.cumsum(share * cross, -1)
    return share, np.maximum(later + np.cumsum(own, -1) - 2 * both, 0.0)


def arrived_of_class(
    event: ArrayLike, censored: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers, Numbers]:
    """Return which share of a class's outcomes has come by each age, with its interval.

    Parameters
    ----------
    event, censored
        As in `cumulative_incidence`.

    Notes
    -----
    The cumulative incidence by its own last value, so it is among the outcomes that come within
    the longest age watched; what comes later than that nobody can know. An outcome at age u
    stands for ``1 / G(u)`` others, G being the share of cases watched that long; the interval is
    Wilson's at the effective number ``sum(w)**2 / sum(w**2)`` of outcomes. Of a class without an
    outcome nothing is known: NaN, 0 to 1.

    References
    ----------
    Aalen & Johansen (1978); Kish (1965), *Survey Sampling*; Wilson (1927),
    doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> share, low, high = arrived_of_class([[60, 40]], [0, 0])
    >>> share.tolist(), low.round(3).tolist()
    ([[0.6, 1.0]], [[0.502, 0.963]])
    """
    d = np.asarray(event, float)
    incidence, _ = cumulative_incidence(d, censored)
    total = incidence[..., -1:]
    step = np.diff(incidence, axis=-1, prepend=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(d > 0, step / d, 0.0)  # what one outcome of that age stands for
        effective = step.sum(-1, keepdims=True) ** 2 / (d * weight**2).sum(-1, keepdims=True)
        share = incidence / total
    effective = np.where(total > 0, effective, 0.0)
    low, high = wilson(np.where(total > 0, share, 0.0) * effective, effective, alpha)
    return share, low, high


def maturity(low: ArrayLike, share: float = 0.98) -> NDArray[np.int64]:
    """Return the age, in whole weeks' days, by which every class has arrived; -1 where none is.

    Parameters
    ----------
    low
        Lower limits of the share arrived, shape (..., classes, ages).
    share
        How much of each class must be in.

    Notes
    -----
    The smallest age at which the lower limit of every class reaches `share`, rounded up to whole
    weeks; 0 where outcomes come on the day itself.

    Examples
    --------
    >>> int(maturity([[0.5, 0.99, 0.99], [0.99, 0.99, 0.99]])), int(maturity([[0.5, 0.6]]))
    (7, -1)
    """
    reached = (np.asarray(low, float) >= share).all(-2)
    first = np.argmax(reached, -1)
    weeks = np.ceil(first / 7).astype(np.int64)
    return np.where(reached.any(-1), 7 * weeks, -1)
