"""Protected groups two by two: which of them differ, on each side."""

from __future__ import annotations

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.scope import Scope
from evaluators.segments.group_counts import ARMS, RATES, group_counts
from evaluators.statistics.multiplicity import holm
from evaluators.statistics.two_rates import newcombe_of_two, two_rates_p

LARGEST = 20
"""Groups that are compared two by two: the largest ones."""


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row a protected cut, side, rate and pair of groups.

    Notes
    -----
    For one look, cases taken as independent. Intervals hold together for all pairs of a cut, side
    and rate (Bonferroni); ``p`` is adjusted by Holm. Groups beyond the 20 largest are left out.

    References
    ----------
    Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I;
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    found: dict[str, list[object]] = {}
    for one in group_counts(measures, scope):
        largest = np.sort(np.argsort(-one.n[0, 0], kind="stable")[:LARGEST])
        left, right = (largest[i] for i in np.triu_indices(len(largest), 1))
        pairs = len(left)
        if not pairs:
            continue
        a = one.hits[..., left], one.n[..., left]
        b = one.hits[..., right], one.n[..., right]
        low, high = newcombe_of_two(*a, *b, scope.alpha / pairs)
        p = holm(two_rates_p(*a, *b))
        with np.errstate(divide="ignore", invalid="ignore"):
            difference = a[0] / a[1] - b[0] / b[1]
        arm, rate, pair = (i.ravel() for i in np.indices(difference.shape))
        known = ~np.isnan(difference.ravel())
        names = np.array(one.groups, object)
        columns = {
            "cut": np.full(known.shape, one.cut, object),
            "arm": np.array(ARMS, object)[arm],
            "rate": np.array(RATES, object)[rate],
            "segment": names[left[pair]],
            "other": names[right[pair]],
            "difference": difference.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "p": p.ravel(),
        }
        for name, values in columns.items():
            found.setdefault(name, []).extend(values[known].tolist())
    return found


REPORT = Report(
    "fairness_pairs",
    "Protected groups two by two",
    ("outcome_counts",),
    tabulate,
    decision_types=LABELS,
)
