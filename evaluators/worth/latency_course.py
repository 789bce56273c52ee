"""Response times period by period: a percentile of each with an interval of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluators.statistics.intervals import clopper_pearson
from evaluators.worth.latency import edge

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Percentiles:
    """A percentile per period, in milliseconds; arrays of the same length.

    Attributes
    ----------
    period
        Numbers of the periods with an answer, ascending.
    value, low, high
        The percentile and its interval; `high` is infinite where the answers are too few to
        bound it.
    n
        Answers that say their time.
    """

    period: NDArray[np.int64]
    value: Numbers
    low: Numbers
    high: Numbers
    n: NDArray[np.int64]


def percentiles(
    period: ArrayLike, latency_bin: ArrayLike, answered: ArrayLike, share: float, alpha: float
) -> Percentiles:
    """Return a percentile of the answers of every period, with its interval.

    Parameters
    ----------
    period, latency_bin, answered
        Of each row of the measure `latency_counts`: number of its period, its bin, its answers.
    share
        Which percentile, e.g. 0.95.
    alpha
        Two-sided error of one interval.

    Notes
    -----
    The interval holds the times x for which the share of answers up to x may be `share`, by the
    exact interval of a share: that of the order statistics, without any assumption about the
    distribution. It is for one look at one period, whose answers are taken as independent. An end
    is the edge of a bin, outwards.

    References
    ----------
    Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404; Hahn & Meeker (1991), *Statistical
    Intervals*, section 5.2.

    Examples
    --------
    >>> found = percentiles([0] * 2, [20, 40], [950, 50], 0.95, 0.05)
    >>> found.low.tolist(), found.high.round(2).tolist(), found.n.tolist()
    ([1.0], [3.14], [1000])
    """
    periods, row = np.unique(np.asarray(period, np.int64), return_inverse=True)
    bins, column = np.unique(np.asarray(latency_bin, np.int64), return_inverse=True)
    shape = (len(periods), len(bins))
    at = row * shape[1] + column
    counts = np.bincount(at, weights=np.asarray(answered, float), minlength=shape[0] * shape[1])
    upto = np.cumsum(counts.reshape(shape), axis=1)
    total = upto[:, -1:] if shape[1] else np.zeros((shape[0], 1))
    keep = total[:, 0] > 0
    periods, upto, total = periods[keep], upto[keep], total[keep]
    if not len(periods):
        none = np.zeros(0)
        return Percentiles(periods, none, none, none, periods)
    least, most = clopper_pearson(upto, np.broadcast_to(total, upto.shape), alpha)
    place = np.argmax(upto >= share * total - 1e-9, axis=1)
    first = np.minimum(np.argmax(most >= share, axis=1), place)
    above = least > share
    last = np.maximum(np.argmax(above, axis=1), place)
    high = np.where(above.any(axis=1), edge(bins[last] + 1), np.inf)
    middle = (edge(bins[place]) + edge(bins[place] + 1)) / 2
    return Percentiles(periods, middle, edge(bins[first]), high, total[:, 0].astype(np.int64))
