"""The difference in accuracy of every cohort week by itself; the last ones as what is possible."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.agreement.cohort_weeks import CohortWeek, cohort_weeks, selective, weeks_answer
from dashboard.agreement.counted import Asked, Counted, found
from dashboard.charts.common import SIGNED
from dashboard.charts.over_time import Point, Rule, over_time, reach
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, interval_words, stamp
from dashboard.segments import DIFFERENCE
from dashboard.words import bounds, day, short_day
from data_contracts.findings import WHOLE
from evaluators.metrics.paired_difference import EVALUATOR
from evaluators.wording import count, level, points

TITLE = "Difference in accuracy by week"


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


def _figure(visit: Visit, asked: Asked, it: Counted, weeks: Sequence[CohortWeek]) -> Figure:
    alpha = visit.evidence.publication.alpha
    bound, sentence = level(alpha), weeks_answer(weeks)
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
            f"that week alone, in points; the line is its {bound} interval. "
            f"{interval_words(alpha)} "
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
    if overall.estimate is not None and not selective(visit):
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
    if selective(visit):
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
