"""Which cases have their outcome: by what the two said, by segment and by score."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.outcomes.coverage_groups import DISAGREEMENT, by_disagreement, by_score, by_segment
from evaluators.scope import Scope
from evaluators.statistics.coverage import chi_square, standardised_difference
from evaluators.statistics.multiplicity import holm

SURE = 0.01
"""Anytime error at which a difference is called blocking: the default of the gate."""


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row per group of every grouping, over mature cases whose outcome can be seen.

    Notes
    -----
    `p` is Pearson's, for one look and independent cases, one for each grouping, and `p_holm`
    adjusted for the number of groupings. `evidence` is the natural logarithm of an e-value that
    holds at any number of looks; `blocking` says that it shows a difference by what the two said.

    References
    ----------
    Pearson (1900), doi:10.1080/14786440009463897; Holm (1979); Austin (2009),
    doi:10.1002/sim.3697; Hoeffding (1963), doi:10.1080/01621459.1963.10500830.
    """
    cells = by_disagreement(measures, scope)
    if not cells.n.sum():
        return {}
    score = by_score(measures, scope)
    groupings = [cells, *by_segment(measures, scope), *([score] if score else [])]
    tests = [chi_square(*one.totals) for one in groupings]
    adjusted = holm([float(p) for _, p, _ in tests])
    rows: dict[str, list[Any]] = {
        name: []
        for name in (
            "grouping",
            "level",
            "n",
            "labelled",
            "share",
            "standardised_difference",
            "chi_square",
            "p",
            "p_holm",
            "evidence",
            "blocking",
        )
    }
    for one, (value, p, _), p_holm in zip(groupings, tests, adjusted.tolist(), strict=True):
        labelled, n = one.totals
        size, evidence = len(one.levels), one.log_evidence
        needed = math.log(max(1, size - 1) / SURE)
        by_cell = one.grouping == DISAGREEMENT
        blocking = by_cell & (evidence >= needed) & (np.arange(size) > 0)
        rows["grouping"] += [one.grouping] * size
        rows["level"] += one.levels
        rows["n"] += n.tolist()
        rows["labelled"] += labelled.tolist()
        rows["share"] += np.where(n > 0, labelled / np.maximum(n, 1), np.nan).tolist()
        rows["standardised_difference"] += standardised_difference(labelled, n).tolist()
        rows["chi_square"] += [float(value)] * size
        rows["p"] += [float(p)] * size
        rows["p_holm"] += [p_holm] * size
        rows["evidence"] += evidence.tolist()
        rows["blocking"] += blocking.tolist()
    return rows


REPORT = Report(
    "outcome_coverage_bias", "Which cases have their outcome", ("outcome_counts",), tabulate
)
