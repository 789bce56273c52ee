"""What outcomes that cannot be seen leave possible, segment by segment, and where it tips."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.outcomes.explored import explored_difference
from evaluators.outcomes.selective import comparable_good, hidden_disagreements, is_selective
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import bets, snapshot_of_mature
from evaluators.scope import Scope
from evaluators.statistics.partial_identification import (
    bounds,
    break_even,
    imbens_manski,
    tipping_odds,
    trial_reach,
)
from evaluators.weeks import mature_cases
from evaluators.wording import count, percent, points

TRIAL = 100
"""Random approvals of the trial that is foreseen."""


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row per segment: the bar, its intervals, its tipping point and a trial's reach.

    Notes
    -----
    Over mature cases; `worst` and `best` count every disagreement without an outcome for one side,
    also those that are only late. `low` and `high` are Imbens and Manski's interval for one look,
    `anytime_low` and `anytime_high` that of the gates. `break_even` is the share of the hidden
    disagreements that must be the candidate's for the margin, `tipping_odds` how many times worse
    their odds may be than those of comparable cases of the same segment. Where cases were let
    through at random, `explored_*` is the estimate that follows, over all cases.

    References
    ----------
    Manski (1989), doi:10.2307/145818; Imbens & Manski (2004),
    doi:10.1111/j.1468-0262.2004.00555.x; Rosenbaum (2002), *Observational Studies*; Robins,
    Rotnitzky & Zhao (1994), doi:10.1080/01621459.1994.10476818.
    """
    every = CaseCounts.of_measures(measures)
    if not is_selective(scope) or not len(every.table):
        return {}
    cases = mature_cases(every, scope)
    snapshot = snapshot_of_mature(every, scope).end(0)
    c = snapshot.counts
    hidden = hidden_disagreements(cases, scope)
    n, b, losses, unknown = c.n, c.only_candidate, c.only_production, c.open_disagreements
    worst, best = bounds(n, b, losses, unknown)
    low, high = imbens_manski(n, b, losses, unknown, scope.alpha, snapshot.effect)
    anytime_low, anytime_high = snapshot.interval(scope.alpha, bets(scope))
    late = unknown - hidden
    share = break_even(n, b, losses + late, hidden, scope.terms.margin)
    good, _, comparable = comparable_good(cases, scope, scope.alpha)
    odds = tipping_odds(good, share)
    blank: list[float | None] = [None] * (len(n) - 1)
    explored = explored_difference(measures, scope)
    rows: dict[str, list[Any]] = {
        "cut": [s.cut for s in cases.segments],
        "segment": [s.value for s in cases.segments],
        "n": n.tolist(),
        "only_candidate": b.tolist(),
        "only_production": losses.tolist(),
        "hidden": hidden.tolist(),
        "late": late.tolist(),
        "worst": worst.tolist(),
        "best": best.tolist(),
        "low": low.tolist(),
        "high": high.tolist(),
        "anytime_low": anytime_low.tolist(),
        "anytime_high": anytime_high.tolist(),
        "margin": [scope.terms.margin] * len(n),
        "break_even": _finite(share),
        "comparable_good": _finite(good),
        "comparable": comparable.tolist(),
        "tipping_odds": _finite(odds),
        "trial": [TRIAL] * len(n),
        "trial_reach": trial_reach(n, hidden, TRIAL, 0.5, scope.alpha).tolist(),
        **{name: [value, *blank] for name, value in explored.items()},
    }
    rows["sentence"] = [
        _told(*one)
        for one in zip(worst, best, hidden, share, good, rows["trial_reach"], strict=True)
    ]
    return rows


def _told(worst: float, best: float, hidden: int, share: float, good: float, reach: float) -> str:
    """Return the bar, its tipping point and what a trial would do, in words."""
    bar = f"Between {points(worst)} and {points(best)} points are possible"
    if not hidden:
        return f"{bar}; no disagreement has an outcome that cannot be seen."
    each = count(hidden, "disagreement")
    if share <= 0:
        tip = f"at least as good within the limit whatever the {each} without an outcome are"
    elif share > 1:
        tip = f"not within the limit whatever the {each} without an outcome are"
    else:
        tip = (
            "at least as good within the limit as long as the candidate would have been right in at"
            f" least {percent(share)} of the {each} without an outcome"
        )
    compared = "" if np.isnan(good) else f" Of comparable cases it was in {percent(good)}."
    return (
        f"{bar}: {tip}.{compared} A trial of {TRIAL} of them let through at random would leave plus"
        f" or minus {points(reach).lstrip('+')} points."
    )


def _finite(values: NDArray[np.float64]) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


REPORT = Report(
    "selective_bounds",
    "What outcomes that cannot be seen leave possible",
    ("outcome_counts",),
    tabulate,
    LABELS,
)
