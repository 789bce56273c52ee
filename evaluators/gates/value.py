"""Whether the candidate saves enough per case, by the costs the study declares."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from data_contracts.findings import Forecast, GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.looks import Looks, caveat, looks, no_mature_cases, why_no_look
from evaluators.planning.forecast import at_first_look, of_narrowing
from evaluators.scope import Scope
from evaluators.statistics.betting import general_grid
from evaluators.weeks import is_timeless, mature_day, to_date
from evaluators.wording import count, kept, level, money
from evaluators.worth.prices import Prices
from evaluators.worth.savings import savings_at


@dataclass(frozen=True, slots=True)
class Settings:
    """How much.

    Attributes
    ----------
    at_least
        Saving per case that must be shown, in the currency of the study's `value`.
    """

    at_least: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.at_least):
            raise ValueError("`at_least` must be a finite number")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS from the first look on at which the saving is shown above the least wanted.

    Notes
    -----
    Looks at the end of every whole week of mature days. The saving of a case is bounded by the
    declared costs, so that betting on it gives evidence that is valid at every look: the chance
    that a candidate that does not save that much ever passes is at most half of the study's
    alpha, whatever outcomes are late or missing. It holds for the declared costs only. A pass is
    kept; only current evidence that the saving is below overrides it.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Rao & Scott (1992),
    doi:10.2307/2532311.
    """
    least, value = settings.at_least, scope.terms.value
    currency = "" if value is None else value.currency
    rule = f"The candidate saves more than {money(least, currency).strip()} per case"
    result = partial(GateResult, name, "value", GateFamily.BUSINESS, rule=rule, threshold=least)
    prices = Prices.of(value)
    if prices is None:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NOT_APPLICABLE,
            sentence="The study does not say what decisions cost: `value` is missing, or all of"
            " its costs are the same.",
            measured="no costs",
        )
    cases = CaseCounts.of_measures(measures).only([0])
    found = looks(cases, scope)
    if found.too_early:
        return no_mature_cases(result, found, scope, at_first_look(found, scope))
    if least >= prices.largest:
        return result(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"By the declared costs no case can save more than"
            f" {money(prices.largest, currency)}.",
            measured="out of reach",
        )
    grid, needed = general_grid(), -math.log(scope.alpha / 2)
    latest = found.latest
    ends = None if is_timeless(scope) or latest is None else found.ends[: latest + 1]
    now = savings_at(cases, scope, prices, ends)
    low, high = (float(end[0, -1]) for end in now.interval(scope.alpha, grid))
    mean, n = float(now.mean(now.middle)[0, -1]), int(now.n[0, -1])
    span = f"{money(low, currency, signed=True)} to {money(high, currency, signed=True)}"
    number = f"{money(mean, currency, signed=True)} per case ({level(scope.alpha)} interval {span}"
    numbers = partial(result, measured=f"{number})", value=mean, low=low, high=high, n=n)
    told = f"{number}; {count(n, 'case')})"
    remark = caveat(scope)
    waiting = why_no_look(found, scope)
    if not waiting and now.log_below(least, grid)[0, -1] >= needed:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"The candidate saves less than {money(least, currency)} per case:"
            f" {told}.{remark}",
        )
    shown = now.log_above(least, grid)[0] >= needed
    if ends is not None:
        shown = shown & found.allowed[: len(ends)]
    if shown.any() and not waiting:
        since = _since(ends, shown)
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"The candidate saves more than {money(least, currency)} per case:"
            f" {told}.{kept(since, still=low > least)}{remark}",
            since=since,
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=found.reason if waiting else Reason.UNDECIDED,
        sentence=f"It is not yet shown that the candidate saves more than"
        f" {money(least, currency)} per case: {told}."
        + (f" {waiting}" if waiting else "")
        + remark,
        forecast=_forecast(found, scope, mean - least, mean - low),
    )


def _since(ends: np.ndarray | None, shown: np.ndarray) -> date | None:
    return None if ends is None else to_date(ends[int(np.argmax(shown))])


def _forecast(found: Looks, scope: Scope, above: float, reach: float) -> Forecast | None:
    if is_timeless(scope):
        return None
    if found.latest is None:
        return at_first_look(found, scope)
    return of_narrowing(scope, above, reach, mature_day(scope))


GATE = GateKind("value", GateFamily.BUSINESS, Settings, judge, ("outcome_counts",))
