"""Slices that were found in one half of the cases, held against the other half."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import Columns
from evaluators.pairs.filled import filled_sums
from evaluators.pairs.paired import Snapshots, bets
from evaluators.pairs.paired_counts import PairedCounts
from evaluators.scope import Scope
from evaluators.segments.slice_search import PLACES, Found, Search, mature_rows
from evaluators.statistics.multiplicity import holm_e
from evaluators.weeks import LEAST_CLUSTERS, is_timeless

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How the slices with a place stand in the half nobody searched, at each look.

    Attributes
    ----------
    standing
        Counts, arrays of shape (slices, looks).
    error
        Error at which "worse than the limit" is shown, all places together; shape (slices, looks).
        1 before a slice got its place.
    """

    standing: Snapshots
    error: Numbers

    def shown(self, alpha: float) -> NDArray[np.bool_]:
        """Return which slices are shown worse, now or at an earlier look; shape (slices,)."""
        found: NDArray[np.bool_] = np.any(self.error <= alpha, axis=1)
        return found


def confirm(table: Columns, search: Search, scope: Scope, margin: float = 0.0) -> Confirmation:
    """Return the evidence of the second half that each slice is worse than minus the margin.

    Notes
    -----
    Missing outcomes of disagreements count for the candidate: it takes evidence to accuse. Counts
    are deflated by days, and a slice with cases on fewer than 20 days cannot be shown. The i-th
    largest e-value is held against ``(20 - i + 1) / alpha`` (Holm), whether or not all 20 places
    are taken. Given the half that was searched, each slice's e-value is one of a process fixed
    beforehand, so the chance that any slice that is not worse is ever shown is at most alpha.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Vovk & Wang (2021),
    doi:10.1214/20-AOS2020; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    standing = _standing(table, search, scope)
    log_e = standing.log_worse(margin, bets(scope))
    if not is_timeless(scope):
        log_e = np.where(standing.clusters < LEAST_CLUSTERS, np.minimum(log_e, 0), log_e)
    looks = log_e.shape[1]
    since = np.array([one.since for one in search.found], np.int64)
    log_e = np.where(np.arange(looks) >= since[:, None], log_e, -np.inf)
    empty = np.full((PLACES - len(log_e), looks), -np.inf)
    error = holm_e(np.concatenate([log_e, empty]).T).T
    return Confirmation(standing, error[: len(log_e)])


def _standing(table: Columns, search: Search, scope: Scope) -> Snapshots:
    looks = max(1, len(search.ends))
    shape = (len(search.found), looks)
    part = mature_rows(table, scope) if len(table) else table
    if not search.found or not len(part):
        return Snapshots(PairedCounts.zeros(shape), np.zeros(shape, np.int64), np.ones(shape))
    part = part.where(part["half"] == 1)
    rows = [np.flatnonzero(_inside(part, one)) for one in search.found]
    row = np.concatenate(rows)
    number = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    day = part["cohort_day"][row].astype(np.int64)
    first = int(day.min()) if len(day) else 0
    span = int(day.max() - first) + 1 if len(day) else 1
    clusters, of_row = np.unique(number * span + (day - first), return_inverse=True)

    def by_day(name: str) -> NDArray[np.int64]:
        found = np.bincount(of_row, weights=part[name][row], minlength=len(clusters))
        return found.astype(np.int64)

    n, wins, losses, open_ = (
        by_day(name) for name in ("n", "only_candidate", "only_production", "open_disagreements")
    )
    zero = np.zeros_like(n)
    paired = PairedCounts(n, zero, wins, losses, zero, open_, zero, wins + losses + open_)
    ends = search.ends
    look = np.searchsorted(ends, clusters % span + first) if len(ends) else np.zeros_like(clusters)
    inside = look < looks
    cell = ((clusters // span) * looks + look)[inside]
    paired = paired.at(inside)
    worst, best = (sums.binned(cell, shape) for sums in filled_sums(paired))
    return Snapshots(
        _running(paired, cell, shape),
        worst.clusters.astype(np.int64),
        np.ones(shape)
        if is_timeless(scope)
        else np.maximum(worst.design_effect(), best.design_effect()),
    )


def _inside(table: Columns, one: Found) -> NDArray[np.bool_]:
    inside = np.ones(len(table), np.bool_)
    for name, code in one.parts:
        inside &= table[f"segment_{name}"] == code
    return inside


def _running(counts: PairedCounts, cell: NDArray[np.int64], shape: tuple[int, int]) -> PairedCounts:
    size = shape[0] * shape[1]

    def summed(values: NDArray[np.int64]) -> NDArray[np.int64]:
        found = np.bincount(cell, weights=values, minlength=size).astype(np.int64)
        return found.reshape(shape).cumsum(axis=1)

    return PairedCounts(*(summed(getattr(counts, f.name)) for f in fields(PairedCounts)))


def told(table: Columns, one: Found) -> str:
    """Return a slice in words, e.g. `region = north, product = loan`."""
    parts = []
    for name, code in one.parts:
        labels = table.labels[f"segment_{name}"]
        parts.append(f"{name} = {labels[code] if code >= 0 else '(missing)'}")
    return ", ".join(parts)
