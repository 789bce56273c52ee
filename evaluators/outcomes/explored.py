"""The difference in accuracy where cases were let through at random, from the logged chances."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import UNKNOWN, Columns, Measures
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import snapshot_of_mature
from evaluators.scope import Scope
from evaluators.statistics.exploration import Explored
from evaluators.weeks import is_timeless, mature_day

NAMES = ("explored", "explored_effective", "explored_estimate", "explored_low", "explored_high")


def explored_difference(measures: Measures, scope: Scope) -> Mapping[str, float | None]:
    """Return how many hidden cases were seen by chance, and the difference that follows.

    Notes
    -----
    Disagreements with a logged chance above 0 stand for themselves and for those like them that
    were not let through; all other cases are known for certain. Disagreements that had no chance
    to be seen, or are late, are left open: the limits are moved out by them, and there is no
    estimate. A case that was let through and has no outcome yet counts as not let through, so
    wait until outcomes are in. None throughout where no chance was logged.

    References
    ----------
    Horvitz & Thompson (1952), doi:10.1080/01621459.1952.10483446; Robins, Rotnitzky & Zhao
    (1994), doi:10.1080/01621459.1994.10476818.
    """
    nothing: dict[str, float | None] = dict.fromkeys(NAMES)
    table = measures.get("exploration_counts", Columns({}))
    if len(table) == 0:
        return nothing
    table = table.where(_counted(table, scope))
    n = table["n"].astype(float)
    if not n.sum():
        return nothing
    said, given, truth = (_texts(table, c) for c in ("decision", "recommendation", "outcome"))
    seen = truth != ""
    difference = (given == truth).astype(float) - (said == truth)
    explored = Explored.of(n.sum(), difference[seen], table["chance"][seen], n[seen])
    if explored.seen < 2:
        return nothing
    whole = CaseCounts.of_measures(measures).only([0])
    counts = snapshot_of_mature(whole, scope).end(0).counts
    wins, losses, cases, unknown = (
        int(a[0])
        for a in (
            counts.only_candidate,
            counts.only_production,
            counts.n,
            counts.open_disagreements,
        )
    )
    wins -= int(n[seen & (difference > 0)].sum())
    losses -= int(n[seen & (difference < 0)].sum())
    unseen = int(n[~seen].sum())
    left = unknown - unseen
    certain = (cases - n.sum(), wins - losses, wins + losses)
    mean, low, high = explored.estimate(None, scope.alpha, certain)
    away = left / max(cases, 1)
    return dict(
        zip(
            NAMES,
            (
                explored.seen,
                explored.effective,
                mean if left == 0 else None,
                max(-1.0, low - away),
                min(1.0, high + away),
            ),
            strict=True,
        )
    )


def _counted(table: Columns, scope: Scope) -> NDArray[np.bool_]:
    """Return which rows are mature and of decisions whose outcome could not be seen otherwise."""
    seen = [table.code("decision", name) for name in scope.terms.observed_when]
    keep: NDArray[np.bool_] = ~np.isin(table["decision"], seen)
    if is_timeless(scope):
        return keep
    day = table["cohort_day"]
    return keep & (day >= (scope.first_day or 0)) & (day <= mature_day(scope))


def _texts(table: Columns, column: str) -> NDArray[np.str_]:
    labels = np.array([*table.labels[column], ""], dtype=str)
    codes = table[column].astype(np.int64)
    return labels[np.where(codes == UNKNOWN, len(labels) - 1, codes)]
