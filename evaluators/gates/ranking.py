"""Whether serving cases in the candidate's order would have found positives earlier."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import DecisionType, GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.scope import Scope
from evaluators.scoring.served import Served
from evaluators.weeks import LEAST_CLUSTERS, WEEK, is_timeless, mature_day, to_date, week_ends
from evaluators.wording import count, day, joined, points

ASSUMED = (
    " Assumed: every case could have been served on any day of the period,"
    " with as many slots a day as there were."
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How much must be gained, and when it is looked at.

    Attributes
    ----------
    earlier_days
        Least number of days by which positives are served earlier on average; null: not asked.
    first_half
        Least gain in the share of positives served in the first half of the slots, as a fraction;
        null: not asked.
    at_week
        Whole mature week after which it is looked at, once; the least the risk tier asks for if
        null.
    """

    earlier_days: float | None = 0.0
    first_half: float | None = None
    at_week: int | None = None

    def __post_init__(self) -> None:
        if self.earlier_days is None and self.first_half is None:
            raise ValueError("one of `earlier_days` and `first_half` must be a number")
        if self.earlier_days is not None and not math.isfinite(self.earlier_days):
            raise ValueError("`earlier_days` must be a number of days")
        if self.first_half is not None and not -1 < self.first_half < 1:
            raise ValueError("`first_half` must be between -1 and 1")
        if self.at_week is not None and (self.at_week != int(self.at_week) or self.at_week < 3):
            raise ValueError("`at_week` must be a whole number of weeks, at least 3")


@dataclass(frozen=True, slots=True)
class _Gain:
    """One gain that was asked for: its number, its interval and whether it is shown."""

    text: str
    value: float
    low: float
    high: float
    limit: float

    @property
    def shown(self) -> bool:
        return self.low > self.limit

    @property
    def missed(self) -> bool:
        return self.high < self.limit


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when at the one look both gains are shown to be above their limits.

    Notes
    -----
    No sequence of looks is known that keeps its error when all cases of a period are served anew,
    so there is one look, at the end of a week named in advance, over the cases up to then; what
    comes later changes nothing but late outcomes. At that look the bootstrap interval over days
    (with Student's quantile for their number) must lie above the limit, each side at half of the
    study's alpha. Cases whose outcome is not known are positives where that speaks against the
    candidate. Needs 20 days with cases.

    References
    ----------
    Davison & Hinkley (1997), doi:10.1017/CBO9780511802843, section 3.8; Berger (1982),
    doi:10.1080/00401706.1982.10487790.
    """
    week = settings.at_week or max(scope.minimum_weeks, 3)
    asked = []
    if settings.earlier_days is not None:
        asked.append(f"served more than {settings.earlier_days:g} days earlier on average")
    if settings.first_half is not None:
        asked.append(f"more often in the first half, by {points(settings.first_half)} points")
    result = partial(
        GateResult,
        name,
        "ranking",
        GateFamily.QUALITY,
        rule=f"In the candidate's order positives are {joined(asked)}, after {count(week, 'week')}",
        threshold=settings.earlier_days if settings.first_half is None else settings.first_half,
    )
    nothing = partial(result, status=Status.NO_DATA, measured="nothing to put in order")
    if not scope.terms.served_in_order or scope.decision_type is not DecisionType.BINARY:
        return nothing(
            reason=Reason.NOT_APPLICABLE,
            sentence="The study does not say that cases of a binary decision are served in order;"
            " `served_in_order` under `decision` does.",
        )
    table = measures.get("ranking_counts")
    if table is None or len(table) == 0:
        return nothing(reason=Reason.NO_CASES, sentence="No answer with a score has arrived yet.")
    if is_timeless(scope):
        return nothing(
            reason=Reason.NO_TIMES,
            sentence="The records carry no days, so nothing can be served earlier.",
        )
    first = scope.first_day or 0
    end = first - 1 + WEEK * week
    if len(week_ends(scope, mature_day(scope))) < week:
        on = to_date(end + scope.matures_after_days)
        return result(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_WEEKS,
            measured="not looked at yet",
            sentence=f"It is looked at once, when the outcomes of {count(week, 'week')} are in:"
            f" on {day(on)}.",
            forecast=Forecast(on, on),
        )
    pool = Served.of(table, scope, end)
    if pool.positives == 0:
        return nothing(
            reason=Reason.NO_OUTCOMES,
            sentence="No case of the period is known to be positive.",
        )
    gains = tuple(_gains(pool, settings, scope.alpha))
    number = gains[-1]
    numbers = partial(
        result,
        measured="; ".join(one.text for one in gains),
        value=number.value,
        low=number.low,
        high=number.high,
        n=pool.positives,
    )
    told = (
        f"{joined([one.text for one in gains])} ({count(pool.positives, 'positive case')} of"
        f" {pool.cases:,}; one look, after {count(week, 'week')})."
    )
    if pool.unknown:
        told += f" The outcome of {count(pool.unknown, 'case')} is not known and counts against it."
    if pool.days < LEAST_CLUSTERS:
        return numbers(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_CLUSTERS,
            sentence=f"There were {count(pool.days, 'day')} with cases at the one look, and"
            f" {LEAST_CLUSTERS} are needed: {told}",
            forecast=Forecast(reachable=False),
        )
    if all(one.shown for one in gains):
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"In the candidate's order positives come early enough: {told}{ASSUMED}",
            since=to_date(end),
        )
    if any(one.missed for one in gains):
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence="In the candidate's order positives do not come early enough:"
            f" {told}{ASSUMED}",
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=Reason.UNDECIDED,
        sentence=f"The one look did not show that positives come early enough: {told} More cases"
        f" do not change that look.{ASSUMED}",
        forecast=Forecast(reachable=False),
    )


def _gains(pool: Served, settings: Settings, alpha: float) -> Iterator[_Gain]:
    earlier, new, old = pool.gains
    known, reach = pool.known_positives(), pool.reach(alpha)
    wanted = (
        (settings.earlier_days, earlier, 0, "{} days earlier ({} to {})", "{:+.1f}".format),
        (settings.first_half, new - old, 3, "{} points in the first half ({} to {})", points),
    )
    for limit, gain, number, text, said in wanted:
        if limit is None:
            continue
        worst, best = (pool.filled_against(side * gain, side * limit) for side in (1, -1))
        low, high, value = (
            float((counted * gain).sum() / counted.sum()) for counted in (worst, best, known)
        )
        low -= reach * float(pool.spread(worst)[number])
        high += reach * float(pool.spread(best)[number])
        low, high = (float(np.nan_to_num(e, nan=e0)) for e, e0 in ((low, -1e9), (high, 1e9)))
        yield _Gain(text.format(said(value), said(low), said(high)), value, low, high, limit)


GATE = GateKind("ranking", GateFamily.QUALITY, Settings, judge, ("ranking_counts",))
