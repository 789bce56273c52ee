"""How late records come: the share that has arrived by age, by stream, and what is overdue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from dashboard.charts.arrival import Arrived, arrival
from dashboard.escape import plain
from dashboard.feed.published import Feed
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, prose, stamp, table
from dashboard.words import day, share
from evaluators.wording import count, percent

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEARLY_ALL = 0.95
LONGEST = 60
"""Days the picture shows; what comes later is said, not drawn."""


def arrivals(feed: Feed, visit: Visit) -> None:
    """Show what is overdue, how late records come, and up to which day each source reported."""
    overdue = feed.rows("overdue")
    if overdue:
        st.subheader("What has not come", anchor=False)
        for row in overdue:
            with st.container(border=True):
                prose(plain(row["sentence"]))
    curves = arrived(feed)
    if not curves:
        st.subheader("How late records come", anchor=False)
        empty("The records carry no times, so nothing can be said about when they come.")
        return
    if all(curve.age_of(0.5) > LONGEST for curve in curves):
        st.subheader("How late records come", anchor=False)
        empty(
            f"The records were written more than {LONGEST} days after what they tell of; how "
            "late they come shows when files arrive day by day."
        )
        _watermarks(feed)
        return
    slowest = max(curves, key=lambda curve: curve.age_of(NEARLY_ALL))
    figure(
        Figure(
            name="arrival-by-age",
            sentence=_sentence(slowest),
            numbers=" ".join(_numbers(curve) for curve in curves),
            takeaway=f"Share of records that had arrived by age, in days. {_sentence(slowest)}.",
            chart=arrival(curves, LONGEST, visit.palette),
            how=(
                "Each line is a stream: how many of its records had arrived so many days after "
                "what they tell of. A line that rises late is a feed to wait for: cases younger "
                "than that have not got all their records yet. Arrival is when the record was made "
                "if it says so, else when its file was last changed."
            ),
            table=_weekdays(feed),
            csv=lambda: [{**stamp(visit), **row} for row in feed.rows("arrival_lags")],
        ),
        visit,
    )
    for row in feed.rows("arrival_notes"):
        prose(f"- {plain(row['sentence'])}")
    _watermarks(feed)


def arrived(feed: Feed) -> tuple[Arrived, ...]:
    """Return for each stream how many records had arrived at which age in days."""
    counts: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in feed.rows("arrival_lags"):
        counts[row["stream"]][max(row["lag_days"], 0)] += row["n"]
    return tuple(Arrived.of(stream, ages) for stream, ages in sorted(counts.items()))


def _sentence(slowest: Arrived) -> str:
    age = slowest.age_of(NEARLY_ALL)
    if age == 0:
        return "Nearly all records come on the day itself"
    return (
        f"{slowest.stream.capitalize()} take longest: 95 of 100 have come "
        f"{count(age, 'day')} after the event"
    )


def _numbers(curve: Arrived) -> str:
    name = plain(curve.stream.capitalize())
    if curve.age_of(NEARLY_ALL) == 0:
        return f"**{name}**: {percent(curve.by(0))} on the day itself ({curve.n:,} records)."
    half = curve.age_of(0.5)
    return (
        f"**{name}**: half {_within(half)}, 95 of 100 within "
        f"{count(curve.age_of(NEARLY_ALL), 'day')} ({curve.n:,} records)."
    )


def _within(days: int) -> str:
    return f"within {count(days, 'day')}" if days else "on the day itself"


def _weekdays(feed: Feed) -> Sequence[dict[str, str]]:
    """Return per stream, source and weekday of the event how much came within a day."""
    cells: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in feed.rows("arrival_lags"):
        cell = cells[row["stream"], row["source"], row["weekday"]]
        cell[0] += row["n"]
        cell[1] += row["n"] if row["lag_days"] <= 1 else 0
        cell[2] = max(cell[2], row["lag_days"])
    return [
        {
            "Stream": stream,
            "Source": source,
            "Event on a": WEEKDAYS[weekday - 1],
            "Within a day": share(soon, n),
            "Latest": count(latest, "day"),
            "Records": f"{n:,}",
        }
        for (stream, source, weekday), (n, soon, latest) in sorted(cells.items())
    ]


def _watermarks(feed: Feed) -> None:
    marks = feed.rows("watermarks")
    if not marks:
        return
    late = sum(row["overdue_days"] > 0 for row in marks)
    title = f"Who has reported, and up to when: {count(len(marks), 'source')}"
    with st.expander(f"{title}, {late} overdue" if late else title, expanded=bool(late)):
        ordered = sorted(marks, key=lambda row: (-row["overdue_days"], row["stream"]))
        table(
            [
                {
                    "Stream": row["stream"],
                    "Source": row["source"],
                    "Reported by": row["reporter"] or "—",
                    "Reported to": day(row["last_day"]),
                    "Overdue": count(row["overdue_days"], "day") if row["overdue_days"] else "—",
                    "Records": f"{row['n']:,}",
                }
                for row in ordered
            ],
            "Every source with the last day it reported, the overdue ones first",
        )
