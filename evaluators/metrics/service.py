"""How fast the candidate answers, and how often it answers within its time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from data_contracts.findings import WHOLE
from data_contracts.vocabulary import Answer, Reason
from evaluators.columns import Columns, Measures
from evaluators.kinds import Evaluator
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import Shares
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.statistics.shares import share_sequence
from evaluators.worth.counted import by_day, column
from evaluators.worth.latency import quantile, slow_share, slower

PERCENTILES = (50, 95, 99)
TIMES = "histogram in twentieths of a doubling; interval valid at any look, day clusters"
SHARE = "interval valid at any look (mixture betting, day clusters)"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return percentiles of the response time and the share of cases answered within the limit.

    Notes
    -----
    `latency_p95_ms` and its like are over the answers that say their time. `availability` is over
    all cases that were not exposed: those answered, less the answers that took longer than the
    service level; an answer that does not say its time is taken as in time. Without a service
    level it is the share answered.

    References
    ----------
    Howard & Ramdas (2022), doi:10.3150/21-BEJ1388; Waudby-Smith & Ramdas (2024),
    doi:10.1093/jrsssb/qkad009.
    """
    table = measures["latency_counts"]
    return (*_percentiles(table, scope), _availability(table, measures, scope))


def _percentiles(table: Columns, scope: Scope) -> Iterator[Findings]:
    for percent in PERCENTILES:
        value, low, high, n = quantile(table, percent / 100, scope.alpha)
        yield _whole(f"latency_p{percent}_ms", scope, value, (low, high), n, TIMES)
    limit = scope.terms.service_levels.latency_p95_ms
    if limit is not None:
        slow = slow_share(table, limit)
        low, high = (float(end[0]) for end in slow.interval(scope.alpha))
        n = int(slow.n[0])
        yield _whole("slow_answers", scope, float(slow.estimate[0]), (low, high), n, SHARE)


def _availability(table: Columns, measures: Measures, scope: Scope) -> Findings:
    cases = CaseCounts.of_measures(measures).only([0])
    base = np.logical_not(cases.answered(Answer.EXPOSED))
    answered = Shares.of(cases, base, cases.answered(Answer.ANSWERED))
    limit = scope.terms.service_levels.latency_p95_ms
    late = 0.0
    if limit is not None and len(table):
        late = float(by_day(table, column(table, "answered") * slower(table, limit)).sum())
    hits, n = max(0.0, float(answered.hits[0]) - late), float(answered.n[0])
    effect = float(answered.effect[0])
    low, high = (float(end) for end in share_sequence(hits / effect, n / effect, scope.alpha))
    value = hits / n if n else np.nan
    return _whole("availability", scope, value, (low, high), int(n), SHARE)


def _whole(
    metric: str, scope: Scope, value: float, ends: tuple[float, float], n: int, method: str
) -> Findings:
    reason = first_reason((np.array([n == 0]), Reason.NO_CASES))
    low, high = ends
    return Findings.measured(metric, scope, (WHOLE,), [value], ([low], [high]), [n], method, reason)


EVALUATOR = Evaluator(
    "service",
    "How fast and how often the candidate answers",
    ("latency_counts", "outcome_counts"),
    evaluate,
)
