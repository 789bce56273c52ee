"""Which thresholds on the confidence have been shown to keep their limits, and when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from data_contracts.findings import Forecast
from data_contracts.vocabulary import Reason
from evaluators.pairs.looks import Looks
from evaluators.planning.forecast import HALF, at_first_look, between
from evaluators.scope import Scope
from evaluators.scoring.confidence import Confidence
from evaluators.statistics.fallback import shown_thresholds
from evaluators.statistics.intervals import wilson
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.shares import rare_grid, share_grid
from evaluators.weeks import is_timeless, to_date


@dataclass(frozen=True, slots=True)
class Shown:
    """The threshold, as a position, that was shown first, and the end of that look's last day."""

    place: int
    since: date | None


def first_shown(
    found: Confidence, every: Looks, error: float, coverage: float, alpha: float
) -> Shown | None:
    """Return the first look's laxest threshold that keeps both limits; None where none did.

    Notes
    -----
    `alpha` is the error of all thresholds together; with more than one, half of it goes to the
    errors and half to the coverages.
    """
    part = alpha if len(found.least) == 1 else alpha / 2
    safe, wide = found.log_safe(error), found.log_wide(coverage)
    if len(every.ends):
        safe, wide = (np.where(every.allowed, log_e, -np.inf) for log_e in (safe, wide))
    best = np.maximum.accumulate(safe, axis=1)
    kept = shown_thresholds(best.T, part).T
    both = kept & (np.maximum.accumulate(wide, axis=1) >= -math.log(part))
    if not both.any():
        return None
    look = int(np.argmax(both.any(axis=0)))
    place = int(np.flatnonzero(both[:, look])[-1])
    return Shown(place, to_date(every.ends[look]) if len(every.ends) else None)


def never(
    found: Confidence,
    end: int,
    error: float,
    coverage: float,
    alpha: float,
    place: int | None = None,
) -> bool:
    """Return whether every threshold, or one, is now shown to break one of its limits."""
    part = alpha / 2 if len(found.least) == 1 else alpha / 2 / len(found.least)
    unsafe = found.log_unsafe(error)[:, end] >= -math.log(part)
    narrow = found.log_narrow(coverage)[:, end] >= -math.log(part)
    broken = unsafe | narrow
    return bool(broken.all() if place is None else broken[place])


def best_now(found: Confidence, end: int, error: float, coverage: float) -> int:
    """Return the threshold to tell of: the one nearest to being shown."""
    safe = found.log_safe(error)[:, end] / -math.log(0.025)
    wide = found.log_wide(coverage)[:, end] / -math.log(0.025)
    nearest: int = int(np.argmax(np.minimum(np.minimum(safe, wide), 1.0)))
    return nearest


def forecast_of(
    found: Confidence,
    every: Looks,
    scope: Scope,
    place: int,
    error: float,
    coverage: float,
    alpha: float,
) -> Forecast | None:
    """Return when the threshold nearest to it is expected to be shown, at the pace so far.

    Notes
    -----
    The good and the bad case are the ends of 50 % intervals of both shares, followed along the
    mean path; with several thresholds each is given its least share of alpha.
    """
    if is_timeless(scope):
        return None
    if every.reason is not Reason.OK:
        return at_first_look(every, scope)
    size = len(found.least)
    level = alpha if size == 1 else alpha / 2 / size
    shares = (
        (found.n, found.wrong + found.unknown, found.effect, error, False),
        (found.total, found.n, found.coverage_effect, coverage, True),
    )
    weeks = np.zeros(2)
    for base, hits, effects, limit, above in shares:
        row = place if len(base) == size else 0
        deff = float(effects[place, -1])
        n, yes = float(base[row, -1]) / deff, float(hits[place, -1]) / deff
        good = yes if above else n - yes
        least = limit if above else 1 - limit
        low, high = (float(side) for side in wilson(good, n, HALF))
        needed = cases_needed(
            1.0,
            [2 * high - 1, 2 * low - 1],
            1 - 2 * least,
            level,
            share_grid() if above else rare_grid(),
            so_far=(n, good, n - good),
        )
        pace = max(n / len(every.ends), 1e-9)
        weeks = np.maximum(weeks, needed / pace)
    ahead = np.maximum(weeks, 1.0)
    return between(int(every.ends[-1]), float(ahead[0]), float(ahead[1]), scope.matures_after_days)
