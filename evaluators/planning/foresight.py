"""Forecasts by the pace so far: when a share, or a mean, is expected to be shown beyond a limit."""

from __future__ import annotations

import math

import numpy as np

from data_contracts.findings import Forecast
from evaluators.pairs.day_clusters import Shares
from evaluators.planning.forecast import HALF, between
from evaluators.scope import Scope
from evaluators.statistics.intervals import wilson
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.shares import share_grid
from evaluators.weeks import WEEK

_GIVE = 0.2
"""Part of the distance to an interval's end that holds about half of the probability."""


def of_share(share: Shares, scope: Scope, least: float) -> Forecast | None:
    """Return when the first segment's share is expected to be shown above a minimum.

    Notes
    -----
    The good and the bad case are the ends of a 50 % interval, at the average pace so far. None for
    a timeless study, whose further cases cannot be foreseen.
    """
    if scope.first_day is None or scope.last_day is None:
        return None
    effect = float(share.effect[0])
    hits, n = float(share.hits[0]) / effect, float(share.n[0]) / effect
    low, high = (float(end) for end in wilson(hits, n, HALF))
    needed = cases_needed(
        1.0,
        [2 * high - 1, 2 * low - 1],
        1 - 2 * least,
        scope.alpha / 2,
        share_grid(),
        so_far=(n, hits, n - hits),
    )
    weeks = max(1.0, (scope.last_day - scope.first_day + 1) / WEEK)
    ahead = np.maximum(needed / (n / weeks), 1.0)
    return between(scope.last_day, float(ahead[0]), float(ahead[1]))


def of_mean(scope: Scope, above: float, reach: float, end: int, wait: int = 0) -> Forecast | None:
    """Return when a mean is expected to be shown beyond a limit, by the square-root law.

    Parameters
    ----------
    above
        How far the mean is beyond the limit, on the side where the gate passes; negative short of
        it.
    reach
        Distance from the mean to the end of its interval towards the limit.
    end
        Last day whose cases are counted.
    wait
        Days until the outcomes of a day are in.

    Notes
    -----
    The interval narrows by the root of two with twice the cases; the good and the bad case move
    the mean by a fifth of `reach`, about half of the probability of an interval that is valid at
    every look.
    """
    if scope.first_day is None or not math.isfinite(above + reach):
        return None
    weeks = max(1.0, (end - scope.first_day + 1) / WEEK)

    def ahead(distance: float) -> float:
        if distance <= 0:
            return math.inf
        return max(1.0, weeks * ((reach / distance) ** 2 - 1))

    give = _GIVE * reach
    return between(end, ahead(above + give), ahead(above - give), wait)
