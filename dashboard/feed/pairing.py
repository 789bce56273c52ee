"""Which decisions have no recommendation, by the day on which they were taken."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.unpaired import PairedDay, unpaired
from dashboard.feed.published import Feed
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.words import day, share
from evaluators.wording import count, percent


def pairing(feed: Feed, visit: Visit) -> None:
    """Show the days with decisions that have no recommendation; one line where there are none."""
    decisions, paired = feed.paired(visit.candidate)
    if not decisions:
        return
    days = feed.days(visit.candidate)
    if decisions == paired:
        st.subheader("Decisions without a recommendation", anchor=False)
        empty(f"Every one of {count(decisions, 'decision')} has a recommendation.", "check_circle")
        return
    if not days:
        st.subheader("Decisions without a recommendation", anchor=False)
        empty(
            f"{decisions - paired:,} of {count(decisions, 'decision')}; the records have no days."
        )
        return
    left_out = [it for it in days if it.missing]
    figure(
        Figure(
            name="unpaired-by-day",
            sentence=sentence(days),
            numbers=(
                f"**{percent((decisions - paired) / decisions)}** of all decisions "
                f"({decisions - paired:,} of {decisions:,}), on {len(left_out):,} of "
                f"{count(len(days), 'day')}. Counted in full, so there is no interval."
            ),
            takeaway=f"Share of decisions without a recommendation, by day. {sentence(days)}.",
            chart=unpaired(days, visit.palette),
            how=(
                "A bar is the share of a day's decisions for which no recommendation came; a day "
                "without a bar has them all. The triangle marks the day on which most is missing. "
                "A day with 20 decisions or more that has none at all fails the gate `pairing`."
            ),
            table=[
                {
                    "Day": day(it.day),
                    "Without": f"{it.missing:,}",
                    "Decisions": f"{it.decisions:,}",
                    "Share": share(it.missing, it.decisions),
                }
                for it in sorted(left_out, key=lambda it: -it.missing)
            ],
            csv=lambda: [
                {
                    **stamp(visit),
                    "low": None,
                    "high": None,
                    "n": it.decisions,
                    "state": "complete" if not it.missing else "incomplete",
                    "day": it.day,
                    "without_recommendation": it.missing,
                }
                for it in days
            ],
        ),
        visit,
    )


def sentence(days: tuple[PairedDay, ...]) -> str:
    """Return on which day most recommendations are missing.

    Examples
    --------
    >>> from datetime import date
    >>> sentence((PairedDay(date(2013, 11, 9), 1310, 106),))
    'On 9 Nov 2013 most is missing: 1,204 of 1,310 decisions have no recommendation'
    """
    worst = max(days, key=lambda it: (it.share, it.missing))
    verb = "has" if worst.missing == 1 else "have"
    return (
        f"On {day(worst.day)} most is missing: {worst.missing:,} of "
        f"{count(worst.decisions, 'decision')} {verb} no recommendation"
    )
