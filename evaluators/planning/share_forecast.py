"""When a share is expected to be shown above a minimum, by the pace so far."""

from __future__ import annotations

import numpy as np

from data_contracts.findings import Forecast
from evaluators.pairs.day_clusters import Shares
from evaluators.planning.forecast import HALF, between
from evaluators.scope import Scope
from evaluators.statistics.intervals import wilson
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.shares import share_grid
from evaluators.weeks import WEEK


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
