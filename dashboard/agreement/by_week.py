"""The difference in accuracy of every cohort week by itself; the last ones as what is possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import streamlit as st

from dashboard.agreement.counted import (
    Asked,
    Counted,
    found,
    scope_asked,
    week_starts,
)
from dashboard.charts.common import SIGNED
from dashboard.charts.over_time import Point, Rule, over_time, reach
from dashboard.page import Visit
from dashboard.parts import HOW_TO_READ_INTERVAL, Figure, empty, figure, stamp
from dashboard.period import date_of
from dashboard.segments import DIFFERENCE, POSSIBLE, recomputed
from dashboard.words import bounds, day, short_day
from data_contracts.findings import WHOLE
from evaluators.columns import NO_DAY, Columns
from evaluators.metrics.paired_difference import EVALUATOR
from evaluators.weeks import WEEK
from evaluators.wording import count, level, points

TITLE = "Difference in accuracy by week"


@dataclass(frozen=True, slots=True)
class CohortWeek:
    """The cases decided in one week; differences are fractions, AI minus production.

    Attributes
    ----------
    final
        Whether the outcomes of all its cases are expected to be in.
    low, high
        Interval valid at any look, missing outcomes filled either way.
    possible_low, possible_high
        What missing outcomes leave possible, without sampling.
    """

    start: date
    days: int
    final: bool
    estimate: float | None
    low: float | None
    high: float | None
    possible_low: float | None
    possible_high: float | None
    n: int

    @property
    def known(self) -> bool:
        """Whether there is a number and not only a range."""
        return self.final and self.estimate is not None


def cohort_weeks(visit: Visit, asked: Asked, it: Counted, smallest: int) -> tuple[CohortWeek, ...]:
    """Return every week with enough cases, each by itself; one call of the evaluator for all."""
    publication = visit.evidence.publication
    if publication.first_day is None or not len(it.table):
        return ()
    day_of = np.asarray(it.table["cohort_day"], np.int64)
    table = it.table.where(day_of != NO_DAY)
    days = day_of[day_of != NO_DAY]
    starts, at = np.unique(week_starts(days, publication.first_day), return_inverse=True)
    names = tuple(date_of(start).isoformat() for start in starts)
    of_week = Columns(
        {**table.arrays, "cut": np.zeros(len(at), np.int32), "segment": at.astype(np.int32)},
        {**table.labels, "cut": ("week",), "segment": names},
    )
    scope = replace(scope_asked(visit, asked), mature_day=None)
    result = recomputed(EVALUATOR, of_week, scope)
    last = publication.data_to or date_of(int(days.max()))
    mature, selective = publication.mature_to, _selective(visit)
    weeks = []
    for segment, one in result[DIFFERENCE].items():
        if segment == WHOLE or one.n < max(smallest, 1):
            continue
        start = date.fromisoformat(segment.value)
        end = min(start + timedelta(WEEK - 1), last)
        possible = result[POSSIBLE][segment]
        weeks.append(
            CohortWeek(
                start,
                len(np.unique(days[at == names.index(segment.value)])),
                mature is not None and end <= mature and not selective,
                one.estimate,
                one.low,
                one.high,
                possible.low,
                possible.high,
                one.n,
            )
        )
    return tuple(sorted(weeks, key=lambda week: week.start))


def _selective(visit: Visit) -> bool:
    """Return whether outcomes are seen after some decisions only, so that no week is ever known."""
    return bool((visit.evidence.publication.document.get("outcome") or {}).get("selective"))


def by_week(visit: Visit, asked: Asked, it: Counted) -> None:
    """Show each cohort week's own difference in accuracy."""
    if visit.evidence.publication.first_day is None:
        return
    smallest = 0 if asked.segment == WHOLE else visit.evidence.publication.smallest_segment
    weeks = cohort_weeks(visit, asked, it, smallest)
    if not weeks:
        st.subheader(TITLE, anchor=False)
        empty("No week of these days has enough cases to be shown.")
        return
    figure(_figure(visit, asked, it, weeks), visit)


def weeks_answer(weeks: Sequence[CohortWeek]) -> str:
    """Return in how many final weeks something is shown, without its stop.

    Examples
    --------
    >>> one = CohortWeek(date(2013, 5, 1), 7, True, 0.01, 0.002, 0.02, None, None, 900)
    >>> weeks_answer([one, replace(one, low=-0.001)])
    'Of 2 weeks whose outcomes are final the AI is shown to be better in 1; 1 is undecided'
    """
    known = [week for week in weeks if week.known]
    if not known:
        return "No week is old enough yet: its outcomes are still coming in"
    better = sum(week.low is not None and week.low > 0 for week in known)
    worse = sum(week.high is not None and week.high < 0 for week in known)
    open_ = len(known) - better - worse
    if len(known) == 1:
        shown = "better" if better else "worse"
        tail = (
            "it is undecided who was right more often"
            if open_
            else f"the AI is shown to be {shown}"
        )
        return f"In the one week whose outcomes are final {tail}"
    for size, word in (
        (better, "the AI is shown to be better"),
        (worse, "the AI is shown to be worse"),
    ):
        if size == len(known):
            return f"In all {size} weeks whose outcomes are final {word}"
    if open_ == len(known):
        return (
            f"In none of the {open_} weeks whose outcomes are final is the AI shown to be better "
            "or worse"
        )
    said = [f"better in {better}"] if better else []
    said += [f"worse in {worse}"] if worse else []
    rest = f"; {open_} {'is' if open_ == 1 else 'are'} undecided" if open_ else ""
    return (
        f"Of {len(known)} weeks whose outcomes are final the AI is shown to be "
        f"{' and '.join(said)}{rest}"
    )


def _figure(visit: Visit, asked: Asked, it: Counted, weeks: Sequence[CohortWeek]) -> Figure:
    bound, sentence = level(visit.evidence.publication.alpha), weeks_answer(weeks)
    drawn = [_point(week) for week in weeks]
    return Figure(
        name="difference-by-cohort-week",
        sentence=sentence,
        numbers=_numbers(visit, asked, it, weeks, bound),
        takeaway=f"{TITLE}. {sentence}.",
        chart=over_time(
            drawn,
            reach(drawn),
            SIGNED,
            visit.palette.candidate,
            visit.palette,
            [Rule(0.0, "same as production")],
            "Week of the decision, from",
        ),
        how=(
            "Each dot is the difference in accuracy, AI minus production, of the cases decided in "
            f"that week alone, in points; the line is its {bound} interval. {HOW_TO_READ_INTERVAL} "
            "That holds for each week taken singly; among many weeks some miss. Weeks are not "
            "added up: the course over all weeks is on Readiness. A dashed box is a week whose "
            "outcomes are not all in: its difference will end up inside the box, the thin line "
            "adds sampling. A triangle means that the line goes on beyond the picture."
        ),
        table=[_row(week) for week in weeks],
        csv=lambda: [_csv(week, visit) for week in weeks],
    )


def _numbers(
    visit: Visit, asked: Asked, it: Counted, weeks: Sequence[CohortWeek], bound: str
) -> str:
    parts = []
    overall = found(visit, asked, it, DIFFERENCE, EVALUATOR)
    if overall.estimate is not None and not _selective(visit):
        parts.append(
            f"**{points(overall.estimate)} points** over all cases old enough ({bound} interval "
            f"{bounds(overall.low, overall.high)}; {count(overall.n, 'case')})."
        )
    coming = [week for week in weeks if not week.known]
    if coming:
        last = coming[-1]
        week = f"the week from {short_day(last.start)} ({count(last.n, 'case')})"
        if last.possible_low == last.possible_high:
            parts.append(f"{week[0].upper()}{week[1:]} is not final yet.")
        else:
            possible = f"{bounds(last.possible_low, last.possible_high)} points"
            shown = possible if parts else f"**{possible}**"
            parts.append(f"In {week} {shown} is still possible.")
    if _selective(visit):
        parts.append(
            "Outcomes are seen after some decisions only, so every week stays a range of what is "
            "possible."
        )
    return " ".join(parts)


def _point(week: CohortWeek) -> Point:
    def scaled(value: float | None) -> float | None:
        return None if value is None else 100 * value

    return Point(
        week.start,
        scaled(week.estimate) if week.known else None,
        scaled(week.low),
        scaled(week.high),
        None if week.known else scaled(week.possible_low),
        None if week.known else scaled(week.possible_high),
    )


def _row(week: CohortWeek) -> dict[str, str]:
    return {
        "Week from": day(week.start),
        "Days": str(week.days),
        "Points": points(week.estimate) if week.known else "not yet known",
        "Interval": bounds(week.low, week.high),
        "Possible": bounds(week.possible_low, week.possible_high),
        "Cases": f"{week.n:,}",
    }


def _csv(week: CohortWeek, visit: Visit) -> dict[str, object]:
    return {
        **stamp(visit),
        "week_from": week.start.isoformat(),
        "days": week.days,
        "difference": week.estimate if week.known else None,
        "low": week.low,
        "high": week.high,
        "possible_low": week.possible_low,
        "possible_high": week.possible_high,
        "n": week.n,
        "state": "final" if week.known else "outcomes to come",
    }
