"""Mature cases that could have an outcome, and those that have one, by group and day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from evaluators.outcomes.selective import is_selective
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.statistics.coverage import log_evidence
from evaluators.weeks import is_timeless, mature_cases, mature_day

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]

DISAGREEMENT = "disagreement"
"""The grouping by what production and the candidate said."""
AGREE = "both the same"
SCORE = "score"
"""The grouping by tenths of the candidate's score."""
_TENTHS = 10


@dataclass(frozen=True, slots=True)
class CoverageGroups:
    """Groups of one grouping, day by day; a timeless study has one day.

    Attributes
    ----------
    levels
        Names of the groups.
    n, labelled
        Cases, and those with an outcome, shape (groups, days).
    every, every_labelled
        The same of all cases that are grouped, shape (days,).
    """

    grouping: str
    levels: tuple[str, ...]
    n: Counts
    labelled: Counts
    every: Counts
    every_labelled: Counts

    @property
    def log_evidence(self) -> Numbers:
        """Log e-values for "this group's outcomes come otherwise than the day's others'"."""
        share = self.every_labelled / np.maximum(self.every, 1)
        return log_evidence(self.labelled, self.n, share)

    @property
    def totals(self) -> tuple[Counts, Counts]:
        """Labelled cases and all cases of each group."""
        return self.labelled.sum(1), self.n.sum(1)


def _groups(
    grouping: str,
    levels: tuple[str, ...],
    group: Counts,
    day: Counts,
    labelled: NDArray[np.bool_],
    n: Counts,
) -> CoverageGroups:
    days = int(day.max(initial=0)) + 1
    shape = (len(levels), days)

    def table(keep: NDArray[np.bool_]) -> Counts:
        cell = group[keep] * days + day[keep]
        found = np.bincount(cell, weights=n[keep], minlength=shape[0] * days)
        return found.astype(np.int64).reshape(shape)

    every, with_outcome = table(np.ones(len(n), np.bool_)), table(labelled)
    return CoverageGroups(grouping, levels, every, with_outcome, every.sum(0), with_outcome.sum(0))


def _watched(measures: Measures, scope: Scope) -> CaseCounts:
    """Return mature cases that are compared and whose outcome could be seen."""
    cases = mature_cases(CaseCounts.of_measures(measures), scope)
    keep = cases.compared
    if is_selective(scope) and len(cases.table):
        seen = [cases.table.code("decision", name) for name in scope.terms.observed_when]
        keep = keep & np.isin(cases.column("decision"), seen)
    return cases.where(keep)


def _from_first(day: Counts, scope: Scope) -> Counts:
    return np.where(day == NO_DAY, 0, day - (scope.first_day or 0))


def by_disagreement(measures: Measures, scope: Scope) -> CoverageGroups:
    """Return cases where both said the same, then each pair of different answers."""
    cases = _watched(measures, scope).only([0])
    if len(cases.table) == 0:
        none = np.zeros(0, np.int64)
        return _groups(DISAGREEMENT, (AGREE,), none, none, none.astype(bool), none)
    day, labelled, n = _from_first(cases.day, scope), _labelled(cases), cases.column("n")
    said, names = cases.table.labels["decision"], cases.table.labels["recommendation"]
    if not said or not names:  # numbers are no classes: only whether they differ
        apart = cases.differ.astype(np.int64)
        return _groups(DISAGREEMENT, (AGREE, "different"), apart, day, labelled, n)
    pair = cases.column("decision") * len(names) + cases.column("recommendation")
    pair = np.where(cases.differ, pair, -1)
    found, group = np.unique(np.concatenate([[-1], pair]), return_inverse=True)
    different = (
        f"production {said[p // len(names)]}, candidate {names[p % len(names)]}"
        for p in found[1:].tolist()
    )
    return _groups(DISAGREEMENT, (AGREE, *different), group[1:], day, labelled, n)


def by_segment(measures: Measures, scope: Scope) -> Iterator[CoverageGroups]:
    """Yield for every cut its segments."""
    cases = _watched(measures, scope)
    for cut in dict.fromkeys(s.cut for s in cases.segments[1:]):
        numbers = cases.of_cut(cut)
        part = cases.only(numbers)
        levels = tuple(s.value for s in part.segments)
        day = _from_first(part.day, scope)
        yield _groups(cut, levels, part.segment, day, _labelled(part), part.column("n"))


def by_score(measures: Measures, scope: Scope) -> CoverageGroups | None:
    """Return tenths of the cases by score; None without scores.

    None too where outcomes are selective: there scores and what can be seen belong together.
    """
    table = measures.get("score_counts", Columns({}))
    if len(table) == 0 or is_selective(scope):
        return None
    day, n = table["cohort_day"].astype(np.int64), table["n"].astype(np.int64)
    keep = np.ones(len(n), np.bool_)
    if not is_timeless(scope):
        keep = (day >= (scope.first_day or 0)) & (day <= mature_day(scope))
    if not n[keep].any():
        return None
    edge, place = np.unique(table["score_from"][keep], return_inverse=True)
    size = np.bincount(place, weights=n[keep])
    middle = (np.cumsum(size) - size / 2) / size.sum()
    tenth, of_edge = np.unique((middle * _TENTHS).astype(np.int64), return_inverse=True)
    levels = tuple(f"from {edge[of_edge == i].min():g}" for i in range(len(tenth)))
    labelled = table["outcome"][keep] != UNKNOWN
    when = _from_first(day[keep], scope)
    return _groups(SCORE, levels, of_edge[place], when, labelled, n[keep])


def _labelled(cases: CaseCounts) -> NDArray[np.bool_]:
    """Return for each row whether the outcome is known, also of numbers."""
    found: NDArray[np.bool_] = cases.column("production_right") != UNKNOWN
    found |= cases.column("outcome") != UNKNOWN
    return found
