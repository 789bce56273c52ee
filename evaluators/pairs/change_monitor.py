"""Detectors of a fall in the difference, one per monitored segment, day after day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import ALL_CASES, Segment
from evaluators.columns import NO_DAY
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Numbers, snapshots
from evaluators.pairs.paired_counts import PairedCounts
from evaluators.scope import Scope
from evaluators.statistics.betting import general_grid, log_growth
from evaluators.statistics.change import strongest_since
from evaluators.statistics.log_scale import log_mean_exp
from evaluators.weeks import LEAST_DAYS, is_timeless, mature_day

RUN_DAYS = 365
"""Days between two false alarms of one monitor, on average and at least."""
LEARNED_DAYS = 28
"""Days from which a monitor learns how much days differ; later ones may show the change itself."""
MOST = 100
"""Segments of one cut that are monitored at most: those with most cases."""
DEFAULT_FLOOR = -0.005


@dataclass(frozen=True, slots=True)
class Monitors:
    """What the detectors show; arrays of shape (segments, days).

    Attributes
    ----------
    first_day
        The first day, as a day number.
    counts
        Paired counts of each day.
    floor
        Difference that is watched, per segment.
    detector, threshold
        The e-detector, and the value from which on it raises an alarm; the latter by day.
    alarm_day, change_day
        Day on which the open alarm was raised, and estimated first day after the change; `NO_DAY`
        where none is open.
    """

    segments: tuple[Segment, ...]
    first_day: int
    counts: PairedCounts
    floor: Numbers
    detector: Numbers
    threshold: Numbers
    alarm_day: NDArray[np.int64]
    change_day: NDArray[np.int64]

    @property
    def open(self) -> NDArray[np.bool_]:
        """Whether an alarm is open."""
        found: NDArray[np.bool_] = self.alarm_day != NO_DAY
        return found


def floors_of(scope: Scope) -> Mapping[str, float]:
    """Return the difference that is watched in every monitored cut."""
    return {ALL_CASES: DEFAULT_FLOOR, **scope.floors}


def monitors(cases: CaseCounts, scope: Scope) -> Monitors | None:
    """Return the detectors of all cases and of the segments of the monitored cuts.

    Returns
    -------
    Monitors or None
        None without days, or before `LEAST_DAYS` days have their outcomes.

    Notes
    -----
    The e-detector of `statistics.change.log_detector` on mature cohort days, disagreements
    without an outcome counting for the candidate, so that outcomes that stay away raise no alarm.
    Counts are deflated by the design effect of the first four weeks. A segment is monitored from
    the day on that its earlier cases reach `smallest_segment`. The threshold is a year times the
    number of monitors, so that all of them together raise about one false alarm a year at most,
    on average, at a difference exactly at the floor.

    An alarm stays open until the cases decided since show, at half of the study's alpha, that the
    difference is above the floor again; then the detector begins anew.

    References
    ----------
    Shin, Ramdas & Rinaldo (2024), doi:10.1214/23-EJS2191.
    """
    if is_timeless(scope) or scope.first_day is None:
        return None
    first, last = scope.first_day, mature_day(scope)
    days = last - first + 1
    if days <= LEAST_DAYS:
        return None
    chosen, floor = _chosen(cases, scope)
    part = cases.only(chosen)
    ends = np.arange(first, last + 1, dtype=np.int64)
    standing = snapshots(part, first, ends)
    by_day = _daily(standing.counts)
    learned = np.minimum(np.arange(days), LEARNED_DAYS - 1)
    effect = standing.effect[:, learned]
    earlier = standing.counts.n - by_day.n
    ready = (earlier >= scope.terms.smallest_segment) & (np.arange(days) >= LEAST_DAYS)
    threshold = RUN_DAYS * np.maximum(1, ready.sum(axis=0))
    detector, alarm, change = _run(by_day, effect, ready, floor, threshold, scope.alpha / 2)

    def dated(at: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(at < 0, NO_DAY, first + at)

    return Monitors(
        part.segments, first, by_day, floor, detector, threshold, dated(alarm), dated(change)
    )


def _chosen(cases: CaseCounts, scope: Scope) -> tuple[list[int], Numbers]:
    """Return the numbers of the monitored segments and their floors, all cases first."""
    n = cases.total(cases.compared)
    chosen: list[int] = []
    floor: list[float] = []
    for cut, least in floors_of(scope).items():
        numbers = np.array(cases.of_cut(cut), np.int64)
        if cut != ALL_CASES:
            numbers = numbers[n[numbers] >= scope.terms.smallest_segment]
        numbers = numbers[np.argsort(-n[numbers], kind="stable")][:MOST]
        chosen += sorted(numbers.tolist())
        floor += [least] * len(numbers)
    return chosen, np.array(floor)


def _daily(counts: PairedCounts) -> PairedCounts:
    """Return the counts of each day from running totals."""
    before = PairedCounts.zeros(counts.n.shape)
    for name in PairedCounts.__slots__:
        getattr(before, name)[:, 1:] = getattr(counts, name)[:, :-1]
    return PairedCounts(
        *(getattr(counts, name) - getattr(before, name) for name in PairedCounts.__slots__)
    )


def _run(
    by_day: PairedCounts,
    effect: Numbers,
    ready: NDArray[np.bool_],
    floor: Numbers,
    threshold: Numbers,
    alpha: float,
) -> tuple[Numbers, NDArray[np.int64], NDArray[np.int64]]:
    """Return the detector, and the days of open alarms and of changes (-1: none)."""
    n, wins, losses, open_ = (
        a / effect
        for a in (
            by_day.n,
            by_day.only_candidate,
            by_day.only_production,
            by_day.open_disagreements,
        )
    )
    grid, watched = general_grid(), floor[:, None]
    falling = log_growth(n, losses, wins + open_, -watched, grid)
    rising = log_growth(n, wins, losses + open_, watched, grid)
    falling[~ready] = 0.0
    size, days, bets = falling.shape
    log_m, back = np.full((size, bets), -np.inf), np.zeros((size, bets))
    start, alarm_at, change_at = (np.full(size, value) for value in (0, -1, -1))
    detector = np.zeros((size, days))
    alarm, change = (np.full((size, days), -1, np.int64) for _ in range(2))
    for day in range(days):
        begun, is_open = ready[:, day], alarm_at >= 0
        start = np.where(begun & (day > 0) & ~ready[:, day - 1], day, start)
        grown = np.logaddexp(log_m, 0) + falling[:, day]
        log_m = np.where(begun[:, None], grown, -np.inf)
        back = np.where(is_open[:, None], back + rising[:, day], 0.0)
        recovered = is_open & (log_mean_exp(back) >= -math.log(alpha))
        alarm_at, change_at = (np.where(recovered, -1, at) for at in (alarm_at, change_at))
        log_m[recovered], start[recovered] = -np.inf, day + 1
        detector[:, day] = np.exp(np.minimum(log_mean_exp(log_m), 700))
        raised = (alarm_at < 0) & (detector[:, day] >= threshold[day])
        if raised.any():
            alarm_at[raised] = day
            change_at[raised] = strongest_since(falling[raised, : day + 1], start[raised])
        alarm[:, day], change[:, day] = alarm_at, change_at
    return detector, alarm, change
