"""The handoffs: a picture in time with its table, and each with its criterion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard.charts.handoffs import HandoffRow
from dashboard.charts.handoffs import handoffs as handoff_chart
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.production.answer import accepted_words, plan_sentence
from dashboard.production.definition import Handoff
from dashboard.production.standing import BADGES, Standing, accepted_of, standing, told
from dashboard.words import day
from evaluators.wording import NO_VALUE, count


def transition(steps: Sequence[Handoff], visit: Visit) -> None:
    """Show who hands over to whom, by when, and what has been accepted."""
    if not steps:
        st.subheader("Transition plan", anchor=False)
        empty(
            "No handoffs are planned. The study file lists them under `transition`: from, to, the "
            "day, and what must be true by then."
        )
        return
    on = visit.evidence.publication.today
    rows = [
        HandoffRow(
            f"{step.sender} \u2192 {step.to}",
            BADGES[standing(step, on)].word.lower(),
            step.on,
            step.accepted_on if standing(step, on) is Standing.ACCEPTED else None,
            BADGES[standing(step, on)].tone,
        )
        for step in steps
    ]
    sentence = plan_sentence(steps, on)
    figure(
        Figure(
            name="handoffs",
            sentence=sentence,
            numbers=_numbers(steps, on),
            takeaway=f"{count(len(steps), 'handoff')} in time. {sentence}.",
            chart=handoff_chart(rows, on, visit.palette),
            how=(
                "Each row is a handoff. The diamond is the day it is due; a filled circle is the "
                "day on which the one who takes over accepted it, and the line between them is how "
                "much earlier or later that was. The dashed rule is the day of this publication, "
                "where it lies near the plan."
            ),
            table=[_row(step, on) for step in steps],
            csv=lambda: [
                {
                    **stamp(visit),
                    "low": None,
                    "high": None,
                    "n": None,
                    "state": standing(step, on).value,
                    "from": step.sender,
                    "to": step.to,
                    "due": step.on,
                    "accepted_on": step.accepted_on,
                    "accepted_by": step.accepted_by,
                    "criterion": step.criterion,
                }
                for step in steps
            ],
        ),
        visit,
    )
    st.table(
        {
            "State": [BADGES[standing(step, on)].markdown for step in steps],
            "Handoff": [_words(step, on) for step in steps],
            "Accepted when": [plain(step.criterion) for step in steps],
        },
        border="horizontal",
        hide_index=True,
        alt="Every handoff with its state, its day and its criterion",
    )


def _words(step: Handoff, on: date) -> str:
    """Return one handoff as markdown, with its day and where it stands."""
    name = plain(f"{step.sender} \u2192 {step.to}")
    return f"**{name}**, due {day(step.on)}; {plain(told(step, on))}"


def _numbers(steps: Sequence[Handoff], on: date) -> str:
    done = accepted_of(steps, on)
    words = accepted_words(steps, on)
    return (
        f"**{done} of {len(steps)}** accepted"
        if 0 < done < len(steps)
        else f"{words[0].upper()}{words[1:]}."
    )


def _row(step: Handoff, on: date) -> dict[str, str]:
    return {
        "From": step.sender,
        "To": step.to,
        "Due": day(step.on),
        "State": standing(step, on).value,
        "Accepted": day(step.accepted_on),
        "By": step.accepted_by or NO_VALUE,
        "Criterion": step.criterion,
    }
