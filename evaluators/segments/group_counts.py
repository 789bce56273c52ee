"""Counts of protected groups for both sides, as fairness is reported from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY, UNKNOWN, Measures
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.selections import Selections
from evaluators.scope import Scope
from evaluators.statistics.fairness import gap, ratio
from evaluators.weeks import mature_cases

Numbers = NDArray[np.float64]
ARMS = ("production", "candidate")
RATES = ("selected", "found", "alarmed")
"""Selection rate, true positive rate, false positive rate."""
GAPS = ("selection", "opportunity", "odds", "selection_ratio")
_SEED = 20_130_501
_DRAWS = 500


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Mature cases of one protected cut.

    Attributes
    ----------
    hits, n
        Cases selected and all cases, of each rate; shape (arms, rates, groups).
    daily_hits, daily_n
        The same by day; shape (days, arms, rates, groups). Empty where cases carry no days.
    """

    cut: str
    groups: tuple[str, ...]
    hits: Numbers
    n: Numbers
    daily_hits: Numbers
    daily_n: Numbers

    def bootstrapped_changes(self, alpha: float) -> tuple[Numbers, Numbers]:
        """Return the interval of the change of each gap, by drawing days; arrays (gaps,).

        Notes
        -----
        Days are drawn with putting back, 500 times, always the same draws; the ends are quantiles
        of the change of the gap. For one look; NaN with fewer than 20 days.

        References
        ----------
        Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapters 8 and 13.
        """
        days = len(self.daily_n)
        if days < 20:
            nothing = np.full(len(GAPS), np.nan)
            return nothing, nothing
        rng = np.random.default_rng(_SEED)
        weights = rng.multinomial(days, np.full(days, 1 / days), _DRAWS).astype(float)
        daily = [part.reshape(days, -1) for part in (self.daily_hits, self.daily_n)]
        found = np.concatenate(
            [
                gaps_of(*((some @ part).reshape(len(some), *self.n.shape) for part in daily))
                for some in np.array_split(weights, _DRAWS // 20)
            ]
        )
        change = found[..., 1] - found[..., 0]
        low, high = np.nanquantile(change, [alpha / 2, 1 - alpha / 2], axis=0)
        return low, high


def gaps_of(hits: Numbers, n: Numbers) -> Numbers:
    """Return every gap of both sides from counts of shape (..., arms, rates, groups).

    Returns
    -------
    array
        Shape (..., gaps, arms), in the order of `GAPS`; NaN with fewer than two groups.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = hits / n
    one = gap(rates)
    odds = np.fmax(one[..., 1], one[..., 2])
    parts = (one[..., 0], one[..., 1], odds, ratio(rates[..., 0, :]))
    return np.stack(parts, axis=-2)


def group_counts(measures: Measures, scope: Scope) -> Iterator[GroupCounts]:
    """Yield the counts of every protected cut; nothing where no class counts as selected."""
    if scope.positive is None:
        return
    every = CaseCounts.of_measures(measures)
    for cut in scope.terms.protected:
        numbers = every.of_cut(cut)
        if not numbers:
            continue
        cases = mature_cases(every.only(numbers), scope)
        chosen = Selections.of(cases, scope.positive)
        if not len(chosen.production):
            continue
        names = tuple(segment.value for segment in cases.segments)
        hits, n = _counted(chosen, chosen.cases.segment, len(names))
        dated = chosen.where(chosen.cases.day != NO_DAY)
        days, day = np.unique(dated.cases.day, return_inverse=True)
        cell = day * len(names) + dated.cases.segment
        daily = [
            np.moveaxis(a.reshape(*a.shape[:2], len(days), len(names)), 2, 0)
            for a in _counted(dated, cell, len(days) * len(names))
        ]
        yield GroupCounts(cut, names, hits, n, *daily)


def _counted(chosen: Selections, cell: NDArray[np.int64], size: int) -> tuple[Numbers, Numbers]:
    known = chosen.outcome != UNKNOWN
    bases = (np.ones(len(known), np.bool_), known & (chosen.outcome == 1), chosen.outcome == 0)
    arms = (chosen.production == 1, chosen.candidate == 1)

    def total(keep: NDArray[np.bool_]) -> Numbers:
        return chosen.cases.total_in(keep, cell, size).astype(float)

    hits = np.stack([np.stack([total(base & arm) for base in bases]) for arm in arms])
    n = np.stack([np.stack([total(base) for base in bases]) for _ in arms])
    return hits, n
