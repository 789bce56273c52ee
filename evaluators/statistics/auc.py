"""How well scores put positive cases before negative ones: the area under the ROC curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Numbers = NDArray[np.float64]


def auc(positive: ArrayLike, negative: ArrayLike) -> Numbers:
    """Return the chance that a positive case has a higher score than a negative one.

    Parameters
    ----------
    positive, negative
        Cases at each score, scores ascending along the last axis.

    Notes
    -----
    The Mann-Whitney statistic; equal scores count half. NaN where a class has no case.

    References
    ----------
    Hanley & McNeil (1982), doi:10.1148/radiology.143.1.7063747.

    Examples
    --------
    >>> float(auc([0, 1, 3], [2, 1, 0]).round(4))
    0.9583
    """
    return _parts(positive, negative)[0]


def auc_interval(
    positive: ArrayLike, negative: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers]:
    """Return DeLong's interval of the area, for one look; 0 to 1 where nothing can be told.

    Notes
    -----
    Cases taken as independent. The variance is that of each positive case's share of negatives
    below it, and of each negative's share of positives above; with a case or none in a class it
    is unknown. Limits are cut at 0 and 1; an area of exactly 1 has no width here, though it is
    not certain.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson (1988), doi:10.2307/2531595.

    Examples
    --------
    >>> [float(x.round(3)) for x in auc_interval([10, 30, 60], [60, 30, 10])]
    [0.77, 0.88]
    """
    area, above, below, hits, misses = _parts(positive, negative)
    ones, zeros = np.asarray(positive, float), np.asarray(negative, float)
    usable = (hits > 1) & (misses > 1)
    middle = np.where(usable, area, 0.5)[..., None]
    of_hits = (ones * (above - middle) ** 2).sum(axis=-1) / np.maximum(hits - 1, 1)
    of_misses = (zeros * (below - middle) ** 2).sum(axis=-1) / np.maximum(misses - 1, 1)
    variance = of_hits / np.maximum(hits, 1) + of_misses / np.maximum(misses, 1)
    reach = float(ndtri(1 - alpha / 2)) * np.sqrt(variance)
    low, high = np.clip(area - reach, 0, 1), np.clip(area + reach, 0, 1)
    return np.where(usable, low, 0.0), np.where(usable, high, 1.0)


def _parts(
    positive: ArrayLike, negative: ArrayLike
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Return the area, both shares at every score, and the number of cases of both classes."""
    ones, zeros = np.broadcast_arrays(np.asarray(positive, float), np.asarray(negative, float))
    hits, misses = ones.sum(axis=-1), zeros.sum(axis=-1)
    under = np.cumsum(zeros, axis=-1) - zeros / 2
    over = hits[..., None] - np.cumsum(ones, axis=-1) + ones / 2
    above = under / np.maximum(misses, 1)[..., None]
    below = over / np.maximum(hits, 1)[..., None]
    area = (ones * above).sum(axis=-1) / np.maximum(hits, 1)
    return np.where((hits > 0) & (misses > 0), area, np.nan), above, below, hits, misses
