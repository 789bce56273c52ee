"""How much more the shares of bins differ from day to day than chance would have it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def overdispersion(counts: ArrayLike, group: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return the dispersion of the shares of bins within groups of days, and its freedom.

    Parameters
    ----------
    counts
        Cases of shape (..., days, bins).
    group
        Group of each day, whole numbers from 0; e.g. its weekday, so that days are compared with
        days of the same weekday. Shape (days,).

    Returns
    -------
    dispersion : array (...,)
        Pearson's chi-square over its degrees of freedom: 1 where cases are independent, NaN
        where nothing can be told.
    df : array (...,)
        Degrees of freedom.

    Notes
    -----
    ``sum (O - E)**2 / E`` with ``E`` from the shares of the group. It estimates the mean design
    effect of the bins, by which all counts are divided before they are tested (first-order
    correction): cases of one day that resemble each other tell less than independent ones. A
    difference between groups, such as a weekly cycle, does not count. Few days give a rough
    estimate.

    References
    ----------
    Rao & Scott (1981), doi:10.1080/01621459.1981.10477633; Brier (1980),
    doi:10.1093/biomet/67.3.591.

    Examples
    --------
    >>> found, df = overdispersion([[[10, 0], [0, 10]]], [0, 0])
    >>> found.tolist(), df.tolist()
    ([20.0], [1.0])
    """
    cases, groups = np.asarray(counts, float), np.asarray(group, np.int64)
    chi, df = np.zeros(cases.shape[:-2]), np.zeros(cases.shape[:-2])
    for number in range(int(groups.max(initial=-1)) + 1):
        part = cases[..., groups == number, :]
        size = part.sum(axis=-1, keepdims=True)
        column = part.sum(axis=-2, keepdims=True)
        total = column.sum(axis=-1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = np.where(total > 0, size * column / total, 0)
            chi += np.where(expected > 0, (part - expected) ** 2 / expected, 0).sum(axis=(-2, -1))
        days, bins = (size[..., 0] > 0).sum(axis=-1), (column[..., 0, :] > 0).sum(axis=-1)
        df += np.maximum(days - 1, 0) * np.maximum(bins - 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(df > 0, chi / df, np.nan), df
