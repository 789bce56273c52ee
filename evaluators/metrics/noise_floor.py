"""How often production agrees with itself on the same question: what nobody can agree with more."""

from __future__ import annotations

import numpy as np

from data_contracts.findings import WHOLE
from data_contracts.vocabulary import Reason
from evaluators.columns import Columns, Measures
from evaluators.kinds import LABELS, Evaluator
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.statistics.intervals import wilson
from evaluators.statistics.raters import RaterSums, fleiss_kappa, krippendorff_alpha

SHARE = "questions decided several times; Wilson interval for one look, questions independent"
CHANCE = "the same interval of agreement, less what chance explains, which is taken as known"


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return how production agrees with itself, and how the candidate agrees with it there.

    Notes
    -----
    ``production_self_agreement`` is the chance that two of production's decisions on one question
    are the same, ``production_most_frequent`` the share that are the most frequent one of their
    question: no answer that depends on the question alone can agree with production more often
    than that, and one drawn as production draws agrees as often as production with itself.
    ``agreement_on_repeats`` is the candidate's agreement over the same cases, to be held against
    both. ``n`` is the number of questions. An average of values between 0 and 1 varies at most
    as a share does, so the intervals are wide enough, given that questions are independent.

    References
    ----------
    Fleiss (1971), doi:10.1037/h0031619; Hayes & Krippendorff (2007),
    doi:10.1080/19312450709336664; Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    table = measures["repeat_counts"]
    if not len(table) and scope.terms.repeats is None:
        return ()
    sums = sums_of(table)
    items = float(sums.items.sum())
    judgements = float((sums.judgements * sums.items).sum())
    by_class = sums.classes.sum(axis=0) / max(judgements, 1)
    same = sums.self_agreement()
    chance = float((by_class**2).sum())
    observed = _share(float((sums.agreeing / (sums.judgements - 1)).sum()), judgements)
    drawn = (judgements * chance - 1) / max(judgements - 1, 1)
    answered = _total(table, "answered")
    return (
        _found("production_self_agreement", scope, same, items),
        _found("production_most_frequent", scope, _share(_total(table, "most"), judgements), items),
        _found(
            "agreement_on_repeats",
            scope,
            _share(_total(table, "agreeing_answers"), answered),
            items,
        ),
        _found("production_fleiss_kappa", scope, same, items, fleiss_kappa(sums), chance),
        _found(
            "production_krippendorff_alpha",
            scope,
            observed,
            items,
            krippendorff_alpha(sums),
            drawn,
        ),
    )


def sums_of(table: Columns) -> RaterSums:
    """Return the sums of a measure of repeated questions, added up over its days."""
    if not len(table):
        return RaterSums(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 1)))
    sizes, group = np.unique(table["judgements"], return_inverse=True)

    def summed(name: str) -> np.ndarray:
        return np.bincount(group, weights=table[name], minlength=len(sizes))

    labels = len(table.labels["decision"])
    of_class = table["decision"] >= 0
    cell = group * labels + table["decision"]
    classes: np.ndarray = np.bincount(
        cell[of_class], weights=table["n"][of_class], minlength=len(sizes) * labels
    )
    classes = classes.astype(float).reshape(len(sizes), labels)
    return RaterSums(sizes.astype(float), summed("items"), summed("agreeing_pairs"), classes)


def _total(table: Columns, name: str) -> float:
    return float(table[name].sum()) if len(table) else 0.0


def _share(hits: float, n: float) -> float:
    return hits / n if n else float("nan")


def _found(
    metric: str,
    scope: Scope,
    share: float,
    items: float,
    estimate: float | None = None,
    chance: float = 0.0,
) -> Findings:
    """Return a share with its interval; with `chance`, both less what chance explains."""
    value = share if estimate is None else estimate
    reason = first_reason(
        (np.array([items == 0]), Reason.NO_CASES),
        (np.array([np.isnan(value)]), Reason.SINGLE_CLASS),
    )
    hits = 0.0 if np.isnan(share) else share * items
    low, high = (float(end) for end in wilson(hits, items, scope.alpha))
    ends = [(end - chance) / (1 - chance) if chance < 1 else np.nan for end in (low, high)]
    if np.isnan(value):
        ends = [np.nan, np.nan]
    return Findings.measured(
        metric,
        scope,
        (WHOLE,),
        [value],
        ([ends[0]], [ends[1]]),
        [items],
        SHARE if estimate is None else CHANCE,
        reason,
    )


EVALUATOR = Evaluator(
    "noise_floor",
    "How often production agrees with itself",
    ("repeat_counts",),
    evaluate,
    decision_types=LABELS,
)
