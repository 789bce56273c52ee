"""Slices of the cases in which the candidate is shown to be worse than production."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.pairs.paired import bets
from evaluators.scope import Scope
from evaluators.segments.slice_confirmation import confirm, told
from evaluators.segments.slice_search import LEAST_CASES, search
from evaluators.statistics.slices import sliceline_score
from evaluators.wording import count, interval, points


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row about the search, then one for each slice that was confirmed, worst first.

    Notes
    -----
    Slices of one to three segments are searched in one half of the cases; at most 20 of them are
    ever held against the other half, where all numbers shown come from. A slice that was not
    confirmed is counted, and not named: of many slices some look bad by chance. Worse means a
    difference below 0, shown with the error of all 20 together, at any number of looks. The
    interval is of each slice alone.

    References
    ----------
    Chung et al. (2019), doi:10.1109/ICDE.2019.00139; Sagadeeva & Boehm (2021),
    doi:10.1145/3448016.3457323; Vovk & Wang (2021), doi:10.1214/20-AOS2020.
    """
    table = measures["slice_counts"]
    if not len(table):
        return {}
    found = search(table, scope)
    confirmation = confirm(table, found, scope)
    now = confirmation.standing.end(-1)
    alpha = scope.alpha / 2
    shown = confirmation.shown(alpha)
    low, high = now.interval(scope.alpha, bets(scope))
    counts = now.counts
    # Holm's order is of evidence; readers want the largest disadvantage first.
    order = [i for i in np.argsort(now.estimate, kind="stable").tolist() if shown[i]]
    half = table["half"] == 1
    all_n = int(table["n"][half].sum())
    all_lost = float(table["only_production"][half].sum())
    score = sliceline_score(counts.n, counts.only_production, all_n, all_lost)
    names = [told(table, found.found[i]) for i in order]

    def numbers(values: np.ndarray) -> list[object]:
        return [None, *values[order].tolist()]

    listed = len(order)
    return {
        "slice": [None, *names],
        "n": [int(table["n"][~half].sum()), *counts.n[order].tolist()],
        "estimate": numbers(now.estimate),
        "low": numbers(low),
        "high": numbers(high),
        "error": numbers(confirmation.error.min(axis=1)),
        "effect": numbers(np.array([one.effect for one in found.found])),
        "score": numbers(score),
        "searched": [found.searched] * (1 + listed),
        "shortlisted": [len(found.found)] * (1 + listed),
        "confirmed": [listed] * (1 + listed),
        "sentence": [
            _summary(found.searched, len(found.found), listed),
            *(
                f"Where {name}, the candidate is worse than production by"
                f" {points(abs(float(now.estimate[i]))).lstrip('+')} points"
                f" ({interval(float(low[i]), float(high[i]))};"
                f" {count(int(counts.n[i]), 'case')} in the half that confirms)."
                for name, i in zip(names, order, strict=True)
            ),
        ],
    }


def _summary(searched: int, shortlisted: int, confirmed: int) -> str:
    if not searched:
        return f"No slice has {LEAST_CASES} mature cases in the half that is searched yet."
    said = f"{count(searched, 'slice')} searched in one half of the cases, {shortlisted:,}"
    said += " held against the other half: "
    if not confirmed:
        return said + "in none of them is the candidate shown to be worse."
    verb = "is" if confirmed == 1 else "are"
    return said + f"{confirmed:,} {verb} shown to be worse there."


REPORT = Report(
    "worst_slices", "Where the candidate is shown to be worse", ("slice_counts",), tabulate
)
