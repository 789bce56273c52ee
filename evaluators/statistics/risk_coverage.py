"""What answering only the surest cases brings: risk and coverage, thresholds, and staff."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, pdtr, pdtrik

Numbers = NDArray[np.float64]


def risk_coverage(n: ArrayLike, errors: ArrayLike) -> tuple[Numbers, Numbers]:
    """Return coverage and risk when all cases of the first k bins are answered, for every k.

    Parameters
    ----------
    n, errors
        Cases and errors of each bin, the surest bin first, along the last axis.

    Notes
    -----
    Coverage is the share of cases answered, risk the share of errors among those; NaN where none
    is answered.

    References
    ----------
    El-Yaniv & Wiener (2010), JMLR 11, 1605-1641.

    Examples
    --------
    >>> coverage, risk = risk_coverage([200] * 5, [2, 9, 22, 40, 70])
    >>> coverage.round(2).tolist(), risk.round(4).tolist()
    ([0.2, 0.4, 0.6, 0.8, 1.0], [0.01, 0.0275, 0.055, 0.0912, 0.143])
    """
    cases, wrong = (np.cumsum(np.asarray(a, float), axis=-1) for a in (n, errors))
    total = cases[..., -1:]
    coverage = np.where(total > 0, cases / np.where(total > 0, total, 1), np.nan)
    return coverage, np.where(cases > 0, wrong / np.where(cases > 0, cases, 1), np.nan)


def area_under_risk(n: ArrayLike, errors: ArrayLike) -> Numbers:
    """Return the area under the risk-coverage curve (AURC): the mean risk over all coverages.

    Notes
    -----
    Each bin's share times the risk when the curve has reached it. Smaller is better; it mixes how
    good the answers are with how well confidence sorts them.

    References
    ----------
    Geifman, Uziel & El-Yaniv (2019), arXiv:1805.08206.

    Examples
    --------
    >>> float(area_under_risk([200] * 5, [2, 9, 22, 40, 70]).round(5))
    0.06535
    """
    cases = np.asarray(n, float)
    risk = risk_coverage(n, errors)[1]
    total = cases.sum(axis=-1)
    found = (cases * np.nan_to_num(risk)).sum(axis=-1) / np.where(total > 0, total, 1)
    return np.where(total > 0, found, np.nan)


def tail(n: ArrayLike, errors: ArrayLike, target: float) -> Numbers:
    """Return the chance of so few errors, or fewer, if each case were wrong at the target rate.

    Examples
    --------
    >>> float(tail(200, 2, 0.05).round(5))
    0.00234
    """
    found: Numbers = np.asarray(bdtr(np.asarray(errors, float), np.asarray(n, int), target), float)
    return np.where(np.asarray(n) > 0, found, 1.0)


def learned_threshold(
    n: ArrayLike, errors: ArrayLike, target: float, delta: float = 0.05
) -> NDArray[np.int64]:
    """Return the last bin that may be answered at a target error, for one look; -1 for none.

    Parameters
    ----------
    n, errors
        Cases and errors of each bin, the surest bin first, along the last axis.
    target
        Error rate the answered cases must stay below.
    delta
        Chance that they do not.

    Notes
    -----
    Fixed-sequence testing from strict to lax, stopping at the first threshold whose binomial tail
    is above `delta`. It starts at the first threshold that could pass at half the target error by
    its number of cases alone, so that a handful of sure cases does not end it at once. Fix the
    thresholds, at most 50 of them, before the outcomes are seen. Valid once, not under daily
    re-tuning.

    References
    ----------
    Angelopoulos, Bates, Candes, Jordan & Lei (2021), arXiv:2110.01052 (Learn then Test);
    Geifman & El-Yaniv (2017), arXiv:1705.08500.

    Examples
    --------
    >>> int(learned_threshold([200] * 5, [2, 9, 22, 40, 70], 0.05))
    1
    """
    cases, wrong = (np.cumsum(np.asarray(a), axis=-1) for a in (n, errors))
    able = tail(cases, np.floor(cases * target / 2), target) <= delta
    shown = tail(cases, wrong, target) <= delta
    start = np.where(able.any(axis=-1), np.argmax(able, axis=-1), cases.shape[-1])
    place = np.arange(cases.shape[-1])
    stopped = (~shown & (place >= start[..., None])).cumsum(axis=-1) > 0
    passed = (place >= start[..., None]) & ~stopped
    found = np.where(passed.any(axis=-1), start + passed.sum(axis=-1) - 1, -1)
    return np.asarray(found, np.int64)


def staff_quantile(per_day: ArrayLike, share: float = 0.95) -> Numbers:
    """Return how many cases a day people must be able to take so that on `share` of days it does.

    Notes
    -----
    Poisson around the mean per day: days that are busier as a whole need more.

    Examples
    --------
    >>> staff_quantile([0, 4, 100]).tolist()
    [0.0, 8.0, 117.0]
    """
    mean = np.asarray(per_day, float)
    busy = np.maximum(mean, 1e-12)
    most = np.ceil(np.nan_to_num(pdtrik(share, busy)))
    fewer = np.maximum(most - 1, 0)
    found: Numbers = np.where(pdtr(fewer, busy) >= share, fewer, most)
    return np.where(mean > 0, found, 0.0)
