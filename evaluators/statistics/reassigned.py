"""What would have come of serving the same cases in another order, over the same days."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


class Reassigned(NamedTuple):
    """What the new order means for the cases of each row.

    Attributes
    ----------
    earlier
        Expected days by which a case is served earlier; negative: later.
    first_half, first_half_before
        Expected share of its cases in the first half of the slots, in the new order and in the
        old one.
    """

    earlier: Numbers
    first_half: Numbers
    first_half_before: Numbers


def reassigned(day: ArrayLike, score: ArrayLike, n: ArrayLike) -> Reassigned:
    """Return what serving all cases by descending score would change.

    Parameters
    ----------
    day, score, n
        Of each row the day on which its cases were served, their score and their number (weights
        are allowed). Arrays of shape (rows,).

    Notes
    -----
    The slots are the days on which cases were served, no more and no fewer; the case with the
    highest score gets the earliest slot. Cases of one score share their slots: each gets the mean
    of them. The first half of the slots are the whole days that end within it, since the order
    inside a day is not known.

    Assumes one closed pool: every case could have been served on any of the days, the capacity of
    each day stays as it was, and serving a case earlier does not change its outcome.

    Source: the evaluation of food inspection forecasting, City of Chicago (2015).

    Examples
    --------
    >>> found = reassigned([1, 2, 3, 4], [0.1, 0.9, 0.2, 0.8], [1, 1, 1, 1])
    >>> found.earlier.tolist()
    [-3.0, 1.0, 0.0, 2.0]
    >>> found.first_half.tolist(), found.first_half_before.tolist()
    ([0.0, 1.0, 0.0, 1.0], [1.0, 1.0, 0.0, 0.0])
    """
    on, worth = np.asarray(day, float), np.asarray(score, float)
    weight = np.asarray(n, float)
    if not weight.sum():
        nothing = np.zeros(len(on))
        return Reassigned(nothing, nothing, nothing)
    days, of_day = np.unique(on, return_inverse=True)
    steps, of_step = np.unique(-worth, return_inverse=True)
    return _reassigned(days, of_day, len(steps), of_step, weight)


def resampled(
    day: ArrayLike,
    score: ArrayLike,
    n: ArrayLike,
    counted: ArrayLike,
    repetitions: int = 400,
    seed: int = 20_150_513,
) -> Numbers:
    """Return the means of the three numbers over the counted cases when days are drawn anew.

    Parameters
    ----------
    day, score, n
        As in `reassigned`.
    counted
        Of each row the number of cases that are counted, e.g. of positive ones.

    Returns
    -------
    array of shape (repetitions, 3)
        NaN where no counted case was drawn.

    Notes
    -----
    The bootstrap by clusters: whole days, with all that happened on them, are drawn with
    replacement; slots and order are formed anew each time. The seed is fixed, so the same cases
    give the same interval.

    References
    ----------
    Davison & Hinkley (1997), doi:10.1017/CBO9780511802843, section 3.8.

    Examples
    --------
    >>> found = resampled([1, 2, 3, 4], [0.1, 0.9, 0.2, 0.8], [1] * 4, [0, 1, 0, 1], 10)
    >>> found.shape
    (10, 3)
    """
    days, of_day = np.unique(np.asarray(day, float), return_inverse=True)
    steps, of_step = np.unique(-np.asarray(score, float), return_inverse=True)
    cases, hits = np.asarray(n, float), np.asarray(counted, float)
    chance = np.random.default_rng(seed)
    drawn = chance.multinomial(len(days), np.full(len(days), 1 / len(days)), size=repetitions)
    found = np.full((repetitions, 3), np.nan)
    for number, times in enumerate(drawn[:, of_day]):
        weight = hits * times
        total = weight.sum()
        if total:
            gains = _reassigned(days, of_day, len(steps), of_step, cases * times)
            found[number] = [(weight * gain).sum() / total for gain in gains]
    return found


def _reassigned(
    days: Numbers, of_day: Counts, steps: int, of_step: Counts, weight: Numbers
) -> Reassigned:
    slots = np.bincount(of_day, weights=weight, minlength=len(days))
    filled = np.concatenate([[0.0], np.cumsum(slots)])
    time = np.concatenate([[0.0], np.cumsum(slots * days)])
    size = np.bincount(of_step, weights=weight, minlength=steps)
    edges = np.concatenate([[0.0], np.cumsum(size)])
    # Between two days the sum of the slots' days grows along a straight line.
    sums = np.interp(edges, filled, time)
    some = np.where(size > 0, size, 1.0)
    new_day = np.diff(sums) / some
    ended = filled[1:] <= filled[-1] / 2 + 1e-9
    half = filled[1:][ended].max(initial=0.0)
    inside = np.diff(np.minimum(edges, half)) / some
    return Reassigned(days[of_day] - new_day[of_step], inside[of_step], ended[of_day] + 0.0)
