"""Contraction: the candidate against the most lenient decider, on the cases that one accepted."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

Numbers = NDArray[np.float64]


def contraction(
    released: ArrayLike, failed: ArrayLike, caseload: float, acceptance: ArrayLike
) -> Numbers:
    """Return the failure rate a candidate would have at given shares of cases accepted.

    Parameters
    ----------
    released, failed
        Cases the most lenient decider accepted, and those of them that turned out bad, by the
        candidate's score from the safest bin to the riskiest; shape (bins,).
    caseload
        All cases of that decider, accepted or not.
    acceptance
        Shares of the caseload to accept.

    Returns
    -------
    numpy.ndarray
        Bad cases among the accepted, by the caseload; NaN beyond the decider's own share.

    Notes
    -----
    The riskiest of the decider's accepted cases are dropped until so many remain. It supposes
    that cases come to deciders at random, and that the candidate would refuse whatever the most
    lenient decider refused. Cases of one bin are dropped in proportion.

    References
    ----------
    Lakkaraju et al. (2017), doi:10.1145/3097983.3098066.

    Examples
    --------
    >>> contraction([4, 3, 2], [0, 1, 1], 10, [0.7, 0.95]).tolist()
    [0.1, nan]
    """
    kept = np.concatenate([[0.0], np.cumsum(np.asarray(released, float))])
    bad = np.concatenate([[0.0], np.cumsum(np.asarray(failed, float))])
    share = np.asarray(acceptance, float)
    wanted = share * caseload
    known = (wanted <= kept[-1] + 1e-9) & (caseload > 0)
    return np.where(known, np.interp(wanted, kept, bad) / max(caseload, 1.0), np.nan)


def assignment_test(counts: ArrayLike) -> tuple[float, float]:
    """Return Pearson's chi-square that deciders get the same cases, and its p.

    Parameters
    ----------
    counts
        Cases by decider and kind of case (score bin or segment), shape (deciders, kinds).

    Notes
    -----
    A small p says that cases do not come to deciders at random, and that contraction must not be
    used. A large one does not prove that they do.

    Examples
    --------
    >>> value, p = assignment_test([[10, 20], [20, 10]])
    >>> round(value, 3), round(p, 4)
    (6.667, 0.0098)
    """
    table = np.asarray(counts, float)
    table = table[table.sum(1) > 0][:, table.sum(0) > 0]
    if min(table.shape, default=0) < 2:
        return 0.0, 1.0
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    value = float(((table - expected) ** 2 / expected).sum())
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    return value, float(chdtrc(freedom, value))
