"""Days that resemble the day before: long-run variances, and Diebold and Mariano's test."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

Numbers = NDArray[np.float64]

_STEEPEST = 0.97
"""Largest first autocorrelation taken for a series that comes back to its mean."""
_WIDEST = 60
"""Largest bandwidth in days."""
_WEEK = 7
_LEAST_WEEKS = 3
"""Weeks from which on weekly sums say something."""


def autocovariances(deviations: ArrayLike, lags: int) -> Numbers:
    """Return the sums of products of a series with itself, lag by lag.

    Parameters
    ----------
    deviations
        Deviations from the mean, shape (..., days); days without cases are 0.
    lags
        Largest lag.

    Returns
    -------
    array
        Shape (lags + 1, ...); not divided by the number of days.

    Examples
    --------
    >>> autocovariances([1.0, -1.0, 1.0, -1.0], 1).tolist()
    [4.0, -3.0]
    """
    r = np.asarray(deviations, float)
    days = r.shape[-1]
    found = np.zeros((lags + 1, *r.shape[:-1]))
    for lag in range(min(lags, days - 1) + 1):
        found[lag] = (r[..., lag:] * r[..., : days - lag]).sum(-1)
    return found


def bartlett(covariances: Numbers, bandwidth: ArrayLike) -> Numbers:
    """Return the sum over all lags with weights that fall to 0 beyond the bandwidth.

    Parameters
    ----------
    covariances
        As `autocovariances` gives them, shape (lags + 1, ...).
    bandwidth
        Last lag that counts; 0 takes days as independent. Shape (...).

    Notes
    -----
    Never negative, unlike the sum with equal weights.

    References
    ----------
    Newey & West (1987), doi:10.2307/1913610.

    Examples
    --------
    >>> float(bartlett(autocovariances([1.0, -1.0, 1.0, -1.0], 1), 1))
    1.0
    """
    width = np.asarray(bandwidth, float)
    total: Numbers = covariances[0].copy()
    for lag in range(1, len(covariances)):
        total += 2 * np.maximum(1 - lag / (width + 1), 0) * covariances[lag]
    return total


def newey_west(values: ArrayLike, bandwidth: int) -> tuple[Numbers, Numbers]:
    """Return the mean of a series and its standard error, days being serially correlated.

    Parameters
    ----------
    values
        One value a day, shape (..., days).
    bandwidth
        Last lag that counts.

    References
    ----------
    Newey & West (1987), doi:10.2307/1913610.

    Examples
    --------
    >>> mean, error = newey_west([1.0, 2.0, 3.0, 4.0], 0)
    >>> float(mean), round(float(error), 4)
    (2.5, 0.559)
    """
    series = np.asarray(values, float)
    mean = series.mean(-1)
    spread = bartlett(autocovariances(series - mean[..., None], bandwidth), bandwidth)
    return mean, np.sqrt(spread) / series.shape[-1]


def diebold_mariano(differences: ArrayLike, horizon: int) -> tuple[Numbers, Numbers]:
    """Return the statistic of "both forecasts are equally good" and its two-sided p-value.

    Parameters
    ----------
    differences
        Mean loss of production minus that of the candidate, one value a day, shape (..., days);
        NaN on days without cases.
    horizon
        How many days ahead is forecast: errors up to `horizon` - 1 days apart overlap.

    Notes
    -----
    ``mean / sqrt((g0 + 2 sum g_k) / T)`` with the k < horizon autocovariances, times the
    correction ``sqrt((T + 1 - 2h + h(h-1)/T) / T)``, against Student's t with T - 1 degrees.
    Where the variance with equal weights is not positive, Bartlett's weights are taken. For one
    look. NaN for fewer than two days or a series that never varies.

    References
    ----------
    Diebold & Mariano (1995), doi:10.1080/07350015.1995.10524599; Harvey, Leybourne & Newbold
    (1997), doi:10.1016/S0169-2070(96)00719-4.

    Examples
    --------
    >>> statistic, p = diebold_mariano([1.0, 2.0, 0.0, 2.0, 1.0, 3.0], 1)
    >>> round(float(statistic), 4), round(float(p), 4)
    (3.5032, 0.0172)
    """
    d = np.asarray(differences, float)
    days = (~np.isnan(d)).sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.nansum(d, -1) / days
        found = autocovariances(np.nan_to_num(d - mean[..., None]), horizon - 1)
        variance = found[0] + 2 * found[1:].sum(0)
        variance = np.where(variance > 0, variance, bartlett(found, horizon - 1)) / days**2
        shrunk = (days + 1 - 2 * horizon + horizon * (horizon - 1) / days) / days
        told = (variance > 0) & (days > 1)
        statistic = np.where(told, mean / np.sqrt(variance), np.nan) * np.sqrt(np.fmax(shrunk, 0))
    return statistic, 2 * stdtr(np.maximum(days - 1, 1), -np.abs(statistic))


def long_run(deviations: ArrayLike, clusters: ArrayLike, least: int = 1) -> tuple[Numbers, Numbers]:
    """Return the variance of a sum over days, serial correlation counted, and what days are worth.

    Parameters
    ----------
    deviations
        Deviations of the days' sums from what their cases would sum to at the mean, shape
        (..., days); 0 on days without cases.
    clusters
        Days with cases, shape (...).
    least
        Least bandwidth: the horizon of the forecasts in days.

    Returns
    -------
    variance, effective
        The variance, and how many independent days would tell as much.

    Notes
    -----
    The largest of three: Bartlett's with the bandwidth that suits a series of first order; the
    variance of such a series itself; the same of weekly sums. Bartlett's sees any shape of
    correlation but, with few days, too little of it; the others see just one shape, but all of
    it. First autocorrelations are corrected for the bias of a short series, that of days moved up
    by its standard error besides. Never less than with days taken as independent.

    References
    ----------
    Newey & West (1987), doi:10.2307/1913610; Andrews (1991), doi:10.2307/2938229;
    Marriott & Pope (1954), doi:10.1093/biomet/41.3-4.390.

    Examples
    --------
    >>> variance, effective = long_run([1.0, -1.0] * 50, 100)
    >>> round(float(variance), 1), float(effective)
    (101.0, 100.0)
    """
    r = np.asarray(deviations, float)
    days, count = r.shape[-1], np.asarray(clusters, float)
    most = min(max(least, min(days // 4, _WIDEST)), max(days - 1, 0))
    covariances = autocovariances(r, most)
    alone = covariances[0]
    first = _first_order(covariances, count, errors=1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        suited = 1.1447 * (4 * first**2 / (1 - first**2) ** 2 * count) ** (1 / 3)
    width = np.clip(np.ceil(suited), min(least, most), most)
    wide = np.maximum(bartlett(covariances, width), alone * (1 + first) / (1 - first))
    weeks = days // _WEEK
    if weeks >= _LEAST_WEEKS:
        sums = r[..., : weeks * _WEEK].reshape(*r.shape[:-1], weeks, _WEEK).sum(-1)
        weekly = autocovariances(sums, 1)
        of_weeks = _first_order(weekly, count / _WEEK)
        scale = days / (weeks * _WEEK) * weeks / (weeks - 1)
        wide = np.maximum(wide, weekly[0] * (1 + of_weeks) / (1 - of_weeks) * scale)
    wide = np.maximum(wide, alone)
    with np.errstate(divide="ignore", invalid="ignore"):
        few = np.where(count > 1, count / (count - 1), np.nan)
        effective = np.where(wide > 0, np.minimum(alone / wide, 1.0) * count, count)
    return wide * few, effective


def _first_order(covariances: Numbers, size: Numbers, errors: float = 0.0) -> Numbers:
    """Return the first autocorrelation, corrected for a short series, 0 to just below 1."""
    if len(covariances) < 2:
        return np.zeros(covariances.shape[1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = np.where(covariances[0] > 0, covariances[1] / covariances[0], 0.0)
    n = np.maximum(size, _LEAST_WEEKS)
    bias = (1 + 3 * np.maximum(raw, 0)) / n
    found = raw + bias + errors * np.sqrt(np.maximum(1 - raw**2, 0) / n)
    clipped: Numbers = np.clip(found, 0.0, _STEEPEST)
    return clipped
