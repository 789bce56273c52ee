"""Means of paired losses: their difference, their ratio, and what follows from both."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from evaluators.statistics.moments import Moments

Numbers = NDArray[np.float64]


def mean_interval(
    n: ArrayLike, mean: ArrayLike, m2: ArrayLike, alpha: float = 0.05
) -> tuple[Numbers, Numbers]:
    """Return Student's interval of a mean; NaN with fewer than two cases.

    Parameters
    ----------
    n, mean, m2
        Cases, mean, and sum of squared deviations from it.

    Notes
    -----
    For one look at independent cases: with cases that resemble those of the day before it is too
    narrow, and looked at every week it misses more often than `alpha` says.

    References
    ----------
    Student (1908), doi:10.1093/biomet/6.1.1.

    Examples
    --------
    >>> low, high = mean_interval(3, 2.0, 2.0)
    >>> round(float(low), 4), round(float(high), 4)
    (-0.4841, 4.4841)
    """
    cases, centre, squares = (np.asarray(a, float) for a in (n, mean, m2))
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(cases > 1, np.sqrt(squares / (cases - 1) / cases), np.nan)
    reach = stdtrit(np.maximum(cases - 1, 1), 1 - alpha / 2) * error
    return centre - reach, centre + reach


def ratio_of_means(losses: Moments) -> tuple[Numbers, Numbers]:
    """Return mean y divided by mean x, and its standard error by the delta method.

    Parameters
    ----------
    losses
        Moments with x the loss of production and y that of the candidate.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., section 6.3.

    Examples
    --------
    >>> value, error = ratio_of_means(Moments.of([2.0, 4.0, 6.0], [1.0, 2.0, 3.0]))
    >>> float(value), float(error)
    (0.5, 0.0)
    """
    var_x, var_y, cov = variances_of_means(losses)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(losses.mean_x != 0, losses.mean_y / losses.mean_x, np.nan)
        error = np.sqrt(np.maximum(var_y - 2 * ratio * cov + ratio**2 * var_x, 0))
        return ratio, error / np.abs(losses.mean_x)


def variances_of_means(losses: Moments) -> tuple[Numbers, Numbers, Numbers]:
    """Return the variances of both means and their covariance, cases being independent."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(losses.n > 1, 1 / (losses.n * (losses.n - 1)), np.nan)
        return losses.m2_x * scale, losses.m2_y * scale, losses.cross * scale


def fieller(
    mean_x: ArrayLike,
    mean_y: ArrayLike,
    var_x: ArrayLike,
    var_y: ArrayLike,
    cov: ArrayLike,
    reach: ArrayLike,
) -> tuple[Numbers, Numbers]:
    """Return the ratios y/x that are not ruled out; NaN where they are not bounded.

    Parameters
    ----------
    mean_x, mean_y, var_x, var_y, cov
        Two means, the variances of these means and their covariance.
    reach
        How many standard errors are not ruled out: 1.96 for one look, more at every look.

    Notes
    -----
    All r with ``|mean_y - r mean_x| <= reach * sd(mean_y - r mean_x)``. Where the denominator
    itself may be 0 no interval is bounded ("not estimable"). It stays right for a denominator
    close to 0, where the delta method does not.

    References
    ----------
    Fieller (1954), doi:10.1111/j.2517-6161.1954.tb00159.x.

    Examples
    --------
    >>> low, high = fieller(10.0, 9.0, 0.04, 0.04, 0.0, 1.96)
    >>> round(float(low), 4), round(float(high), 4)
    (0.8486, 0.9542)
    >>> bool(np.isnan(fieller(0.1, 9.0, 0.04, 0.04, 0.0, 1.96)[0]))
    True
    """
    mx, my, vx, vy, c, k = (
        np.asarray(a, float) for a in (mean_x, mean_y, var_x, var_y, cov, reach)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = mx**2 - k**2 * vx, mx * my - k**2 * c
        inner = b**2 - a * (my**2 - k**2 * vy)
        root = np.sqrt(np.maximum(inner, 0))
        bounded = (a > 0) & (inner >= -1e-12 * b**2)
        return np.where(bounded, (b - root) / a, np.nan), np.where(bounded, (b + root) / a, np.nan)


def fieller_interval(losses: Moments, alpha: float = 0.05) -> tuple[Numbers, Numbers]:
    """Return Fieller's interval of mean y / mean x for one look at independent cases."""
    parts = variances_of_means(losses)
    return fieller(losses.mean_x, losses.mean_y, *parts, float(ndtri(1 - alpha / 2)))


def slopes_of_rmse(mean_square: ArrayLike) -> Numbers:
    """Return by how much the root grows with the mean square: ``1 / (2 rmse)``, 0 at 0.

    Examples
    --------
    >>> slopes_of_rmse([4.0, 0.0]).tolist()
    [0.25, 0.0]
    """
    root = np.sqrt(np.maximum(np.asarray(mean_square, float), 0))
    with np.errstate(divide="ignore"):
        return np.where(root > 0, 1 / (2 * root), 0.0)


def slopes_of_ratio(above: ArrayLike, below: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return by how much ``above / below`` grows with each; NaN where `below` is 0.

    WAPE is such a ratio: the mean absolute error by the mean size of the outcome.

    Examples
    --------
    >>> [float(s) for s in slopes_of_ratio(1.0, 4.0)]
    [0.25, -0.0625]
    """
    top, bottom = np.asarray(above, float), np.asarray(below, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        one = np.where(bottom != 0, 1 / bottom, np.nan)
        return one, -top * one * one
