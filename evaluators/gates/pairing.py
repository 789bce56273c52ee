"""Whether the candidate has a recommendation for the cases, on every day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import GateResult
from data_contracts.vocabulary import GateFamily, Reason, Status
from evaluators.columns import NO_DAY, Measures
from evaluators.kinds import GateKind
from evaluators.scope import Scope
from evaluators.weeks import to_date
from evaluators.wording import count, day, percent, plain_percent, short_day


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts as fed.

    Attributes
    ----------
    minimum
        Least share of cases with a recommendation record, also one that abstains or failed.
    smallest_day
        Days with fewer decisions than this may have no recommendation at all.
    """

    minimum: float = 0.98
    smallest_day: int = 20

    def __post_init__(self) -> None:
        if not 0 < self.minimum <= 1:
            raise ValueError("`minimum` must be above 0 and at most 1")
        if self.smallest_day < 1:
            raise ValueError("`smallest_day` must be at least 1")


def judge(name: str, settings: Settings, measures: Measures, scope: Scope) -> GateResult:
    """Return PASS when enough cases are paired and no day is without recommendations.

    Notes
    -----
    Exact: it counts the records of this study and estimates nothing, so it has no interval. The
    last day counts like any other; a feed that stopped must not look healthy for a day.
    """
    rule = (
        f"At least {plain_percent(settings.minimum)} of decisions have a recommendation,"
        f" and no day with {count(settings.smallest_day, 'decision')} or more has none"
    )
    table = measures["stream_counts"]
    result = partial(
        GateResult, name, "pairing", GateFamily.DATA, rule=rule, threshold=settings.minimum
    )
    decisions = table["decisions"].astype(np.int64) if len(table) else np.zeros(0, np.int64)
    n = int(decisions.sum())
    if n == 0:
        return result(
            status=Status.NO_DATA,
            reason=Reason.NO_CASES,
            sentence="No decision has arrived yet.",
            measured="no decisions",
        )
    paired = table["recommendations"].astype(np.int64)
    share = int(paired.sum()) / n
    missing = n - int(paired.sum())
    numbers = partial(
        result, measured=f"{percent(share, settings.minimum)} paired", value=share, n=n
    )
    empty = (table["cohort_day"] != NO_DAY) & (paired == 0) & (decisions >= settings.smallest_day)
    if empty.any():
        return numbers(
            status=Status.FAIL,
            reason=Reason.DAY_WITHOUT_RECOMMENDATIONS,
            sentence=_days_without(table["cohort_day"][empty], int(decisions[empty].sum())),
        )
    some = f"{missing:,} of {count(n, 'decision')} {'has' if missing == 1 else 'have'}"
    if share < settings.minimum:
        return numbers(
            status=Status.FAIL,
            reason=Reason.BEYOND_LIMIT,
            sentence=f"{some} no recommendation; at least"
            f" {plain_percent(settings.minimum)} must have one.",
        )
    return numbers(
        status=Status.PASS,
        reason=Reason.WITHIN_LIMIT,
        sentence=f"{some} no recommendation."
        if missing
        else f"All {count(n, 'decision')} have a recommendation.",
    )


def _days_without(days: NDArray[np.int64], decisions: int) -> str:
    first, last = to_date(days.min()), to_date(days.max())
    if len(days) == 1:
        return f"{count(decisions, 'decision')} of {day(last)} have no recommendation."
    start = short_day(first) if first.year == last.year else day(first)
    return (
        f"{count(decisions, 'decision')} of {len(days)} whole days between {start} and {day(last)}"
        " have no recommendation."
    )


GATE = GateKind("pairing", GateFamily.DATA, Settings, judge, ("stream_counts",))
