"""What each gate about the difference still needs, as published: rows, weeks and dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.page import Visit
from dashboard.published import table
from dashboard.words import between
from data_contracts.findings import ALL_CASES
from evaluators.weeks import WEEK
from evaluators.wording import NO_VALUE, count


@dataclass(frozen=True, slots=True)
class Need:
    """One gate and segment.

    Attributes
    ----------
    n
        Mature cases so far.
    more
        Further cases; 0: shown already, None: more cases would not help.
    a_week
        Cases a week so far; None without days.
    earliest, latest
        Days between which it is expected to be shown; None where no day can be named.
    """

    gate: str
    cut: str
    segment: str
    margin: float
    n: int
    disagreement: float
    more: int | None
    a_week: float | None
    earliest: date | None
    latest: date | None
    reachable: bool

    @property
    def shown(self) -> bool:
        """Whether it is shown already, taken singly."""
        return self.more == 0

    @property
    def hopeless(self) -> bool:
        """Whether waiting is said not to help."""
        return not self.shown and not self.reachable

    @property
    def name(self) -> str:
        """The segment, or all cases."""
        return "All cases" if self.cut == ALL_CASES else self.segment

    @property
    def cases(self) -> str:
        """Further cases in words."""
        if self.more is None:
            return "more would not help"
        return "none: shown" if self.shown else f"about {self.more:,}"

    @property
    def when(self) -> str:
        """The range of days in words; never one day."""
        if self.shown:
            return "shown already"
        if self.hopeless:
            return "not by waiting"
        return between(self.earliest, self.latest) or NO_VALUE


def needs(visit: Visit) -> tuple[Need, ...]:
    """Return what is published for the candidate, gate by gate in the policy's order."""
    order = {gate.result.gate: i for i, gate in enumerate(visit.evidence.gates(visit.candidate))}
    rows = table(visit, "plan", "gate, cut, segment")
    ordered = sorted(rows, key=lambda row: order.get(row["gate"], len(order)))
    return tuple(_need(row) for row in ordered)


def whole(found: Sequence[Need]) -> Need | None:
    """Return what the first gate about all cases together needs."""
    return next((need for need in found if need.cut == ALL_CASES), None)


def weeks_words(first: date | None, last: date | None, now: date) -> str:
    """Return a range of days as whole weeks from now.

    Examples
    --------
    >>> now = date(2026, 3, 1)
    >>> weeks_words(date(2026, 3, 8), date(2026, 3, 29), now)
    '1 to 4 more weeks'
    >>> weeks_words(date(2026, 3, 29), None, now), weeks_words(date(2026, 3, 8), now, now)
    ('at least 4 more weeks', 'about 1 more week')
    """

    def ahead(day: date) -> int:
        return max(1, -(-(day - now).days // WEEK))

    if first is None:
        return "" if last is None else f"at most {count(ahead(last), 'more week')}"
    if last is None:
        return f"at least {count(ahead(first), 'more week')}"
    least, most = ahead(first), ahead(last)
    if least >= most:
        return f"about {count(least, 'more week')}"
    return f"{least:,} to {most:,} more weeks"


def _need(row: dict[str, Any]) -> Need:
    return Need(
        row["gate"],
        row["cut"],
        row["segment"],
        row["margin"],
        row["n"],
        row["disagreement"] or 0.0,
        row["more_cases"],
        row["a_week"],
        row["earliest"],
        row["latest"],
        bool(row["reachable"]),
    )
