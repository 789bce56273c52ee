"""How often candidate and production say the same: raw, beyond chance, and class by class."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from data_contracts.vocabulary import Answer, DecisionType, Reason
from evaluators.columns import Measures
from evaluators.kinds import LABELS, Evaluator
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters, Shares
from evaluators.pairs.entity_clusters import Quantity
from evaluators.results import Findings, first_reason
from evaluators.scope import Scope
from evaluators.statistics.agreement import Weights, cohen_kappa, gwet_ac1

ANY_LOOK = "share of answered cases; interval valid at any look (mixture betting, day clusters)"
ONE_LOOK = "large-sample interval for one look, cases taken as independent"

_CELLS = 4_000_000


def evaluate(measures: Measures, scope: Scope) -> tuple[Findings, ...]:
    """Return agreement over all answered cases, whether or not their outcome is known.

    Notes
    -----
    Agreement says nothing about who is right, so no gate rests on it alone. Its raw form is
    looked at every day and therefore carries an interval that holds at any look; kappa and AC1
    carry the usual large-sample interval and say so.

    References
    ----------
    Gwet (2008), doi:10.1348/000711006X126600; Feinstein & Cicchetti (1990),
    doi:10.1016/0895-4356(90)90158-L; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    cases = CaseCounts.of_measures(measures)
    answered = cases.answered(Answer.ANSWERED)
    clusters = DayClusters.of(cases)
    raw = Shares.of(cases, answered, cases.column("agree") == 1, clusters, Quantity.AGREE)
    found = [_share("agreement_raw", scope, cases, raw, ANY_LOOK)]
    if scope.decision_type in LABELS and len(scope.classes) > 1:
        found += _beyond_chance(cases, answered, scope)
        found += _by_class(cases, answered, clusters, scope)
    return tuple(found)


def _share(metric: str, scope: Scope, cases: CaseCounts, share: Shares, method: str) -> Findings:
    reason = first_reason((share.n == 0, Reason.NO_CASES))
    return Findings.measured(
        metric,
        scope,
        cases.segments,
        share.estimate,
        share.interval(scope.alpha),
        share.n,
        method,
        reason,
    )


def _beyond_chance(
    cases: CaseCounts, answered: NDArray[np.bool_], scope: Scope
) -> Iterator[Findings]:
    ordinal = scope.decision_type is DecisionType.ORDINAL
    kinds = {"agreement_ac1": [], "agreement_kappa": []}  # type: dict[str, list[NDArray[np.float64]]]
    if ordinal:
        kinds |= {"agreement_kappa_linear": [], "agreement_kappa_quadratic": []}
    sizes = []
    for tables in _tables(cases, answered, scope.classes):
        sizes.append(tables.sum(axis=(-2, -1)))
        for metric, results in kinds.items():
            match metric:
                case "agreement_ac1":
                    results.append(np.stack(gwet_ac1(tables)))
                case "agreement_kappa":
                    results.append(np.stack(cohen_kappa(tables)))
                case "agreement_kappa_linear":
                    results.append(np.stack(cohen_kappa(tables, Weights.LINEAR)))
                case _:
                    results.append(np.stack(cohen_kappa(tables, Weights.QUADRATIC)))
    n = np.concatenate(sizes)
    z = float(ndtri(1 - scope.alpha / 2))
    for metric, results in kinds.items():
        value, error = np.concatenate(results, axis=1)
        low = np.where(n > 0, np.maximum(value - z * error, -1), -1)
        high = np.where(n > 0, np.minimum(value + z * error, 1), 1)
        single = (n > 0) & np.isnan(value)
        few = (n > 0) & (n < 3)
        reason = first_reason(
            (n == 0, Reason.NO_CASES), (single, Reason.SINGLE_CLASS), (few, Reason.TOO_FEW_CASES)
        )
        yield Findings.measured(
            metric, scope, cases.segments, value, (low, high), n, ONE_LOOK, reason
        )


def _tables(
    cases: CaseCounts, answered: NDArray[np.bool_], classes: tuple[str, ...]
) -> Iterator[NDArray[np.int64]]:
    """Yield stacks of class-by-class tables, segment after segment, a bounded number at a time."""
    k = len(classes)
    row = codes_of(cases, "recommendation", classes)
    column = codes_of(cases, "decision", classes)
    keep = answered & (row >= 0) & (column >= 0)
    step = max(1, _CELLS // (k * k))
    for start in range(0, len(cases.segments), step):
        stop = min(start + step, len(cases.segments))
        inside = keep & (cases.segment >= start) & (cases.segment < stop)
        cell = ((cases.segment - start) * k + row) * k + column
        yield cases.total_in(inside, np.where(inside, cell, 0), (stop - start) * k * k).reshape(
            -1, k, k
        )


def codes_of(cases: CaseCounts, column: str, classes: tuple[str, ...]) -> NDArray[np.int64]:
    """Return each row's value of a column as its position among the classes, -1 for none."""
    if len(cases.table) == 0:
        return np.zeros(0, np.int64)
    labels = cases.table.labels[column]
    places = [classes.index(label) if label in classes else -1 for label in labels]
    # The appended -1 is what code -1 (null) points at.
    return np.array([*places, -1], np.int64)[cases.column(column)]


def _by_class(
    cases: CaseCounts, answered: NDArray[np.bool_], clusters: DayClusters, scope: Scope
) -> Iterator[Findings]:
    """Yield specific agreement: with q the share of agreement where either says it, 2q/(1+q)."""
    row = codes_of(cases, "recommendation", scope.classes)
    column = codes_of(cases, "decision", scope.classes)
    for number, label in enumerate(scope.classes):
        either = answered & ((row == number) | (column == number))
        both = (row == number) & (column == number)
        share = Shares.of(cases, either, both, clusters, Quantity.AGREE)
        low, high = share.interval(scope.alpha)
        q = share.estimate
        yield Findings.measured(
            f"agreement_specific:{label}",
            scope,
            cases.segments,
            2 * q / (1 + q),
            (2 * low / (1 + low), 2 * high / (1 + high)),
            share.n,
            "where either says it; interval valid at any look (mixture betting, day clusters)",
            first_reason((share.n == 0, Reason.NO_CASES)),
        )


EVALUATOR = Evaluator("agreement", "How often the two say the same", ("outcome_counts",), evaluate)
