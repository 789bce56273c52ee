"""Numbers of two for the same cases: the limits of their difference, and whose are nearer."""

from __future__ import annotations

import streamlit as st

from dashboard.agreement.counted import Asked
from dashboard.agreement.numeric import Compared
from dashboard.page import Visit
from dashboard.parts import empty, prose, table
from dashboard.published import table as published
from dashboard.words import number, span
from evaluators.wording import level

LOSSES = {
    "absolute": "Mean error, size",
    "squared": "Mean squared error",
    "quantile": "Pinball loss",
}


def limits(visit: Visit, it: Compared) -> None:
    """Show the limits between which the differences of single cases lie."""
    if it.bias.estimate is None:
        return
    bound = level(visit.evidence.publication.alpha)
    st.subheader("How far apart two numbers for the same case are", anchor=False)
    rows = (
        ("On average (AI minus production)", it.bias, True),
        ("95 of 100 cases: lower end", it.low, True),
        ("95 of 100 cases: upper end", it.high, True),
        ("Concordance (1 = always the same)", it.concordance, False),
    )
    table(
        [
            {
                "What": name,
                "Measured": number(one.estimate, signed=signed),
                f"{bound} interval": f"{span(one.low, one.high)}",
                "Cases": f"{one.n:,}",
            }
            for name, one, signed in rows
        ],
        "Mean difference and limits of agreement of the two numbers",
    )
    prose(
        "Intervals are for one look, cases taken as independent (Bland and Altman's limits of "
        "agreement, Lin's concordance)."
    )


def losses(visit: Visit, asked: Asked) -> None:
    """Show the mean errors of both, and what is known of their difference."""
    st.subheader("Whose numbers are nearer to what turned out", anchor=False)
    if asked.period is not None:
        empty("Errors are published for the whole record only; take the period away to see them.")
        return
    rows = published(
        visit, "loss_intervals", "metric", cut=asked.segment.cut, segment=asked.segment.value
    )
    if not rows:
        empty("No outcome is known yet, so no error is either.")
        return
    table(
        [
            {
                "Measure": LOSSES.get(row["metric"]) or str(row["metric"]),
                "Production": number(row["production_loss"]),
                "AI": number(row["candidate_loss"]),
                "AI better by": number(row["difference"], signed=True),
                "Interval, at any look": f"{span(row['anytime_low'], row['anytime_high'])}",
                "For one look": f"{span(row['serial_low'], row['serial_high'])}",
                "Cases": f"{row['n']:,}",
            }
            for row in rows
        ],
        "Mean errors of production and the AI, and the difference with its intervals",
    )
    prose(
        "Over cases old enough whose outcome is known. Both intervals know that the differences "
        "of days in a row resemble each other; the first one holds however often you look."
    )
