"""The difference under every assumption about the outcomes that cannot be seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.outcomes.selective import assumed, comparable_good, is_selective, unobservable
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import bets, snapshot_of_mature
from evaluators.scope import Scope
from evaluators.statistics.partial_identification import difference_at, good_share
from evaluators.weeks import mature_cases

SHARES = np.linspace(0, 1, 21)
ODDS = np.array([1, 1.5, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000])


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row per assumed share of good ones, and per assumed odds.

    Notes
    -----
    `difference` is what these cases would come to, late outcomes counting against the candidate;
    `low` is the lower end that a gate with that assumption would use. Odds are relative to
    comparable cases: `good` is the share that they come to.

    References
    ----------
    Rosenbaum (2002), *Observational Studies*, chapter 4; Manski (1989), doi:10.2307/145818.
    """
    whole = CaseCounts.of_measures(measures).only([0])
    if not is_selective(scope) or not len(whole.table):
        return {}
    cases = mature_cases(whole, scope)
    found = snapshot_of_mature(whole, scope).end(0)
    hidden = snapshot_of_mature(whole.where(unobservable(whole, scope)), scope).end(0)
    u = int(hidden.counts.open_disagreements[0])
    if not u:
        return {}
    g = float(comparable_good(cases, scope, scope.alpha)[0][0])
    odds = ODDS if np.isfinite(g) else ODDS[:0]
    good = np.concatenate([SHARES, good_share(g, odds)])
    c = found.counts
    late = int(c.open_disagreements[0]) - u
    losses = int(c.only_production[0]) + late
    difference = difference_at(c.n[0], c.only_candidate[0], losses, u, good)
    low = [assumed(found, hidden, q).interval(scope.alpha, bets(scope))[0][0] for q in good]
    rows: dict[str, list[Any]] = {
        "assumption": ["share"] * len(SHARES) + ["odds"] * len(odds),
        "value": [*SHARES.tolist(), *odds.tolist()],
        "good": good.tolist(),
        "difference": difference.tolist(),
        "low": [float(end) for end in low],
        "margin": [scope.terms.margin] * len(good),
    }
    return rows


REPORT = Report(
    "selective_sensitivity",
    "The difference under every assumption about what cannot be seen",
    ("outcome_counts",),
    tabulate,
    LABELS,
)
