"""Slices of the cases in which the candidate does worse: searched in one half, shown in the other.

The cases are split by a hash of their identifiers. In the one half every slice of one, two or three
segments is looked at, week by week, and the most suspicious ones get one of 20 places, for good.
The other half, in which nobody searched, has to show each of them. Since a place once taken is
kept, no more than 20 slices are ever tested, and their e-values may be looked at every week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY, Columns
from evaluators.scope import Scope
from evaluators.statistics.slices import contrast
from evaluators.weeks import LEAST_DAYS, WEEK, is_timeless, mature_day, week_ends

Numbers = NDArray[np.float64]
PLACES = 20
"""Slices that are ever tested."""
LEAST_CASES = 100
"""Cases a slice needs in the half that is searched."""
LEAST_EFFECT = 0.1
"""Least standardised difference from the rest."""
LARGEST_P = 0.001
"""Largest one-sided p-value of the search; a filter, not a test."""
DEEPEST = 3
_PREFIX = "segment_"
_SUMS = ("n", "only_candidate", "only_production", "open_disagreements")


@dataclass(frozen=True, slots=True)
class Found:
    """One slice that got a place.

    Attributes
    ----------
    parts
        Segments it is made of, as (name, code).
    since
        Number of the look at which it got its place.
    p, effect
        Of the search at that look.
    """

    parts: tuple[tuple[str, int], ...]
    since: int
    p: float
    effect: float


@dataclass(frozen=True, slots=True)
class Search:
    """What was searched, and what got a place, in that order.

    Attributes
    ----------
    ends
        Last days of the looks; empty where cases carry no days, which are looked at once.
    searched
        Slices with enough cases at the latest look.
    """

    ends: NDArray[np.int64]
    searched: int
    found: tuple[Found, ...]


def segments_of(table: Columns) -> tuple[str, ...]:
    """Return the names of the segments that a table crosses."""
    return tuple(sorted(n.removeprefix(_PREFIX) for n in table.arrays if n.startswith(_PREFIX)))


def mature_rows(table: Columns, scope: Scope) -> Columns:
    """Return the rows whose outcomes are expected to be in."""
    if scope.first_day is None or is_timeless(scope):
        return table
    day = table["cohort_day"]
    return table.where((day != NO_DAY) & (day >= scope.first_day) & (day <= mature_day(scope)))


def look_ends(scope: Scope) -> NDArray[np.int64]:
    """Return the days at whose end is looked: whole weeks, from the second on."""
    ends = week_ends(scope, mature_day(scope)) if not is_timeless(scope) else np.zeros(0, np.int64)
    return ends[WEEK * np.arange(1, len(ends) + 1) >= LEAST_DAYS]


def search(table: Columns, scope: Scope) -> Search:
    """Return the slices that get a place, from the half that is searched.

    Parameters
    ----------
    table
        The measure `slice_counts`.

    Notes
    -----
    A slice is suspicious where the candidate is right less often than production, the slice has
    at least 100 cases, and differs from the rest by an effect of at least 0.1 with p at most
    0.001 (Welch). At each look those with the lowest p come first. The loss of a case is
    production right minus candidate right; an outcome that is missing counts 0 in the search.

    References
    ----------
    Chung et al. (2019), doi:10.1109/ICDE.2019.00139.
    """
    ends = look_ends(scope)
    looks = 1 if is_timeless(scope) else len(ends)
    if not len(table) or not looks:
        return Search(ends, 0, ())
    part = mature_rows(table, scope)
    part = part.where(part["half"] == 0)
    look = np.searchsorted(ends, part["cohort_day"]) if len(ends) else np.zeros(len(part), int)
    part, look = part.where(look < looks), look[look < looks]
    every = _running(part, np.zeros(len(part), np.int64), look, 1, looks)
    searched, suspects = 0, []
    for names in _crossings(part):
        slices, sums = _sums(part, names, look, looks)
        searched += int((sums[0][:, -1] >= LEAST_CASES).sum())
        suspects += list(_suspects(names, slices, sums, every))
    suspects.sort(key=lambda s: (s.since, s.p, len(s.parts), s.parts))
    return Search(ends, searched, _places(suspects))


def _places(suspects: list[Found]) -> tuple[Found, ...]:
    """Return the first 20 different slices."""
    taken = {one.parts: one for one in reversed(suspects)}
    ordered = sorted(taken.values(), key=lambda s: (s.since, s.p, len(s.parts), s.parts))
    return tuple(ordered[:PLACES])


def _crossings(table: Columns) -> Iterator[tuple[str, ...]]:
    names = segments_of(table)
    for depth in range(1, DEEPEST + 1):
        yield from combinations(names, depth)


def _sums(
    table: Columns, names: tuple[str, ...], look: NDArray[np.int64], looks: int
) -> tuple[NDArray[np.int64], tuple[Numbers, Numbers, Numbers]]:
    """Return the codes of all slices of some segments that are large enough, and their sums."""
    key = np.zeros(len(table), np.int64)
    for name in names:
        key = key * (len(table.labels[_PREFIX + name]) + 1) + table[_PREFIX + name] + 1
    keys, number = np.unique(key, return_inverse=True)
    size = np.bincount(number, weights=table["n"], minlength=len(keys))
    large = size >= LEAST_CASES
    place = np.cumsum(large) - 1
    keep = large[number]
    sums = _running(table.where(keep), place[number[keep]], look[keep], int(large.sum()), looks)
    rest, codes = keys[large], []
    for name in reversed(names):
        width = len(table.labels[_PREFIX + name]) + 1
        codes.append(rest % width - 1)
        rest = rest // width
    return np.stack(codes[::-1], axis=1), sums


def _running(
    table: Columns, number: NDArray[np.int64], look: NDArray[np.int64], size: int, looks: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Return cases, losses and squared losses up to each look; arrays of shape (size, looks)."""
    cell = number * looks + look

    def summed(values: NDArray[np.int64]) -> Numbers:
        found = np.bincount(cell, weights=values, minlength=size * looks)
        return found.reshape(size, looks).cumsum(axis=1)

    wins, losses = table["only_candidate"], table["only_production"]
    return summed(table["n"]), summed(losses - wins), summed(losses + wins)


def _suspects(
    names: tuple[str, ...],
    slices: NDArray[np.int64],
    sums: tuple[Numbers, Numbers, Numbers],
    every: tuple[Numbers, Numbers, Numbers],
) -> Iterator[Found]:
    """Yield at each look the most suspicious slices, no more than there are places."""
    with np.errstate(invalid="ignore"):
        found = contrast(*sums, *every)
        p = np.where(
            (sums[0] >= LEAST_CASES)
            & (sums[1] > 0)
            & (found.effect >= LEAST_EFFECT)
            & (found.p <= LARGEST_P),
            found.p,
            np.inf,
        )
    most = min(PLACES, len(p))
    for look in range(p.shape[1]):
        best = np.argsort(p[:, look], kind="stable")[:most]
        for i in best[np.isfinite(p[best, look])].tolist():
            parts = tuple(zip(names, slices[i].tolist(), strict=True))
            yield Found(parts, look, float(p[i, look]), float(found.effect[i, look]))
