"""How likely a gate about the difference is to have passed, week by week, for a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evaluators.planning.plan import Assumptions, first_look
from evaluators.statistics.betting import general_grid
from evaluators.statistics.stopping import stopping_looks

Numbers = NDArray[np.float64]


def chances(assumed: Assumptions, differences: Sequence[float], weeks: int) -> Numbers:
    """Return the chance that the gate has passed by the end of weeks 1, 2, ... for differences.

    Parameters
    ----------
    assumed
        What is expected of the cases to come, but for the difference.
    differences
        True differences in accuracy to look at, as fractions.
    weeks
        Last week wanted.

    Returns
    -------
    array of shape (differences, weeks)
        Never falling along the weeks.

    Notes
    -----
    Shares of the simulated studies of `stopping_looks`, 2,000 for each difference and the same ones
    at every call, so that they are within 2.2 points of the truth (two standard errors at a
    half). The gate looks at the end of every week from the first look on; disagreements without an
    outcome count as losses. Were the true difference at the limit, no chance would ever exceed
    half of alpha, but for that error.

    References
    ----------
    Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> plan = Assumptions(disagreement=0.1, cases_per_day=100, margin=0.02)
    >>> chances(plan, [0.01, 0.0], 8)[:, [0, 2, 7]].round(1).tolist()
    [[0.0, 0.8, 1.0], [0.0, 0.3, 0.9]]
    """
    grid = np.array(assumed.grid) if assumed.grid else general_grid()
    found = np.zeros((len(differences), weeks))
    if weeks < 1 or assumed.a_week <= 0:
        return found
    first = max(1, first_look(assumed) - assumed.weeks_so_far)
    for row, difference in enumerate(differences):
        shown = replace(assumed, difference=difference).shown
        looks = stopping_looks(
            assumed.a_week,
            assumed.disagreement,
            shown,
            assumed.margin,
            assumed.alpha / 2,
            grid,
            looks=weeks,
            first=first,
            so_far=assumed.so_far,
        )
        passed = np.sort(looks)
        upto = np.searchsorted(passed, np.arange(1, weeks + 1), side="right")
        found[row] = upto / len(passed)
    return found
