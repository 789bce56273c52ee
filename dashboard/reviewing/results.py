"""Who was right: what people found where the two differ, in all and by kind of difference."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.interval_rows import IntervalRow, interval_rows
from dashboard.escape import plain
from dashboard.page import Visit
from dashboard.parts import INTERVAL, Figure, empty, figure, prose, stamp
from dashboard.published import table
from dashboard.reviewing.answer import sides, so_far
from dashboard.reviewing.found import (
    SAID,
    Share,
    of_judgement,
    rate,
    shares,
    span,
    told,
)
from data_contracts.reviews import Judgement
from evaluators.wording import NO_VALUE, count

_NUMBERS = "candidate "
"""Begins the kinds of difference between numbers: `candidate higher`, `candidate lower`."""

LOOKS: dict[str, str] = {Judgement.CANDIDATE: "candidate", Judgement.PRODUCTION: "production"}
HOW = (
    "A filled circle is the share in which people found the AI right, a hollow diamond production, "
    "a hollow circle anything else; the line is the 95% interval. People judged a sample without "
    "knowing whose answer was which; shares are of all cases of the kind, not of the sample: kinds "
    "of difference that were drawn more often count less. These intervals are made for one look."
)


def who_was_right(visit: Visit) -> None:
    """Show what people said of the disagreements, by kind, and of the control cases."""
    differ = shares(visit, "disagreements")
    ai = of_judgement(differ, Judgement.CANDIDATE)
    if ai is None or not ai.judged:
        empty("No judgement has been read yet: `understudy run` reads what people have judged.")
        return
    if not ai.known:
        empty("A draw speaks once every kind of difference in it has a few judged cases.")
        return
    figure(_in_all(visit, differ, ai), visit)
    _alike(visit)
    strata = shares(visit, "stratum", judgement=Judgement.CANDIDATE.value)
    if strata:
        figure(_by_kind(visit, strata), visit)
    _control(visit)


def _in_all(visit: Visit, differ: tuple[Share, ...], ai: Share) -> Figure:
    rows = [s for j in SAID if (s := of_judgement(differ, j)) is not None and s.known]
    sentence = sides(ai, of_judgement(differ, Judgement.PRODUCTION))
    return Figure(
        name="who-was-right",
        sentence=sentence,
        numbers=plain(
            f"The AI: {rate(ai.estimate, ai.judged)} of all (95% interval {span(ai)}; "
            f"{count(ai.judged, 'disagreement')} judged, {ai.drawn:,} drawn from "
            f"{ai.population:,})."
        ),
        takeaway=f"{sentence}: the AI {rate(ai.estimate, ai.judged)} ({span(ai)}).",
        chart=interval_rows(
            [_row(SAID[s.judgement], s, weighted=True) for s in rows],
            "share of all disagreements",
            visit.palette,
        ),
        how=f"{HOW} {INTERVAL}",
        table=[_table_row("Said", SAID[s.judgement], s) for s in rows],
        csv=lambda: [_csv_row(visit, "disagreements", "", s) for s in rows],
    )


def _by_kind(visit: Visit, strata: Sequence[Share]) -> Figure:
    known = sorted((s for s in strata if s.known), key=lambda s: -s.population)
    rest = [s for s in strata if not s.known]
    sentence = _kinds_sentence(known)
    shown = [*known, *rest]
    return Figure(
        name="who-was-right-by-kind",
        sentence=sentence,
        numbers=plain(
            f"{count(len(strata), 'kind')} of difference; "
            f"{count(sum(s.judged for s in strata), 'case')} judged."
            + (f" Of {len(rest)} nobody has judged a case." if rest else "")
        ),
        takeaway=sentence,
        chart=interval_rows(
            [_row(kind(s.name), s) for s in shown],
            "share in which the AI was right",
            visit.palette,
            half=True,
        ),
        how=f"One row a kind of difference: what production decided, what the AI would have. {HOW}",
        table=[_table_row("Kind", kind(s.name), s) for s in shown],
        csv=lambda: [_csv_row(visit, "stratum", s.name, s) for s in shown],
    )


def kind(stratum: str) -> str:
    """Return a kind of difference in words.

    Examples
    --------
    >>> kind("on_time, late"), kind("other kinds"), kind("candidate lower")
    ('Production on_time, AI late', 'other kinds', 'AI lower')
    """
    if stratum.startswith(_NUMBERS):
        return f"AI {stratum.removeprefix(_NUMBERS)}"
    decided, comma, recommended = stratum.partition(", ")
    return f"Production {decided}, AI {recommended}" if comma else stratum


def _kinds_sentence(known: Sequence[Share]) -> str:
    if not known:
        return "No kind of difference has been judged yet"
    best = max(known, key=lambda s: s.estimate or 0)
    if len(known) == 1:
        return plain(f"{kind(best.name)}: people found the AI right in {told(best)}")
    if any((best.low or 0) <= (other.high or 0) for other in known if other is not best):
        return "No kind of difference stands clearly apart from the others"
    return plain(f"The AI was right most often where {_within(kind(best.name))}: {told(best)}")


def _within(name: str) -> str:
    return name.replace("Production ", "production says ", 1).replace(", AI ", ", the AI ", 1)


def _alike(visit: Visit) -> None:
    """Say how well two people who judged the same case agree."""
    for row in table(visit, "review_agreement"):
        ac1 = row["ac1"]
        number = ""
        if ac1 is not None:
            number = (
                f" (AC1 {ac1:.2f}, 95% interval {_two(row['ac1_low'])} to {_two(row['ac1_high'])})"
            )
        prose(f"**Do reviewers agree?** {plain(str(row['sentence']).strip() + number)}")


def _two(value: float | None) -> str:
    return NO_VALUE if value is None else f"{value:.2f}"


def _control(visit: Visit) -> None:
    both = of_judgement(shares(visit, "agreements"), Judgement.BOTH)
    if both is None or not both.drawn:
        return
    st.subheader("Control: cases in which the two agree", anchor=False)
    if not both.known:
        prose(f"{so_far(both)}: too few yet to say anything.")
        return
    prose(
        f"Where the two agree, people found both right in {plain(told(both))}; "
        f"{both.judged:,} judged of {both.population:,}. "
        "They are kept apart from the figures above."
    )


def _row(name: str, share: Share, *, weighted: bool = False) -> IntervalRow:
    look = LOOKS.get(share.judgement, "other")
    words = told(share)
    if weighted:
        words = f"{rate(share.estimate, share.judged)} ({span(share)})"
    if not share.known:
        return IntervalRow(name, "not yet judged", None, None, None, look)
    return IntervalRow(name, words, share.estimate, share.low, share.high, look)


def _table_row(title: str, name: str, share: Share) -> dict[str, str]:
    return {
        title: name,
        "Share": rate(share.estimate, share.judged) if share.known else "not yet judged",
        "Interval": span(share) if share.known else NO_VALUE,
        "Judged": f"{share.judged:,}",
        "Drawn": f"{share.drawn:,}",
        "Of": f"{share.population:,}",
    }


def _csv_row(visit: Visit, part: str, name: str, share: Share) -> dict[str, object]:
    return {
        **stamp(visit),
        "part": part,
        "name": name,
        "judgement": str(share.judgement),
        "share": share.estimate,
        "low": share.low,
        "high": share.high,
        "n": share.judged,
        "drawn": share.drawn,
        "population": share.population,
        "state": "judged" if share.known else "not yet judged",
    }
