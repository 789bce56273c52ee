"""Agreement of two sides over the same cases, from square tables of counts.

A table has the candidate's classes down and production's across. All functions take stacks of
tables, shape (..., K, K), and give NaN where there is nothing to say.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


class Weights(StrEnum):
    """How much a near miss between ordered classes counts as agreement."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def raw_agreement(counts: ArrayLike) -> Numbers:
    """Return the share of cases with the same class on both sides.

    Examples
    --------
    >>> float(raw_agreement([[118, 5], [2, 0]]))
    0.944
    """
    shares, _ = _shares(counts)
    same: Numbers = np.einsum("...kk->...", shares)
    return same


def specific_agreement(counts: ArrayLike) -> Numbers:
    """Return for each class the chance that one side says it when the other does; (..., K).

    Notes
    -----
    ``2 n_kk / (n_k+ + n_+k)``: the one number that shows failure in a rare class.

    References
    ----------
    Cicchetti & Feinstein (1990), doi:10.1016/0895-4356(90)90159-M.

    Examples
    --------
    >>> specific_agreement([[118, 5], [2, 0]]).round(3).tolist()
    [0.971, 0.0]
    """
    table = np.asarray(counts, float)
    both = np.einsum("...kk->...k", table)
    said = table.sum(axis=-1) + table.sum(axis=-2)
    return np.where(said > 0, 2 * both / np.where(said > 0, said, 1), np.nan)


def cohen_kappa(counts: ArrayLike, weights: Weights = Weights.NONE) -> tuple[Numbers, Numbers]:
    """Return Cohen's kappa and its large-sample standard error.

    Notes
    -----
    NaN, not 1, where both sides used one and the same class only: chance alone explains all. The
    standard error is NaN below three cases. Kappa falls with the prevalence of a class; read it
    beside raw agreement.

    References
    ----------
    Cohen (1968), doi:10.1037/h0026256; Fleiss, Cohen & Everitt (1969), doi:10.1037/h0028106.

    Examples
    --------
    >>> kappa, error = cohen_kappa([[44, 5, 1], [7, 20, 3], [9, 5, 6]])
    >>> round(float(kappa), 6), round(float(error), 6)
    (0.491525, 0.072127)
    """
    p, n = _shares(counts)
    w = _weights(p.shape[-1], weights)
    down, across = p.sum(axis=-1), p.sum(axis=-2)
    observed = np.einsum("...ij,ij->...", p, w)
    chance = np.einsum("...i,...j,ij->...", down, across, w)
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa = np.where(1 - chance > 1e-12, (observed - chance) / (1 - chance), np.nan)
        mean = (
            np.einsum("ij,...j->...i", w, across)[..., :, None]
            + np.einsum("ij,...i->...j", w, down)[..., None, :]
        )
        rest = 1 - kappa
        spread = (p * (w - mean * rest[..., None, None]) ** 2).sum(axis=(-2, -1))
        variance = (spread - (kappa - chance * rest) ** 2) / (n * (1 - chance) ** 2)
    return kappa, _root(variance, n)


def gwet_ac1(counts: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return Gwet's AC1 and its large-sample standard error.

    Notes
    -----
    Corrects for chance without kappa's collapse when one class is rare; 1 where both sides used
    one and the same class only. The standard error is NaN below three cases.

    References
    ----------
    Gwet (2008), doi:10.1348/000711006X126600.

    Examples
    --------
    >>> ac1, error = gwet_ac1([[118, 5], [2, 0]])
    >>> round(float(ac1), 6), round(float(error), 6)
    (0.940776, 0.022965)
    """
    p, n = _shares(counts)
    k = p.shape[-1]
    prevalence = (p.sum(axis=-1) + p.sum(axis=-2)) / 2
    diagonal = np.einsum("...kk->...k", p)
    observed = diagonal.sum(axis=-1)
    chance = (prevalence * (1 - prevalence)).sum(axis=-1) / (k - 1)
    ac1 = (observed - chance) / (1 - chance)
    pair = (prevalence[..., :, None] + prevalence[..., None, :]) / 2
    on_diagonal = (diagonal * (1 - prevalence)).sum(axis=-1) / (k - 1)
    everywhere = (p * (1 - pair) ** 2).sum(axis=(-2, -1)) / (k - 1) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (
            observed * (1 - observed)
            - 4 * (1 - ac1) * (on_diagonal - observed * chance)
            + 4 * (1 - ac1) ** 2 * (everywhere - chance**2)
        ) / (n * (1 - chance) ** 2)
    return ac1, _root(variance, n)


def _shares(counts: ArrayLike) -> tuple[Numbers, Numbers]:
    table = np.asarray(counts, float)
    n = table.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return table / n[..., None, None], n


def _weights(k: int, weights: Weights) -> Numbers:
    if weights is Weights.NONE:
        return np.eye(k)
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / (k - 1)
    return 1 - distance if weights is Weights.LINEAR else 1 - distance**2


def _root(variance: Numbers, n: Numbers) -> Numbers:
    return np.where(n >= 3, np.sqrt(np.maximum(variance, 0)), np.nan)
