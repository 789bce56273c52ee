"""How well several judgements of the same item agree, from counts that add up over items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RaterSums:
    """Sums over items, kept apart by how many judgements an item has; they add up over items.

    Attributes
    ----------
    judgements
        Number m of judgements of an item; shape (sizes,), each at least 2.
    items
        Items with so many judgements; shape (sizes,).
    agreeing
        Ordered pairs of judgements of one item that agree, ``sum n_k (n_k - 1)``; shape (sizes,).
    classes
        Judgements by class; shape (sizes, classes).
    """

    judgements: Numbers
    items: Numbers
    agreeing: Numbers
    classes: Numbers

    @classmethod
    def of(cls, counts: ArrayLike) -> RaterSums:
        """Return the sums of a table of judgements, shape (items, classes).

        Items with fewer than two judgements cannot agree with themselves and are left out.
        """
        table = np.asarray(counts, float)
        m = table.sum(axis=1)
        table, m = table[m >= 2], m[m >= 2]
        sizes, group = np.unique(m, return_inverse=True)
        select = group[None, :] == np.arange(len(sizes))[:, None]
        agreeing = (table * (table - 1)).sum(axis=1)
        return cls(sizes, select.sum(axis=1).astype(float), select @ agreeing, select @ table)

    def self_agreement(self) -> float:
        """Return the mean over items of the share of their pairs that agree; NaN without an item.

        The chance that two judgements of an item drawn at random are the same.
        """
        pairs = self.judgements * (self.judgements - 1)
        items = self.items.sum()
        return float((self.agreeing / pairs).sum() / items) if items else float("nan")


def fleiss_kappa(sums: RaterSums) -> float:
    """Return the agreement of many judgements beyond chance.

    Notes
    -----
    ``(P - P_e) / (1 - P_e)`` with P the mean share of agreeing pairs of an item and P_e the chance
    that two judgements drawn from all of them agree. The judges need not be the same for each
    item. With different numbers of judgements per item, items weigh alike in P and judgements
    alike in P_e; Fleiss' own case is equal numbers. NaN where all say one class.

    References
    ----------
    Fleiss (1971), doi:10.1037/h0031619.

    Examples
    --------
    >>> round(fleiss_kappa(RaterSums.of([[2, 0], [0, 2], [1, 1]])), 4)
    0.3333
    """
    by_class = sums.classes.sum(axis=0)
    total = by_class.sum()
    if total == 0:
        return float("nan")
    chance = float(((by_class / total) ** 2).sum())
    return (sums.self_agreement() - chance) / (1 - chance) if chance < 1 else float("nan")


def krippendorff_alpha(sums: RaterSums) -> float:
    """Return Krippendorff's alpha for classes without order.

    Notes
    -----
    ``1 - D_o / D_e`` from coincidences: each item gives its ordered pairs weight
    ``1 / (m - 1)``, so that each judgement counts once, and chance draws without putting back.
    Any number of judgements per item, also missing ones. NaN where all say one class.

    References
    ----------
    Hayes & Krippendorff (2007), doi:10.1080/19312450709336664.

    Examples
    --------
    >>> round(krippendorff_alpha(RaterSums.of([[2, 0], [0, 2], [1, 1]])), 4)
    0.4444
    """
    by_class = sums.classes.sum(axis=0)
    total = by_class.sum()
    by_chance = total**2 - (by_class**2).sum()
    if total < 2 or by_chance == 0:
        return float("nan")
    observed = total - (sums.agreeing / (sums.judgements - 1)).sum()
    return float(1 - (total - 1) * observed / by_chance)
