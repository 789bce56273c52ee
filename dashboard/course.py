"""The course over time: the cumulative difference week by week, with its words and file."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.answers import course_answer
from dashboard.charts.trajectory import trajectory
from dashboard.limits import whole_limit
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, interval_words, stamp
from dashboard.readiness.frozen import Frozen
from dashboard.records import Week
from dashboard.words import bounds, day
from evaluators.wording import count, level, points

OVERALL = "noninferiority"
"""Kind of the gate that the course over time is about."""


def course(visit: Visit, frozen: Frozen | None = None) -> None:
    """Show the difference week by week, or say why there is nothing to show.

    Parameters
    ----------
    frozen
        Of a blocked study: what could be trusted last. Later weeks are not shown.
    """
    every = visit.evidence.trajectory(visit.candidate)
    until = None
    if frozen is not None:
        until = date.min if frozen.verdict is None else frozen.verdict.data_to
    weeks = tuple(week for week in every if until is None or week.day <= until)
    limit = whole_limit(visit.evidence)
    if every and not weeks:
        st.subheader("The course over time", anchor=False)
        empty("No whole week rests on data that can be trusted.")
        return
    if not weeks:
        st.subheader("The course over time", anchor=False)
        timeless = visit.evidence.publication.first_day is None
        empty(
            "The records of this study carry no days, so there is no course over time."
            if timeless
            else "The first whole week of decisions is not over yet; the course starts with it."
        )
        return
    last = next((w for w in reversed(weeks) if w.mature and w.estimate is not None), None)
    alpha = visit.evidence.publication.alpha
    bound = level(alpha)
    against = "" if limit is None else f", limit {points(limit)}"
    if last is None:
        latest = weeks[-1]
        sentence = "No week is old enough yet: its outcomes are still coming in"
        numbers = (
            f"**{bounds(latest.possible_low, latest.possible_high)} points** is what the missing "
            f"outcomes leave possible ({count(latest.n, 'case')}){against}."
        )
        label = ""
    else:
        now = [gate.result for gate in visit.evidence.gates(visit.candidate)]
        gates = now if frozen is None else list(frozen.gates.values())
        overall = next((g for g in gates if g.kind == OVERALL), None)
        sentence = course_answer(weeks, overall, limited=limit is not None)
        numbers = (
            f"**{points(last.estimate, limit)} points** ({bound} interval "
            f"{bounds(last.low, last.high, limit)}; {count(last.n, 'case')} to "
            f"{day(last.day)}){against}."
        )
        label = points(last.estimate, limit)
    if len(weeks) < len(every) and until is not None:
        numbers += (
            f" Shown are the weeks to {day(until)}, as far as is known now; later ones cannot be "
            "trusted yet."
        )
    figure(
        Figure(
            name="difference-by-week",
            sentence=sentence,
            numbers=numbers,
            takeaway=f"Difference in accuracy by week. {sentence}.",
            chart=trajectory(weeks, None if limit is None else 100 * limit, label, visit.palette),
            how=(
                "Each dot is the difference in accuracy, AI minus production, over all cases from "
                "the first day to the end of that week; above 0 the AI is right more often. The "
                f"bar is its {bound} interval. {interval_words(alpha)} A dashed box is a week "
                "whose "
                "outcomes are not all in: the difference will end up inside the box, and with "
                "sampling inside the thin line. A triangle means that the bar goes on beyond the "
                "picture."
            ),
            table=[_week_row(week, limit) for week in weeks],
            csv=lambda: [_week_csv(week, visit, limit) for week in weeks],
        ),
        visit,
    )


def _week_row(week: Week, limit: float | None) -> dict[str, str]:
    return {
        "Week to": day(week.day),
        "Points": points(week.estimate, limit) if week.mature else "not yet known",
        "Interval": bounds(week.low, week.high, limit),
        "Possible": bounds(week.possible_low, week.possible_high, limit),
        "Cases": f"{week.n:,}",
    }


def _week_csv(week: Week, visit: Visit, limit: float | None) -> dict[str, object]:
    return {
        **stamp(visit),
        "week": week.week,
        "to": week.day.isoformat(),
        "difference": week.estimate,
        "low": week.low,
        "high": week.high,
        "possible_low": week.possible_low,
        "possible_high": week.possible_high,
        "n": week.n,
        "state": "mature" if week.mature else "outcomes to come",
        "limit": limit,
    }
