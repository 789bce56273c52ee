"""The answer of the accuracy page: in how many segments, whether that counts, what words mean."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.accuracy.view import View
from dashboard.answers import segments_answer, whole_answer
from dashboard.escape import plain
from dashboard.figures import vouched_on
from dashboard.page import Visit
from dashboard.parts import badge, prose
from dashboard.records import Gate
from dashboard.segment_rows import SegmentTable
from dashboard.theme import GATES, Badge
from dashboard.vouched import vouched_answer
from data_contracts.vocabulary import Shown
from evaluators.wording import count, joined, points, within

EXPLORATION = Badge("Exploration, does not count", "explore", "gray")
_WHOLE = whole_answer(Shown.NO_DATA).partition(": ")[0] + ": "


def one_answer(name: str, state: Shown, *, limited: bool = True) -> str:
    """Return what is shown for one segment.

    Examples
    --------
    >>> one_answer("LGA", Shown.BETTER)
    'In LGA the AI is shown to be better than production.'
    """
    words = whole_answer(state, limited=limited).removeprefix(_WHOLE)
    if words.startswith("it is "):
        return f"{words[0].upper()}{words[1:-1]} in {name}."
    return f"In {name} {words}"


def small_answer(name: str, threshold: int) -> str:
    """Return why a segment is not shown by itself.

    Examples
    --------
    >>> small_answer("LGA", 100)
    'LGA has fewer than 100 mature cases and is not shown by itself.'
    """
    return f"{name} has fewer than {threshold:,} mature cases and is not shown by itself."


def show_answer(visit: Visit, rows: SegmentTable, view: View) -> None:
    """Say it, with its state and notes."""
    counts = rows.registered and not rows.recomputed
    judging = visit.evidence.gate_on(visit.candidate, rows.cut) if counts else None
    st.header(plain(_sentence(visit, rows, view, counts)), anchor=False)
    with st.container(horizontal=True, gap="small"):
        if not counts and rows.rows:
            badge(EXPLORATION)
        if judging is not None:
            state = GATES[judging.result.status]
            badge(state, f"Gate: {state.word.lower()}")
    prose(plain(" ".join(_notes(visit, rows, view, judging))))


def _sentence(visit: Visit, rows: SegmentTable, view: View, counts: bool) -> str:
    if view.single is not None:
        if not rows.rows:
            return small_answer(view.single, rows.threshold)
        return one_answer(view.single, rows.rows[0].shown, limited=rows.limit is not None)
    states = [row.shown for row in rows.rows]
    if not states:
        return whole_answer(rows.whole.shown, limited=rows.whole_limit is not None)
    found = vouched_on(visit, rows.cut) if counts else None
    if found is None:
        return segments_answer(states, None, limited=rows.limit is not None)
    return segments_answer(states, found.of_one_cut, vouched_answer(found))


def _notes(visit: Visit, rows: SegmentTable, view: View, judging: Gate | None) -> Iterator[str]:
    if judging is not None:
        yield f"The gate: {within(judging.result.rule)}."
        if view.single is not None:
            yield "It judges all segments of the cut together."
    yield _meaning(rows.limit)
    found = vouched_on(visit, rows.cut) if judging is not None else None
    if found is not None and view.single is None:
        good = len(rows.having(Shown.BETTER, Shown.AT_LEAST_AS_GOOD))
        if len(found.cuts) > 1:
            yield (
                f"The gate counts the segments by {joined(found.cuts)} together; shown here are "
                f"those by {rows.cut}."
            )
        elif not found.by_volume and found.good > good:
            yield "The gate judges all segments together, so it can vouch for more of them."
    if rows.recomputed:
        yield (
            "Computed for the chosen days from the published counts; the verdict rests on the "
            "whole record."
        )
        if visit.evidence.publication.document.get("clusters"):
            yield "These intervals allow for days, but not for cases that belong together."
    if not rows.registered and rows.rows:
        borrowed = "" if rows.limit is None else "; the limit drawn is the one for all cases"
        yield f"The policy has no gate on this cut{borrowed}."
    if rows.pooled:
        yield (
            f"{count(rows.pooled, 'segment')} with fewer than {rows.threshold:,} cases "
            f"({count(rows.pooled_cases, 'case')}) {'is' if rows.pooled == 1 else 'are'} pooled as "
            "\u201cAll small segments\u201d."
        )


def _meaning(limit: float | None) -> str:
    """Return what the words for a state mean."""
    if limit is None:
        return (
            "The policy names no limit: \u201cbetter\u201d means that the whole interval is above "
            "0, \u201cworse\u201d that it is below."
        )
    return (
        f"\u201cAt least as good\u201d means: the whole interval is above {points(limit)} points."
    )
