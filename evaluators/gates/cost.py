"""Whether running the candidate stays within the budget: per decision, per month, in tokens."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.planning.forecast import of_narrowing
from evaluators.scope import Scope
from evaluators.weeks import LEAST_CLUSTERS, is_timeless
from evaluators.wording import INDEPENDENT, count, level, money
from evaluators.worth.counted import DailyMean
from evaluators.worth.running import Running


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits; the study's `budget` where they are left out.

    Attributes
    ----------
    per_decision, per_month
        Largest mean cost of a decision, and largest cost of a month, in the budget's currency.
    tokens
        Largest mean number of tokens of a decision.
    """

    per_decision: float | None = None
    per_month: float | None = None
    tokens: float | None = None

    def __post_init__(self) -> None:
        for name in ("per_decision", "per_month", "tokens"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"`{name}` must be above 0")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the budget: what it is about, its limit, what was found and how to say it."""

    what: str
    limit: float
    mean: DailyMean
    times: float
    unit: str

    def told(self, value: float) -> str:
        return f"{value:,.0f} tokens" if self.unit == "tokens" else money(value, self.unit)

    @property
    def broken(self) -> bool:
        """Whether even the lower end of the interval is beyond the limit."""
        return self.mean.low * self.times > self.limit

    @property
    def used(self) -> float:
        """Upper end of the interval as a share of the limit."""
        return self.mean.high * self.times / self.limit


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when every line of the budget is shown to be kept.

    Notes
    -----
    The mean of the records that say a cost, with an interval over days that is valid at every look
    after a burn-in of 20 days with records; a month is that mean times the decisions a month. The
    interval is asymptotic: a price that jumps tomorrow is not foreseen. Lines whose costs are not
    recorded say NO_DATA.

    References
    ----------
    Waudby-Smith et al. (2024), doi:10.1214/24-AOS2408.
    """
    lines = list(_lines(settings, Running.of(measures, scope), scope))
    kept = " and ".join(f"{line.told(line.limit)} {line.what}" for line in lines)
    result = partial(
        GateResult,
        name,
        "cost",
        GateFamily.BUSINESS,
        rule=f"Running the candidate costs at most {kept or 'the budget'}",
    )
    if not lines:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NOT_APPLICABLE,
            sentence="Neither the gate nor the study's `budget` says what it may cost.",
            measured="no budget",
        )
    silent = [line for line in lines if line.mean.n == 0 or math.isnan(line.times)]
    if silent:
        tokens = silent[0].unit == "tokens"
        field = "`input_tokens` or `output_tokens`" if tokens else "`cost`"
        sentence = f"No recommendation says what it took ({field})."
        if silent[0].mean.n:
            sentence = "How many decisions a month there are is not known (`cases_per_year`)."
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence=sentence,
            measured="nothing recorded",
        )
    worst = max(lines, key=lambda line: (line.broken, line.used))
    return _judged(worst, lines, result, scope)


def _judged(
    worst: _Line, lines: list[_Line], result: partial[GateResult], scope: Scope
) -> GateResult:
    value, low, high = (x * worst.times for x in (worst.mean.mean, worst.mean.low, worst.mean.high))
    bounded = math.isfinite(high)
    span = f" ({level(scope.alpha)} interval {worst.told(max(0.0, low))} to {worst.told(high)})"
    number = f"{worst.told(value)} {worst.what}" + (span if bounded else "")
    numbers = partial(
        result,
        measured=number,
        value=value,
        low=max(0.0, low) if bounded else None,
        high=high if bounded else None,
        threshold=worst.limit,
        n=worst.mean.n,
    )
    more = f" {count(len(lines), 'line')} of the budget looked at." if len(lines) > 1 else ""
    told = f"{number}, from {count(worst.mean.n, 'record')}; the limit is"
    told += f" {worst.told(worst.limit)}.{more}"
    if is_timeless(scope):
        told += f" {INDEPENDENT}"
    elif worst.mean.clusters < LEAST_CLUSTERS:
        end = scope.last_day or 0
        return numbers(
            status=Status.INCONCLUSIVE,
            reason=Reason.TOO_FEW_CLUSTERS,
            sentence=f"The first look at costs is after {LEAST_CLUSTERS} days with records; so far"
            f" there are {worst.mean.clusters}: {told}",
            forecast=of_narrowing(scope, worst.limit - value, max(high - value, 0.0), end, 0)
            if bounded
            else None,
        )
    if all(line.used <= 1 for line in lines):
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"The candidate stays within the budget: {told}",
        )
    if worst.broken:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"The candidate costs more than the budget: {told}",
        )
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=Reason.UNDECIDED,
        sentence=f"It is not yet shown that the candidate stays within the budget: {told}",
        forecast=of_narrowing(scope, worst.limit - value, high - value, scope.last_day or 0, 0),
    )


def _lines(settings: Settings, found: Running, scope: Scope) -> Iterator[_Line]:
    budget = scope.terms.budget
    currency = "USD" if budget is None else budget.currency
    said = {
        "per_decision": settings.per_decision or (budget and budget.per_decision),
        "per_month": settings.per_month or (budget and budget.per_month),
        "tokens": settings.tokens or (budget and budget.tokens_per_decision),
    }
    if said["per_decision"]:
        yield _Line("a decision", said["per_decision"], found.cost, 1.0, currency)
    if said["per_month"]:
        yield _Line("a month", said["per_month"], found.cost, found.a_month, currency)
    if said["tokens"]:
        yield _Line("a decision", said["tokens"], found.tokens, 1.0, "tokens")


GATE = GateKind("cost", GateFamily.BUSINESS, Settings, judge, ("running_costs", "outcome_counts"))
