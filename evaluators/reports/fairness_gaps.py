"""The gaps between protected groups, of production and of the candidate, and their change."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import bets
from evaluators.pairs.selections import Selections
from evaluators.scope import Scope
from evaluators.segments.gap_changes import BASES, GroupChanges, widened_at_least, widened_at_most
from evaluators.segments.group_counts import GAPS, GroupCounts, gaps_of, group_counts
from evaluators.weeks import is_timeless, mature_cases, mature_day
from evaluators.wording import count, points

_WORDS = {
    "selection": "selection rates",
    "opportunity": "true positive rates",
    "odds": "true or false positive rates",
}


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row a protected cut and gap.

    Notes
    -----
    A gap is the largest difference between groups (of ``selection_ratio`` the smallest rate over
    the largest); the gap of many small groups is above 0 by chance alone, so read the change.
    ``low`` and ``high`` come from drawing days and are of one look, ``low_any_look`` and
    ``high_any_look`` hold at every look and with whatever outcomes are still open.

    References
    ----------
    Hardt, Price & Srebro (2016), arXiv:1610.02413; Efron & Tibshirani (1993);
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    rows = [row for one in group_counts(measures, scope) for row in _rows(one, measures, scope)]
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _rows(one: GroupCounts, measures: Measures, scope: Scope) -> list[dict[str, object]]:
    gaps = gaps_of(one.hits, one.n)
    low, high = one.bootstrapped_changes(scope.alpha)
    chosen = _chosen(one.cut, measures, scope)
    rows = []
    for i, name in enumerate(GAPS):
        before, after = (float(value) for value in gaps[i])
        least = most = float("nan")
        if name in BASES:
            least, most = _bounds(chosen, name, scope)
        rates = {"selection": (0,), "opportunity": (1,), "odds": (1, 2)}.get(name, (0,))
        empty = int((one.n[0, rates, :] == 0).any(axis=0).sum())
        rows.append(
            {
                "cut": one.cut,
                "gap": name,
                "groups": len(one.groups),
                "left_out": empty,
                "production_gap": before,
                "candidate_gap": after,
                "change": after - before,
                "low": float(low[i]),
                "high": float(high[i]),
                "low_any_look": least,
                "high_any_look": most,
                "sentence": _sentence(one.cut, name, before, after, empty),
            }
        )
    return rows


def _chosen(cut: str, measures: Measures, scope: Scope) -> Selections:
    every = CaseCounts.of_measures(measures)
    cases = mature_cases(every.only(every.of_cut(cut)), scope)
    return Selections.of(cases, scope.positive or "")


def _bounds(chosen: Selections, name: str, scope: Scope) -> tuple[float, float]:
    ends = np.zeros(0, np.int64) if is_timeless(scope) else np.array([mature_day(scope)])
    parts = [GroupChanges.of(chosen, outcome, ends) for outcome in BASES[name]]
    grid, alpha = bets(scope), scope.alpha / 2
    return (
        float(widened_at_least(parts, alpha, grid)[-1]),
        float(widened_at_most(parts, alpha, grid)[-1]),
    )


def _sentence(cut: str, name: str, before: float, after: float, empty: int) -> str:
    if np.isnan(before) or np.isnan(after):
        return f"There are not two groups by {cut} with cases to compare."
    left = f" {count(empty, 'group')} without such cases left out." if empty else ""
    if name == "selection_ratio":
        return (
            f"By {cut}, the least selected group is selected {before:.2f} times as often as the"
            f" most selected one by production, {after:.2f} times with the candidate.{left}"
        )
    return (
        f"By {cut}, {_WORDS[name]} differ by up to {points(before).lstrip('+')} points with"
        f" production and {points(after).lstrip('+')} points with the candidate.{left}"
    )


REPORT = Report(
    "fairness_gaps",
    "Gaps between protected groups",
    ("outcome_counts",),
    tabulate,
    decision_types=LABELS,
)
