"""Which thresholds of a fixed list may be relied on, jointly and at every look."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def shown_thresholds(log_e: ArrayLike, alpha: float, anchors: int = 5) -> NDArray[np.bool_]:
    """Return which hypotheses of a fixed order are rejected, with one error for all together.

    Parameters
    ----------
    log_e
        Largest log e-value so far of each hypothesis, in the fixed order along the last axis.
    alpha
        Chance that any true one is ever rejected.
    anchors
        How many hypotheses, evenly spread, start with a share of alpha.

    Notes
    -----
    The fallback procedure: anchors share alpha, and whoever is rejected hands its whole share on
    to the next. The inverse of the largest e-value so far is a p-value at every look, so the
    joint error holds at every look too. A first threshold with too few cases is no obstacle, as
    it would be for a fixed sequence.

    References
    ----------
    Wiens & Dmitrienko (2005), doi:10.1080/10543400500265660.

    Examples
    --------
    >>> shown_thresholds([0.0, 6.0, 4.0, 0.0, 4.0], 0.05).tolist()
    [False, True, True, False, False]
    """
    evidence = np.asarray(log_e, float)
    size = evidence.shape[-1]
    begins = np.zeros(size)
    begins[((np.arange(min(anchors, size)) + 0.5) * size / min(anchors, size)).astype(int)] = 1
    begins = begins / begins.sum()
    rejected = np.zeros(evidence.shape, np.bool_)
    handed = np.zeros(evidence.shape[:-1])
    for place in range(size):
        share = begins[place] + handed
        with np.errstate(divide="ignore"):
            needed = -np.log(share) - math.log(alpha)
        rejected[..., place] = evidence[..., place] >= needed
        handed = np.where(rejected[..., place], share, 0.0)
    return rejected
