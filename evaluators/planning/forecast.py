"""When a gate is expected to pass: a range of days from what is likely and the present pace."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import Forecast
from evaluators.pairs.looks import Looks, first_week
from evaluators.pairs.paired import Snapshots
from evaluators.scope import Scope
from evaluators.statistics.betting import log_e_value
from evaluators.statistics.intervals import tango
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.shrinkage import shrink
from evaluators.weeks import WEEK, is_timeless, to_date

Numbers = NDArray[np.float64]

LONGEST = 520
"""Weeks beyond which waiting is said not to help."""
PACE_WEEKS = 4
"""Weeks the pace is taken from."""
HALF = 0.5
_HALF_OF_REACH = 0.2
_Z50 = 0.6744897501960817
"""Standard normal quantile at 75 %: half of the probability lies within plus and minus it."""


def between(start: int, fewest: float, most: float, wait: int = 0) -> Forecast:
    """Return the forecast for a number of further weeks after a day.

    Parameters
    ----------
    start
        Last day counted so far.
    fewest, most
        Further whole weeks in the good and in the bad case; infinite for never.
    wait
        Days until the outcomes of a day are in.

    Examples
    --------
    >>> between(0, 1, 2).latest
    datetime.date(1970, 1, 15)
    >>> between(0, math.inf, math.inf).reachable
    False
    """

    def on(weeks: float) -> date | None:
        return to_date(start + WEEK * math.ceil(weeks) + wait) if weeks <= LONGEST else None

    return Forecast(on(fewest), on(most), reachable=fewest <= LONGEST)


def of_difference(
    found: Looks, scope: Scope, margin: float, grid: Numbers, alpha: float
) -> Forecast | None:
    """Return when the overall difference is expected to be shown above the limit.

    Notes
    -----
    The good and the bad case are the ends of a 50 % interval of the difference, with missing
    outcomes as losses, followed along the mean path at the pace of the last four weeks. None for
    a timeless study, whose further cases cannot be foreseen.
    """
    if is_timeless(scope):
        return None
    pace = _pace(found)
    if pace is None:
        return at_first_look(found, scope)
    latest = found.weekly.end(-1)
    n, wins, losses = (float(a[0]) for a in latest.pessimistic)
    low, high = (float(a) for a in tango(n, wins, losses, HALF))
    disagreement = (wins + losses + 1) / (n + 2)
    needed = cases_needed(disagreement, [high, low], margin, alpha, grid, so_far=(n, wins, losses))
    weeks = needed * float(latest.effect[0]) / pace
    return _after(found, scope, float(weeks[0]), float(weeks[1]))


def of_narrowing(
    scope: Scope, away: float, reach: float, end: int, wait: int | None = None
) -> Forecast | None:
    """Return when an interval is expected to clear a limit, by the square-root law.

    Parameters
    ----------
    away
        How far the estimate is beyond the limit, on the side where the gate passes; negative short
        of it.
    reach
        Distance from the estimate to the end of its interval towards the limit, same unit.
    end
        Last day whose cases are counted.
    wait
        Days until the outcomes of a day are in; the study's own when None.

    Notes
    -----
    An interval of twice the cases is narrower by the root of two, slowly growing logarithms left
    out; the good and the bad case move the estimate by a fifth of `reach`, which is about half of
    the probability of an interval valid at every look. None for a timeless study, or where
    nothing is known yet.
    """
    if scope.first_day is None or not math.isfinite(away + reach):
        return None
    weeks = max(1.0, (end - scope.first_day + 1) / WEEK)

    def ahead(distance: float) -> float:
        if distance <= 0:
            return math.inf
        return max(1.0, weeks * ((reach / distance) ** 2 - 1))

    give = _HALF_OF_REACH * reach
    waiting = scope.matures_after_days if wait is None else wait
    return between(end, ahead(away + give), ahead(away - give), waiting)


def of_segments(
    found: Looks,
    groups: Snapshots,
    scope: Scope,
    margin: float,
    grid: Numbers,
    enough: Callable[[Numbers], bool],
) -> Forecast | None:
    """Return when the groups' log e-values are expected to be `enough`, jointly.

    Notes
    -----
    As `of_difference`, with each group's difference pulled towards the common mean (`shrink`):
    taken singly, the lower quarter of every group at once would be far too gloomy.
    """
    if is_timeless(scope):
        return None
    pace = _pace(found)
    if pace is None:
        return at_first_look(found, scope)
    n, wins, losses = groups.pessimistic
    share = groups.counts.n / max(1, int(found.weekly.counts.n[0, -1]))
    weekly = pace * share / groups.effect
    disagreement = (wins + losses + 1) / (n + 2)
    weeks = [
        _weeks_until(enough, (n, wins, losses), weekly, disagreement, difference, margin, grid)
        for difference in likely(n, wins, losses)
    ]
    return _after(found, scope, weeks[0], weeks[1])


def at_first_look(found: Looks, scope: Scope) -> Forecast | None:
    """Return a forecast that names no day but that of the first look still ahead."""
    if is_timeless(scope):
        return None
    start = (scope.first_day or 0) - 1
    weeks = max(first_week(found), len(found.ends) + 1)
    earliest = to_date(start + WEEK * weeks + scope.matures_after_days)
    return Forecast(earliest, None)


def later(forecasts: Sequence[Forecast]) -> Forecast | None:
    """Return when the last of several parts is expected to pass; None without any.

    Examples
    --------
    >>> later([between(0, 1, 2), between(0, 3, 4)]) == between(0, 3, 4)
    True
    """
    if not forecasts:
        return None
    earliest = [one.earliest for one in forecasts]
    latest = [one.latest for one in forecasts]
    return Forecast(
        None if None in earliest else max(day for day in earliest if day),
        None if None in latest else max(day for day in latest if day),
        all(one.reachable for one in forecasts),
    )


def likely(n: Numbers, wins: Numbers, losses: Numbers) -> tuple[Numbers, Numbers]:
    """Return the good and the bad case of every group's difference."""
    gain, loss = (wins + 1) / (n + 2), (losses + 1) / (n + 2)  # Bonett & Price (2012)
    variance = (gain + loss - (gain - loss) ** 2) / (n + 2)
    found = shrink(gain - loss, variance)
    spread = _Z50 * (found.pull * found.mean_error + (1 - found.pull) * np.sqrt(variance))
    return found.estimate + spread, found.estimate - spread


def _weeks_until(
    enough: Callable[[Numbers], bool],
    so_far: tuple[Numbers, Numbers, Numbers],
    weekly: Numbers,
    disagreement: Numbers,
    difference: Numbers,
    margin: float,
    grid: Numbers,
) -> float:
    n, wins, losses = so_far
    share = np.clip(np.maximum(disagreement, np.abs(difference)), 0, 1)

    def shown(weeks: int) -> bool:
        more = weekly * weeks
        log_e = log_e_value(
            n + more,
            wins + more * (share + difference) / 2,
            losses + more * (share - difference) / 2,
            -margin,
            grid,
        )
        return enough(log_e)

    if not shown(LONGEST):
        return math.inf
    low, high = 0, LONGEST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return float(high)


def _pace(found: Looks) -> float | None:
    """Return mature cases a week over the last weeks; None where there are none."""
    counts: Any = found.weekly.counts.n[0]
    if not len(found.ends) or counts[-1] == 0:
        return None
    weeks = min(PACE_WEEKS, len(counts))
    before = counts[-weeks - 1] if len(counts) > weeks else 0
    pace = float(counts[-1] - before) / weeks
    return pace if pace > 0 else None


def _after(found: Looks, scope: Scope, fewest: float, most: float) -> Forecast:
    """Return the forecast after the latest whole mature week, not before the first look."""
    ahead = max(1, first_week(found) - len(found.ends))
    least = float(ahead)
    return between(
        int(found.ends[-1]), max(least, fewest), max(least, most), scope.matures_after_days
    )
