"""Gates that ask whether a difference in accuracy is above a limit, at any number of looks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Reason, Status
from evaluators.outcomes.selective import hidden_disagreements, honest
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, caveat, looks, no_mature_cases, why_no_look
from evaluators.pairs.paired import Numbers, Snapshots, bets
from evaluators.planning.forecast import of_difference
from evaluators.scope import Scope
from evaluators.weeks import mature_cases, to_date
from evaluators.wording import count, interval, kept, level, points


@dataclass(frozen=True, slots=True)
class Words:
    """Beginnings of the sentences; the number and its interval follow after a colon.

    Attributes
    ----------
    shown, refuted, undecided
        When the difference is shown above the limit, shown below it, and neither.
    """

    shown: str
    refuted: str
    undecided: str


def judge_above(
    result: Callable[..., GateResult], cases: CaseCounts, scope: Scope, limit: float, words: Words
) -> GateResult:
    """Return PASS from the first look on at which the difference is shown above the limit.

    Parameters
    ----------
    result
        Makes the result from everything but gate, kind, family, rule and threshold.
    cases
        Cases of one segment.
    limit
        Minus the margin, or by how much the candidate must be better.

    Notes
    -----
    Looks at the end of every whole week of mature days (`looks.looks`). At each, disagreements
    without an outcome count as production's wins, and the counts are deflated by clusters. The
    chance that any look ever passes a candidate whose difference is at or below the limit is at
    most half of the study's alpha, whatever is late, missing or cannot be seen. A pass is kept;
    only the current evidence that the difference is below the limit overrides it.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Rao & Scott (1992),
    doi:10.2307/2532311; Ville (1939).
    """
    margin, grid, alpha = -limit, bets(scope), scope.alpha / 2
    found = looks(cases, scope)
    if found.too_early:
        return no_mature_cases(
            result, found, scope, of_difference(found, scope, margin, grid, alpha)
        )
    current = _current(found)
    low, high = (float(end[0]) for end in current.interval(scope.alpha, grid))
    hidden = int(hidden_disagreements(mature_cases(cases, scope), scope)[0])
    value, n = float(honest(current.estimate, np.array([hidden]))[0]), int(current.counts.n[0])
    span = f"{level(scope.alpha)} interval {interval(low, high, limit)}"
    number = f"{points(value, limit)} points" if not math.isnan(value) else "not yet known"
    if hidden:
        number = f"not known for {count(hidden, 'disagreement')} whose outcome cannot be seen"
    numbers = partial(
        result,
        measured=f"{number} ({span})",
        value=None if math.isnan(value) else value,
        low=low,
        high=high,
        n=n,
    )
    told, remark = f"{number} ({span}; {count(n, 'case')})", caveat(scope)
    needed = -math.log(alpha)
    waiting = why_no_look(found, scope)
    if not waiting and current.log_worse(margin, grid)[0] >= needed:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"{words.refuted}: {told}.{remark}",
        )
    shown, since = _first_shown(found, margin, grid, needed)
    if shown:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"{words.shown}: {told}.{kept(since, still=low > limit)}{remark}",
            since=since,
        )
    forecast = of_difference(found, scope, margin, grid, alpha)
    if math.isnan(value) and not hidden:
        return numbers(
            status=Status.NO_DATA,
            reason=Reason.NO_OUTCOMES,
            sentence="No outcome is known yet of the cases on which the two differ.",
            forecast=forecast,
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=found.reason if waiting else Reason.UNDECIDED,
        sentence=f"{words.undecided}: {told}." + (f" {waiting}" if waiting else "") + remark,
        forecast=forecast,
    )


def _current(found: Looks) -> Snapshots:
    """Return how things stood at the latest look, or stand now where there was none."""
    latest = found.latest
    return found.now if latest is None else found.weekly.end(latest)


def _first_shown(
    found: Looks, margin: float, grid: Numbers, needed: float
) -> tuple[bool, date | None]:
    if found.reason is not Reason.OK:
        return False, None
    above = found.weekly.log_good(margin, grid)[0] >= needed
    if not len(found.ends):  # timeless: one look, no day
        return bool(above[0]), None
    above &= found.allowed
    return bool(above.any()), to_date(found.ends[np.argmax(above)]) if above.any() else None
