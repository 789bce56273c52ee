"""Production data against the pilot's, field by field: which shares have grown beyond chance.

Everything that is compared is a share of records: without a value, outside the pilot's range, with
a value the pilot never saw, later than the pilot's usual, known already, set aside. A share counts
as grown when the interval of its growth lies above what is tolerated, so that a small sample raises
no alarm and a large one none over trifles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data_contracts.data_words import CliffAspect
from evaluators.feed.accuracy_change import AccuracyChange
from evaluators.feed.cliff_shares import Limits, compared
from evaluators.feed.cliff_words import told
from evaluators.feed.profiles import Profile
from evaluators.statistics.intervals import wilson

ERROR = 0.05
"""Error of all comparisons of one evaluation together (Bonferroni)."""


@dataclass(frozen=True, slots=True)
class CliffRow:
    """One share in both, judged; a row of the published table `data_cliff`."""

    stream: str
    field: str
    aspect: CliffAspect
    pilot: float
    production: float
    limit: float
    beyond: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Cliff:
    """What a baseline was compared with, and what came of it.

    Attributes
    ----------
    changes
        Of all candidates.
    """

    rows: tuple[CliffRow, ...] = ()
    changes: tuple[AccuracyChange, ...] = ()


def growth_interval(
    hits0: ArrayLike, n0: ArrayLike, hits1: ArrayLike, n1: ArrayLike, alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval of the difference of two independent shares, second less first.

    Notes
    -----
    Newcombe's hybrid score interval (method 10), for one look and independent records.

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.

    Examples
    --------
    >>> low, high = growth_interval(48, 80, 56, 70, 0.05)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0524, 0.3339)
    """
    low0, high0 = wilson(hits0, n0, alpha)
    low1, high1 = wilson(hits1, n1, alpha)
    share0, share1 = np.asarray(hits0) / np.asarray(n0), np.asarray(hits1) / np.asarray(n1)
    gap = share1 - share0
    down = np.hypot(share1 - low1, high0 - share0)
    up = np.hypot(high1 - share1, share0 - low0)
    return gap - down, gap + up


def compare(pilot: Profile, production: Profile, limits: Limits) -> tuple[CliffRow, ...]:
    """Return every share that can be compared, in the order of streams and fields."""
    found = list(compared(pilot, production, limits))
    if not found:
        return ()
    h0, n0, h1, n1 = np.array([(c.hits0, c.n0, c.hits1, c.n1) for c in found], float).T
    # One side only is asked about: has the share grown?
    low, _ = growth_interval(h0, n0, h1, n1, 2 * ERROR / len(found))
    beyond = low > np.array([c.tolerance for c in found])
    return tuple(
        CliffRow(
            c.stream,
            c.field,
            c.aspect,
            c.hits0 / c.n0,
            c.hits1 / c.n1,
            min(1.0, c.hits0 / c.n0 + c.tolerance),
            over,
            told(c.stream, c.field, c.aspect, c.hits0 / c.n0, c.hits1 / c.n1, c.mode, c.named),
        )
        for c, over in zip(found, beyond.tolist(), strict=True)
    )
