"""The measure `loss_difference_bins` as masses on fixed edges, which bets can be placed on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Loss
from evaluators.columns import NO_DAY, Columns
from evaluators.numeric.loss_columns import SQUARED_UNIT
from evaluators.numeric.loss_columns import added as summed
from evaluators.statistics.split_edges import split_to_edges
from evaluators.terms import Terms

Numbers = NDArray[np.float64]

SIDE = 40
"""Bins on each side of 0."""
_POSITIVE = 2.0 ** ((np.arange(1, SIDE + 1) - SIDE) / 2)
EDGES: Numbers = np.concatenate([-_POSITIVE[::-1], [0.0], _POSITIVE])
"""Edges of the bins, as shares of the largest loss."""


@dataclass(frozen=True, slots=True)
class Masses:
    """Mass at each of `EDGES` at the ends of some days; shape (ends, edges).

    Attributes
    ----------
    known
        Differences of cases with an outcome, production's loss minus the candidate's.
    at_stake
        Largest differences of cases without one, all of them positive.
    """

    known: Numbers
    at_stake: Numbers

    @property
    def worst(self) -> Numbers:
        """Missing outcomes filled with the worst for the candidate."""
        return self.known + self.at_stake[:, ::-1]

    @property
    def best(self) -> Numbers:
        """Missing outcomes filled with the best for the candidate."""
        return self.known + self.at_stake


def masses(table: Columns, terms: Terms, first_day: int | None, ends: NDArray[np.int64]) -> Masses:
    """Return the masses as they stood at the ends of some days.

    Parameters
    ----------
    first_day
        First day that counts; None for a timeless study, whose one end holds every case.
    ends
        Days, ascending.
    """
    shape = (2, max(1, len(ends)), len(EDGES))
    if not len(table) or terms.largest_loss is None:
        return Masses(*np.zeros(shape))
    day, bins = table["cohort_day"].astype(np.int64), table["difference_bin"].astype(np.int64)
    if first_day is None:
        keep, at = np.ones(len(day), np.bool_), np.zeros(len(day), np.int64)
    else:
        last = ends[-1] if len(ends) else NO_DAY
        keep = (day != NO_DAY) & (day >= first_day) & (day <= last)
        at = np.searchsorted(ends, day)
    power = 2 if terms.loss is Loss.SQUARED else 1
    unit = table["unit"] ** power * (SQUARED_UNIT if power == 2 else 1.0)
    values = table["difference"].astype(np.float64) * unit / terms.largest_loss
    # Bins -40..-1 and 1..40 are intervals 0..79; bin 0 is the edge in the middle.
    interval = np.where(bins < 0, bins + SIDE, bins + SIDE - 1)
    cell = ((table["outcome_known"] != 1) * shape[1] + at) * (2 * SIDE) + interval
    inner = keep & (bins != 0)

    def added(weights: Numbers) -> Numbers:
        size = 2 * shape[1] * 2 * SIDE
        return summed(weights[inner], cell[inner], size).reshape(2, shape[1], 2 * SIDE)

    found = split_to_edges(added(table["n"].astype(np.float64)), added(values), EDGES)
    middle = keep & (bins == 0)
    found[0, :, SIDE] += summed(table["n"][middle].astype(np.float64), at[middle], shape[1])
    return Masses(*found.cumsum(axis=1))
