"""Scores: whether they come true, and what answering only the surest cases would come to."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.reliability import Tenth, reliability
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, prose, stamp, table
from dashboard.published import Row
from dashboard.published import table as published
from dashboard.words import bounds
from evaluators.wording import NO_VALUE, count, level, percent, points

RELIABILITY, COVERAGE = "reliability", "risk_coverage"
LEAST = 20
"""Outcomes a tenth needs to be spoken of."""

SOME = 0.8
"""Share of cases the sentence on the surest ones speaks of, or the next larger one."""


def scores(visit: Visit) -> None:
    """Show whether scores come true, where the candidate gives scores that say how sure it is."""
    rows = [row for row in published(visit, RELIABILITY, "score_from") if row["known"]]
    if rows:
        figure(_figure(visit, rows), visit)
    elif visit.evidence.publication.part("decision").get("score"):
        st.subheader("Scores: do they come true?", anchor=False)
        empty("No case with a score is old enough yet to have its outcome.", "hourglass_top")
    _surest(published(visit, COVERAGE, "threshold"))


def scores_sentence(rows: Sequence[Row]) -> str:
    """Return where scores are furthest from what came true.

    Examples
    --------
    >>> row = dict(score_from=0.8, score_to=0.9, mean_score=0.853, came_true=0.787, known=3000)
    >>> scores_sentence([row])
    'Scores from 0.8 to 0.9 say 85.3% and came true in 78.7% of cases, the largest gap'
    >>> scores_sentence([row | {"known": 3}])
    'There are too few outcomes to say whether scores come true'
    """
    worst = _worst(rows)
    if worst is None:
        return "There are too few outcomes to say whether scores come true"
    return (
        f"Scores from {worst['score_from']:g} to {worst['score_to']:g} say "
        f"{percent(worst['mean_score'])} and came true in {percent(worst['came_true'])} of cases, "
        "the largest gap"
    )


def _worst(rows: Sequence[Row]) -> Row | None:
    known = [row for row in rows if row["known"] >= LEAST]
    return max(known, key=lambda row: abs(row["came_true"] - row["mean_score"]), default=None)


def _figure(visit: Visit, rows: Sequence[Row]) -> Figure:
    bound = level(visit.evidence.publication.alpha)
    worst, sentence = _worst(rows), scores_sentence(rows)
    numbers = f"{count(sum(row['known'] for row in rows), 'case')} with a known outcome."
    if worst is not None:
        gap = worst["came_true"] - worst["mean_score"]
        ends = _off(worst)
        numbers = (
            f"**{points(gap)} points** between what came true and what was said ({bound} interval "
            f"{bounds(*ends)}; {count(worst['known'], 'case')} in that tenth)."
        )
    return Figure(
        name="scores",
        sentence=sentence,
        numbers=numbers,
        takeaway=f"How often scores of each tenth came true. {sentence}.",
        chart=reliability(tuple(_tenth(row) for row in rows), visit.palette),
        how=(
            "Each dot is a tenth of the scores: to the right what they said on average, upwards "
            "how often it came true. On the dashed line scores come true as said; below it the AI "
            f"is too sure. The bar is the {bound} interval of one look, for cases that do not "
            "depend on each other. The gate on scores has its own limit, valid at any look."
        ),
        table=[_cells(row) for row in rows],
        csv=lambda: [{**stamp(visit), **_csv(row)} for row in rows],
    )


def _off(row: Row) -> tuple[float | None, float | None]:
    if row["low"] is None or row["high"] is None:
        return None, None
    return row["low"] - row["mean_score"], row["high"] - row["mean_score"]


def _tenth(row: Row) -> Tenth:
    words = f"said {percent(row['mean_score'])}, came true {percent(row['came_true'])}"
    return Tenth(row["mean_score"], row["came_true"], row["low"], row["high"], words)


def _cells(row: Row) -> dict[str, str]:
    interval = (
        NO_VALUE if row["low"] is None else f"{percent(row['low'])} to {percent(row['high'])}"
    )
    return {
        "Scores": f"{row['score_from']:g} to {row['score_to']:g}",
        "Said": percent(row["mean_score"]),
        "Came true": percent(row["came_true"]),
        "Interval": interval,
        "Cases": f"{row['known']:,} of {row['n']:,}",
    }


def _csv(row: Row) -> dict[str, object]:
    names = ("score_from", "score_to", "mean_score", "came_true", "low", "high")
    return {
        **{name: row[name] for name in names},
        "n": row["known"],
        "mature_cases": row["n"],
        "state": "too few for an interval" if row["low"] is None else "mature",
    }


def _surest(rows: Sequence[Row]) -> None:
    known = [row for row in rows if row["coverage"] is not None and row["risk"] is not None]
    sentence = surest_sentence(known)
    if not sentence:
        return
    st.subheader(sentence, anchor=False)
    prose(
        "Each interval is valid at any look for its own line; choosing the best line afterwards "
        "needs a gate. Outcomes that are missing count as errors in the upper end."
    )
    with st.expander("Errors and work left, by how sure the AI must be"):
        table([_line(row) for row in known], "Errors among the surest cases, and cases left over")


def surest_sentence(rows: Sequence[Row]) -> str:
    """Return what answering only the surest cases would come to; nothing where there is no choice.

    Examples
    --------
    >>> every, sure = {"coverage": 1.0, "risk": 0.1}, {"coverage": 0.82, "risk": 0.04}
    >>> surest_sentence([every, sure])
    'Of the surest 82.0% of cases 4.0% are wrong, of all 10.0%'
    >>> surest_sentence([every])
    ''
    """
    if len(rows) < 2:
        return ""
    every = max(rows, key=lambda row: row["coverage"])
    enough = (row for row in rows if row["coverage"] >= SOME)
    some = min(enough, key=lambda row: row["coverage"], default=every)
    if some is every:
        some = max((r for r in rows if r is not every), key=lambda row: row["coverage"])
    rest = "of all" if every["coverage"] == 1 else f"of {percent(every['coverage'])}"
    return (
        f"Of the surest {percent(some['coverage'])} of cases {percent(some['risk'])} are wrong, "
        f"{rest} {percent(every['risk'])}"
    )


def _line(row: Row) -> dict[str, str]:
    left = row["left_per_day"]
    return {
        "At least": f"{row['threshold']:g}",
        "Answered": percent(row["coverage"]),
        "Wrong": f"{percent(row['risk'])} ({percent(row['risk_low'])} to "
        f"{percent(row['risk_high'])})",
        "Cases": f"{row['n']:,}",
        "Left a day": NO_VALUE if left is None else f"{left:,.0f}",
    }
