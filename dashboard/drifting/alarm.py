"""The accuracy alarm: whether the difference has fallen since, told as late as outcomes come."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.escape import plain
from dashboard.limits import whole_limit
from dashboard.page import Visit
from dashboard.parts import badge, empty, prose, table
from dashboard.published import Row
from dashboard.published import table as published
from dashboard.records import Gate
from dashboard.theme import GATES, Badge
from dashboard.words import day
from data_contracts.findings import ALL_CASES
from evaluators.wording import count, points

KIND = "change"
TABLE = "change_detection"
ALARM = Badge("Alarm", "notifications_active", "red")
QUIET = Badge("No alarm", "notifications", "gray")


def watched(visit: Visit) -> tuple[Row, ...]:
    """Return the detectors as they stand on the last day they have seen; none without any."""
    last = visit.evidence.publication.mature_to
    rows = published(visit, TABLE, "cut, segment", day=last) if last else ()
    return tuple(sorted(rows, key=lambda row: (row["cut"] != ALL_CASES, row["cut"])))


def gate_of(visit: Visit) -> Gate | None:
    """Return the gate that watches the difference, None without one."""
    gates = visit.evidence.gates(visit.candidate)
    return next((gate for gate in gates if gate.result.kind == KIND), None)


def alarm_answer(rows: Sequence[Row], delay: int) -> str:
    """Return whether an alarm is open, since when, and how late that could be told at best.

    Examples
    --------
    >>> alarm_answer([], 14)
    'The difference in accuracy is not watched yet: that starts once 14 days have their outcomes.'
    >>> alarm_answer([{"cut": "all", "segment": "all", "alarm": False}], 0)
    'No alarm is open: nothing shows that the difference in accuracy has fallen over all cases.'
    """
    if not rows:
        return (
            "The difference in accuracy is not watched yet: that starts once 14 days have their "
            "outcomes."
        )
    late = f" A fall is told {count(delay, 'day')} after the decisions at the earliest, when their "
    late = late + "outcomes are in." if delay else ""
    opened = [row for row in rows if row["alarm"]]
    parts = len(rows) - sum(row["cut"] == ALL_CASES for row in rows)
    where = "over all cases"
    if parts:
        where += f" or in any of {count(parts, 'watched segment')}"
    if not opened:
        return (
            f"No alarm is open: nothing shows that the difference in accuracy has fallen {where}."
            f"{late}"
        )
    first = min(opened, key=lambda row: (row["cut"] != ALL_CASES, row["alarm_day"]))
    name = "Over all cases" if first["cut"] == ALL_CASES else f"In {first['segment']}"
    more = len(opened) - 1
    others = (
        "" if not more else f" {count(more, 'more alarm')} {'is' if more == 1 else 'are'} open."
    )
    return (
        f"{name} the difference in accuracy has fallen below {points(first['floor'])} points: the "
        f"alarm was raised by the cases of {day(first['alarm_day'])}, the fall seems to have begun "
        f"on {day(first['change_day'])}.{others}{late}"
    )


def _delay(visit: Visit) -> int:
    outcome = visit.evidence.publication.part("outcome")
    return int(outcome.get("matures_after_days") or 0)


def alarm_line(visit: Visit) -> None:
    """Say in one line whether the accuracy has fallen, with the way to the details."""
    rows = watched(visit)
    if visit.evidence.publication.first_day is None or not rows:
        return
    opened = any(row["alarm"] for row in rows)
    badge(ALARM if opened else QUIET, "Accuracy alarm" if opened else "No accuracy alarm")
    prose(plain(alarm_answer(rows, _delay(visit))))
    link = visit.links.get("drift")
    if opened and link is not None:
        st.page_link(link, label="See what is watched, on Drift", icon=":material/waves:")


def alarms(visit: Visit) -> None:
    """Show what is watched, which alarms are open, and what the gate makes of it."""
    st.subheader("Has the AI become less accurate since?", anchor=False)
    if visit.evidence.publication.first_day is None:
        empty("The records of this study carry no days, so a fall cannot be told from anything.")
        return
    rows, gate = watched(visit), gate_of(visit)
    if gate is not None:
        state = GATES[gate.result.status]
        badge(state, f"Gate: {state.word.lower()}")
    prose(plain(alarm_answer(rows, _delay(visit))))
    if not rows:
        return
    if gate is None:
        prose("The policy has no gate on this alarm, so it does not count for the verdict.")
    listed = [row for row in rows if row["alarm"] or row["cut"] == ALL_CASES]
    near = sorted(
        (row for row in rows if row not in listed), key=lambda r: -r["detector"] / r["threshold"]
    )[:5]
    table(
        [_row(row) for row in (*listed, *near)],
        "What is watched: all cases, every open alarm, and the segments nearest to one",
    )
    hidden, limit = len(rows) - len(listed) - len(near), whole_limit(visit.evidence)
    prose(
        "The detector grows while production is right more often than the floor allows, and falls "
        "back otherwise; at the threshold it raises the alarm. All together raise about one false "
        "alarm a year. The AI counts as right in cases whose outcome is missing, so missing "
        "outcomes raise none."
        + (f" Not listed: {count(hidden, 'segment')} farther from an alarm." if hidden else "")
        + ("" if limit is None else f" The policy's limit over all cases: {points(limit)}.")
    )


def _row(row: Row) -> dict[str, str]:
    name = "All cases" if row["cut"] == ALL_CASES else f"{row['cut']}: {row['segment']}"
    return {
        "Watched": name,
        "Alarm": f"since {day(row['alarm_day'])}" if row["alarm"] else "none",
        "Fall seems to have begun": day(row["change_day"]),
        "Floor": f"{points(row['floor'])} points",
        "Detector, of its threshold": f"{row['detector'] / row['threshold']:.1%}",
    }
