"""What every gate and segment still needs: cases, and a range of days."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.ranges import DayRange, ranges
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, prose, stamp, table
from dashboard.planning.needs import Need
from data_contracts.findings import ALL_CASES
from evaluators.wording import count, points

MOST = 15
"""Rows drawn: those that take longest."""
MOST_LISTED = 200
"""Rows in the table; the file holds all."""


def by_segment(visit: Visit, found: Sequence[Need]) -> None:
    """Show the way each gate and segment still has to go."""
    if not found:
        return
    smallest = visit.evidence.publication.smallest_segment
    large = [n for n in found if n.cut == ALL_CASES or n.n >= smallest]
    small = len(found) - len(large)
    open_ = [n for n in large if not n.shown]
    dated = sorted(
        (n for n in open_ if n.reachable and n.earliest is not None),
        key=lambda n: (n.latest is None, n.latest or n.earliest, n.name),
        reverse=True,
    )
    told = sentence(large)
    today = visit.evidence.publication.data_to
    if not dated or today is None:
        st.subheader(plain(told), anchor=False)
        note = _note(large, small, smallest, 0, 0)
        if note:
            prose(note)
        if open_:
            table([_line(n) for n in open_[:MOST_LISTED]], "What each gate and segment needs")
        else:
            empty("Every gate about the difference has all the cases it needs, taken singly.")
        return
    drawn = dated[:MOST]
    last = drawn[0]
    figure(
        Figure(
            name="days-by-segment",
            sentence=plain(told),
            numbers=(
                f"Longest: {plain(last.name)}, **{plain(last.when)}** ({plain(last.cases)} further "
                f"cases to the {count(last.n, 'case')} so far). "
                f"{_note(large, small, smallest, len(drawn), len(dated))}"
            ),
            takeaway=f"When each segment is expected to be shown. {told}.",
            chart=ranges(
                [
                    DayRange(
                        n.name if len({m.gate for m in dated}) == 1 else f"{n.name} ({n.gate})",
                        n.earliest or today,
                        n.latest,
                        f"{n.name}: {n.when}",
                    )
                    for n in drawn
                ],
                today,
                visit.palette,
            ),
            how=(
                "Each box goes from the day by which a segment is expected to be shown in a good "
                "case to that of a bad case: the ends of a 50% interval of its difference so far, "
                "pulled towards the other segments', followed at the pace so far, with the wait "
                "for outcomes. So in about half of all cases it comes sooner or later than the "
                "box. A triangle means that no last day can be named. Each segment is taken "
                "singly; a gate about segments tests them jointly and may pass sooner. It is a "
                "plan, not a promise."
            ),
            table=[_line(n) for n in large[:MOST_LISTED]],
            csv=lambda: [_csv(n, visit) for n in large],
        ),
        visit,
    )


def sentence(found: Sequence[Need]) -> str:
    """Return how many gates and segments have what they need, without a full stop."""
    total, shown = len(found), sum(n.shown for n in found)
    hopeless = sum(n.hopeless for n in found)
    if total == 0:
        return "No segment has enough cases to be shown singly"
    if total == 1:
        one = found[0].name
        if shown:
            return f"{one}: shown already"
        return f"{one}: not to be shown by waiting" if hopeless else f"{one}: more cases needed"
    if shown == total:
        return f"All {total:,} have the cases they need"
    rest = total - shown - hopeless
    tail = [f"{rest:,} {'needs' if rest == 1 else 'need'} more"] if rest else []
    if hopeless:
        tail.append(f"{hopeless:,} will not be shown by waiting")
    head = f"None of {total:,} has" if shown == 0 else f"{shown:,} of {total:,} have"
    if shown == 1:
        head = f"1 of {total:,} has"
    return f"{head} the cases needed; {', '.join(tail)}"


def _note(large: Sequence[Need], small: int, smallest: int, drawn: int, dated: int) -> str:
    parts = []
    if drawn < dated:
        parts.append(f"Drawn are the {drawn} that take longest, of {dated:,} with days to name.")
    if len(large) > MOST_LISTED:
        parts.append(f"The table holds the first {MOST_LISTED}, the file all {len(large):,}.")
    if small:
        are = "is" if small == 1 else "are"
        parts.append(
            f"{count(small, 'segment')} with fewer than {count(smallest, 'case')} {are} not shown "
            "singly."
        )
    return " ".join(parts)


def _line(need: Need) -> dict[str, str]:
    return {
        "Gate": need.gate,
        "Segment": need.name,
        "Limit": points(-need.margin),
        "Cases so far": f"{need.n:,}",
        "Further cases": need.cases,
        "Expected": need.when,
    }


def _csv(need: Need, visit: Visit) -> dict[str, object]:
    state = "shown" if need.shown else "not by waiting" if need.hopeless else "needs more"
    return {
        **stamp(visit),
        "gate": need.gate,
        "cut": need.cut,
        "segment": need.segment,
        "limit": -need.margin,
        "further_cases": need.more,
        "low": need.earliest and need.earliest.isoformat(),
        "high": need.latest and need.latest.isoformat(),
        "n": need.n,
        "state": state,
    }
