"""How far two numbers for the same cases lie apart: limits of agreement and concordance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from evaluators.statistics.moments import Moments

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LimitsOfAgreement:
    """Mean difference of two numbers and the band that holds 95 of 100 differences.

    Attributes
    ----------
    bias, spread
        Mean and standard deviation of y minus x; NaN where they cannot be told.
    low, high
        Limits of agreement.
    bias_error, limit_error
        Half widths of the intervals of the bias and of each limit.
    """

    bias: Numbers
    spread: Numbers
    low: Numbers
    high: Numbers
    bias_error: Numbers
    limit_error: Numbers


def limits_of_agreement(pairs: Moments, alpha: float = 0.05) -> LimitsOfAgreement:
    """Return the limits of agreement of y against x, `bias` plus and minus z times the spread.

    Parameters
    ----------
    pairs
        Moments of the two numbers, of any shape.
    alpha
        Share of differences outside the limits, and two-sided error of each interval.

    Notes
    -----
    For differences that are roughly normal and do not grow with the size of the numbers; where
    they do, compare logarithms. The limits say how far a single case may differ; nothing about
    who is right. Intervals are for one look at independent cases.

    References
    ----------
    Bland & Altman (1986), doi:10.1016/S0140-6736(86)90837-8; (1999),
    doi:10.1177/096228029900800204.

    Examples
    --------
    >>> found = limits_of_agreement(Moments.of([1.0, 2.0, 3.0], [1.0, 2.0, 6.0]))
    >>> float(found.bias), round(float(found.spread), 4)
    (1.0, 1.7321)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        n = pairs.n
        bias = np.where(n > 0, pairs.mean_y - pairs.mean_x, np.nan)
        squares = np.maximum(pairs.m2_x + pairs.m2_y - 2 * pairs.cross, 0)
        spread = np.where(n > 1, np.sqrt(squares / (n - 1)), np.nan)
        z = float(ndtri(1 - alpha / 2))
        reach: Numbers = np.asarray(stdtrit(np.maximum(n - 1, 1), 1 - alpha / 2) * spread, float)
        bias_error = reach / np.sqrt(n)
        limit_error = reach * np.sqrt(1 / n + z * z / (2 * (n - 1)))
    return LimitsOfAgreement(
        bias, spread, bias - z * spread, bias + z * spread, bias_error, limit_error
    )


def concordance(pairs: Moments, alpha: float = 0.05) -> tuple[Numbers, Numbers, Numbers]:
    """Return Lin's concordance correlation coefficient with its interval.

    Returns
    -------
    estimate, low, high
        1 where all pairs are equal; 0 without an interval where one number never varies; NaN
        where nothing can be told.

    Notes
    -----
    ``2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2)`` with moments divided by n: a correlation
    that also falls with every shift and stretch. The interval goes through the inverse
    hyperbolic tangent with the variance as corrected in 2000; for one look at independent cases.
    It grows with the spread between cases, so do not compare it across segments.

    References
    ----------
    Lin (1989), doi:10.2307/2532051; Lin (2000), doi:10.1111/j.0006-341X.2000.00324.x.

    Examples
    --------
    >>> round(float(concordance(Moments.of([1.0, 2.0, 3.0, 4.0], [2.0, 3.0, 4.0, 5.0]))[0]), 4)
    0.7143
    """
    n = np.maximum(pairs.n, 1)
    sx, sy, sxy = pairs.m2_x / n, pairs.m2_y / n, pairs.cross / n
    shift = pairs.mean_x - pairs.mean_y
    with np.errstate(divide="ignore", invalid="ignore"):
        below = sx + sy + shift**2
        value = np.where(below > 0, 2 * sxy / below, np.nan)
        r = sxy / np.sqrt(sx * sy)
        u2 = shift**2 / np.sqrt(sx * sy)
        variance = (
            (1 - r**2) * value**2 * (1 - value**2) / r**2
            + 2 * value**3 * (1 - value) * u2 / r
            - value**4 * u2**2 / (2 * r**2)
        ) / (n - 2)
        error = np.sqrt(np.maximum(variance, 0)) / (1 - value**2)
        z = float(ndtri(1 - alpha / 2)) * error
        centre = np.arctanh(value)
        low, high = np.tanh(centre - z), np.tanh(centre + z)
    equal = (pairs.n > 2) & (value >= 1 - 1e-15)
    told = (pairs.n > 2) & np.isfinite(low) & np.isfinite(high)
    return (
        np.where(pairs.n > 0, value, np.nan),
        np.where(equal, 1.0, np.where(told, low, np.nan)),
        np.where(equal, 1.0, np.where(told, high, np.nan)),
    )
