"""How many of several segments are good, all together, from p-values of a single look."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def simes_conjunction(p: ArrayLike, k: int) -> Numbers:
    """Return the p-value of "fewer than k are good", for segments that share no case.

    Parameters
    ----------
    p
        p-values of G segments, shape (..., G), each against "this segment is not good".
    k
        Number that must be good, 1 to G.

    Notes
    -----
    The k - 1 smallest are dropped and Simes' inequality is applied to the rest. For one look at a
    number of cases fixed before: with daily looks it passes about five times as often as it says,
    and `partial_conjunction.products` has to be used.

    References
    ----------
    Benjamini & Heller (2008), doi:10.1111/j.1541-0420.2007.00984.x; Simes (1986),
    doi:10.1093/biomet/73.3.751.

    Examples
    --------
    >>> float(simes_conjunction([0.001, 0.2, 0.01], 2).round(3))
    0.02
    """
    rest = np.sort(np.asarray(p, float), axis=-1)[..., k - 1 :]
    m = rest.shape[-1]
    found: Numbers = (m * rest / np.arange(1, m + 1)).min(axis=-1)
    return np.minimum(found, 1)


def bonferroni_conjunction(p: ArrayLike, k: int) -> Numbers:
    """Return the same for segments that may share cases: ``(G - k + 1) p_(k)``.

    References
    ----------
    Benjamini & Heller (2008), as in `simes_conjunction`.

    Examples
    --------
    >>> float(bonferroni_conjunction([0.001, 0.2, 0.01], 2).round(3))
    0.02
    """
    ordered = np.sort(np.asarray(p, float), axis=-1)
    found: Numbers = np.minimum((ordered.shape[-1] - k + 1) * ordered[..., k - 1], 1)
    return found


def good_at_least_at_one_look(p: ArrayLike, alpha: float) -> NDArray[np.int64]:
    """Return a lower bound on the number of good segments at one look, by Simes closed testing.

    Parameters
    ----------
    p
        p-values of G segments that share no case, shape (..., G).

    Notes
    -----
    ``G - h`` with h the largest r such that Simes' test does not reject the r largest p-values
    together. ``p_(i) <= alpha (1 - (G - i) / r)`` for some i says that it does, and the right
    side grows in r; so the smallest such r follows from each p-value by itself, without a search.

    References
    ----------
    Goeman & Solari (2011), doi:10.1214/11-STS356; Hommel (1988), doi:10.1093/biomet/75.2.383.

    Examples
    --------
    >>> int(good_at_least_at_one_look([1e-6, 1e-6, 0.3], 0.05))
    2
    """
    ordered = np.sort(np.asarray(p, float), axis=-1)
    size = ordered.shape[-1]
    if size == 0:
        return np.zeros(ordered.shape[:-1], np.int64)
    behind = size - np.arange(1.0, size + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.where(ordered < alpha, alpha * behind / (alpha - ordered), np.inf)
    least = np.where((behind == 0) & (ordered <= alpha), 1.0, least)
    # Binary fractions must not move a value that meets its limit exactly.
    rejected_from = np.maximum(np.ceil(least * (1 - 1e-12)), 1).min(axis=-1)
    h = np.minimum(rejected_from - 1, size)
    found: NDArray[np.int64] = (size - h).astype(np.int64)
    return found


def share_of_volume(shown: ArrayLike, weights: ArrayLike) -> Numbers:
    """Return the share of all weight that the shown segments hold, along the last axis.

    Parameters
    ----------
    shown
        Whether each segment is shown good by a procedure that keeps the error of all of them
        together (`multiplicity.holm`, or `multiplicity.holm_e` for repeated looks).
    weights
        Cases of each segment, or another volume that does not depend on outcomes.

    Notes
    -----
    With the chance that `shown` has it all right, the share of good segments is at least this.

    Examples
    --------
    >>> float(share_of_volume([True, False], [30, 10]))
    0.75
    """
    mask, weight = np.asarray(shown, bool), np.asarray(weights, float)
    total = weight.sum(axis=-1)
    held: Numbers = np.where(mask, weight, 0.0).sum(axis=-1)
    return np.where(total > 0, held / np.where(total > 0, total, 1), 0.0)
