"""Every segment of every cut: raw and shrunken difference, and what is shown of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Shown
from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.scope import Scope
from evaluators.segments.segment_standing import CutStanding, standings


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row a segment, the one with the lowest shrunken difference first in each cut.

    Notes
    -----
    ``estimate`` with ``low`` and ``high`` is the segment's own difference with an interval that
    holds at any look, missing outcomes filled. ``shrunken`` and ``spread`` are for order only. What
    is shown takes the error of all segments of the cut together: ``shown_each`` by Holm on
    e-values, ``shown_listed`` by e-BH, which only promises that few of the list are wrong.

    References
    ----------
    DerSimonian & Laird (1986), doi:10.1016/0197-2456(86)90046-2; Vovk & Wang (2021),
    doi:10.1214/20-AOS2020; Wang & Ramdas (2022), doi:10.1111/rssb.12489.
    """
    found: dict[str, list[object]] = {}
    for one in standings(measures, scope):
        for name, values in _columns(one, scope).items():
            found.setdefault(name, []).extend(values)
    return found


def _columns(one: CutStanding, scope: Scope) -> dict[str, list[object]]:
    order = np.lexsort((np.arange(len(one.names)), one.shrunk.estimate))
    pooled = np.where(one.groups.large < 0, one.groups.pooled, 0)
    log10 = np.log(10)
    columns = {
        "position": np.arange(1, len(order) + 1),
        "n": one.n[order],
        "pooled": pooled[order],
        "estimate": one.groups.standing.estimate[order],
        "low": one.low[order],
        "high": one.high[order],
        "limit": np.full(len(order), one.limit),
        "shrunken": one.shrunk.estimate[order],
        "spread": one.shrunk.error[order],
        "log10_e_good": one.log_good[order] / log10,
        "log10_e_worse": one.log_worse[order] / log10,
    }
    names = np.array(one.names, object)
    return {
        "cut": [one.cut] * len(order),
        "segment": names[order].tolist(),
        **{name: values.tolist() for name, values in columns.items()},
        "shown_each": _words(one, scope, each=True)[order].tolist(),
        "shown_listed": _words(one, scope, each=False)[order].tolist(),
    }


def _words(one: CutStanding, scope: Scope, *, each: bool) -> NDArray[np.object_]:
    good, worse = one.shown(scope.alpha / 2, each=each)
    states = (Shown.NO_DATA, Shown.WORSE, Shown.AT_LEAST_AS_GOOD, Shown.UNDECIDED)
    words = np.array([str(state) for state in states], object)
    found: NDArray[np.object_] = words[np.select([one.n == 0, worse, good], [0, 1, 2], 3)]
    return found


REPORT = Report(
    "segment_ranking", "Every segment, what is shown of it", ("outcome_counts",), tabulate
)
