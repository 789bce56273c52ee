"""Whether what comes in, and what comes out, is still what it was in the reference weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from data_contracts.data_words import DriftKind
from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import DecisionType, GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.drifting.drift import Drift, Limits, compare
from evaluators.drifting.drift_subjects import Subject, subjects
from evaluators.drifting.drift_words import index, moved, named
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.planning.forecast import between
from evaluators.scope import Scope
from evaluators.weeks import WEEK, is_timeless, to_date
from evaluators.wording import count, day, joined

_SHOWN = 5
"""Subjects named in one sentence."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What may not move, and how far.

    Attributes
    ----------
    psi
        Largest population stability index, after what chance explains is taken off.
    w1
        Largest shift of a number, in standard deviations of the reference.
    weeks
        Last whole weeks that are looked at together, beside the latest one.
    subjects
        Kinds of what is watched: `input`, `mix`, `recommendation`, `decision`, `score`,
        `outcome`; empty: all of them.
    names
        Features, cuts or columns by name; empty: all of them.
    """

    psi: float = 0.1
    w1: float = 0.1
    weeks: int = 4
    subjects: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("psi", "w1"):
            if not getattr(self, name) > 0:
                raise ValueError(f"`{name}` must be above 0")
        if self.weeks < 1:
            raise ValueError("`weeks` must be at least 1")
        for name in ("subjects", "names"):  # a study file gives lists
            object.__setattr__(self, name, tuple(getattr(self, name)))
        known = [kind.value for kind in DriftKind]
        if not set(self.subjects) <= set(known):
            raise ValueError(f"`subjects` must be some of {', '.join(known)}")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return FAIL while an alarm is open: in the latest whole week or in the last weeks together.

    Notes
    -----
    An alarm is a shift that is both beyond chance (p-value of the stability index, counts divided
    by the design effect of days, adjusted for all subjects of the same look) and large enough to
    matter. Where chance alone could reach the limit the gate says that it cannot tell, never that
    all is well. Among the alarms of one look at most the share alpha is expected to be false;
    over many weeks a false alarm will come now and then, and goes when the weeks that gave it
    have passed.

    References
    ----------
    Yurdakul & Naranjo (2020), doi:10.21314/JRMV.2020.227; Benjamini & Hochberg (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x; Rao & Scott (1981),
    doi:10.1080/01621459.1981.10477633.
    """
    result = partial(
        GateResult,
        name,
        "drift",
        GateFamily.STABILITY,
        rule=f"No shift since the reference above a PSI of {settings.psi:g}, or"
        f" {settings.w1:g} standard deviations of a number",
        threshold=settings.psi,
    )
    nothing = partial(result, Status.NO_DATA, measured="nothing to compare")
    cases = CaseCounts.of_measures(measures).only([0])
    if not cases.column("n").sum():
        return nothing(Reason.NO_CASES, sentence="There is no case to compare yet.")
    if is_timeless(scope):
        sentence = "The cases carry no days, so no shift over time can be told."
        return nothing(Reason.NO_TIMES, sentence=sentence)
    asked = [s for s in subjects(measures, scope) if _asked(s.kind, s.name, settings)]
    ready = [s for s in asked if len(s.weekly) > s.first]
    reason, sentence = _not_ready(settings, scope, ready)
    if sentence:
        ahead = _first_day(scope) if reason is Reason.TOO_FEW_WEEKS else None
        forecast = Forecast(to_date(ahead), None) if ahead else None
        return nothing(reason, sentence=sentence, forecast=forecast)
    limits = Limits(settings.psi, settings.w1)
    drift = compare(ready, scope.alpha, limits, settings.weeks)
    rows, latest = np.arange(len(ready)), drift.latest
    both = np.stack([drift.alarm[rows, latest], drift.alarm[:, -1]], axis=1)
    largest = float(np.nanmax(drift.debiased[:, -1], initial=-np.inf))
    value = largest if math.isfinite(largest) else None
    numbers = partial(result, value=value, n=int(drift.m[:, -1].max()))
    open_ = np.flatnonzero(both.any(axis=1))
    if len(open_):
        return numbers(
            status=Status.FAIL,
            reason=Reason.DATA_CHANGED,
            sentence=_alarms(drift, open_, both, limits, settings.weeks),
            measured=f"{count(len(open_), 'shift')} of {len(ready):,} watched",
        )
    few = np.flatnonzero(drift.too_small[:, -1] | ~drift.known[:, -1])
    if len(few):
        return numbers(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_CASES,
            sentence=_too_few(drift, few, settings),
            measured=f"{count(len(few), 'subject')} of {len(ready):,} cannot be told",
            forecast=_forecast(drift, few, settings, scope),
        )
    immature = _outcomes_due(cases, ready, settings, scope)
    if immature is not None:
        return numbers(
            status=Status.INCONCLUSIVE,
            reason=Reason.NOT_MATURE,
            sentence="Nothing else has shifted, but outcomes cannot be compared before"
            f" {day(to_date(immature))}.",
            measured="outcomes not yet mature",
            forecast=Forecast(to_date(immature), to_date(immature)),
        )
    worst = int(np.nanargmax(drift.debiased[:, -1]))
    far = f"PSI {index(largest)}"
    return numbers(
        status=Status.PASS,
        reason=Reason.WITHIN_LIMIT,
        sentence=f"Of {count(len(ready), 'subject')} watched none has shifted beyond the limits;"
        f" farthest is {named(ready[worst])} ({far}).",
        measured=f"{far} at most",
    )


def _asked(kind: DriftKind, name: str, settings: Settings) -> bool:
    return (not settings.subjects or kind.value in settings.subjects) and (
        not settings.names or name in settings.names
    )


def _first_day(scope: Scope) -> int:
    """Return the last day of the first week that is compared."""
    return (scope.first_day or 0) + WEEK * (scope.terms.drift.weeks + 1) - 1


def _not_ready(settings: Settings, scope: Scope, ready: list[Subject]) -> tuple[Reason, str]:
    """Return why nothing can be said yet; an empty sentence when something can."""
    weeks = scope.terms.drift.weeks
    features = [f for f in scope.terms.features if _asked(DriftKind.INPUT, f, settings)]
    lacking = [f for f in features if f not in {i.name for i in scope.data.inputs}]
    if lacking and scope.terms.drift.reference == "pilot":
        return Reason.NO_BASELINE, (
            "The reference is the pilot, and none has been profiled: run"
            " `understudy profile --pilot PATH`."
        )
    if (scope.last_day or 0) < _first_day(scope) and scope.terms.drift.reference != "pilot":
        return Reason.TOO_FEW_WEEKS, (
            f"The first {count(weeks, 'whole week')} are the reference; the first week after them"
            f" is whole on {day(to_date(_first_day(scope)))}."
        )
    unknown = [n for n in settings.names if n not in {s.name for s in ready}]
    if unknown or lacking or not ready:
        which = joined([f"`{n}`" for n in (unknown or lacking)[:_SHOWN]]) or "what is asked for"
        return Reason.NO_CASES, f"There is no reference of {which} to compare with."
    return Reason.OK, ""


def _alarms(
    drift: Drift, open_: NDArray[np.int64], both: NDArray[np.bool_], limits: Limits, weeks: int
) -> str:
    """Return a sentence that names the subjects with an open alarm, farthest first."""
    worst = np.nanmax(np.stack([drift.debiased[:, -1], drift.w1[:, -1]]), axis=0)
    order = open_[np.argsort(-worst[open_], kind="stable")].tolist()
    parts = []
    for i in order[:_SHOWN]:
        together = bool(both[i, 1])
        column = drift.weeks if together else int(drift.latest[i])
        span = f"in the last {count(weeks, 'week')}" if together else "in the latest week"
        parts.append(f"{named(drift.subjects[i])} {span} ({moved(drift, i, column, limits)})")
    rest = len(order) - _SHOWN
    more = f"; {count(rest, 'more subject')} beside" if rest > 0 else ""
    return f"Shifted since the reference: {'; '.join(parts)}{more}."


def _too_few(drift: Drift, few: NDArray[np.int64], settings: Settings) -> str:
    """Return a sentence that says of what one cannot tell, and what it would take."""
    which = joined([named(drift.subjects[i]) for i in few[:_SHOWN].tolist()])
    more = f" and {len(few) - _SHOWN:,} more" if len(few) > _SHOWN else ""
    needed = float(drift.needed[few, -1].max())
    reference, least = (count(round(float(a[few, -1].min())), "case") for a in (drift.n, drift.m))
    take = (
        f"the last {count(settings.weeks, 'week')} hold {least}, about {math.ceil(needed):,} are"
        " needed"
        if math.isfinite(needed)
        else f"the reference holds {reference}, too few by itself; it needs more `weeks`"
    )
    return (
        f"Too few cases to tell whether {which}{more} has shifted by a PSI of"
        f" {settings.psi:g}: {take}."
    )


def _forecast(drift: Drift, few: NDArray[np.int64], settings: Settings, scope: Scope) -> Forecast:
    """Return when the last weeks will hold enough cases, at the pace of the weeks they hold."""
    have = np.array([min(settings.weeks, len(s.weekly) - s.first) for s in drift.subjects], float)[
        few
    ]
    with np.errstate(divide="ignore"):
        weeks = float((drift.needed[few, -1] / (drift.m[few, -1] / have)).max())
    start = (scope.first_day or 0) + WEEK * drift.weeks - 1
    ahead = max(1.0, weeks - float(have.min())) if weeks <= settings.weeks else math.inf
    return between(start, ahead, ahead)


def _outcomes_due(
    cases: CaseCounts, ready: list[Subject], settings: Settings, scope: Scope
) -> int | None:
    """Return the day from which outcomes can be compared, where they are asked for and cannot."""
    if not _asked(DriftKind.OUTCOME, "outcome", settings) or any(
        s.kind is DriftKind.OUTCOME for s in ready
    ):
        return None
    if scope.decision_type is DecisionType.NUMERIC or not (cases.column("outcome") >= 0).any():
        return None
    return _first_day(scope) + scope.matures_after_days


GATE = GateKind("drift", GateFamily.STABILITY, Settings, judge, ("outcome_counts",))
