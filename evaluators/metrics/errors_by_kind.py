"""Which errors each side makes, and which cases the candidate left without an answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Answer, DecisionType, Reason
from evaluators.cases import CaseCounts
from evaluators.columns import UNKNOWN, Measures
from evaluators.kinds import Evaluator
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.selective import honest, is_selective, unobservable
from evaluators.statistics.intervals import wilson
from evaluators.weeks import mature_cases

METHOD = "Wilson score interval for one look, cases taken as independent"

BOUNDS = "Wilson score limits for one look, over what the cases that cannot be seen may be"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return false alarms and misses of both sides, and shares of unanswered cases by kind.

    Notes
    -----
    A false positive rate is the share of alarms among cases whose outcome was negative, a false
    negative rate that of missed ones among positive outcomes; mature cases with a known outcome,
    and production's decision where the candidate gave none. Where some outcomes cannot be seen,
    only the limits of the rate are told. Unanswered cases are shares of all
    cases, also of those left out of the comparison.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    cases = CaseCounts.of(measures["outcome_counts"])
    found = list(_unanswered(cases, scope))
    if scope.decision_type is DecisionType.BINARY and scope.positive is not None:
        found += _errors(cases, scope)
    return tuple(found)


def _unanswered(cases: CaseCounts, scope: Scope) -> Iterator[Findings]:
    every = np.ones(len(cases.segment), np.bool_)
    n = cases.total(every)
    reason = first_reason((n == 0, Reason.NO_CASES))
    for answer in Answer:
        if answer is not Answer.ANSWERED:
            hits = cases.total(cases.answered(answer))
            yield _share(f"answer_{answer}", scope, cases, hits, n, reason)


def _errors(every: CaseCounts, scope: Scope) -> Iterator[Findings]:
    total = every.total(every.compared)
    cases = mature_cases(every, scope)
    mature = cases.total(cases.compared)
    unseen = unobservable(cases, scope)
    hidden = cases.total(unseen)
    decision, recommendation, outcome = (
        _positive(cases, column, scope.positive)
        for column in ("decision", "recommendation", "outcome")
    )
    candidate = np.where(cases.answered(Answer.ANSWERED), recommendation, decision)
    for side, said in (("production", decision), ("candidate", candidate)):
        for kind, truth in (("positive", 0), ("negative", 1)):
            base = cases.compared & (outcome == truth) & (said != UNKNOWN)
            n = cases.total(base)
            hits = cases.total(base & (said == 1 - truth))
            # A case that cannot be seen may belong to the base, and lowers or raises the rate.
            right, wrong = (cases.total(unseen & (said == one)) for one in (truth, 1 - truth))
            ends = (
                wilson(hits, n + right, scope.alpha)[0],
                wilson(hits + wrong, n + wrong, scope.alpha)[1],
            )
            reason = first_reason(
                (total == 0, Reason.NO_CASES),
                (mature == 0, Reason.NOT_MATURE),
                (cases.total(cases.compared & (outcome != UNKNOWN)) == 0, Reason.NO_OUTCOMES),
                (hidden > 0, Reason.OUTCOMES_HIDDEN),
                (n == 0, Reason.SINGLE_CLASS),
            )
            rate = honest(_rate(hits, n), hidden)
            method = METHOD if not is_selective(scope) else BOUNDS
            yield Findings.measured(
                f"false_{kind}_rate_{side}", scope, cases.segments, rate, ends, n, method, reason
            )


def _positive(cases: CaseCounts, column: str, positive: str | None) -> NDArray[np.int64]:
    """Return for each row 1, 0 or `UNKNOWN`: whether the column holds the positive class."""
    codes = cases.column(column)
    if len(codes) == 0 or positive is None:
        return codes
    return np.where(codes < 0, UNKNOWN, codes == cases.table.code(column, positive))


def _share(
    metric: str,
    scope: Scope,
    cases: CaseCounts,
    hits: NDArray[np.int64],
    n: NDArray[np.int64],
    reason: tuple[Reason, ...],
) -> Findings:
    ends = wilson(hits, n, scope.alpha)
    return Findings.measured(metric, scope, cases.segments, _rate(hits, n), ends, n, METHOD, reason)


def _rate(hits: NDArray[np.int64], n: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.where(n > 0, hits / np.maximum(n, 1), np.nan)


EVALUATOR = Evaluator(
    "errors_by_kind", "Which errors each side makes", ("outcome_counts",), evaluate
)
