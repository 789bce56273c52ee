"""Runs of days on which a class of outcome never comes: whether chance makes runs that long."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

Numbers = NDArray[np.float64]

YEAR = 365
SHORTEST = 3
"""Days with outcomes that a run must have."""


@dataclass(frozen=True, slots=True)
class Run:
    """The run of one class that chance explains worst.

    Attributes
    ----------
    first, last
        Positions of its first and last day; -1 where there is none.
    outcomes
        Outcomes of those days; none is of the class.
    share
        Share of the class among the outcomes of all other days.
    log_chance
        Logarithm of the chance that a year has any run like it.
    """

    first: int
    last: int
    outcomes: int
    share: float
    log_chance: float


def longest_run(of_class: ArrayLike, n: ArrayLike) -> Run:
    """Return the run of days without a class that chance explains worst.

    Parameters
    ----------
    of_class, n
        Outcomes of the class, and outcomes of any class, on each day in order; shape (days,).

    Notes
    -----
    Were outcomes in any order as likely as in any other, r given ones of n would hold none of the
    x of the class with probability ``C(n - r, x) / C(n, x)``. Outcomes of one day or week are
    alike, so r, n and x are divided by the design effect of days or weeks, the larger. A run can
    begin on any day of a year, so the chance is multiplied by 365, or by the days there are. A
    run shorter than three days with outcomes, or than twice the longest other run, is natural
    for its class and counts as chance.

    References
    ----------
    Naus (1965), doi:10.1080/01621459.1965.10480810 (scan statistics); Rao & Scott (1992),
    doi:10.2307/2532311.

    Examples
    --------
    >>> found = longest_run([3, 2, 4, 3, 2, 0, 0, 0, 0], [10] * 9)
    >>> found.first, found.last, found.outcomes, round(found.share, 2), round(found.log_chance, 1)
    (5, 8, 40, 0.28, -3.3)
    """
    hits, total = np.asarray(of_class, float), np.asarray(n, float)
    nothing = Run(-1, -1, 0, math.nan, 0.0)
    with_outcome = np.flatnonzero(total > 0)
    if hits.sum() == 0 or not len(with_outcome):
        return nothing
    hits, total = hits[with_outcome], total[with_outcome]
    empty = hits == 0
    edge = np.diff(np.concatenate([[0], empty.astype(np.int64), [0]]))
    start, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    if not len(start):
        return nothing
    before = np.concatenate([[0.0], np.cumsum(total)])
    r = before[end] - before[start]
    worst = int(np.argmax(r))
    others = np.delete(r, worst)
    first, last = int(start[worst]), int(end[worst]) - 1
    outside = np.ones(len(total), np.bool_)
    outside[first : last + 1] = False
    run, every, x = float(r[worst]), float(total.sum()), float(hits.sum())
    share = x / max(every - run, 1.0)
    chance = 0.0
    if last - first + 1 >= SHORTEST and run >= 2 * float(others.max(initial=0.0)):
        effect = _effect(hits[outside], total[outside])
        a, b, c = every / effect, run / effect, x / effect
        if a - b >= c:
            log_p = gammaln(a - b + 1) - gammaln(a - b - c + 1)
            log_p -= gammaln(a + 1) - gammaln(a - c + 1)
            chance = min(0.0, float(log_p) + math.log(max(YEAR, np.size(n))))
    return Run(int(with_outcome[first]), int(with_outcome[last]), int(run), share, chance)


def _effect(hits: Numbers, total: Numbers) -> float:
    """Return the design effect of days, or of seven days together, the larger; at least 1."""
    whole = len(total) // 7 * 7
    weeks = [a[:whole].reshape(-1, 7).sum(1) for a in (hits, total)]
    return max(1.0, _design(hits, total), _design(*weeks))


def _design(hits: Numbers, total: Numbers) -> float:
    groups, n = len(total), total.sum()
    if groups < 3 or n == 0:
        return 1.0
    share = hits.sum() / n
    if share in (0.0, 1.0):
        return 1.0
    between = groups / (groups - 1) * ((hits - share * total) ** 2).sum()
    return float(between / (n * share * (1 - share)))
