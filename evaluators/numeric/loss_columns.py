"""Columns of the measure `loss_sums`, added up and in the decision's own unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Loss
from evaluators.columns import Columns
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters
from evaluators.terms import Terms

Numbers = NDArray[np.float64]

SQUARED_UNIT = 2.0**30
"""Squared losses are counted in units of this many times the squared unit of values."""


class ErrorSize(StrEnum):
    """Which size of a case's error is added up."""

    ABSOLUTE = "absolute"
    SQUARED = "squared"
    ERROR = "error"
    REGISTERED = "registered"


def added(values: Numbers, cell: NDArray[np.int64], size: int) -> Numbers:
    """Return values added up by cell.

    Examples
    --------
    >>> added(np.array([1.0, 2.0, 4.0]), np.array([0, 2, 0]), 3).tolist()
    [5.0, 0.0, 2.0]
    """
    return np.bincount(cell, weights=values, minlength=size).astype(np.float64)


@dataclass(frozen=True, slots=True)
class LossReader:
    """Columns added up per segment and per day; `power` says in which unit they are counted."""

    cases: CaseCounts
    days: DayClusters
    terms: Terms

    def of(self, quantity: ErrorSize) -> tuple[Numbers, Numbers, Numbers]:
        power = 1
        match quantity:
            case ErrorSize.ABSOLUTE:
                names = ("abs_p", "abs_a", "ee_p", "ee_a", "abs_dd")
            case ErrorSize.ERROR:
                names = ("e_p", "e_a", "ee_p", "ee_a", "")
            case ErrorSize.SQUARED:
                names, power = ("sq_p", "sq_a", "sqsq_p", "sqsq_a", "sq_dd"), 2
            case ErrorSize.REGISTERED:
                names = ("loss_p", "loss_a", "ll_p", "ll_a", "loss_dd")
                power = 2 if self.terms.loss is Loss.SQUARED else 1
        factor = SQUARED_UNIT if power == 2 else 1.0
        sums = np.stack([self.per_segment(name, power) * factor for name in names[:2]])
        pp, aa = (self.per_segment(name, 2 * power) * factor**2 for name in names[2:4])
        dd = self.per_segment(names[4], 2 * power) * factor**2 if names[4] else pp + aa
        size, yy = np.zeros_like(pp), np.zeros_like(pp)
        cross = np.zeros((2, len(pp)))
        day_sums = [self.per_day(name, power) * factor for name in names[:2]]
        day_size = np.zeros(len(self.days))
        if quantity is ErrorSize.ABSOLUTE:
            size, yy = self.per_segment("y", 1), self.per_segment("yy", 2)
            cross = np.stack([self.per_segment(name, 2) for name in ("y_p", "y_a")])
            day_size = self.per_day("y", 1)
        pa = (pp + aa - dd) / 2
        products = np.array([[pp, pa, cross[0]], [pa, aa, cross[1]], [cross[0], cross[1], yy]])
        return np.vstack([sums, size]), products, np.stack([*day_sums, day_size])

    def per_segment(self, name: str, power: int = 0) -> Numbers:
        return self._added(name, power, self.cases.segment, len(self.cases.segments))

    def per_day(self, name: str, power: int = 0) -> Numbers:
        return self._added(name, power, self.days.of_row, len(self.days))

    def _added(self, name: str, power: int, cell: NDArray[np.int64], size: int) -> Numbers:
        table: Columns = self.cases.table
        if not len(table):
            return np.zeros(size)
        values = np.nan_to_num(table[name].astype(np.float64)) * table["unit"] ** power
        return added(values, cell, size)
