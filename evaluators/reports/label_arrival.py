"""How outcomes arrive by age and class, and how long a study must wait for them."""

from __future__ import annotations

from typing import Any

import numpy as np

from data_contracts.vocabulary import DecisionType
from evaluators.columns import Measures
from evaluators.kinds import LABELS, Report, Rows
from evaluators.outcomes.outcome_ages import OutcomeAges
from evaluators.scope import Scope
from evaluators.statistics.arrival import (
    arrived_of_class,
    at_risk,
    cumulative_incidence,
    kaplan_meier,
    maturity,
)
from evaluators.wording import count

ANY = "(any)"
"""The curve of all outcomes together."""
LONGEST = 400
"""Ages beyond which the curve is not printed."""
_Z = 1.959963984540054
_WATCHED = 7
"""Days a curve must be watched beyond the wait it implies before the wait is believed."""


def tabulate(measures: Measures, scope: Scope) -> Rows:
    """Return a row per class and age: the share arrived, its interval and the cases at risk.

    Notes
    -----
    `arrived` is the share of all cases that have this outcome by that age (Aalen and Johansen; for
    all classes together Kaplan and Meier). `share`, with its interval, is the share of the
    class's own outcomes, among those that come within the longest age watched. `needed_days` is
    the age, in whole weeks, by which 98 % of every class have come, counted by the lower limit.

    References
    ----------
    Kaplan & Meier (1958), doi:10.1080/01621459.1958.10501452; Aalen & Johansen (1978).
    """
    ages = OutcomeAges.of(measures, scope)
    if not ages.classes:
        return {}
    event, censored = ages.by_age()
    every = event.sum(0)
    left, error = kaplan_meier(every, censored)
    incidence, variance = cumulative_incidence(event, censored)
    shares = [arrived_of_class(each, censored) for each in (event, every[None])]
    share, low, high = (np.concatenate(pair) for pair in zip(*shares, strict=True))
    arrived = np.concatenate([incidence, 1 - left[None]])
    spread = _Z * np.concatenate([np.sqrt(variance), error[None]])
    each, together = maturity(shares[0][1][:, None, :]), maturity(shares[0][1])
    needed = [*each.tolist(), int(together)]
    names, size = [*ages.classes, ANY], min(len(every), LONGEST)
    rows: dict[str, list[Any]] = {
        "outcome": [name for name in names for _ in range(size)],
        "age": list(range(size)) * len(names),
        "arrived": arrived[:, :size].ravel().tolist(),
        "arrived_low": np.clip(arrived - spread, 0, 1)[:, :size].ravel().tolist(),
        "arrived_high": np.clip(arrived + spread, 0, 1)[:, :size].ravel().tolist(),
        "share": share[:, :size].ravel().tolist(),
        "low": low[:, :size].ravel().tolist(),
        "high": high[:, :size].ravel().tolist(),
        "at_risk": at_risk(every, censored)[:size].astype(int).tolist() * len(names),
        "needed_days": [None if days < 0 else days for days in needed for _ in range(size)],
        "declared_days": [scope.matures_after_days] * (size * len(names)),
        "sentence": [
            sentence
            for name, days in zip(names, needed, strict=True)
            for sentence in [_told(name, days, len(every), scope)] * size
        ],
    }
    return rows


def _told(name: str, needed: int, ages: int, scope: Scope) -> str:
    """Return how long a class needs against what the study declares."""
    which = "All outcomes together" if name == ANY else f"Outcomes of class {name}"
    waits = f"the study waits {scope.matures_after_days}"
    if needed < 0:
        return (
            f"{which} have not been watched for long enough, or are too few, to tell how many days"
            f" they need; {waits}."
        )
    least = " at least" if needed + _WATCHED >= ages else ""
    return f"{which} need{least} {count(needed, 'day')}, {waits}."


REPORT = Report(
    "label_arrival",
    "How outcomes arrive by age",
    ("outcome_counts", "outcome_lags"),
    tabulate,
    tuple(kind for kind in DecisionType if kind in LABELS),
)
