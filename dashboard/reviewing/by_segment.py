"""Who was right by segment: those with enough judged cases; the others are counted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.interval_rows import IntervalRow, interval_rows
from dashboard.escape import plain
from dashboard.filters import large_segments
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.published import column, counts
from dashboard.reviewing.found import Share, rate, shares, span, told
from data_contracts.reviews import Judgement
from evaluators.wording import count

FEWEST = 10
"""A segment with fewer judged cases is not shown by itself."""

MOST = 30
"""So many segments are drawn; all are in the table and the file."""


def by_segment(visit: Visit) -> None:
    """Show the share in which the AI was right by the segments of a chosen cut."""
    rows = counts(visit, "review_results", ("cut",), sums=("judged",), cut=None)
    published = set(column(rows, "cut"))
    cuts = [cut for cut in visit.evidence.cuts if cut in published]
    if not cuts:
        return
    cut = st.selectbox("Segments", cuts, key="cut", bind="query-params", width=260)
    every = shares(visit, "segment", cut=cut, judgement=Judgement.CANDIDATE.value)
    large = set(large_segments(visit, cut))
    found = [s for s in every if s.name in large]
    enough = sorted(
        (s for s in found if s.known and s.judged >= FEWEST),
        key=lambda s: (-(s.estimate or 0), s.name),
    )
    rest = too_few(len(large) - len(enough), len(every) - len(found))
    if not enough:
        st.subheader("Who was right by segment", anchor=False)
        empty(plain(f"In no segment of {cut} have {FEWEST} cases been judged yet."))
        return
    figure(_figure(visit, cut, enough, rest), visit)


def too_few(unjudged: int, small: int) -> str:
    """Return what is said of the segments that are not shown.

    Examples
    --------
    >>> too_few(1, 0), too_few(0, 0)
    ('1 segment has too few judged cases (fewer than 10) to be shown.', '')
    """
    said = []
    if unjudged:
        said.append(
            f"{count(unjudged, 'segment')} {'has' if unjudged == 1 else 'have'} too few judged "
            f"cases (fewer than {FEWEST}) to be shown."
        )
    if small:
        said.append(f"{count(small, 'segment')} too small to be shown singly left out.")
    return " ".join(said)


def _figure(visit: Visit, cut: str, enough: Sequence[Share], rest: str) -> Figure:
    shown = enough if len(enough) <= MOST else [*enough[: MOST // 2], *enough[-MOST // 2 :]]
    sentence = _sentence(enough)
    if len(shown) < len(enough):
        sentence += f"; shown are the {MOST // 2} highest and lowest of {len(enough):,}"
    judged = sum(share.judged for share in enough)
    return Figure(
        name="who-was-right-by-segment",
        sentence=plain(sentence),
        numbers=plain(
            f"{count(len(enough), 'segment')} of {cut}, {count(judged, 'case')} judged. {rest}"
        ),
        takeaway=f"Share of disagreements in which people found the AI right. {sentence}",
        chart=interval_rows(
            [
                IntervalRow(s.name, _numbers(s), s.estimate, s.low, s.high, "candidate")
                for s in shown
            ],
            "share of disagreements in which the AI was right",
            visit.palette,
            half=True,
        ),
        how=(
            "One row a segment: of the cases in which the two differ there, the share in which "
            "people found the AI right, with its 95% interval. The rule stands at one half. "
            "Looking for the extreme one among many finds an extreme one by chance: segments "
            "whose intervals overlap may well be alike."
        ),
        table=[
            {
                "Segment": s.name,
                "AI right": rate(s.estimate, s.judged),
                "Interval": span(s),
                "Judged": f"{s.judged:,}",
                "Disagreements": f"{s.population:,}",
            }
            for s in enough
        ],
        csv=lambda: [
            {
                **stamp(visit),
                "cut": cut,
                "segment": s.name,
                "share": s.estimate,
                "low": s.low,
                "high": s.high,
                "n": s.judged,
                "population": s.population,
                "state": "judged",
            }
            for s in enough
        ],
    )


def _sentence(enough: Sequence[Share]) -> str:
    first, last = enough[0], enough[-1]
    if len(enough) == 1:
        return f"In {first.name} people found the AI right in {_numbers(first)}"
    apart = (first.low or 0) > (last.high or 0)
    if apart:
        return f"The AI was right more often in {first.name} than in {last.name}"
    return "No segment stands clearly apart from the others"


def _numbers(share: Share) -> str:
    if share.few:
        return told(share)
    return f"{rate(share.estimate, share.judged)} ({span(share)}; {share.judged} judged)"
