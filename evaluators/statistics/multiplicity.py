"""Many tests at once: which hypotheses fall, with the error of all of them kept in hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def holm(p: ArrayLike) -> Numbers:
    """Return p-values adjusted by Holm's step-down procedure, along the last axis.

    Parameters
    ----------
    p
        p-values of G hypotheses, shape (..., G), under any dependence.

    Returns
    -------
    array
        Same shape; a hypothesis falls where its value is at most alpha, and the chance that any
        true one falls is at most alpha. For one look: p-values do not survive repeated looks.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    return _adjusted(np.log(_positive(p)), _step_down)


def benjamini_hochberg(p: ArrayLike, axis: int = -1) -> Numbers:
    """Return p-values adjusted for the false discovery rate.

    Parameters
    ----------
    p
        p-values; NaN where there is no test, which counts for nothing.
    axis
        Along which the tests form one family.

    Notes
    -----
    ``min over j >= i of p_(j) * k / j``, at one look. Of what is called at level alpha at most the
    share alpha is expected to be false, for independent or positively dependent tests, as those of
    segments that share no case.

    References
    ----------
    Benjamini & Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, np.nan, 0.03]).round(6).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    values = np.moveaxis(np.asarray(p, float), axis, -1)
    if values.shape[-1] == 0:
        return np.asarray(p, float).copy()
    known = ~np.isnan(values)
    tests = known.sum(axis=-1, keepdims=True)
    order = np.argsort(values, axis=-1)  # NaN comes last
    ranked = np.take_along_axis(values, order, axis=-1)
    scaled = ranked * tests / np.arange(1, values.shape[-1] + 1)
    scaled = np.where(np.isnan(ranked), np.inf, scaled)
    least = np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    adjusted = np.empty_like(values)
    np.put_along_axis(adjusted, order, np.minimum(least, 1.0), axis=-1)
    return np.moveaxis(np.where(known, adjusted, np.nan), -1, axis)


def benjamini_yekutieli(p: ArrayLike) -> Numbers:
    """Return the same for any dependence, as that of overlapping segments.

    References
    ----------
    Benjamini & Yekutieli (2001), doi:10.1214/aos/1013699998.

    Examples
    --------
    >>> benjamini_yekutieli([0.01, 0.04, 0.03]).round(3).tolist()
    [0.055, 0.073, 0.073]
    """
    values = np.asarray(p, float)
    harmonic = (1 / np.arange(1, values.shape[-1] + 1)).sum()
    found: Numbers = np.minimum(benjamini_hochberg(values) * harmonic, 1)
    return found


def holm_e(log_e: ArrayLike) -> Numbers:
    """Return the error at which each hypothesis falls, all together, at any number of looks.

    Parameters
    ----------
    log_e
        Log e-values of G hypotheses, shape (..., G), under any dependence; each of a process
        that may be looked at as often as one likes.

    Returns
    -------
    array
        Same shape, at most 1. With values at most alpha falling at whatever look, the chance that
        any true hypothesis ever falls is at most alpha.

    Notes
    -----
    The i-th largest e-value is held against ``(G - i + 1) / alpha``. A true hypothesis can only
    fall after one of the m true ones reached ``m / alpha``, which happens with probability at
    most alpha over all looks together (Ville).

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Vovk & Wang (2021),
    doi:10.1214/20-AOS2020.

    Examples
    --------
    >>> holm_e(np.log([100.0, 0.5, 50.0])).round(3).tolist()
    [0.03, 1.0, 0.04]
    """
    return _adjusted(-np.asarray(log_e, float), _step_down)


def benjamini_hochberg_e(log_e: ArrayLike) -> Numbers:
    """Return the false discovery rate at which each hypothesis falls, by its e-value (e-BH).

    Notes
    -----
    The k largest fall, k being the largest number with ``e_(k) >= G / (k alpha)``, under any
    dependence. It holds at each look (also one chosen by the data), for the list as a whole: the
    expected share of true hypotheses in it is at most alpha. It says less of each single one than
    `holm_e`.

    References
    ----------
    Wang & Ramdas (2022), doi:10.1111/rssb.12489.

    Examples
    --------
    >>> benjamini_hochberg_e(np.log([100.0, 0.5, 50.0])).round(3).tolist()
    [0.03, 1.0, 0.03]
    """
    return _adjusted(-np.asarray(log_e, float), _step_up)


def _positive(p: ArrayLike) -> Numbers:
    found: Numbers = np.maximum(np.asarray(p, float), 1e-300)
    return found


def _step_down(log_p: Numbers) -> Numbers:
    size = log_p.shape[-1]
    found: Numbers = np.maximum.accumulate(log_p + np.log(size - np.arange(size)), axis=-1)
    return found


def _step_up(log_p: Numbers) -> Numbers:
    size = log_p.shape[-1]
    each = log_p + np.log(size / np.arange(1.0, size + 1))
    found: Numbers = np.flip(np.minimum.accumulate(np.flip(each, -1), axis=-1), -1)
    return found


def _adjusted(log_p: Numbers, steps: Callable[[Numbers], Numbers]) -> Numbers:
    """Return adjusted values in the order given; logarithms, so that no e-value is too large."""
    if log_p.shape[-1] == 0:
        return np.zeros(log_p.shape)
    order = np.argsort(log_p, axis=-1, kind="stable")
    ordered = np.take_along_axis(log_p, order, -1)
    found = steps(ordered)
    back = np.empty_like(found)
    np.put_along_axis(back, order, found, -1)
    adjusted: Numbers = np.exp(np.minimum(back, 0))
    return adjusted
