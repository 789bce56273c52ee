"""Segment estimates pulled towards their common mean: for order and forecasts, never for tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Empirical-Bayes estimates of several segments.

    Attributes
    ----------
    mean, mean_error
        Common mean and its standard error.
    between
        Variance between segments; 0 says there is no sign that they differ.
    pull
        Per segment, the weight of the common mean, from 0 to 1.
    estimate, error
        Per segment, the shrunken estimate and its standard deviation given the common mean.
    heterogeneity
        Cochran's Q: about the number of segments minus one where they do not differ.
    inconsistency
        I squared, the share of Q beyond that, from 0 to 1.
    """

    mean: float
    mean_error: float
    between: float
    pull: Numbers
    estimate: Numbers
    error: Numbers
    heterogeneity: float
    inconsistency: float


def shrink(estimates: ArrayLike, variances: ArrayLike) -> Shrunk:
    """Return estimates shrunken by how much the segments really differ.

    Parameters
    ----------
    estimates, variances
        One per segment; variances above 0.

    Notes
    -----
    Normal-normal model with the moment estimate of the variance between segments. Shrunken
    numbers rank and forecast; a test on them would count the same data twice.

    References
    ----------
    DerSimonian & Laird (1986), doi:10.1016/0197-2456(86)90046-2; Higgins & Thompson (2002),
    doi:10.1002/sim.1186.

    Examples
    --------
    >>> found = shrink([0.02, -0.01, 0.035], [1e-4, 2e-4, 4e-4])
    >>> found.estimate.round(4).tolist()
    [0.018, 0.0008, 0.0214]
    """
    y, v = np.asarray(estimates, float), np.asarray(variances, float)
    w = 1 / v
    fixed = (w * y).sum() / w.sum()
    heterogeneity = (w * (y - fixed) ** 2).sum()
    room = w.sum() - (w**2).sum() / w.sum()
    between = max(0.0, (heterogeneity - (len(y) - 1)) / room) if len(y) > 1 else 0.0
    joint = 1 / (v + between)
    mean = float((joint * y).sum() / joint.sum())
    pull = v / (v + between)
    estimate = pull * mean + (1 - pull) * y
    q = float(heterogeneity)
    beyond = max(0.0, (q - (len(y) - 1)) / q) if q > 0 else 0.0
    error = np.sqrt((1 - pull) * v)
    mean_error = float(1 / np.sqrt(joint.sum()))
    return Shrunk(mean, mean_error, float(between), pull, estimate, error, q, beyond)


def shrink_counts(n: ArrayLike, wins: ArrayLike, losses: ArrayLike) -> Shrunk:
    """Return shrunken differences in accuracy from paired counts of segments.

    Parameters
    ----------
    n, wins, losses
        Cases, cases only the candidate got right, cases only production got right.

    Notes
    -----
    One win and one loss are added to the counts behind the variance, so that a segment without
    any is not taken for certain.

    References
    ----------
    Bonett & Price (2012), doi:10.3102/1076998611411915.

    Examples
    --------
    >>> shrink_counts([100, 1000], [8, 20], [2, 40]).estimate.round(3).tolist()
    [0.046, -0.019]
    """
    total, b, c = (np.asarray(a, float) for a in (n, wins, losses))
    gain, loss = (b + 1) / (total + 2), (c + 1) / (total + 2)
    variance = (gain + loss - (gain - loss) ** 2) / (total + 2)
    return shrink((b - c) / np.maximum(total, 1), variance)
