"""Whether the difference has fallen since: no open alarm of the detectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from data_contracts.findings import ALL_CASES, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.change_monitor import Monitors, floors_of, monitors
from evaluators.pairs.looks import Looks, looks, why_no_look
from evaluators.planning.forecast import at_first_look
from evaluators.scope import Scope
from evaluators.weeks import LEAST_DAYS, is_timeless, to_date
from evaluators.wording import count, day, joined, points

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """What is watched.

    Attributes
    ----------
    cut
        Name of the cut whose segments are watched; all cases as one if left out.
    floor
        Difference in accuracy that must be kept, as a fraction, e.g. -0.005; half of the limit
        of the cut if left out.
    """

    cut: str = ALL_CASES
    floor: float | None = None

    def __post_init__(self) -> None:
        if self.floor is not None and not -1 < self.floor < 1:
            raise ValueError("`floor` must be above -1 and below 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS while no alarm is open, FAIL with the day of the alarm while one is.

    Notes
    -----
    The test, and when an alarm is raised and closed: `change_monitor.monitors`. The one gate that
    takes back what others have shown: an interval over all cases so far forgives a fall that came
    late, a detector does not.

    References
    ----------
    Shin, Ramdas & Rinaldo (2024), doi:10.1214/23-EJS2191.
    """
    floors = {**floors_of(scope)}
    floor = settings.floor if settings.floor is not None else floors.get(settings.cut)
    floor = floors[ALL_CASES] if floor is None else floor
    where = "over all cases" if settings.cut == ALL_CASES else f"in no segment by {settings.cut}"
    fallen = "the difference in accuracy has not fallen below"
    if settings.cut != ALL_CASES:
        fallen = "has the difference in accuracy fallen below"
    result = partial(
        GateResult,
        name,
        "change",
        GateFamily.STABILITY,
        rule=f"{where[0].upper()}{where[1:]} {fallen} {points(floor)} points",
    )
    cases = CaseCounts.of_measures(measures)
    whole = looks(cases.only([0]), scope)
    if is_timeless(scope) or whole.reason in (Reason.NO_CASES, Reason.NOT_MATURE):
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_TIMES if whole.reason is Reason.OK else whole.reason,
            sentence=why_no_look(whole, scope) or "The records carry no days to watch.",
            measured="no days to watch",
            forecast=at_first_look(whole, scope),
        )
    watched = _watching(scope, settings.cut, floor)
    found = monitors(cases, watched)
    if found is None:
        return result(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_WEEKS,
            sentence=f"Watching starts after {LEAST_DAYS} days whose outcomes are in.",
            measured="not watched yet",
            forecast=at_first_look(whole, scope),
        )
    return _told(result, found, settings.cut, floor, whole, watched)


def _watching(scope: Scope, cut: str, floor: float) -> Scope:
    """Return the scope with the cut among those that are monitored."""
    return replace(scope, floors={**scope.floors, cut: floor})


def _told(
    result: partial[GateResult],
    found: Monitors,
    cut: str,
    floor: float,
    whole: Looks,
    scope: Scope,
) -> GateResult:
    mine = np.array([segment.cut == cut for segment in found.segments])
    opened = mine & found.open[:, -1]
    threshold = float(found.threshold[-1])
    most = float(found.detector[mine, -1].max(initial=0.0))
    numbers = partial(
        result,
        measured=f"{count(int(opened.sum()), 'open alarm')}; detector at {most:.3g},"
        f" alarm from {threshold:,.0f}",
        value=most,
        threshold=threshold,
        n=int(whole.now.counts.n[0]),
    )
    if not opened.any():
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"No alarm is open: nothing shows that the difference in accuracy has fallen"
            f" below {points(floor)} points"
            + (" over all cases." if cut == ALL_CASES else f" in a segment by {cut}."),
        )
    order = np.flatnonzero(opened)
    order = order[np.argsort(found.alarm_day[order, -1], kind="stable")]
    first = int(order[0])
    raised, began = (to_date(a[first, -1]) for a in (found.alarm_day, found.change_day))
    names = [f"`{found.segments[i].value}`" for i in order[:_NAMED].tolist()]
    more = len(order) - len(names)
    named = joined([*names, *([count(more, "other")] if more else [])])
    who = "Over all cases" if cut == ALL_CASES else f"In {named} by {cut}"
    wait = scope.matures_after_days
    delay = f" Outcomes take {count(wait, 'day')} to come in, so it was told" if wait else ""
    delay += f" {wait} days after that at the earliest." if wait > 1 else ""
    delay += " a day after that at the earliest." if wait == 1 else ""
    return numbers(
        status=Status.FAIL,
        reason=Reason.BEYOND_LIMIT,
        sentence=f"{who} the difference in accuracy has fallen below {points(floor)} points: the"
        f" {'first ' if len(order) > 1 else ''}alarm was raised by the cases of {day(raised)}; the"
        f" fall seems to have begun on {day(began)}.{delay}",
    )


GATE = GateKind("change", GateFamily.STABILITY, Settings, judge, ("outcome_counts",))
