"""How often each protected group is selected by each side, rightly and wrongly."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.scope import Scope
from evaluators.segments.group_counts import ARMS, RATES, group_counts
from evaluators.statistics.intervals import wilson


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row a protected cut, side, group and rate.

    Notes
    -----
    ``selected`` is the share for whom the positive class was said, ``found`` the same among
    positive outcomes (true positive rate), ``alarmed`` among negative ones (false positive rate);
    mature cases, the latter two with a known outcome. Where the candidate gave no answer
    production's stands. A rate without a case is null and its group is left out of the gap.

    References
    ----------
    Hardt, Price & Srebro (2016), arXiv:1610.02413; Wilson (1927),
    doi:10.1080/01621459.1927.10502953.
    """
    found: dict[str, list[object]] = {}
    for one in group_counts(measures, scope):
        arm, rate, group = (a.ravel() for a in np.indices(one.n.shape))
        hits, n = one.hits.ravel(), one.n.ravel()
        low, high = wilson(hits, n, scope.alpha)
        columns = {
            "cut": [one.cut] * len(n),
            "arm": np.array(ARMS, object)[arm].tolist(),
            "segment": np.array(one.groups, object)[group].tolist(),
            "rate": np.array(RATES, object)[rate].tolist(),
            "estimate": np.where(n > 0, hits / np.maximum(n, 1), np.nan).tolist(),
            "low": np.where(n > 0, low, np.nan).tolist(),
            "high": np.where(n > 0, high, np.nan).tolist(),
            "n": n.astype(np.int64).tolist(),
            "left_out": (n == 0).tolist(),
        }
        for name, values in columns.items():
            found.setdefault(name, []).extend(values)
    return found


REPORT = Report(
    "fairness",
    "How each side treats protected groups",
    ("outcome_counts",),
    tabulate,
    decision_types=LABELS,
)
