"""Disagreement day by day: a point and its interval each; no outcome is needed for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import streamlit as st

from dashboard.agreement.counted import Asked, Counted, week_starts
from dashboard.charts.over_time import PERCENT, Point, Rule, highest, over_time
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.period import date_of
from dashboard.words import day
from data_contracts.findings import WHOLE, Finding
from evaluators.statistics.intervals import wilson
from evaluators.wording import count, level, percent

MOST_DAYS = 120
"""Beyond so many days whole weeks are drawn instead."""


@dataclass(frozen=True, slots=True)
class Share:
    """Answered cases of a day or week, and how many of them differ."""

    start: date
    n: int
    differ: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The part that differs."""
        return self.differ / self.n


@dataclass(frozen=True, slots=True)
class Series:
    """Shares in the order of time.

    Attributes
    ----------
    weekly
        Whether each is a week and not a day.
    hidden
        Days or weeks left out because too few cases of a segment stand behind them.
    """

    shares: tuple[Share, ...]
    weekly: bool
    hidden: int

    @property
    def unit(self) -> str:
        """What one point is."""
        return "week" if self.weekly else "day"


def series(it: Counted, first: date, alpha: float, smallest: int = 0) -> Series:
    """Return the disagreement by day, or by week where days are many or small.

    Parameters
    ----------
    first
        First day of the study, from which weeks are counted.
    smallest
        Cases a point of a segment needs to be shown; 0 for all cases together.
    """
    days, n, differ = it.by_day()
    span = int(days[-1] - days[0]) + 1 if len(days) else 0
    weekly = span > MOST_DAYS or (smallest > 0 and len(n) > 0 and np.median(n) < smallest)
    if weekly:
        days, at = np.unique(week_starts(days, first), return_inverse=True)
        n, differ = (np.bincount(at, v, len(days)).astype(np.int64) for v in (n, differ))
    keep = n >= max(smallest, 1)
    low, high = wilson(differ[keep], n[keep], alpha)
    rows = zip(days[keep], n[keep], differ[keep], low, high, strict=True)
    shares = tuple(Share(date_of(d), int(m), int(k), float(a), float(b)) for d, m, k, a, b in rows)
    return Series(shares, bool(weekly), int((~keep).sum()))


def by_day(visit: Visit, asked: Asked, it: Counted, agreement: Finding) -> None:
    """Show how often the answers differ, day by day."""
    publication = visit.evidence.publication
    if publication.first_day is None:
        st.subheader("Disagreement by day", anchor=False)
        empty("The records of this study carry no days, so nothing can be shown over time.")
        return
    smallest = 0 if asked.segment == WHOLE else publication.smallest_segment
    known = series(it, publication.first_day, publication.alpha, smallest)
    if not known.shares:
        st.subheader("Disagreement by day", anchor=False)
        empty(
            f"No {known.unit} has the {smallest:,} cases that a segment needs to be shown."
            if known.hidden
            else "No case of these days has been answered by the AI."
        )
        return
    figure(_figure(visit, known, agreement, smallest), visit)


def differing(agreement: Finding, beyond: str = "") -> str:
    """Return which share of answers differs, as a sentence without its stop.

    Parameters
    ----------
    beyond
        Of numbers: by how much they have to differ, e.g. `` by more than 8``.

    Examples
    --------
    >>> from data_contracts.vocabulary import Reason, Status
    >>> rest = (None, None, 40, "", Status.NO_DATA, Reason.OK)
    >>> differing(Finding("agreement_raw", "c", "1", WHOLE, 1.0, *rest))
    'No answer differs; no outcome is needed to know this'
    """
    share = 1 - (agreement.estimate if agreement.estimate is not None else 1.0)
    some = {0.0: "No answer differs", 1.0: "Every answer differs"}
    said = some.get(share, f"{percent(share)} of answers differ")
    return f"{said}{beyond}; no outcome is needed to know this"


def _figure(visit: Visit, known: Series, agreement: Finding, smallest: int) -> Figure:
    alpha = visit.evidence.publication.alpha
    bound, shares = level(alpha), known.shares
    share = None if agreement.estimate is None else 1 - agreement.estimate
    ends = [None if end is None else 1 - end for end in (agreement.high, agreement.low)]
    latest, unit = shares[-1], known.unit
    numbers = [
        f"**{percent(share)}** ({bound} interval {percent(ends[0])} to {percent(ends[1])}; "
        f"{count(agreement.n, 'answered case')}).",
        f"Latest {unit}{' from' if known.weekly else ','} {day(latest.start)}: "
        f"{percent(latest.share)} ({percent(latest.low)} to {percent(latest.high)}; "
        f"{count(latest.n, 'case')}).",
    ]
    if known.weekly:
        numbers.append("Drawn by week, as days would be many." if not smallest else "By week.")
    if known.hidden:
        numbers.append(
            f"{count(known.hidden, unit)} with fewer than {smallest:,} cases "
            f"{'is' if known.hidden == 1 else 'are'} not drawn."
        )
    decision = visit.evidence.publication.part("decision")
    tolerance = decision.get("tolerance")
    beyond = f" by more than {tolerance:.6g}" if tolerance else ""
    other = f"a number that differs{beyond}" if beyond else "something else than production"
    sentence = differing(agreement, beyond)
    points = [Point(s.start, 100 * s.share, 100 * s.low, 100 * s.high) for s in shares]
    top = max(1.0, highest([replace(point, low=None) for point in points]))
    usual = [] if share is None else [Rule(100 * share, "", dashed=True)]
    return Figure(
        name=f"disagreement-by-{unit}",
        sentence=sentence,
        numbers=" ".join(numbers),
        takeaway=f"Share of answers that differ, by {unit}. {sentence}.",
        chart=over_time(
            points,
            (0.0, top),
            PERCENT,
            visit.palette.ink,
            visit.palette,
            usual,
            "Week of the decision, from" if known.weekly else "Day of the decision",
        ),
        how=(
            f"Each dot is a {unit}: of the cases the AI answered, the share in which it said "
            f"{other}. The line is its {bound} interval (Wilson), made for "
            f"one look at that {unit} alone: of 100 {unit}s about {100 * alpha:.3g} miss. The "
            "dashed line is the share over all of them together."
        ),
        table=[
            {
                f"{unit.capitalize()}{' from' if known.weekly else ''}": day(s.start),
                "Differ": percent(s.share) if s.n >= 100 else f"{s.differ} of {s.n}",
                "Interval": f"{percent(s.low)} to {percent(s.high)}",
                "Cases": f"{s.n:,}",
            }
            for s in shares
        ],
        csv=lambda: [
            {
                **stamp(visit),
                unit: s.start.isoformat(),
                "differ": s.differ,
                "share": s.share,
                "low": s.low,
                "high": s.high,
                "n": s.n,
                "state": "answered cases; interval for one look",
            }
            for s in shares
        ],
    )
