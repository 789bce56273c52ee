"""Which errors each side makes, and which cases the candidate left without an answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Answer, DecisionType, Reason
from evaluators.columns import UNKNOWN, Measures
from evaluators.kinds import Evaluator
from evaluators.outcomes.selective import honest, is_selective, unobservable
from evaluators.pairs.cases import CaseCounts
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
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
    cases = CaseCounts.of_measures(measures)
    found = list(_unanswered(cases, scope))
    if scope.decision_type is DecisionType.BINARY and scope.positive is not None:
        found += _errors(cases, scope)
    return tuple(found)


def _unanswered(cases: CaseCounts, scope: Scope) -> Iterator[Findings]:
    labels = cases.table.labels.get("answer", ())
    counts = cases.totals(cases.column("answer") + 1, len(labels) + 1)
    n = counts.sum(axis=0)
    reason = first_reason((n == 0, Reason.NO_CASES))
    for answer in Answer:
        if answer is not Answer.ANSWERED:
            hits = counts[labels.index(answer) + 1] if answer in labels else np.zeros_like(n)
            yield _share(f"answer_{answer}", scope, cases, hits, n, reason)


def _errors(every: CaseCounts, scope: Scope) -> Iterator[Findings]:
    total = every.total(every.compared)
    cases = mature_cases(every, scope)
    unseen = unobservable(cases, scope)
    decision, recommendation, outcome = (
        _positive(cases, column, scope.positive)
        for column in ("decision", "recommendation", "outcome")
    )
    candidate = np.where(cases.answered(Answer.ANSWERED), recommendation, decision)
    # Each of the three is no, yes or unknown (as the third): 27 kinds of case.
    code = (outcome % 3 * 3 + decision % 3) * 3 + candidate % 3
    counts = cases.totals(np.where(cases.compared, code, 27), 28)[:27]
    by_truth = counts.reshape(3, 3, 3, -1)
    mature, known = counts.sum(axis=0), by_truth[:2].sum(axis=(0, 1, 2))
    veiled = cases.totals(np.where(unseen, code % 9, 9), 10)[:9].reshape(3, 3, -1)
    hidden = veiled.sum(axis=(0, 1))
    for side, axis in (("production", 1), ("candidate", 0)):
        said = by_truth.sum(axis=1 + axis)  # (truth, said, segments)
        for kind, truth in (("positive", 0), ("negative", 1)):
            n, hits = said[truth, :2].sum(axis=0), said[truth, 1 - truth]
            # A case that cannot be seen may belong to the base, and lowers or raises the rate.
            right, wrong = veiled.sum(axis=axis)[[truth, 1 - truth]]
            ends = (
                wilson(hits, n + right, scope.alpha)[0],
                wilson(hits + wrong, n + wrong, scope.alpha)[1],
            )
            reason = first_reason(
                (total == 0, Reason.NO_CASES),
                (mature == 0, Reason.NOT_MATURE),
                (known == 0, Reason.NO_OUTCOMES),
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
