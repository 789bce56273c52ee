"""Where the saving comes from: per case, segment by segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.charts.amounts import AmountRow, amounts
from dashboard.escape import plain
from dashboard.money import per_case
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.published import Row, table
from dashboard.worth.case import Case
from evaluators.wording import count, level

MOST = 15
"""Segments drawn: those with the lowest saving."""
MOST_LISTED = 200
"""Segments in the table; the file holds all."""


@dataclass(frozen=True, slots=True)
class Part:
    """One segment: what a case of it saves; no middle where outcomes cannot be seen."""

    segment: str
    middle: float | None
    low: float
    high: float
    n: int

    @property
    def state(self) -> str:
        """Shown to save, to cost, or open."""
        return "saves" if self.low > 0 else "costs" if self.high < 0 else "open"


def by_segment(visit: Visit, case: Case) -> None:
    """Show the saving per case of the segments of a cut, small ones pooled into a count."""
    cuts = visit.evidence.cuts
    if case.saving is None or not cuts:
        return
    cut = cuts[0]
    if len(cuts) > 1:
        chosen = st.selectbox("Segments by", cuts, key="saving_by", bind="query-params", width=260)
        cut = chosen or cut
    smallest = visit.evidence.publication.smallest_segment
    parts, small = parts_of(
        table(visit, "findings", "estimate", metric="saving_per_case", cut=cut),
        smallest,
        hidden=case.saving.middle is None,
    )
    if not parts:
        st.subheader("Where the saving comes from", anchor=False)
        empty(f"No segment by {plain(cut)} has {count(smallest, 'case')} yet.")
        return
    currency, bound = case.declared.value_currency, level(visit.evidence.publication.alpha)
    shown = parts[:MOST]
    note = ""
    if len(parts) > len(shown):
        note += f" Drawn are the lowest {len(shown)} of {len(parts):,}."
    if small:
        note += f" {count(small, 'segment')} with fewer than {count(smallest, 'case')} "
        note += f"{'is' if small == 1 else 'are'} not shown singly."
    worst = parts[0]
    told = "" if worst.middle is None else f", **{plain(per_case(worst.middle, currency))}**"
    figure(
        Figure(
            name="saving-by-segment",
            sentence=plain(sentence(parts)),
            numbers=(
                f"Lowest: {plain(worst.segment)}{told} ({bound} interval "
                f"{plain(per_case(worst.low, currency))} to "
                f"{plain(per_case(worst.high, currency))}; {count(worst.n, 'case')}).{note}"
            ),
            takeaway=f"Saving per case by {cut}, lowest first. {sentence(parts)}.",
            chart=amounts(
                [_row(part, currency) for part in shown], "no gain", visit.palette, beside=True
            ),
            how=(
                "Each dot is what a case of that segment saves, by the declared costs and before "
                f"the running cost; the line is its {bound} interval. Each interval is for that "
                "segment alone: among many segments one may lie beyond 0 by chance, so a low one "
                "is a place to look, not a proof. An interval holds however often you look."
            ),
            table=[_line(part, currency) for part in parts[:MOST_LISTED]],
            csv=lambda: [_csv(part, cut, currency, visit) for part in parts],
        ),
        visit,
    )


def parts_of(rows: Sequence[Row], smallest: int, *, hidden: bool) -> tuple[tuple[Part, ...], int]:
    """Return the segments with enough cases, lowest first, and how many have too few."""
    known = [row for row in rows if row["n"] and row["low"] is not None]
    large = [row for row in known if row["n"] >= smallest]
    parts = [
        Part(
            row["segment"],
            None if hidden else row["estimate"],
            row["low"],
            row["high"],
            row["n"],
        )
        for row in large
    ]
    ordered = sorted(parts, key=lambda p: (p.low if p.middle is None else p.middle, p.segment))
    return tuple(ordered), len(known) - len(large)


def sentence(parts: Sequence[Part]) -> str:
    """Return in how many segments the AI is shown to save, without a full stop.

    Each interval is for its segment alone, so a count over several says that they are taken singly.
    """
    total = len(parts)
    saves = sum(part.state == "saves" for part in parts)
    costs = sum(part.state == "costs" for part in parts)
    where = "In the one segment" if total == 1 else f"Taken singly, in all {total:,} segments"
    if saves == total:
        return f"{where} the AI is shown to save"
    if costs == total:
        return f"{where} the AI is shown to cost more than it saves"
    if saves + costs == 0:
        return f"{where} it is open whether the AI saves"
    rest = total - saves - costs
    tail = [f"in {costs:,} to cost more"] if costs else []
    tail += [f"{rest:,} {'is' if rest == 1 else 'are'} open"] if rest else []
    if saves == 0:
        some = f"Taken singly, in {costs:,} of {total:,} segments"
        return f"{some} the AI is shown to cost more; {tail[-1]}"
    some = f"Taken singly, in {saves:,} of {total:,} segments"
    return f"{some} the AI is shown to save; {'; '.join(tail)}"


def _row(part: Part, currency: str) -> AmountRow:
    middle = "" if part.middle is None else f"{per_case(part.middle, currency)}, "
    low, high = per_case(part.low, currency), per_case(part.high, currency)
    words = f"{part.segment}: {middle}{low} to {high}, {part.state}"
    return AmountRow(part.segment, part.low, part.high, part.middle, words)


def _line(part: Part, currency: str) -> dict[str, str]:
    return {
        "Segment": part.segment,
        "Saving per case": "not known" if part.middle is None else per_case(part.middle, currency),
        "Interval": f"{per_case(part.low, currency)} to {per_case(part.high, currency)}",
        "Cases": f"{part.n:,}",
        "Shown singly": part.state,
    }


def _csv(part: Part, cut: str, currency: str, visit: Visit) -> dict[str, object]:
    return {
        **stamp(visit),
        "cut": cut,
        "segment": part.segment,
        "currency": currency,
        "saving": part.middle,
        "low": part.low,
        "high": part.high,
        "n": part.n,
        "state": part.state,
    }
