"""Rates of many segments pulled towards their common rate: the beta-binomial model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShrunkRates:
    """Empirical-Bayes rates.

    Attributes
    ----------
    a, b
        Parameters of the beta distribution of the segments' rates; infinite where there is no
        sign that they differ.
    mean
        Common rate.
    estimate
        Rate per segment, shrunken; NaN nowhere: a segment without a case has the common rate.
    """

    a: float
    b: float
    mean: float
    estimate: Numbers


def shrink_rates(hits: ArrayLike, n: ArrayLike) -> ShrunkRates:
    """Return rates shrunken by how much the segments really differ, by the method of moments.

    Parameters
    ----------
    hits, n
        Cases with the property and all cases, one per segment; those without a case carry no
        information about the spread.

    Notes
    -----
    Segments weigh by their cases. With ``rho = 1 / (a + b + 1)`` a segment's observed rate has
    variance ``mu (1 - mu) (1/n + rho (1 - 1/n))``; rho is the value at which the weighted sum of
    squares around the weighted mean is what it should be. For order and for reviewers with few
    cases; a test on shrunken rates would count the same data twice.

    References
    ----------
    Kleinman (1973), doi:10.1080/01621459.1973.10481332.

    Examples
    --------
    >>> found = shrink_rates([2, 30, 90], [20, 200, 400])
    >>> found.estimate.round(3).tolist()
    [0.176, 0.163, 0.221]
    """
    hit, size = np.asarray(hits, float), np.asarray(n, float)
    used = size > 0
    x, w = hit[used], size[used]
    total = w.sum()
    if total == 0:
        return ShrunkRates(np.nan, np.nan, np.nan, np.full(size.shape, np.nan))
    mean = float(x.sum() / total)
    share = 1 - w / total
    alone = mean * (1 - mean)
    squares = (w * (x / w - mean) ** 2).sum()
    room = ((w - 1) * share).sum()
    rho = (squares / alone - share.sum()) / room if alone > 0 and room > 0 else 0.0
    if rho <= 0:
        return ShrunkRates(np.inf, np.inf, mean, np.full(size.shape, mean))
    strength = max(1 / min(rho, 1.0) - 1, 0.0)
    estimate = (hit + strength * mean) / np.where(size + strength > 0, size + strength, 1)
    return ShrunkRates(mean * strength, (1 - mean) * strength, mean, estimate)
