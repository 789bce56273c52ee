"""How often each side was right, where the outcome is known, and for how many cases it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Reason
from evaluators.columns import UNKNOWN, Measures
from evaluators.kinds import Evaluator
from evaluators.outcomes.selective import honest, is_selective, unobservable
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters, Shares
from evaluators.pairs.entity_clusters import Quantity
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.weeks import mature_cases

Interval = tuple[NDArray[np.float64], NDArray[np.float64]]
Counts = NDArray[np.int64]

METHOD = "mature cases; interval valid at any look (mixture betting, day clusters)"

BOUNDS = "mature cases; bounds over what cannot be seen, valid at any look (mixture betting)"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return the accuracy of production and of the candidate, and the share of known outcomes.

    Notes
    -----
    Mature cases only: among outcomes that came early, one side may look better than it is. Where
    the candidate gave no answer production's stands in, as it would in service. With outcomes
    missing the two accuracies are of the known cases only; the difference that a gate judges is
    `paired_difference`, which fills them. Where outcomes are seen after some decisions only, the
    accuracies are bounds over all mature cases, without an estimate wherever one cannot be seen,
    and the share of known outcomes is among those that can be.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    every = CaseCounts.of_measures(measures)
    total = every.total(every.compared)
    cases = mature_cases(every, scope)
    compared, clusters = cases.compared, DayClusters.of(cases)
    production = cases.column("production_right")
    candidate = np.where(cases.differ, cases.column("candidate_right"), production)
    known = compared & (production != UNKNOWN) & (candidate != UNKNOWN)
    mature, unseen = cases.total(compared), unobservable(cases, scope)
    hidden = cases.total(unseen)

    def found(metric: str, share: Shares, left_out: Counts, ends: Interval, way: str) -> Findings:
        reason = first_reason(
            (total == 0, Reason.NO_CASES),
            (mature == 0, Reason.NOT_MATURE),
            (left_out > 0, Reason.OUTCOMES_HIDDEN),
            (share.n == 0, Reason.NO_OUTCOMES),
        )
        estimate = honest(share.estimate, left_out)
        return Findings.measured(
            metric, scope, cases.segments, estimate, ends, share.n, way, reason
        )

    tables = []
    for metric, right, quantity in (
        ("accuracy_production", production, Quantity.PRODUCTION),
        ("accuracy_candidate", candidate, Quantity.CANDIDATE),
    ):
        if is_selective(scope):  # whatever is not known may be wrong, or right
            worst = Shares.of(cases, compared, known & (right == 1), clusters, quantity)
            best = Shares.of(cases, compared, ~known | (right == 1), clusters, quantity)
            ends = worst.interval(scope.alpha)[0], best.interval(scope.alpha)[1]
            tables.append(found(metric, worst, hidden, ends, BOUNDS))
        else:
            share = Shares.of(cases, known, right == 1, clusters, quantity)
            tables.append(found(metric, share, 0 * hidden, share.interval(scope.alpha), METHOD))
    share = Shares.of(cases, compared & ~unseen, known, clusters, Quantity.KNOWN)
    tables.append(found("outcome_coverage", share, 0 * hidden, share.interval(scope.alpha), METHOD))
    return tuple(tables)


EVALUATOR = Evaluator("accuracy", "How often each side was right", ("outcome_counts",), evaluate)
