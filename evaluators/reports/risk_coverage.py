"""What answering only the surest cases would come to: error, coverage and the work left over."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.scope import Scope
from evaluators.scoring.confidence import Confidence
from evaluators.scoring.scores import ScoreSums, says_how_sure
from evaluators.statistics.risk_coverage import staff_quantile
from evaluators.weeks import is_timeless


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row for each threshold on the confidence at which more cases are answered.

    Notes
    -----
    Over all mature cases; those with less confidence, and those without an answer or a score, are
    left to people. Each interval is valid at any look, for its own threshold alone: choosing the
    best threshold afterwards needs the gate `threshold`. Outcomes that are missing count as errors
    in the upper end of the risk and as right answers in the lower one. Work per day is the mean,
    and what is not exceeded on 95 days in 100 if cases come independently (Poisson).

    References
    ----------
    El-Yaniv & Wiener (2010), JMLR 11, 1605-1641; Waudby-Smith & Ramdas (2024),
    doi:10.1093/jrsssb/qkad009.
    """
    table = measures["score_sums"]
    if not says_how_sure(scope) or len(table) == 0 or ScoreSums.of(table, scope).outside:
        return {}
    found = Confidence.of(measures, scope, np.zeros(0, np.int64))
    n = found.n[:, 0]
    keep = np.flatnonzero(np.diff(n, prepend=0) > 0)
    risk = found.risk_bounds(scope.alpha)
    coverage = found.coverage_bounds(scope.alpha)
    left = (found.total - found.n)[:, 0]
    days = float("nan") if is_timeless(scope) else max(int(found.days[0, 0]), 1)
    per_day = left / days
    staff = np.full(len(left), np.nan) if is_timeless(scope) else staff_quantile(per_day)
    columns = {
        "threshold": found.least,
        "n": n,
        "known": (found.n - found.unknown)[:, 0],
        "errors": found.wrong[:, 0],
        "coverage": found.coverage[:, 0],
        "coverage_low": coverage[0][:, 0],
        "coverage_high": coverage[1][:, 0],
        "risk": found.risk[:, 0],
        "risk_low": risk[0][:, 0],
        "risk_high": risk[1][:, 0],
        "left_share": 1 - found.coverage[:, 0],
        "left_per_day": per_day,
        "left_per_day_p95": staff,
    }
    return {name: values[keep].tolist() for name, values in columns.items()}


REPORT = Report(
    "risk_coverage",
    "What answering only the surest cases would come to",
    ("score_sums", "outcome_counts"),
    tabulate,
    LABELS,
)
