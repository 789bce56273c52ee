"""How well the scores put positive cases before negative ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import WHOLE
from data_contracts.vocabulary import DecisionType, Reason, ScoreMeaning
from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from evaluators.kinds import Evaluator
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.statistics.auc import auc, auc_interval
from evaluators.weeks import is_timeless, mature_day

METHOD = "mature cases; DeLong interval for one look, cases taken as independent"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return the area under the ROC curve of the scores, over all cases.

    Notes
    -----
    Over mature answered cases with a score and a known outcome. Scores are taken as counted: in
    fiftieths between 0 and 1 and whole numbers elsewhere, in hundred-thousandths where cases are
    served in order; scores of one step count as equal. Nothing where no case has a score, or
    where the score is the confidence in an answer, which does not rank cases by the outcome.

    References
    ----------
    Hanley & McNeil (1982), doi:10.1148/radiology.143.1.7063747; DeLong, DeLong & Clarke-Pearson
    (1988), doi:10.2307/2531595.
    """
    fine = measures.get("ranking_counts", Columns({}))
    table = fine if len(fine) else measures["score_counts"]
    if scope.terms.score is ScoreMeaning.CONFIDENCE or scope.positive is None:
        return ()
    if len(table) == 0:
        return () if not scope.terms.served_in_order else (_finding(scope, None),)
    if len(fine):
        step, event = table["score_step"].astype(float), table["positive"].astype(np.int64)
    else:
        step, outcome = table["score_from"].astype(float), table["outcome"].astype(np.int64)
        positive = table.code("outcome", scope.positive)
        event = np.where(outcome == UNKNOWN, UNKNOWN, (outcome == positive).astype(np.int64))
    keep = (event != UNKNOWN) & _mature(table, scope)
    _, place = np.unique(step[keep], return_inverse=True)
    n, size = table["n"][keep].astype(np.int64), int(place.max(initial=-1)) + 1
    counts = np.zeros((2, size), np.int64)
    np.add.at(counts, (event[keep], place), n)
    return (_finding(scope, counts),)


def _mature(table: Columns, scope: Scope) -> NDArray[np.bool_]:
    day = table["cohort_day"].astype(np.int64)
    if is_timeless(scope):
        return np.ones(len(day), np.bool_)
    found: NDArray[np.bool_] = (
        (day != NO_DAY) & (day >= (scope.first_day or 0)) & (day <= mature_day(scope))
    )
    return found


def _finding(scope: Scope, counts: NDArray[np.int64] | None) -> Findings:
    nothing = np.full(1, np.nan)
    value, interval, n, reason = nothing, (nothing, nothing), 0, Reason.NO_CASES
    if counts is not None:
        n = int(counts.sum())
        reason = Reason.OK if (counts.sum(axis=1) > 0).all() else Reason.SINGLE_CLASS
        reason = reason if n else Reason.NO_OUTCOMES
    if counts is not None and reason is Reason.OK:
        value = auc(counts[1], counts[0])[None]
        low, high = auc_interval(counts[1], counts[0], scope.alpha)
        interval = (low[None], high[None])
    elif counts is not None and n:
        n = 0
    return Findings.measured("auc", scope, (WHOLE,), value, interval, [n], METHOD, (reason,))


EVALUATOR = Evaluator(
    "auc",
    "How well the scores put positive cases first",
    ("score_counts",),
    evaluate,
    (DecisionType.BINARY,),
)
