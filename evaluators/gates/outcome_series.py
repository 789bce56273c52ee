"""Whether a class of outcome has stopped coming, so that what comes is no longer the truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import GateResult
from data_contracts.vocabulary import DecisionType, GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.outcomes.outcome_ages import OutcomeAges
from evaluators.scope import Scope
from evaluators.statistics.runs import Run, longest_run
from evaluators.weeks import is_timeless, to_date
from evaluators.wording import count, day, percent


@dataclass(frozen=True, slots=True)
class Settings:
    """How sure a break must be.

    Attributes
    ----------
    false_alarm
        Chance that a year of sound outcomes shows any break, looked at every day.
    """

    false_alarm: float = 0.01

    def __post_init__(self) -> None:
        if not 0 < self.false_alarm < 0.5:
            raise ValueError("`false_alarm` must be above 0 and below 0.5")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return FAIL when for some days no outcome of a class came that chance cannot have held back.

    Notes
    -----
    Outcomes are compared at the same age: of every decision day only what came within the wait of
    the study, or within the age by which nine of ten outcomes come, whichever is longer; younger
    days do not count yet. So a class that comes late by nature is no break. For each class the
    longest run of days without it is judged by `longest_run`, its error shared out among the
    classes. Rare classes make long runs by nature and alarm late or never. Outcomes that stop
    altogether are the business of `arrivals`.

    References
    ----------
    Naus (1965), doi:10.1080/01621459.1965.10480810; Rao & Scott (1992), doi:10.2307/2532311.
    """
    result = partial(
        GateResult,
        name,
        "outcome_series",
        GateFamily.DATA,
        rule="No class of outcome has stopped coming for longer than chance explains",
        threshold=settings.false_alarm,
    )
    if len(measures["outcome_counts"]) == 0:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="No case has arrived yet.",
            measured="no cases",
        )
    quiet = partial(result, status=Status.PASS, reason=Reason.NOT_APPLICABLE)
    if is_timeless(scope):
        told = "The records carry no days, so there is no series of outcomes to break."
        return quiet(sentence=told, measured="no days")
    if scope.decision_type is DecisionType.NUMERIC:
        told = "Outcomes are numbers, so there is no class that could stop coming."
        return quiet(sentence=told, measured="no classes")
    ages = OutcomeAges.of(measures, scope)
    if len(ages.classes) < 2:
        told = "Fewer than two classes of outcome have come so far, so none has stopped coming."
        return quiet(sentence=told, measured="no break", n=int(ages.n.sum()))
    wait = max(scope.matures_after_days, ages.usual_age())
    table = ages.within(wait)
    total = table.sum(0)
    runs = [longest_run(row, total) for row in table]
    log_chance = np.array([run.log_chance for run in runs]) + math.log(len(runs))
    worst = int(np.argmin(log_chance))
    chance = min(1.0, math.exp(min(0.0, float(log_chance[worst]))))
    numbers = partial(result, value=chance, n=int(total.sum()))
    if chance <= settings.false_alarm:
        return numbers(
            status=Status.FAIL,
            reason=Reason.OUTCOMES_BROKEN,
            sentence=_told(ages, worst, runs[worst], len(total)),
            measured=f"no outcome `{ages.classes[worst]}` in {runs[worst].outcomes:,}",
        )
    return numbers(
        status=Status.PASS,
        reason=Reason.WITHIN_LIMIT,
        sentence=f"All {len(ages.classes)} classes of outcome come as they used to, in"
        f" {count(int(total.sum()), 'outcome')} of decisions at least {count(wait, 'day')} old.",
        measured="no break",
    )


def _told(ages: OutcomeAges, number: int, run: Run, days: int) -> str:
    """Return what stopped, when, and how much came without it."""
    missing = ages.classes[number]
    usual = f"before, {percent(run.share)} of outcomes were"
    only = ""
    if len(ages.classes) == 2:
        only = f", all of them `{ages.classes[1 - number]}`"
    last = ages.last_arrival(number)
    if run.last == days - 1 and ages.arrived_after(last) >= run.outcomes:
        since = ages.arrived_after(last)
        return (
            f"Since {day(to_date(last + 1))} no outcome `{missing}` has come, in"
            f" {count(since, 'outcome')}{only}; {usual}. Accuracy from then on is not the truth."
        )
    first, end = (to_date(ages.first + at) for at in (run.first, run.last))
    if run.last == days - 1:
        when = f"Of decisions from {day(first)} on"
    else:
        when, usual = (
            f"Of decisions from {day(first)} to {day(end)}",
            usual.replace("before", "on other days"),
        )
    return (
        f"{when} no outcome is `{missing}`, of {count(run.outcomes, 'outcome')}{only}; {usual}."
        " Accuracy on those days is not the truth."
    )


GATE = GateKind(
    "outcome_series",
    GateFamily.DATA,
    Settings,
    judge,
    ("outcome_counts",),
    always=True,
    quiet=True,
)
