"""Why the two differ, as reviewers said; known differences apart."""

from __future__ import annotations

import numpy as np

from data_contracts.findings import ALL_CASES
from evaluators.columns import UNKNOWN, Columns, Measures
from evaluators.kinds import Report, Rows
from evaluators.reviewing.judged import counted, overall, shares
from evaluators.scope import Scope


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row for every reason that was given, the commonest first.

    Notes
    -----
    Shares of all disagreements that were there to be drawn, of the rounds that count in
    `review_results`. Only the first judgement of a case gives its reason; where it gave none, the
    reason is empty.

    References
    ----------
    Cochran (1977), Sampling Techniques, ch. 5; Zou & Donner (2008), doi:10.1002/sim.3095.
    """
    cells = overall(measures, agree=False)
    counts = measures["review_counts"]
    if not len(counts) or not cells.judged.sum():
        return {}
    mine = counts.where((counts["cut"] == counts.code("cut", ALL_CASES)) & (counts["agree"] == 0))
    names = sorted({_reason(mine, code) for code in mine["reason"].tolist()})
    said = np.zeros((len(cells.keys), len(names)))
    place = {key: i for i, key in enumerate(cells.keys)}
    strata = mine.labels["stratum"]
    for number, stratum, reason, n in zip(
        *(mine[name].tolist() for name in ("round", "stratum", "reason", "n")), strict=True
    ):
        said[place[number, strata[stratum]], names.index(_reason(mine, reason))] += n
    used = counted(cells)
    rows = [place[key] for key in used.keys]
    share, low, high = shares(used, said[rows], scope.alpha)
    order = sorted(range(len(names)), key=lambda i: (-said[:, i].sum(), names[i]))
    known = scope.terms.review.known_differences
    return {
        "reason": [names[i] for i in order],
        "known": [names[i] in known for i in order],
        "judged": [int(said[:, i].sum()) for i in order],
        **{
            name: [float(values[i]) for i in order]
            for name, values in (("share", share), ("low", low), ("high", high))
        },
    }


def _reason(table: Columns, code: int) -> str:
    return "" if code == UNKNOWN else table.labels["reason"][code]


REPORT = Report("review_reasons", "Why the two differ", ("review_counts",), tabulate)
