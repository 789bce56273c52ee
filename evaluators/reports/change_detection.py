"""Has the difference fallen since? The detectors day by day."""

from __future__ import annotations

import numpy as np

from evaluators.columns import NO_DAY, Measures
from evaluators.kinds import Report, Rows
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.change_monitor import monitors
from evaluators.scope import Scope
from evaluators.weeks import to_date


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return one row per monitored segment and mature cohort day.

    Notes
    -----
    All cases, and the largest segments of every cut that a gate sets a limit for. How the
    detectors work and what they guarantee: `change_monitor.monitors`.

    References
    ----------
    Shin, Ramdas & Rinaldo (2024), doi:10.1214/23-EJS2191.
    """
    cases = CaseCounts.of_measures(measures)
    found = monitors(cases, scope) if cases.total(cases.compared).any() else None
    if found is None:
        return {}
    size, days = found.detector.shape
    dates = {day: to_date(day) for day in range(found.first_day, found.first_day + days)}
    dates_or_none = {**dates, NO_DAY: None}
    c = found.counts
    return {
        "cut": np.repeat([s.cut for s in found.segments], days).tolist(),
        "segment": np.repeat([s.value for s in found.segments], days).tolist(),
        "day": list(dates.values()) * size,
        "n": c.n.ravel().tolist(),
        "wins": c.only_candidate.ravel().tolist(),
        "losses": c.only_production.ravel().tolist(),
        "open_disagreements": c.open_disagreements.ravel().tolist(),
        "floor": np.repeat(found.floor, days).tolist(),
        "detector": found.detector.ravel().tolist(),
        "threshold": np.tile(found.threshold, size).astype(float).tolist(),
        "alarm": found.open.ravel().tolist(),
        "alarm_day": [dates_or_none[day] for day in found.alarm_day.ravel().tolist()],
        "change_day": [dates_or_none[day] for day in found.change_day.ravel().tolist()],
    }


REPORT = Report(
    "change_detection", "Has the difference fallen since?", ("outcome_counts",), tabulate
)
