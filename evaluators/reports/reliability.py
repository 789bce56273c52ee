"""How often scores of each tenth came true: the reliability diagram."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.scope import Scope
from evaluators.scoring.calibrated import Calibrated
from evaluators.scoring.scores import SHOWN_BINS, ScoreSums, says_how_sure
from evaluators.statistics.intervals import wilson

LEAST = 20
"""Known outcomes a bin needs for an interval."""


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row for each tenth of scores that has a mature case.

    Notes
    -----
    Wilson intervals for one look, cases taken as independent; none below 20 outcomes. A bin that
    is calibrated has its mean score inside the interval, 95 times in 100.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953; Murphy & Winkler (1977),
    doi:10.2307/2346866.
    """
    table = measures["score_sums"]
    if not says_how_sure(scope) or len(table) == 0:
        return {}
    sums = ScoreSums.of(table, scope)
    found = Calibrated.of(sums)
    n, known, events = (a[0] for a in (found.n, found.known, found.events))
    if sums.outside:
        return {}
    keep = np.flatnonzero(n > 0)
    some = np.maximum(known, 1)
    low, high = (np.where(known >= LEAST, e, np.nan) for e in wilson(events, known, scope.alpha))
    return {
        "score_from": (keep / SHOWN_BINS).tolist(),
        "score_to": ((keep + 1) / SHOWN_BINS).tolist(),
        "n": n[keep].tolist(),
        "known": known[keep].tolist(),
        "mean_score": np.where(known > 0, found.known_p[0] / some, np.nan)[keep].tolist(),
        "came_true": np.where(known > 0, events / some, np.nan)[keep].tolist(),
        "low": low[keep].tolist(),
        "high": high[keep].tolist(),
    }


REPORT = Report("reliability", "How often scores came true", ("score_sums",), tabulate, LABELS)
