"""What serving cases in the candidate's order would have changed."""

from __future__ import annotations

import numpy as np

from data_contracts.findings import WHOLE
from data_contracts.vocabulary import DecisionType, Reason
from evaluators.columns import Measures
from evaluators.kinds import Evaluator
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.scoring.served import Served
from evaluators.weeks import is_timeless

METHOD = "mature cases in one closed pool of slots; one look, days drawn anew (bootstrap)"
METRICS = ("days_earlier", "first_half_candidate", "first_half_production")
LOWEST, HIGHEST = (-np.inf, 0.0, 0.0), (np.inf, 1.0, 1.0)


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return how much earlier positives would be served, and how many in the first half.

    Notes
    -----
    Only in a study that serves cases in order. Over the mature cases known to be positive: the
    mean number of days by which they would have been served earlier, had the same slots been
    given out by descending score, and the share of them served on the whole days that end within
    the first half of the slots, in the candidate's order and in production's. Assumes that every
    case could have been served on any day of the period, with as many slots a day as there were;
    a case without a score keeps its day. The interval is for one look.

    References
    ----------
    Davison & Hinkley (1997), doi:10.1017/CBO9780511802843, section 3.8.
    """
    if not scope.terms.served_in_order:
        return ()
    table = measures["ranking_counts"]
    pool = Served.of(table, scope)
    counted = pool.known_positives()
    n = pool.positives
    if len(table) == 0:
        reason = Reason.NO_CASES
    elif is_timeless(scope):
        reason = Reason.NO_TIMES
    elif pool.cases == 0:
        reason = Reason.NOT_MATURE
    elif n == 0:
        reason = Reason.NO_OUTCOMES if pool.unknown == pool.cases else Reason.SINGLE_CLASS
    else:
        reason = Reason.OK if pool.days > 1 else Reason.TOO_FEW_CLUSTERS
    usable = reason is Reason.OK
    value = pool.means(counted) if usable else np.full(3, np.nan)
    reach = pool.reach(scope.alpha) * pool.spread(counted)[:3] if usable else np.full(3, np.nan)
    return tuple(
        Findings.measured(
            metric,
            scope,
            (WHOLE,),
            [value[i]],
            ([max(value[i] - reach[i], LOWEST[i])], [min(value[i] + reach[i], HIGHEST[i])]),
            [n if usable else 0],
            METHOD,
            (reason,),
        )
        for i, metric in enumerate(METRICS)
    )


EVALUATOR = Evaluator(
    "ranking",
    "What the candidate's order would have changed",
    ("ranking_counts",),
    evaluate,
    (DecisionType.BINARY,),
)
