"""Readiness: the verdict, what it rests on, what is still missing and how long that will take."""

from __future__ import annotations

import streamlit as st

from dashboard.answers import course, next_step
from dashboard.charts.trajectory import trajectory
from dashboard.escape import plain
from dashboard.figures import figure_tiles
from dashboard.page import Page, Visit
from dashboard.parts import HOW_TO_READ_INTERVAL, Figure, badge, empty, figure, prose, table, tiles
from dashboard.records import Gate, Week
from dashboard.theme import GATES, VERDICTS
from dashboard.words import between, bounds, day, moment, short_day
from data_contracts.findings import ALL_CASES
from data_contracts.vocabulary import GateFamily, Status
from evaluators.wording import count, level, points

OVERALL = "noninferiority"
"""Kind of the gate that the course over time is about."""

SEEN_BY_SEGMENT = (GateFamily.QUALITY, GateFamily.SEGMENTS)


def render(visit: Visit) -> None:
    """Draw the page."""
    _verdict(visit)
    tiles(figure_tiles(visit))
    _trajectory(visit)
    _missing(visit)
    _gates(visit)
    _history(visit)


def _verdict(visit: Visit) -> None:
    it = visit.evidence.publication
    verdict = visit.evidence.verdict(visit.candidate)
    with st.container(border=True):
        badge(VERDICTS[verdict.state])
        st.header(plain(verdict.sentence), anchor=False)
        prose(next_step(visit.evidence, visit.candidate))
    facts = [f"{visit.candidate} in place of {it.production}"]
    if it.data_to is not None:
        facts.append(f"decisions to {day(it.data_to)}")
    if it.mature_to is not None and it.mature_to != it.data_to:
        facts.append(f"outcomes expected to {day(it.mature_to)}")
    registered = visit.evidence.registrations
    if registered:
        facts.append(f"policy registered {day(registered[-1].registered_at.date())}")
    st.markdown(f":small[{plain(' · '.join(facts))}]")


def _trajectory(visit: Visit) -> None:
    weeks = visit.evidence.trajectory(visit.candidate)
    limit = visit.evidence.limits.get(ALL_CASES)
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
    bound = level(visit.evidence.publication.alpha)
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
        gates = (gate.result for gate in visit.evidence.gates(visit.candidate))
        sentence = course(weeks, next((g for g in gates if g.kind == OVERALL), None))
        numbers = (
            f"**{points(last.estimate, limit)} points** ({bound} interval "
            f"{bounds(last.low, last.high, limit)}; {count(last.n, 'case')} to "
            f"{day(last.day)}){against}."
        )
        label = points(last.estimate, limit)
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
                f"bar is its {bound} interval. {HOW_TO_READ_INTERVAL} A dashed box is a week whose "
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
    it = visit.evidence.publication
    return {
        "study": it.study,
        "candidate": visit.candidate.name,
        "version": visit.candidate.version,
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
        "data_to": it.data_to,
        "evidence": it.evidence_no,
    }


def _missing(visit: Visit) -> None:
    gates = visit.evidence.gates(visit.candidate)
    missing = [gate for gate in gates if gate.result.status is not Status.PASS]
    if not missing:
        return
    st.subheader("What is still missing", anchor=False)
    for gate in sorted(missing, key=lambda g: g.result.status is not Status.FAIL):
        _card(gate, visit)


def _card(gate: Gate, visit: Visit) -> None:
    result = gate.result
    state = GATES[result.status]
    with st.container(border=True):
        words, why = st.columns([5, 1], vertical_alignment="center")
        with words:
            badge(state, f"{result.family.capitalize()}: {state.word.lower()}")
            prose(plain(" ".join(filter(None, (result.sentence, _forecast(gate))))))
        with why, st.popover("See why", icon=":material/arrow_forward:", type="tertiary"):
            prose(f"**Criterion:** {plain(result.rule)}")
            prose(f"**Measured:** {plain(result.measured)} ({count(result.n, 'case')})")
            prose(f"**Reason:** {plain(result.reason.replace('_', ' '))}")
            for name, value in gate.settings.items():
                prose(f"Setting `{name}`: {plain(value)}")
            if result.family in SEEN_BY_SEGMENT and "accuracy" in visit.links:
                st.page_link(visit.links["accuracy"], label="Accuracy by segment")


def _forecast(gate: Gate) -> str:
    forecast = gate.result.forecast
    if forecast is None:
        return ""
    if not forecast.reachable:
        return "At the pace so far, waiting will not change this."
    when = between(forecast.earliest, forecast.latest)
    return f"Expected: {when}." if when else ""


def _gates(visit: Visit) -> None:
    gates = visit.evidence.gates(visit.candidate)
    if not gates:
        return
    with st.expander(
        f"All {len(gates)} gates" if len(gates) > 1 else "The one gate", expanded=True
    ):
        st.table(
            {
                "State": [GATES[gate.result.status].markdown for gate in gates],
                "Criterion": [plain(gate.result.rule) for gate in gates],
                "Measured": [plain(gate.result.measured) for gate in gates],
                "Cases": [f"{gate.result.n:,}" for gate in gates],
                "Since": [short_day(gate.result.since) for gate in gates],
                "Family": [plain(gate.result.family.capitalize()) for gate in gates],
            },
            border="horizontal",
            hide_index=True,
            alt=f"All {len(gates)} gates with state, criterion and what was measured",
        )


def _history(visit: Visit) -> None:
    verdicts = visit.evidence.history(visit.candidate)
    with st.expander(f"Verdicts so far: {len(verdicts)}"):
        table(
            [
                {
                    "No.": str(verdict.evidence_no),
                    "Published": moment(verdict.published_at),
                    "Data to": day(verdict.data_to),
                    "Verdict": VERDICTS[verdict.state].word,
                    "Why": verdict.sentence,
                    "Policy": verdict.policy_hash[:8],
                }
                for verdict in verdicts
            ],
            "Every verdict published so far, the newest first",
        )
    registered = visit.evidence.registrations
    title = "Policy: registered once, never changed"
    if len(registered) > 1:
        title = f"Policy: registered {len(registered)} times, changed since the first verdict"
    with st.expander(title):
        table(
            [
                {
                    "Registered": moment(it.registered_at),
                    "Policy": it.policy_hash[:8],
                    "Gates": ", ".join(str(g.get("kind")) for g in it.policy.get("gates", ())),
                    "In force": "yes"
                    if it.policy_hash == visit.evidence.publication.policy_hash
                    else "replaced",
                }
                for it in reversed(registered)
            ],
            "Every policy this study was judged by, the newest first",
        )


PAGE = Page(
    title="Readiness",
    heading="May it go live?",
    icon="verified",
    order=10,
    path="readiness",
    render=render,
)
