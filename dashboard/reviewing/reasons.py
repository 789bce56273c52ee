"""Why the two differ: the reasons reviewers gave, the most frequent first; known ones apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import streamlit as st

from dashboard.charts.interval_rows import IntervalRow, bar_rows
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, prose, stamp
from dashboard.parts import table as show_table
from dashboard.published import table
from dashboard.reviewing.found import rate
from dashboard.reviewing.plan import review_plan
from evaluators.wording import NO_VALUE, count

TOO_FEW = "too few yet"
"""Stands where a share would, until every kind of difference has a few judged cases."""


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: how often it was given, and its share of all disagreements."""

    code: str
    words: str
    known: bool
    judged: int
    share: float | None
    low: float | None
    high: float | None


def why_they_differ(visit: Visit) -> None:
    """Show the reasons that reviewers gave, and known differences apart from them."""
    known = review_plan(visit).known_differences
    rows = [_why(row, known) for row in table(visit, "review_reasons", "known, reason")]
    given = sorted(
        (w for w in rows if w.code and w.judged), key=lambda w: (-(w.share or 0), -w.judged)
    )
    none = sum(w.judged for w in rows if not w.code)
    if not given:
        st.subheader("Why they differ", anchor=False)
        empty("No reviewer has given a reason yet.")
        return
    causes = [w for w in given if not w.known]
    if causes:
        figure(_pareto(visit, causes, none), visit)
    _known([w for w in given if w.known])


def pareto_sentence(causes: Sequence[Why]) -> str:
    """Return which reasons are behind most of the differences that have a reason.

    Parameters
    ----------
    causes
        The most frequent first; without shares by how often they were given.
    """
    whole = sum(w.share or 0 for w in causes)
    if len(causes) == 1:
        return f"The one reason given is \u201c{causes[0].words}\u201d"
    if causes[0].judged == causes[1].judged:
        return "No one reason is given more often than all others"
    if causes[0].share is None:
        times = count(causes[0].judged, "time")
        return (
            f"\u201c{causes[0].words}\u201d was given most often so far: {times}. Too few cases "
            "are judged to say how often it is the reason"
        )
    if (causes[0].low or 0) <= (causes[1].high or 1):
        return f"\u201c{causes[0].words}\u201d was given most often, but not clearly so"
    part = (causes[0].share or 0) / whole if whole else 0
    return (
        f"\u201c{causes[0].words}\u201d is the most frequent reason: {rate(part, 0)} of those given"
    )


def _pareto(visit: Visit, causes: Sequence[Why], none: int) -> Figure:
    whole = sum(w.share or 0 for w in causes)
    parts = accumulate(w.share or 0 for w in causes)
    together = [part / whole if whole else None for part in parts]
    judged = sum(w.judged for w in causes)
    sentence = pareto_sentence(causes)
    shown = list(zip(causes, together, strict=True))
    return Figure(
        name="why-they-differ",
        sentence=plain(sentence),
        numbers=plain(
            f"A reason was given for {count(judged, 'judged disagreement')}"
            + (f", none for {none:,}." if none else ".")
            + " A difference that is wanted or accepted is counted apart."
        ),
        takeaway=f"Why the two differ, by reason. {sentence}",
        chart=bar_rows(
            [IntervalRow(w.words, _numbers(w, upto), w.share, w.low, w.high) for w, upto in shown],
            "share of all disagreements",
            visit.palette,
        ),
        how=(
            "A bar a reason, the most frequent first: its share of all disagreements, with the 95% "
            "interval as a line. \u201cTogether\u201d is the part of all reasons given that this "
            "one and those above it make up."
        ),
        table=[
            {
                "Reason": w.words,
                "Share": _share(w),
                "Interval": _interval(w),
                "Together": rate(upto, 0),
                "Judged": f"{w.judged:,}",
            }
            for w, upto in shown
        ],
        csv=lambda: [
            {
                **stamp(visit),
                "reason": w.code,
                "share": w.share,
                "low": w.low,
                "high": w.high,
                "together": upto,
                "n": w.judged,
                "state": "judged" if w.share is not None else TOO_FEW,
            }
            for w, upto in shown
        ],
    )


def _numbers(why: Why, together: float | None) -> str:
    if why.share is None:
        return f"given {count(why.judged, 'time')}, {TOO_FEW} for a share"
    return f"{_share(why)} ({_interval(why)}), together {rate(together, 0)}"


def _share(why: Why) -> str:
    return TOO_FEW if why.share is None else rate(why.share, why.judged)


def _interval(why: Why) -> str:
    if why.low is None or why.high is None:
        return NO_VALUE
    return f"{rate(why.low, why.judged)} to {rate(why.high, why.judged)}"


def _known(known: Sequence[Why]) -> None:
    if not known:
        return
    st.subheader("Known differences, counted apart", anchor=False)
    prose("The study wants or accepts these; whoever was right, they count for neither side.")
    show_table(
        [
            {
                "Known difference": w.words,
                "Judged": f"{w.judged:,}",
                "Share of all disagreements": _share(w),
                "Interval": _interval(w),
            }
            for w in known
        ],
        "Known differences with how often they were given as the reason",
    )


def _why(row: dict[str, Any], known: dict[str, str]) -> Why:
    def number(name: str) -> float | None:
        value = row[name]
        return None if value is None or math.isnan(value) else float(value)

    code = row["reason"]
    return Why(
        code,
        known.get(code, code) if row["known"] else code,
        bool(row["known"]),
        int(row["judged"]),
        number("share"),
        number("low"),
        number("high"),
    )
