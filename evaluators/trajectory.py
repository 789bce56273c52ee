"""The overall difference week by week, cumulative: what the study knew at the end of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import Columns, Measures
from evaluators.outcomes.selective import honest, unobservable
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import bets, snapshots
from evaluators.scope import Scope
from evaluators.weeks import mature_day, to_date, week_ends

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Columns of the published table `trajectory`; NaN where there is nothing to say.

    Attributes
    ----------
    week, day
        Number of the whole week, from 1, and its last cohort day.
    mature
        Whether the outcomes of all its cases are expected to be in; only then is there an estimate.
    low, high
        Interval valid at any look, missing outcomes filled with the worst and with the best.
    possible_low, possible_high
        What missing outcomes leave possible for these very cases.
    n
        Cases compared.
    """

    candidate: str
    version: str
    week: NDArray[np.int64]
    day: tuple[date, ...]
    mature: NDArray[np.bool_]
    estimate: Numbers
    low: Numbers
    high: Numbers
    possible_low: Numbers
    possible_high: Numbers
    n: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.day)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield one row of the published table per week, with None in place of NaN."""
        names = ("estimate", "low", "high", "possible_low", "possible_high")
        for i, day in enumerate(self.day):
            numbers = {name: float(getattr(self, name)[i]) for name in names}
            yield {
                "candidate": self.candidate,
                "model_version": self.version,
                "week": int(self.week[i]),
                "day": day,
                "mature": bool(self.mature[i]),
                **{name: None if np.isnan(v) else v for name, v in numbers.items()},
                "n": int(self.n[i]),
            }


def trajectory(measures: Measures, scope: Scope) -> Trajectory:
    """Return the difference over all cases at the end of every whole week; empty if timeless.

    Notes
    -----
    Each week's interval is the one that was valid on that day, with the same bets, the same
    filling and the same deflation by day clusters as the gates, so that picture and decision
    cannot disagree.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Manski (1989), doi:10.2307/145818.
    """
    whole = CaseCounts.of_measures({"outcome_counts": Columns({}), **measures}).only([0])
    ends = week_ends(scope)
    found = snapshots(whole, scope.first_day or 0, ends)
    mature = ends <= mature_day(scope) if len(ends) else np.zeros(0, np.bool_)
    low, high = found.interval(scope.alpha, bets(scope))
    possible_low, possible_high = found.possible()
    part = whole.where(unobservable(whole, scope))
    hidden = snapshots(part, scope.first_day or 0, ends).counts.open_disagreements
    estimate = honest(found.estimate, hidden)
    return Trajectory(
        scope.candidate,
        scope.version,
        np.arange(1, len(ends) + 1),
        tuple(to_date(end) for end in ends.tolist()),
        mature,
        np.where(mature, estimate[0], np.nan),
        low[0],
        high[0],
        possible_low[0],
        possible_high[0],
        found.counts.n[0],
    )
