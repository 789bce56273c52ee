"""Counts behind every paired statistic: who was right, what is still open; additive."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PairedCounts:
    """Additive counts behind every paired statistic; all arrays share one shape.

    Attributes
    ----------
    n
        Cases compared.
    both_right, only_candidate, only_production, both_wrong
        Cases with a known outcome, by who was right. A fallback case counts as both.
    open_disagreements
        The two differ and the outcome is not known.
    open_agreements
        The two agree (or the candidate fell back) and the outcome is not known.
    disagreements
        The two differ, outcome known or not.

    Examples
    --------
    >>> one = PairedCounts.zeros((2,))
    >>> (one + one).n.tolist()
    [0, 0]
    """

    n: Counts
    both_right: Counts
    only_candidate: Counts
    only_production: Counts
    both_wrong: Counts
    open_disagreements: Counts
    open_agreements: Counts
    disagreements: Counts

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> PairedCounts:
        """Return counts of nothing, the identity of `+`."""
        return cls(*(np.zeros(shape, np.int64) for _ in fields(cls)))

    def __add__(self, other: PairedCounts) -> PairedCounts:
        return PairedCounts(
            *(getattr(self, f.name) + getattr(other, f.name) for f in fields(PairedCounts))
        )

    @property
    def known(self) -> Counts:
        """Cases whose outcome is known."""
        return self.both_right + self.only_candidate + self.only_production + self.both_wrong

    def sum(self, axis: int) -> PairedCounts:
        """Return the counts added up along an axis."""
        return PairedCounts(*(getattr(self, f.name).sum(axis=axis) for f in fields(PairedCounts)))

    def cumulative(self, axis: int) -> PairedCounts:
        """Return running totals along an axis."""
        return PairedCounts(
            *(np.cumsum(getattr(self, f.name), axis=axis) for f in fields(PairedCounts))
        )

    def at(self, index: object) -> PairedCounts:
        """Return the same counts with every array indexed by `index`."""
        return PairedCounts(*(getattr(self, f.name)[index] for f in fields(PairedCounts)))
