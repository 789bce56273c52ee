"""How much more often the candidate is right than production, over the same cases."""

from __future__ import annotations

import numpy as np

from data_contracts.vocabulary import Reason
from evaluators.columns import Measures
from evaluators.kinds import Evaluator
from evaluators.outcomes.selective import hidden_disagreements, honest
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import Shares
from evaluators.pairs.entity_clusters import Quantity
from evaluators.pairs.paired import Numbers, bets, snapshot_of_mature, undated
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.weeks import mature_cases

FILLED = "mixture betting, valid at any look; missing outcomes filled, day clusters"
POSSIBLE = "all outcomes that are missing, set to the worst and to the best; no sampling error"
SHARE = "share of cases; interval valid at any look (mixture betting, day clusters)"
BOUND = "plus and minus the upper end of the disagreement; needs no outcome"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return the difference in accuracy, what is possible, and what disagreement alone says.

    Notes
    -----
    ``paired_difference`` is over mature cases, ``(b - c) / n`` with b, c the cases only one side
    got right; disagreements without an outcome count as production's wins for the low end and as
    the candidate's for the high end. ``difference_possible`` is over all cases so far,
    ``disagreement`` and ``difference_before_outcomes`` too: two that give the same answer
    cannot differ in accuracy, so the difference is never larger than the disagreement. Where
    the outcome of some disagreements cannot be seen at all, there is no estimate, only an
    interval that leaves them open.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009; Manski (1989), doi:10.2307/145818;
    Rao & Scott (1992), doi:10.2307/2532311.
    """
    cases = CaseCounts.of_measures(measures)
    return (_difference(cases, scope), *_without_outcomes(cases, scope))


def _difference(cases: CaseCounts, scope: Scope) -> Findings:
    mature = snapshot_of_mature(cases, scope).end(0)
    hidden = hidden_disagreements(mature_cases(cases, scope), scope)
    n, estimate = mature.counts.n, honest(mature.estimate, hidden)
    reason = first_reason(
        (cases.total(cases.compared) == 0, Reason.NO_CASES),
        (n == 0, Reason.NOT_MATURE),
        (hidden > 0, Reason.OUTCOMES_HIDDEN),
        (np.isnan(estimate), Reason.NO_OUTCOMES),
    )
    interval = mature.interval(scope.alpha, bets(scope))
    return Findings.measured(
        "paired_difference", scope, cases.segments, estimate, interval, n, FILLED, reason
    )


def _without_outcomes(cases: CaseCounts, scope: Scope) -> tuple[Findings, ...]:
    now = undated(cases).end(0)
    share = Shares.of(cases, cases.compared, cases.differ, quantity=Quantity.DIFFER)
    low, high = share.interval(scope.alpha)
    n, nothing = share.n, np.full(len(share.n), np.nan)
    reason = first_reason((n == 0, Reason.NO_CASES))
    settled = np.where(now.counts.open_disagreements == 0, now.estimate, np.nan)

    def found(
        metric: str, estimate: Numbers, ends: tuple[Numbers, Numbers], method: str
    ) -> Findings:
        return Findings.measured(metric, scope, cases.segments, estimate, ends, n, method, reason)

    return (
        found("difference_possible", settled, now.possible(), POSSIBLE),
        found("disagreement", share.estimate, (low, high), SHARE),
        found("difference_before_outcomes", nothing, (-high, high), BOUND),
    )


EVALUATOR = Evaluator(
    "paired_difference",
    "How much more often the candidate is right",
    ("outcome_counts",),
    evaluate,
)
