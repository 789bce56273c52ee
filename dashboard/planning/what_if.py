"""How long a new record would take: curves for what the reader supposes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.chances import Line, chance_lines
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, prose, stamp
from dashboard.planning.basis import Basis
from dashboard.planning.supposed import Supposed, assumptions, horizon, plan_of, supposed
from evaluators.planning.plan import Assumptions, Needed
from evaluators.weeks import WEEK
from evaluators.wording import count, level, percent, points

PATTERNS = ("solid", "dashed", "dotted")
"""Of the lines, in the order of the suppositions."""

EARLY, LATE = 0.1, 0.9
"""Shares of studies between whose weeks the sentence speaks."""


def what_if(visit: Visit, start: Basis) -> None:
    """Offer limit, arrivals and disagreement, and show the chance of having passed by week."""
    st.subheader("How long would a new record take?", anchor=False)
    prose(
        "For a record that starts from nothing, e.g. that of the next version. The numbers are "
        + ("those of this record" if start.measured else "supposed where the record has none")
        + " until you change them; they are kept in the address of this page."
    )
    limit, a_day, disagreement = _controls(start)
    alpha = visit.evidence.publication.alpha
    assumed = assumptions(start, limit, a_day, disagreement, alpha)
    plan = plan_of(assumed)
    if not plan.reachable:
        empty(plain(plan.why))
        return
    found = supposed(assumed, horizon(plan))
    weeks = len(found[0].chance)
    sentence = told(found[0], start.wait)
    figure(
        Figure(
            name="chance-by-week",
            sentence=plain(sentence),
            numbers=plain_numbers(found, plan, assumed),
            takeaway=f"Chance of having passed by week. {sentence}.",
            chart=chance_lines(
                [Line(one.name, one.chance) for one in found], start.least_weeks, visit.palette
            ),
            how=(
                "Each line is the share of 2,000 simulated studies in which the gate on all cases "
                "together has passed by the end of that week, if the true difference were what "
                "the line says. The gate looks every week and may stop at any of them; its error "
                f"is that of the study ({level(alpha)} intervals). Also taken from the record: "
                f"{percent(start.pairing)} of decisions with a recommendation, "
                f"{percent(start.unlabelled)} of disagreements without an outcome, which count "
                f"against the AI, and {alike(assumed.effect)}. Lines are within 2 points of "
                "the truth. They are for making a plan and no promise: nobody knows the true "
                "difference beforehand."
            ),
            table=_table(found, weeks),
            csv=lambda: _csv(found, assumed, visit),
        ),
        visit,
    )


def _controls(start: Basis) -> tuple[float, float, float]:
    with st.container(horizontal=True):
        limit = st.number_input(
            "Limit, points",
            0.1,
            50.0,
            _between(round(100 * start.limit, 2), 0.1, 50.0),
            0.5,
            key="plan_limit",
            bind="query-params",
            width=150,
            help="Worst acceptable difference in accuracy.",
        )
        a_day = st.number_input(
            "Cases a day",
            1,
            10_000_000,
            int(_between(round(start.a_day), 1, 10_000_000)),
            10,
            key="plan_cases",
            bind="query-params",
            width=150,
        )
        disagreement = st.number_input(
            "Disagreement, %",
            0.1,
            100.0,
            _between(round(100 * start.disagreement, 1), 0.1, 100.0),
            0.5,
            key="plan_disagreement",
            bind="query-params",
            width=150,
            help="Share of cases on which the two differ.",
        )
    return (limit or 1.0) / 100, float(a_day or 1), (disagreement or 1.0) / 100


def _between(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def told(equal: Supposed, wait: int) -> str:
    """Return when it is expected to pass if the two are equally good, without a full stop."""
    early, late = equal.week(EARLY), equal.week(LATE)
    outcomes = f", then {more(wait)} for outcomes" if wait else ""
    if early is None:
        return f"If the two are equally good it is unlikely to pass in {len(equal.chance)} weeks"
    if late is None:
        return f"If the two are equally good it takes at least {count(early, 'week')}{outcomes}"
    if early == late:
        return f"If the two are equally good it takes about {count(early, 'week')}{outcomes}"
    return f"If the two are equally good it takes {early} to {late} weeks{outcomes}"


def more(days: int) -> str:
    """Return a wait in whole weeks where it is some, else in days.

    Examples
    --------
    >>> more(14), more(1)
    ('2 weeks', '1 day')
    """
    return count(days // WEEK, "week") if days % WEEK == 0 else count(days, "day")


def plain_numbers(found: Sequence[Supposed], plan: Needed, assumed: Assumptions) -> str:
    """Return weeks of every supposition and cases, as markdown."""
    parts = []
    for one, pattern in zip(found, PATTERNS, strict=True):
        early, late = one.week(EARLY), one.week(LATE)
        if early is None:
            weeks = f"unlikely within {len(one.chance)} weeks"
        elif late is None:
            weeks = f"{early} weeks or more"
        else:
            weeks = f"{early} to {late} weeks" if early < late else count(late, "week")
        parts.append(f"{one.name} ({pattern}) **{weeks}**")
    cases = ""
    if plan.fixed is not None and plan.anytime is not None:
        cases = (
            f" A test looked at once would need {count(plan.fixed, 'case')} if they are equally "
            f"good; this one may be looked at every week and needs about {plan.anytime:,}."
        )
    return (
        f"In 10 to 90 of 100 studies, limit {points(-assumed.margin)}: {', '.join(parts)}.{cases}"
    )


def alike(effect: float) -> str:
    """Return what the design effect of days says, in words.

    Examples
    --------
    >>> alike(1.0), alike(4.06)
    ('cases that tell one by one', 'cases of a day so alike that 4.1 tell as much as one')
    """
    if effect < 1.05:
        return "cases that tell one by one"
    return f"cases of a day so alike that {effect:.2g} tell as much as one"


def _table(found: Sequence[Supposed], weeks: int) -> list[dict[str, str]]:
    return [
        {"Week": str(w), **{one.name.capitalize(): percent(one.chance[w - 1]) for one in found}}
        for w in range(1, weeks + 1)
    ]


def _csv(found: Sequence[Supposed], assumed: Assumptions, visit: Visit) -> list[dict[str, object]]:
    spread = 0.022
    return [
        {
            **stamp(visit),
            "supposed_difference": one.difference,
            "week": week,
            "chance": chance,
            "low": max(0.0, chance - spread),
            "high": min(1.0, chance + spread),
            "n": round(assumed.cases_per_day * WEEK * week),
            "limit": -assumed.margin,
            "disagreement": assumed.disagreement,
            "state": "supposed",
        }
        for one in found
        for week, chance in enumerate(one.chance, 1)
    ]
