"""The forest plot with its words, table and file."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.accuracy.view import FIRST, View, lowest
from dashboard.charts.forest import ForestRow, forest
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import Figure, interval_words, stamp
from dashboard.segment_rows import SegmentRow, SegmentTable
from dashboard.words import bounds, state_words
from data_contracts.vocabulary import Shown
from evaluators.segments.segment_groups import ALL_SMALL
from evaluators.wording import count, level, points

MOST_ROWS = 60
"""Beyond so many segments the picture shows them `PAGE_ROWS` at a time."""

PAGE_ROWS = 40


def forest_figure(
    visit: Visit, rows: SegmentTable, chosen: Sequence[SegmentRow], view: View, page: int = 1
) -> Figure:
    """Return the figure of a page of the chosen segments, below the whole.

    The sentence speaks of all that were chosen, on whatever page they are.
    """
    many = len(chosen) > MOST_ROWS
    start = (page - 1) * PAGE_ROWS if many else 0
    drawn = chosen[start : start + PAGE_ROWS] if many else chosen
    alpha = visit.evidence.publication.alpha
    limit, bound = rows.limit, level(alpha)
    focus = _focus(rows.whole, chosen)
    sentence = _sentence(focus, rows, chosen)
    if many and start == 0 and view.order == FIRST:
        sentence += f"; shown are the lowest {len(drawn)} of {len(chosen):,} segments"
    elif many:
        end = start + len(drawn)
        sentence += f"; shown are segments {start + 1:,} to {end:,} of {len(chosen):,}"
    return Figure(
        name=f"accuracy-by-{rows.cut.replace(' ', '-')}",
        sentence=plain(sentence),
        numbers=_numbers(focus, rows.whole_limit if focus is rows.whole else limit, bound),
        takeaway=f"Difference in accuracy by segment. {sentence}.",
        chart=forest(
            [
                _forest_row(rows.whole, rows.whole_limit, whole=True),
                *(_forest_row(r, limit) for r in drawn),
            ],
            (_scaled(rows.whole_limit), _scaled(limit)),
            bound,
            visit.palette,
        ),
        how=(
            "One row a segment: the mark is the difference in accuracy, AI minus production, the "
            f"line its {bound} interval. {interval_words(alpha)} ● the whole line lies above "
            f"{'0: better' if limit is None else 'the limit: at least as good'}; ■ the whole line "
            "lies below it: worse; ○ the line crosses it: undecided, more cases will tell. An "
            "arrowhead means that the line goes on. A dashed box is what missing outcomes leave "
            f"possible, the thin line the same with sampling. {_judged_by(rows)}"
        ),
        table=[
            table_row(rows.whole, rows.whole_limit),
            *(table_row(row, limit) for row in drawn),
        ],
        csv=lambda: [_csv_row(row, visit, rows, view) for row in (rows.whole, *chosen)],
    )


def table_row(row: SegmentRow, limit: float | None) -> dict[str, str]:
    """Return a row of the table behind the picture."""
    return {
        "Segment": row.name,
        "Cases": f"{row.n:,}",
        "Points": "not yet known" if row.estimate is None else points(row.estimate, limit),
        "Interval": bounds(row.low, row.high, limit),
        "Shown": state_words(row.shown, limit),
    }


def _csv_row(row: SegmentRow, visit: Visit, rows: SegmentTable, view: View) -> dict[str, object]:
    limit = rows.whole_limit if row is rows.whole else rows.limit
    return {
        **stamp(visit),
        "cut": rows.cut,
        "segment": row.name,
        "difference": row.estimate,
        "low": row.low,
        "high": row.high,
        "possible_low": row.possible_low,
        "possible_high": row.possible_high,
        "n": row.n,
        "state": state_words(row.shown, limit),
        "limit": limit,
        "period_from": view.period and view.period[0],
        "period_to": view.period and view.period[1],
        "counts_for_verdict": rows.registered and not rows.recomputed,
    }


def _focus(whole: SegmentRow, drawn: Sequence[SegmentRow]) -> SegmentRow:
    """Return the row to speak of: the worst one shown to be worse, else the lowest, else all."""
    known = [row for row in drawn if row.estimate is not None and row.name != ALL_SMALL]
    worse = [row for row in known if row.shown is Shown.WORSE]
    return min(worse or known, key=lowest, default=whole)


def _sentence(focus: SegmentRow, rows: SegmentTable, drawn: Sequence[SegmentRow]) -> str:
    if focus is rows.whole:
        if focus.estimate is None:
            return "Outcomes are still to come; the boxes show what they leave possible"
        return f"All cases together: {state_words(focus.shown, rows.whole_limit)}"
    if focus.shown is Shown.WORSE:
        return f"{focus.name} is the weakest segment"
    words = state_words(focus.shown, rows.limit)
    if len(drawn) == 1:
        return f"{focus.name}: {words}"
    return f"{focus.name} has the lowest difference; it is {words}"


def _judged_by(rows: SegmentTable) -> str:
    if rows.whole_limit is not None:
        return "\u201cAll cases\u201d is judged by its own limit."
    if rows.limit is not None:
        return "The policy names no limit for \u201cAll cases\u201d; it is judged against 0."
    return "The policy names no limit, so none is drawn."


def _numbers(row: SegmentRow, limit: float | None, bound: str) -> str:
    cases, against = count(row.n, "case"), "" if limit is None else f", limit {points(limit)}"
    if row.estimate is None:
        possible = bounds(row.possible_low, row.possible_high, limit)
        return (
            f"**{possible} points** is what the missing outcomes leave possible for all cases "
            f"({cases}){against}."
        )
    return (
        f"**{points(row.estimate, limit)} points** ({bound} interval "
        f"{bounds(row.low, row.high, limit)}; {cases}){against}."
    )


def _scaled(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _forest_row(row: SegmentRow, limit: float | None, *, whole: bool = False) -> ForestRow:
    ends = bounds(row.low, row.high, limit)
    known = row.estimate is not None
    return ForestRow(
        name=row.name,
        n=row.n,
        estimate=_scaled(row.estimate),
        low=_scaled(row.low),
        high=_scaled(row.high),
        shown=row.shown,
        numbers=f"{points(row.estimate, limit)} ({ends})" if known else ends,
        short=points(row.estimate, limit) if known else "",
        words=state_words(row.shown, limit).removesuffix(" than the limit"),
        possible_low=_scaled(row.possible_low),
        possible_high=_scaled(row.possible_high),
        whole=whole,
    )
