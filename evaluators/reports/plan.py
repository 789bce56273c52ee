"""For every gate about the difference, and every segment it looks at: what is still needed."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.pairs.cases import CaseCounts
from evaluators.planning.forecast import LONGEST
from evaluators.planning.outlook import Outlook, asked_cases, outlook
from evaluators.scope import Scope
from evaluators.terms import Asked
from evaluators.weeks import WEEK, is_timeless, mature_day, to_date


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row for each gate and segment: cases so far, cases still needed, the days.

    Notes
    -----
    Each segment is taken singly; a gate about segments tests them jointly and may pass sooner.
    `earliest` and `latest` are the ends of a 50 % interval of the difference, followed at the pace
    so far; null where no day can be named. A segment with `more_cases` 0 is shown already.

    References
    ----------
    Nam (1997), doi:10.2307/2533508; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.
    """
    every = CaseCounts.of_measures(measures)
    columns: dict[str, list[Any]] = {}
    for asked in scope.terms.asked:
        cases = asked_cases(every, asked)
        if not cases.segments or not len(cases.table):
            continue
        found = outlook(cases, scope, asked.margin)
        for name, values in _columns(asked, cases, found, scope).items():
            columns.setdefault(name, []).extend(values)
    return columns


def _columns(asked: Asked, cases: CaseCounts, found: Outlook, scope: Scope) -> dict[str, list[Any]]:
    size = len(cases.segments)
    return {
        "gate": [asked.gate] * size,
        "kind": [asked.kind] * size,
        "cut": [asked.cut] * size,
        "segment": [segment.value for segment in cases.segments],
        "margin": [asked.margin] * size,
        "n": found.standing.counts.n.tolist(),
        "disagreement": found.disagreement.tolist(),
        "difference": found.difference.tolist(),
        "fixed_cases": _whole(found.fixed),
        "more_cases": _whole(found.more),
        "a_week": [None if np.isnan(x) else x for x in found.a_week.tolist()],
        "earliest": _days(found.fewest, found, scope),
        "latest": _days(found.most, found, scope),
        "reachable": found.reachable.tolist(),
    }


def _whole(values: np.ndarray) -> list[int | None]:
    return [int(np.ceil(x)) if np.isfinite(x) else None for x in values.tolist()]


def _days(weeks: np.ndarray, found: Outlook, scope: Scope) -> list[date | None]:
    if is_timeless(scope):
        return [None] * len(weeks)
    start = mature_day(scope)
    ends = np.where(weeks <= LONGEST, weeks, -1)
    return [
        to_date(start + WEEK * int(w) + scope.matures_after_days) if w > 0 else None
        for w in np.where(found.more <= 0, -1, ends).tolist()
    ]


REPORT = Report(
    "plan", "What every gate about the difference still needs", ("outcome_counts",), tabulate
)
