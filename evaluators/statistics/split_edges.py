"""A histogram with counts and sums as mass on its edges, from which evidence stays valid."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


def split_to_edges(n: ArrayLike, total: ArrayLike, edges: ArrayLike) -> Numbers:
    """Return how much mass each edge gets when every bin is moved to its two edges.

    Parameters
    ----------
    n, total
        Cases in each bin and the sum of their values, shape (..., bins).
    edges
        Ascending, shape (bins + 1,); values lie between the first and the last.

    Returns
    -------
    array
        Mass at each edge, shape (..., bins + 1); cases and sum stay the same.

    Notes
    -----
    The logarithm of a bet's return is concave in the value, so moving a value to the two ends of
    an interval that holds it, with its mean kept, can only lower the evidence: it stays valid,
    and what is lost is of the order of the width squared. Make values that many cases have
    exactly, such as 0, an edge.

    Examples
    --------
    >>> split_to_edges([4, 2], [-1.0, 1.0], [-1.0, 0.0, 1.0]).tolist()
    [1.0, 4.0, 1.0]
    """
    cases, sums, ends = (np.asarray(a, float) for a in (n, total, edges))
    upper = np.clip((sums - cases * ends[:-1]) / np.diff(ends), 0, cases)
    mass = np.zeros((*cases.shape[:-1], len(ends)))
    mass[..., 1:] += upper
    mass[..., :-1] += cases - upper
    return mass
