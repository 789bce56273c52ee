"""How the segments that matter most stood at each look, and how it is said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import NO_DAY
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters
from evaluators.pairs.paired import Snapshots, snapshots, undated
from evaluators.pairs.paired_counts import PairedCounts
from evaluators.scope import Scope
from evaluators.segments.segment_looks import SegmentLook
from evaluators.statistics.clusters import ClusterSums
from evaluators.statistics.fewer_errors import (
    least_reduction,
    log_e_fewer,
    log_e_more,
    most_reduction,
    values,
)
from evaluators.weeks import to_date
from evaluators.wording import count, interval, level, points

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PriorityLook:
    """What all looks came to.

    Attributes
    ----------
    shown
        At which looks what is asked was shown.
    failed
        Whether the latest look shows that it is not so.
    value, low, high
        Difference in accuracy, or the share by which errors are fewer; None where unknown.
    equivalent
        The difference in accuracy that is asked for, as a fraction.
    """

    shown: NDArray[np.bool_]
    failed: bool
    value: float | None
    low: float
    high: float
    n: int
    equivalent: float
    measured: str


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """Counts of cases that are one segment, by day, and the looks they belong to."""

    standing: Snapshots
    by_day: PairedCounts
    look: NDArray[np.int64]
    dated: bool

    @classmethod
    def of(cls, cases: CaseCounts, scope: Scope, ends: NDArray[np.int64]) -> ErrorCounts:
        """Return the counts of the only segment of some cases at the ends of some days."""
        if not len(ends):
            everything = undated(cases)
            return cls(everything, everything.counts.at(0), np.zeros(1, np.int64), dated=False)
        standing = snapshots(cases, scope.first_day or 0, ends)
        day = cases.day
        part = cases.where((day != NO_DAY) & (day >= (scope.first_day or 0)) & (day <= ends[-1]))
        found = DayClusters.of(part)
        start = int(part.day.min(initial=int(ends[-1])))
        look = np.searchsorted(ends, found.day - 1 + start)
        return cls(standing, part.paired_in(found.of_row, (len(found),)), look, dated=True)

    def look_at(self, ask: float, alpha: float, grid: Numbers, *, relative: bool) -> PriorityLook:
        """Return whether more than `ask` was shown at each look.

        Parameters
        ----------
        ask
            A difference in accuracy, or with `relative` the share by which errors must be fewer.
        alpha
            One-sided error.
        """
        return self._fewer(ask, alpha, grid) if relative else self._better(ask, alpha, grid)

    def _better(self, ask: float, alpha: float, grid: Numbers) -> PriorityLook:
        level_, now = -math.log(alpha), self.standing.end(-1)
        low, high = (float(end[0]) for end in now.interval(2 * alpha, grid))
        value = float(now.estimate[0])
        return PriorityLook(
            self.standing.log_good(-ask, grid)[0] >= level_,
            bool(now.log_worse(-ask, grid)[0] >= level_),
            None if math.isnan(value) else value,
            low,
            high,
            int(now.counts.n[0]),
            ask,
            f"{points(value, ask)} points ({level(2 * alpha)} interval {interval(low, high, ask)})",
        )

    def _fewer(self, ask: float, alpha: float, grid: Numbers) -> PriorityLook:
        """Bet on errors: an open disagreement is the candidate's error, an open agreement both's.

        The other way round, for "not fewer by as much", they are production's error and none.
        """
        level_, c = -math.log(alpha), self.standing.counts.at(0)
        effect = self._effect(ask)
        worst = (
            c.only_candidate / effect,
            (c.only_production + c.open_disagreements) / effect,
            (c.both_wrong + c.open_agreements) / effect,
        )
        best = (
            (c.only_candidate[-1] + c.open_disagreements[-1]) / effect[-1],
            c.only_production[-1] / effect[-1],
            c.both_wrong[-1] / effect[-1],
        )
        low = float(least_reduction(worst[0][-1], worst[1][-1], worst[2][-1], alpha, grid))
        high = float(most_reduction(*best, alpha, grid))
        before = float(c.only_candidate[-1] + c.both_wrong[-1])
        after = float(c.only_production[-1] + c.both_wrong[-1])
        value = 1 - after / before if before else None
        known = max(1.0, float(c.known[-1]))
        told = "not yet known" if value is None else f"{percent_change(value)} of errors"
        span = f"{percent_change(high)} to {percent_change(low)}"
        return PriorityLook(
            log_e_fewer(*worst, ask, grid) >= level_,
            bool(log_e_more(*best, ask, grid) >= level_),
            value,
            low if value is None else min(low, value),
            high if value is None else max(high, value),
            int(c.n[-1]),
            ask * before / known,
            f"{told} ({level(2 * alpha)} interval {span})",
        )

    def _effect(self, ask: float) -> Numbers:
        """Return the design effect of days at each look."""
        if not self.dated:
            return np.ones(1)
        d, (win, loss, both) = self.by_day, values(ask)
        shape = self.standing.effect.shape
        fills = (
            (
                d.only_candidate,
                d.only_production + d.open_disagreements,
                d.both_wrong + d.open_agreements,
            ),
            (d.only_candidate + d.open_disagreements, d.only_production, d.both_wrong),
        )
        found = [
            ClusterSums.of(
                d.n, win * a + loss * b + both * c, win**2 * a + loss**2 * b + both**2 * c
            )
            .binned(self.look, shape)
            .design_effect()[0]
            for a, b, c in fills
        ]
        larger: Numbers = np.maximum(found[0], found[1])
        return larger


def percent_change(fewer: float) -> str:
    """Return a change of errors in percent, fewer with a minus.

    Examples
    --------
    >>> percent_change(-0.2), percent_change(0.0)
    ('+20.0%', '0.0%')
    """
    if fewer <= -9 + 1e-9:
        return "+900% or more"
    return f"{points(-fewer)}%"


def said(
    part: PriorityLook,
    others: SegmentLook | None,
    cut: str,
    which: str,
    alpha: float,
    relative: bool,
) -> str:
    """Return how both parts stand, in two sentences."""
    what = "errors change by" if relative else "the difference in accuracy is"
    value = (
        "not yet known"
        if part.value is None
        else (percent_change(part.value) if relative else f"{points(part.value)} points")
    )
    span = (
        f"{percent_change(part.high)} to {percent_change(part.low)}"
        if relative
        else interval(part.low, part.high)
    )
    state = "which is enough" if part.shown.any() else "which is not enough yet"
    if part.failed:
        state = "which is shown to be too little"
    first = (
        f"For {cut} {which} {what} {value} ({level(alpha)} interval {span};"
        f" {count(part.n, 'case')}), {state}."
    )
    if others is None:
        return f"{first} There is no other segment by {cut}."
    verb = "is" if others.good == 1 else "are"
    second = (
        f"Of {count(others.size, 'other segment')}, {others.good:,} {verb} shown to be at least as"
        f" good; {others.needed:,} must be."
    )
    if others.failed:
        second = (
            f"Of {count(others.size, 'other segment')}, {others.worse:,} are shown to be worse than"
            f" the limit; {others.size - others.needed:,} may be."
        )
    return f"{first} {second}"


def since_of(
    first: NDArray[np.bool_], others: NDArray[np.bool_], ends: Any
) -> tuple[date | None, bool]:
    """Return from which day on both parts were shown, each at some look; and whether both were."""
    if not (first.any() and others.any()):
        return None, False
    later = max(int(np.argmax(first)), int(np.argmax(others)))
    return (to_date(ends[later]) if len(ends) else None), True
