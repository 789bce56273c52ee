"""Whether the candidate answers fast enough: 95 of 100 answers within the limit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import GateKind
from evaluators.pairs.day_clusters import Shares
from evaluators.planning.share_forecast import of_share
from evaluators.scope import Scope
from evaluators.weeks import is_timeless
from evaluators.wording import INDEPENDENT, count, level, percent
from evaluators.worth.latency import quantile, slow_share

SLOW = 0.05
"""Share of answers that may take longer than the limit of a 95th percentile."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How fast.

    Attributes
    ----------
    p95_ms
        Milliseconds within which 95 of 100 answers must come; the study's service level if left
        out.
    """

    p95_ms: float | None = None

    def __post_init__(self) -> None:
        if self.p95_ms is not None and self.p95_ms <= 0:
            raise ValueError("`p95_ms` must be above 0")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when fewer than 5 % of answers are shown to take longer than the limit.

    Notes
    -----
    Over all answers that say their time, mature or not. A percentile is at most the limit exactly
    when the share of slower answers is at most 5 %, so the gate tests that share: at any look, the
    counts divided by the design effect of the days, since a slow service is slow for many at once.
    Times in the same twentieth of a doubling as the limit count as slower.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Rao & Scott (1992),
    doi:10.2307/2532311.
    """
    limit = settings.p95_ms or scope.terms.service_levels.latency_p95_ms
    told_limit = "the service level" if limit is None else f"{limit:,.6g} ms"
    rule = f"95 of 100 answers within {told_limit}"
    result = partial(GateResult, name, "latency", GateFamily.OPERATIONS, rule=rule, threshold=limit)
    if limit is None:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NOT_APPLICABLE,
            sentence="Neither the gate nor the study says a limit: `p95_ms`, or `latency_p95_ms`"
            " under `service_levels`.",
            measured="no limit",
        )
    table = measures["latency_counts"]
    value, low, high, n = quantile(table, 1 - SLOW, scope.alpha)
    if n == 0:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="No answer says how long it took (`latency_ms`).",
            measured="no times",
        )
    slow = slow_share(table, limit)
    least, most = (float(end[0]) for end in slow.interval(scope.alpha))
    share = float(slow.estimate[0])
    span = f"{percent(least, SLOW)} to {percent(most, SLOW)}"
    numbers = partial(
        result,
        measured=f"95th percentile {value:,.0f} ms ({level(scope.alpha)} interval {low:,.0f} to"
        f" {high:,.0f} ms)",
        value=value,
        low=low,
        high=high,
        n=n,
    )
    told = (
        f"{percent(share, SLOW)} of answers took longer than {told_limit}"
        f" ({level(scope.alpha)} interval {span}; {count(n, 'answer')}), and 5% may"
    )
    caveat = f" {INDEPENDENT}" if is_timeless(scope) else ""
    if most < SLOW:
        return numbers(
            status=Status.PASS,
            reason=Reason.WITHIN_LIMIT,
            sentence=f"The candidate is fast enough: {told}.{caveat}",
        )
    if least > SLOW:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"The candidate is too slow: {told}.{caveat}",
        )
    fast = Shares(slow.n - slow.hits, slow.n, slow.effect)
    return numbers(
        status=Status.INCONCLUSIVE,
        reason=Reason.UNDECIDED,
        sentence=f"It is not yet shown that the candidate is fast enough: {told}.{caveat}",
        forecast=of_share(fast, scope, 1 - SLOW),
    )


GATE = GateKind("latency", GateFamily.OPERATIONS, Settings, judge, ("latency_counts",))
