"""What the saving would be if one declared cost were another."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.charts.amounts import AmountRow, amounts
from dashboard.escape import plain
from dashboard.money import per_case
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.published import table
from dashboard.worth.case import Amount, Case
from dashboard.worth.unseen import unseen
from dashboard.worth.varied import Item, items_of, sign
from evaluators.wording import count, level


def sensitivity(visit: Visit, case: Case) -> None:
    """Show how the saving depends on each declared cost."""
    items = items_of(table(visit, "value_sensitivity"), case, bool(_hidden(visit)))
    if case.saving is None:
        return
    if not items:
        st.subheader("If a declared cost were another", anchor=False)
        empty("Every declared cost is 0, so there is nothing to vary.")
        return
    currency = case.declared.value_currency
    after = " after the running cost" if case.running else ""
    bound = level(visit.evidence.publication.alpha)
    net = case.net or case.saving
    middle = "" if net.middle is None else f"**{plain(per_case(net.middle, currency))}** a case"
    low, high = (plain(per_case(x, currency)) for x in (net.low, net.high))
    span = f"{bound} interval {low} to {high}; {count(case.cases, 'case')}"
    figure(
        Figure(
            name="saving-by-cost",
            sentence=plain(sentence(items)),
            numbers=(
                f"{middle} as declared{after} ({span}). {sampling(net)}"
                if middle
                else f"**{low} to {high}** a case as declared{after} ({bound} interval; "
                f"{count(case.cases, 'case')}). {sampling(net)}"
            ),
            takeaway=f"Saving per case if one declared cost were half or double. {sentence(items)}",
            chart=amounts(_rows(items, case), "no gain", visit.palette),
            how=(
                "Each box goes from the saving per case if that one cost were half of what is "
                "declared to the saving if it were double, all else as it is. The first row is the "
                f"saving as declared with its {bound} interval. The boxes are computed from the "
                "same cases and hold no sampling error, which is that of the first row; in table "
                "and file, a range is what unknown outcomes leave possible, and the state in the "
                "file is whether all of it lies above 0 or below. Where outcomes cannot be seen at "
                "all there is no number to draw: the line is then what is possible as declared, "
                "the box all that is possible from half to double."
            ),
            table=[line for item in items for line in _lines(item, currency)],
            csv=lambda: [line for item in items for line in _csv(item, case, visit)],
        ),
        visit,
    )


def sentence(items: Sequence[Item]) -> str:
    """Return whether halving or doubling a declared cost changes whether the AI saves on average.

    It is about the middle of this record and what unknown outcomes leave possible; how far the
    middle may be off by sampling is not in it (`sampling`).
    """
    total, tipping = len(items), sum(item.tips for item in items)
    if tipping == 0 and items:
        saves = sign(next(iter(items[0].by_factor.values())))
        also = f"also with {'the' if total == 1 else 'any one'} declared cost halved or doubled"
        if saves == 0:
            return f"Whether the AI saves on average in this record is open, {also}"
        what = "saves" if saves > 0 else "costs more than it saves"
        return f"On average in this record the AI {what}, {also}"
    depends = "Whether the AI saves on average in this record depends on"
    if total == 1:
        return f"{depends} the one declared cost"
    if tipping == total:
        return f"{depends} each of the {total} declared costs"
    return f"{depends} {tipping} of {total} declared costs"


def sampling(net: Amount) -> str:
    """Return that sentence and boxes leave sampling out, and where that matters to the answer.

    Parameters
    ----------
    net
        What a case saves as declared, with its interval.

    Examples
    --------
    >>> sampling(Amount(0.4, 0.2, 0.6)), sampling(Amount(0.2, -0.1, 0.5))[-44:]
    ('Sentence and boxes leave sampling out.', 'with it, it is open whether going live pays.')
    """
    if net.low < 0 <= net.high:
        return "Sentence and boxes leave sampling out; with it, it is open whether going live pays."
    return "Sentence and boxes leave sampling out."


def _hidden(visit: Visit) -> int:
    found = unseen(visit)
    return found.hidden if found else 0


def _rows(items: Sequence[Item], case: Case) -> list[AmountRow]:
    currency = case.declared.value_currency
    net = case.net or case.saving
    assert net is not None
    told = f"{per_case(net.low, currency)} to {per_case(net.high, currency)}"
    rows = [AmountRow("As declared", net.low, net.high, net.middle, f"As declared: {told}")]
    for item in items:
        now = item.by_factor[1.0] if 1.0 in item.by_factor else item.by_factor[min(item.by_factor)]
        box, ends = _box(item)
        rows.append(
            AmountRow(
                f"{item.name}: {per_case(item.cost, currency)}",
                now.low,
                now.high,
                now.middle,
                f"{item.name}: {per_case(box[0], currency)} to {per_case(box[1], currency)}",
                box,
                ends,
            )
        )
    return rows


def _box(item: Item) -> tuple[tuple[float, float], tuple[str, str]]:
    """Return the ends of the box and their names; without a middle, everything possible."""
    half, double = item.by_factor[min(item.by_factor)], item.by_factor[max(item.by_factor)]
    if half.middle is not None and double.middle is not None:
        return (half.middle, double.middle), ("half", "double")
    every = item.by_factor.values()
    return (min(a.low for a in every), max(a.high for a in every)), ("", "")


def _even(item: Item) -> str:
    found = item.break_even()
    if found is None:
        return "not between half and double"
    low, high = (f"{x:.2g}" for x in found)
    return f"{low} times" if low == high else f"{low} to {high} times"


def _lines(item: Item, currency: str) -> list[dict[str, str]]:
    return [
        {
            "If this cost": item.name,
            "were": per_case(item.cost * factor, currency),
            "a case saves": "not known" if a.middle is None else per_case(a.middle, currency),
            "Possible": f"{per_case(a.low, currency)} to {per_case(a.high, currency)}",
            "Breaks even at": _even(item),
        }
        for factor, a in sorted(item.by_factor.items())
    ]


def _csv(item: Item, case: Case, visit: Visit) -> list[dict[str, object]]:
    return [
        {
            **stamp(visit),
            "cost": item.name,
            "factor": factor,
            "amount": item.cost * factor,
            "currency": case.declared.value_currency,
            "saving": a.middle,
            "possible_low": a.low,
            "possible_high": a.high,
            "n": case.cases,
            "state": ("below 0", "open", "above 0")[sign(a) + 1],
        }
        for factor, a in sorted(item.by_factor.items())
    ]
