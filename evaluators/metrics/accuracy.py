"""How often each side was right, where the outcome is known, and for how many cases it is."""

from __future__ import annotations

import numpy as np

from data_contracts.vocabulary import Reason
from evaluators.cases import CaseCounts
from evaluators.columns import UNKNOWN, Measures
from evaluators.day_clusters import DayClusters, Shares
from evaluators.entity_clusters import Quantity
from evaluators.kinds import Evaluator
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.weeks import mature_cases

METHOD = "mature cases; interval valid at any look (mixture betting, day clusters)"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return the accuracy of production and of the candidate, and the share of known outcomes.

    Notes
    -----
    Mature cases only: among outcomes that came early, one side may look better than it is. Where
    the candidate gave no answer production's stands in, as it would in service. With outcomes
    missing the two accuracies are of the known cases only; the difference that a gate judges is
    `paired_difference`, which fills them.

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
    shares = {
        "accuracy_production": Shares.of(
            cases, known, production == 1, clusters, Quantity.PRODUCTION
        ),
        "accuracy_candidate": Shares.of(cases, known, candidate == 1, clusters, Quantity.CANDIDATE),
        "outcome_coverage": Shares.of(cases, compared, known, clusters, Quantity.KNOWN),
    }
    mature = shares["outcome_coverage"].n
    return tuple(
        Findings.measured(
            metric,
            scope,
            cases.segments,
            share.estimate,
            share.interval(scope.alpha),
            share.n,
            METHOD,
            first_reason(
                (total == 0, Reason.NO_CASES),
                (mature == 0, Reason.NOT_MATURE),
                (share.n == 0, Reason.NO_OUTCOMES),
            ),
        )
        for metric, share in shares.items()
    )


EVALUATOR = Evaluator("accuracy", "How often each side was right", ("outcome_counts",), evaluate)
