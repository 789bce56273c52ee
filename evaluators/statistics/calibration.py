"""Whether scores that are said to be probabilities come true as often as they say.

Bins run along the last axis: `n` cases, `p` the sum of their scores, `y` how many came true.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Numbers = NDArray[np.float64]


class Decomposition(NamedTuple):
    """Murphy's parts of the Brier score: `reliability - resolution + uncertainty`."""

    reliability: Numbers
    resolution: Numbers
    uncertainty: Numbers


def brier(n: ArrayLike, p_squared: ArrayLike, p_and_y: ArrayLike, y: ArrayLike) -> Numbers:
    """Return the mean squared distance of scores from outcomes; NaN without a case.

    Parameters
    ----------
    n, y
        Cases, and those that came true.
    p_squared, p_and_y
        Sum of the squared scores, and of the scores of the cases that came true.

    References
    ----------
    Brier (1950), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2.

    Examples
    --------
    >>> float(brier(2, 0.9**2 + 0.4**2, 0.9, 1).round(3))
    0.085
    """
    total, squares, hits, events = (np.asarray(a, float) for a in (n, p_squared, p_and_y, y))
    return _over(squares - 2 * hits + events, total)


def decomposition(n: ArrayLike, p: ArrayLike, y: ArrayLike) -> Decomposition:
    """Return the three parts of the Brier score of binned scores.

    Notes
    -----
    Each score is taken as the mean of its bin, so the parts add up to the Brier score of the
    binned scores; what scores vary inside a bin is left out. With a single class the uncertainty
    and the resolution are 0.

    References
    ----------
    Murphy (1973), doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2.

    Examples
    --------
    >>> parts = decomposition([100] * 5, [10, 30, 50, 70, 90], [14, 28, 55, 64, 93])
    >>> [round(float(part), 6) for part in parts]
    [0.0018, 0.076936, 0.249936]
    """
    cases, events = np.asarray(n, float), np.asarray(y, float)
    total = cases.sum(axis=-1)
    rate = _over(events.sum(axis=-1), total)
    away = _over(events, cases, 0.0) - rate[..., None]
    resolution = _over((cases * away**2).sum(axis=-1), total)
    return Decomposition(squared_error(n, p, y), resolution, rate * (1 - rate))


def expected_error(n: ArrayLike, p: ArrayLike, y: ArrayLike) -> Numbers:
    """Return the expected calibration error (ECE): mean distance of score and rate over the bins.

    Notes
    -----
    Biased upwards: a perfectly calibrated model has 0.10 with 100 cases in ten bins. Don't hold
    it against a limit; use `debiased_squared_error`.

    References
    ----------
    Naeini, Cooper & Hauskrecht (2015), AAAI 29, 2901-2907.

    Examples
    --------
    >>> float(expected_error([100] * 5, [10, 30, 50, 70, 90], [14, 28, 55, 64, 93]).round(4))
    0.04
    """
    cases = np.asarray(n, float)
    return _over((cases * np.abs(_gap(n, p, y))).sum(axis=-1), cases.sum(axis=-1))


def debiased_expected_error(n: ArrayLike, p: ArrayLike, y: ArrayLike) -> Numbers:
    """Return twice the ECE less what it would be on average if the gaps found were the truth.

    Notes
    -----
    The gap of a bin is taken as normal with variance ``rate (1 - rate) / n``; the mean of its
    size is that of the folded normal. Corrects only part of the bias.

    References
    ----------
    Leone, Nelson & Nottingham (1961), doi:10.1080/00401706.1961.10489974 (folded normal);
    Kumar, Liang & Ma (2019), arXiv:1909.10155.

    Examples
    --------
    >>> bins = ([100] * 5, [10, 30, 50, 70, 90], [14, 28, 55, 64, 93])
    >>> float(debiased_expected_error(*bins).round(9))
    0.032063607
    """
    cases, gap = np.asarray(n, float), np.abs(_gap(n, p, y))
    rate = _over(np.asarray(y, float), cases, 0.0)
    deviation = np.sqrt(_over(rate * (1 - rate), cases, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(deviation > 0, gap / np.where(deviation > 0, deviation, 1), np.inf)
    bulge = deviation * np.sqrt(2 / np.pi) * np.exp(-(np.minimum(ratio, 40.0) ** 2) / 2)
    folded = np.where(deviation > 0, bulge + gap * (1 - 2 * ndtr(-ratio)), gap)
    average = _over((cases * folded).sum(axis=-1), cases.sum(axis=-1))
    return 2 * expected_error(n, p, y) - average


def squared_error(n: ArrayLike, p: ArrayLike, y: ArrayLike) -> Numbers:
    """Return the mean squared distance of score and rate over the bins; biased upwards."""
    cases = np.asarray(n, float)
    return _over((cases * _gap(n, p, y) ** 2).sum(axis=-1), cases.sum(axis=-1))


def debiased_squared_error(n: ArrayLike, p: ArrayLike, y: ArrayLike) -> Numbers:
    """Return the mean squared distance of score and rate without its bias.

    Notes
    -----
    From each bin's squared gap the variance of its rate, ``rate (1 - rate) / (n - 1)``, is taken
    off (0 where a bin has one case). The mean is right at any number of cases, so the number may
    be negative: then nothing beyond noise is seen. Show it as 0.

    References
    ----------
    Kumar, Liang & Ma (2019), arXiv:1909.10155; Ferro & Fricker (2012), doi:10.1002/qj.1924;
    Bröcker (2012), doi:10.1007/s00382-011-1191-1.

    Examples
    --------
    >>> bins = ([100] * 5, [10, 30, 50, 70, 90], [14, 28, 55, 64, 93])
    >>> float(debiased_squared_error(*bins).round(10))
    5.25253e-05
    """
    cases = np.asarray(n, float)
    rate = _over(np.asarray(y, float), cases, 0.0)
    noise = np.where(cases > 1, rate * (1 - rate) / np.maximum(cases - 1, 1), 0.0)
    parts = cases * (_gap(n, p, y) ** 2 - noise)
    return _over(parts.sum(axis=-1), cases.sum(axis=-1))


def spiegelhalter_z(residuals: ArrayLike, spread: ArrayLike) -> Numbers:
    """Return Spiegelhalter's test statistic; standard normal for a calibrated model.

    Parameters
    ----------
    residuals
        Sum of ``(y - p) (1 - 2 p)``.
    spread
        Sum of ``(1 - 2 p)**2 p (1 - p)``; NaN comes out where it is 0.

    Notes
    -----
    For one look at independent cases. Scores of exactly a half have no weight in it.

    References
    ----------
    Spiegelhalter (1986), doi:10.1002/sim.4780050506.

    Examples
    --------
    >>> float(spiegelhalter_z(-3.0, 4.0))
    -1.5
    """
    variance = np.asarray(spread, float)
    return _over(np.asarray(residuals, float), np.sqrt(np.maximum(variance, 0)))


def _gap(n: ArrayLike, p: ArrayLike, y: ArrayLike) -> Numbers:
    """Return mean score less rate of every bin; 0 in an empty one."""
    return _over(np.asarray(p, float) - np.asarray(y, float), np.asarray(n, float), 0.0)


def _over(top: Numbers, below: Numbers, otherwise: float = np.nan) -> Numbers:
    top, below = np.broadcast_arrays(top, below)
    return np.where(below > 0, top / np.where(below > 0, below, 1), otherwise)
