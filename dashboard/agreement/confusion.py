"""What production said against what the AI said, and the ways in which the two differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.agreement.counted import Asked
from dashboard.charts.ranked import Mark, Ranked, ranked
from dashboard.escape import plain, to_csv
from dashboard.page import Visit
from dashboard.parts import (
    Figure,
    empty,
    figure,
    file_stem,
    prose,
    stamp,
    table,
)
from dashboard.published import OUTCOMES, counts
from data_contracts.vocabulary import Answer
from evaluators.statistics.intervals import wilson
from evaluators.wording import count, level, percent

MOST_CLASSES = 12
"""Beyond so many classes a table of all of them is unreadable; the kinds of difference remain."""
MOST_KINDS = 12


@dataclass(frozen=True, slots=True)
class Confusion:
    """Answered cases by what production and the AI said; `classes` in the study's order."""

    classes: tuple[str, ...]
    cells: Counter[tuple[str, str]]

    @property
    def n(self) -> int:
        """All answered cases."""
        return self.cells.total()

    def kinds(self) -> tuple[tuple[str, str, int], ...]:
        """Return the ways to differ, production first, the most frequent one first."""
        apart = [(p, a, n) for (p, a), n in self.cells.items() if p != a and n]
        return tuple(sorted(apart, key=lambda kind: (-kind[2], kind[0], kind[1])))


def confusion_of(visit: Visit, asked: Asked) -> Confusion:
    """Return the table of the cases asked for, summed in the database."""
    rows = counts(
        visit,
        OUTCOMES,
        ("answer", "decision", "recommendation"),
        cut=asked.segment.cut,
        segment=asked.segment.value,
        period=asked.period,
    )
    cells: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row["answer"] == Answer.ANSWERED and row["recommendation"] is not None:
            cells[str(row["decision"]), str(row["recommendation"])] += int(row["n"])
    decision = visit.evidence.publication.part("decision")
    declared = [str(name) for name in decision.get("classes") or ()]
    seen = sorted({name for pair in cells for name in pair} - set(declared))
    return Confusion((*declared, *seen), cells)


def confusion(visit: Visit, asked: Asked) -> None:
    """Show the table, or why there is none, and the ways in which the two differ."""
    it = confusion_of(visit, asked)
    if not it.n:
        return
    _kinds(visit, it)
    st.subheader("What each of the two said", anchor=False)
    if len(it.classes) > MOST_CLASSES:
        empty(
            f"With {len(it.classes):,} classes a table of all against all cannot be read; the "
            "most frequent ways to differ are above, all of them in its CSV."
        )
        return
    prose(
        f"{count(it.n, 'case')} that the AI answered: a row for what production said, a column "
        "for what the AI said, with the share of all these cases. Same answers are on the "
        "diagonal."
    )
    table(confusion_rows(it), "Cases by what production said (rows) and what the AI said (columns)")
    st.download_button(
        "CSV",
        lambda: to_csv(_csv(visit, it, list(it.cells.items()))),
        f"{file_stem(visit, 'what-each-said')}.csv",
        "text/csv",
        key="csv-what-each-said",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def confusion_rows(it: Confusion) -> list[dict[str, str]]:
    """Return the table as texts, with totals; headings are escaped, cells are not.

    Examples
    --------
    >>> rows = confusion_rows(Confusion(("a", "b"), Counter({("a", "a"): 3, ("a", "b"): 1})))
    >>> rows[0]
    {'Production': 'a', 'AI: a': '3 (75.0%)', 'AI: b': '1 (25.0%)', 'Total': '4 (100%)'}
    """

    def cell(n: int) -> str:
        return f"{n:,} ({percent(n / it.n)})" if n else "0"

    sides = [*it.classes, None]
    return [
        {
            "Production": "Total" if row is None else row,
            **{
                "Total" if column is None else f"AI: {plain(column)}": cell(
                    sum(
                        n
                        for (p, a), n in it.cells.items()
                        if row in (None, p) and column in (None, a)
                    )
                )
                for column in sides
            },
        }
        for row in sides
    ]


def kinds_answer(it: Confusion) -> str:
    """Return the most frequent way to differ, as a sentence without its stop.

    Examples
    --------
    >>> kinds_answer(Confusion(("a", "b"), Counter({("a", "a"): 3, ("a", "b"): 1})))
    'All differences are of one kind: production says a, the AI b'
    """
    kinds = it.kinds()
    if not kinds:
        return "The two have not differed in any of these cases"
    production, ai, n = kinds[0]
    said = f"production says {production}, the AI {ai}"
    if len(kinds) == 1:
        return f"All differences are of one kind: {said}"
    if n == kinds[1][2]:
        return f"Of {len(kinds):,} ways to differ none stands out; one of the most frequent: {said}"
    return f"The most frequent of {len(kinds):,} ways to differ: {said}"


def _kinds(visit: Visit, it: Confusion) -> None:
    kinds = it.kinds()
    if not kinds:
        st.subheader("The ways in which the two differ", anchor=False)
        empty(f"{kinds_answer(it)} ({count(it.n, 'case')}).")
        return
    shown = kinds[:MOST_KINDS]
    bound = level(visit.evidence.publication.alpha)
    apart = sum(n for *_, n in kinds)
    top = kinds[0][2]
    low, high = _ends(visit, [top], it.n)
    numbers = (
        f"**{percent(top / it.n)}** ({bound} interval {percent(low[0])} to {percent(high[0])}; "
        f"{top:,} of {it.n:,} cases)"
        + (f": {percent(top / apart)} of all {apart:,} differences." if len(kinds) > 1 else ".")
    )
    if len(kinds) > len(shown):
        rest = apart - sum(n for *_, n in shown)
        numbers += (
            f" Drawn are the {len(shown)} most frequent of {len(kinds):,}; the others make up "
            f"{percent(rest / apart)} of the differences."
        )
    sentence = kinds_answer(it)
    figure(
        Figure(
            name="ways-to-differ",
            sentence=plain(sentence),
            numbers=numbers,
            takeaway=f"Ways in which the two differ, by share of cases. {sentence}.",
            chart=ranked(_rows(visit, it, shown), "Share of the answered cases", visit.palette),
            how=(
                "A row for each way to differ: what production said, then what the AI said. The "
                f"dot is its share of all cases the AI answered, the line its {bound} interval "
                "(Wilson, for one look, cases taken as independent). It does not say who was "
                "right: that is on Disagreements."
            ),
            table=[
                {
                    "Production": production,
                    "AI": ai,
                    "Cases": f"{n:,}",
                    "Of all": percent(n / it.n),
                    "Of the differences": percent(n / apart),
                }
                for production, ai, n in shown
            ],
            csv=lambda: _csv(visit, it, [((p, a), n) for p, a, n in kinds]),
        ),
        visit,
    )


def _ends(visit: Visit, hits: Sequence[int], n: int) -> tuple[Sequence[float], Sequence[float]]:
    alpha = visit.evidence.publication.alpha
    low, high = wilson(np.array(hits), np.full(len(hits), n), alpha)
    return low.tolist(), high.tolist()


def _rows(visit: Visit, it: Confusion, kinds: Sequence[tuple[str, str, int]]) -> list[Ranked]:
    low, high = _ends(visit, [n for *_, n in kinds], it.n)
    return [
        Ranked(
            f"{production} → {ai}",
            f"{percent(n / it.n)} ({n:,})",
            Mark(100 * n / it.n, 100 * a, 100 * b),
        )
        for (production, ai, n), a, b in zip(kinds, low, high, strict=True)
    ]


def _csv(
    visit: Visit, it: Confusion, cells: Sequence[tuple[tuple[str, str], int]]
) -> list[dict[str, object]]:
    low, high = _ends(visit, [n for _, n in cells], it.n)
    return [
        {
            **stamp(visit),
            "production": production,
            "ai": ai,
            "cases": n,
            "share": n / it.n,
            "low": a,
            "high": b,
            "n": it.n,
            "state": "same" if production == ai else "differ",
        }
        for ((production, ai), n), a, b in zip(cells, low, high, strict=True)
    ]
