"""The difference of losses with three intervals side by side, so that the wider one is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import stdtrit

from data_contracts.vocabulary import DecisionType, Loss
from evaluators.columns import Measures
from evaluators.kinds import Report, Rows
from evaluators.numeric.loss_columns import ErrorSize
from evaluators.numeric.loss_intervals import around, naive
from evaluators.numeric.losses import LossTable, loss_table
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.statistics.serial import diebold_mariano


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row for each segment and loss, over mature cases with a known outcome.

    Notes
    -----
    ``naive`` is what a spreadsheet gives: one look, cases independent. ``serial`` is for one look
    too, but knows that cases of a day and of days in a row resemble each other. ``anytime`` holds
    at every look besides. ``dm`` is Diebold and Mariano's statistic of the daily mean difference,
    with the small-sample factor of Harvey, Leybourne and Newbold.

    References
    ----------
    Diebold & Mariano (1995), doi:10.1080/07350015.1995.10524599; Harvey, Leybourne & Newbold
    (1997), doi:10.1016/S0169-2070(96)00719-4; Newey & West (1987), doi:10.2307/1913610.
    """
    cases = CaseCounts.of(measures["loss_sums"])
    if not len(cases.table):
        return {}
    quantities = {"absolute": ErrorSize.ABSOLUTE, "squared": ErrorSize.SQUARED}
    if scope.terms.loss is Loss.QUANTILE:
        quantities["quantile"] = ErrorSize.REGISTERED
    parts = [
        _of(loss_table(cases, scope, quantity), metric, scope)
        for metric, quantity in quantities.items()
    ]
    return {name: [one for part in parts for one in part[name]] for name in parts[0]}


def _of(table: LossTable, metric: str, scope: Scope) -> dict[str, list[Any]]:
    production, candidate = table.means[:2]
    gap = production - candidate
    spread = table.spread(1.0, -1.0)
    wide, alone = spread.variance, spread.alone
    clusters = table.clusters
    units = clusters if table.dated else table.n
    half = stdtrit(np.maximum(units - 1, 1), 1 - scope.alpha / 2) * np.sqrt(wide)
    statistic, p = _diebold_mariano(table, scope.terms.horizon_days)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.where(alone > 0, wide / alone, np.nan)
    keep = table.n > 0
    ends = {
        "naive": naive(table, gap, scope.alpha, 1.0, -1.0),
        "serial": (gap - half, gap + half),
        "anytime": around(table, gap, scope.alpha, 1.0, -1.0),
    }
    intervals = {
        f"{name}_{side}": end
        for name, pair in ends.items()
        for side, end in zip(("low", "high"), pair, strict=True)
    }
    numbers = {
        "production_loss": production,
        "candidate_loss": candidate,
        "difference": gap,
        **{name: np.where(np.isfinite(end), end, np.nan) for name, end in intervals.items()},
        "design_effect": effect,
        "dm": statistic,
        "dm_p": p,
    }
    segments = [s for s, kept in zip(table.segments, keep.tolist(), strict=True) if kept]
    return {
        "cut": [s.cut for s in segments],
        "segment": [s.value for s in segments],
        "metric": [metric] * len(segments),
        **{name: values[keep].tolist() for name, values in numbers.items()},
        "days": clusters[keep].astype(int).tolist(),
        "n": table.n[keep].astype(int).tolist(),
    }


def _diebold_mariano(table: LossTable, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    with np.errstate(divide="ignore", invalid="ignore"):
        daily = (table.day_sums[0] - table.day_sums[1]) / table.day_n
    found = list(_parts(table, daily, horizon))
    return np.concatenate([s for s, _ in found]), np.concatenate([p for _, p in found])


def _parts(
    table: LossTable, daily: np.ndarray, horizon: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for _, series in table.day_tables(daily, np.nan):
        yield diebold_mariano(series, horizon)


REPORT = Report(
    "loss_intervals",
    "Differences of losses with three intervals",
    ("loss_sums",),
    tabulate,
    (DecisionType.NUMERIC,),
)
