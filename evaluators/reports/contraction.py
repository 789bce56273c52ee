"""The candidate against the most lenient decider, where outcomes are seen after approval only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import DecisionType, ScoreMeaning
from evaluators.columns import UNKNOWN, Columns, Measures
from evaluators.kinds import Report, Rows
from evaluators.outcomes.selective import is_selective
from evaluators.scope import Scope
from evaluators.statistics.contraction import assignment_test, contraction
from evaluators.statistics.intervals import wilson
from evaluators.weeks import is_timeless, mature_day
from evaluators.wording import percent

LEAST_CASES = 100
"""Cases a decider must have decided to count."""
MOST_DECIDERS = 50
"""Deciders with the most cases; the rest are left out."""
STEP = 0.05
_TENTHS = 10


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return the failure rate of the candidate by share accepted, and that of every decider.

    Notes
    -----
    Over mature cases with a score. Failures are by all cases of a caseload, as published. Rows of
    `kind` candidate are by contraction of the most lenient decider's accepted cases, in order of
    the score; those of kind decider are what each did. It supposes that cases come to deciders at
    random: `assignment_p` is small where tenths of the score come to them unevenly. Empty with
    fewer than two deciders of 100 cases, or where the score is only how sure the candidate is.

    References
    ----------
    Lakkaraju et al. (2017), doi:10.1145/3097983.3098066; Wilson (1927),
    doi:10.1080/01621459.1927.10502953.
    """
    table = measures.get("decider_counts", Columns({}))
    usable = is_selective(scope) and scope.terms.score is not ScoreMeaning.CONFIDENCE
    if not usable or len(table) == 0 or scope.positive is None:
        return {}
    table = table.where(_mature(table, scope))
    n = table["n"].astype(float)
    decider = table["decider"].astype(np.int64)
    cases = np.bincount(decider, weights=n, minlength=len(table.labels["decider"]))
    chosen = np.argsort(-cases, kind="stable")[:MOST_DECIDERS]
    chosen = chosen[cases[chosen] >= LEAST_CASES]
    if len(chosen) < 2:
        return {}
    edges, bin_ = np.unique(table["score_from"], return_inverse=True)
    if scope.positive in scope.terms.observed_when:  # a high score is a safe case
        bin_ = len(edges) - 1 - bin_
    seen = np.isin(
        table["decision"], [table.code("decision", d) for d in scope.terms.observed_when]
    )
    known = seen & (table["outcome"] != UNKNOWN)
    bad = known & (table["outcome"] != _code_when_right(table))
    shape = (len(cases), len(edges))

    def by(keep: NDArray[np.bool_]) -> NDArray[np.float64]:
        cell = decider[keep] * shape[1] + bin_[keep]
        flat = np.bincount(cell, weights=n[keep], minlength=shape[0] * shape[1])
        counts: NDArray[np.float64] = flat.astype(np.float64).reshape(shape)[chosen]
        return counts

    every, accepted, labelled, failed = (by(k) for k in (np.ones_like(seen), seen, known, bad))
    failures = np.where(labelled > 0, failed / np.maximum(labelled, 1), 0.0) * accepted
    load, share = every.sum(1), accepted.sum(1) / every.sum(1)
    lenient = int(np.argmax(share))
    grid = np.append(np.arange(STEP, share[lenient], STEP), share[lenient])
    rate = contraction(accepted[lenient], failures[lenient], float(load[lenient]), grid)
    p = assignment_test(_tenths(every))[1]
    own = failures.sum(1) / load
    low, high = wilson(
        np.concatenate([rate * load[lenient], own * load]),
        np.concatenate([np.full(len(grid), load[lenient]), load]),
        scope.alpha,
    )
    size = len(grid) + len(chosen)
    rows: dict[str, list[Any]] = {
        "kind": ["candidate"] * len(grid) + ["decider"] * len(chosen),
        "decider": [lenient + 1] * len(grid) + list(range(1, len(chosen) + 1)),
        "acceptance": [*grid.tolist(), *share.tolist()],
        "failure": [*rate.tolist(), *own.tolist()],
        "low": low.tolist(),
        "high": high.tolist(),
        "n": [int(load[lenient])] * len(grid) + load.astype(int).tolist(),
        "assignment_p": [p] * size,
        "sentence": [_told(p, float(share[lenient]), len(chosen))] * size,
    }
    return rows


def _code_when_right(table: Columns) -> NDArray[np.int64]:
    """Return for each row the code its outcome has when the decision was right."""
    labels = table.labels["outcome"]
    same = [labels.index(d) if d in labels else UNKNOWN - 1 for d in table.labels["decision"]]
    return np.array([*same, UNKNOWN - 1], np.int64)[table["decision"].astype(np.int64)]


def _mature(table: Columns, scope: Scope) -> NDArray[np.bool_]:
    if is_timeless(scope):
        return np.ones(len(table), np.bool_)
    day = table["cohort_day"]
    found: NDArray[np.bool_] = (day >= (scope.first_day or 0)) & (day <= mature_day(scope))
    return found


def _tenths(every: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return cases by decider and tenth of the score."""
    size = every.sum(0)
    middle = (np.cumsum(size) - size / 2) / max(size.sum(), 1)
    tenth = np.clip((middle * _TENTHS).astype(np.int64), 0, _TENTHS - 1)
    return np.stack([every[:, tenth == i].sum(1) for i in range(_TENTHS)], 1)


def _told(p: float, share: float, deciders: int) -> str:
    if p < 0.01:
        return (
            f"Cases do not come to the {deciders} deciders at random (p = {p:.2g}), so this"
            " comparison does not hold."
        )
    return (
        f"Supposes that cases come to the {deciders} deciders at random, which the scores do not"
        f" contradict; nothing is known beyond {percent(share)} accepted."
    )


REPORT = Report(
    "contraction",
    "The candidate against the most lenient decider",
    ("outcome_counts",),
    tabulate,
    (DecisionType.BINARY,),
)
