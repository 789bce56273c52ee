"""What the saving would be if one declared cost were another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import streamlit as st

from dashboard.charts.amounts import AmountRow, amounts
from dashboard.escape import plain
from dashboard.money import per_case
from dashboard.page import Visit
from dashboard.parts import Figure, empty, figure, stamp
from dashboard.published import Row, table
from dashboard.worth.case import Amount, Case
from dashboard.worth.unseen import unseen
from evaluators.wording import count, level

_NAMES = {"unit value": "One more right decision", "review": "A case left to people"}


@dataclass(frozen=True, slots=True)
class Item:
    """One declared cost: by factor, what a case saves, less the cost to run the AI."""

    name: str
    cost: float
    by_factor: Mapping[float, Amount]

    @property
    def span(self) -> float:
        """How far the saving moves from half to double."""
        ends = [a.middle or 0.0 for a in self.by_factor.values()]
        return max(ends) - min(ends)

    @property
    def tips(self) -> bool:
        """Whether it changes the answer: some factor shows another sign than the declared one."""
        return len({sign(amount) for amount in self.by_factor.values()}) > 1

    def break_even(self) -> tuple[float, float] | None:
        """Return the factors between which it breaks even, None if not between half and double.

        The ends are those of what unknown outcomes leave possible; between two published factors
        the saving is taken as a straight line.
        """
        found = [
            f
            for side in ("low", "high")
            if (f := crossing({x: getattr(a, side) for x, a in self.by_factor.items()})) is not None
        ]
        if not found:
            return None
        return min(found), max(found)


def sign(amount: Amount) -> int:
    """Return 1 where an amount is above 0 for sure, -1 below, 0 where it is open."""
    return 1 if amount.low > 0 else -1 if amount.high < 0 else 0


def crossing(values: Mapping[float, float]) -> float | None:
    """Return where a broken line through some points crosses 0 first; None where it does not.

    Examples
    --------
    >>> crossing({0.5: -1.0, 1.0: 1.0, 2.0: 5.0}), crossing({0.5: 1.0, 2.0: 4.0})
    (0.75, None)
    """
    points = sorted(values.items())
    for (x, a), (z, b) in pairwise(points):
        if a == 0:
            return x
        if a * b < 0:
            return x + (z - x) * a / (a - b)
    return points[-1][0] if points and points[-1][1] == 0 else None


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
                f"{middle} as declared{after} ({span})."
                if middle
                else f"**{low} to {high}** a case as declared{after} ({bound} interval; "
                f"{count(case.cases, 'case')})."
            ),
            takeaway=f"Saving per case if one declared cost were half or double. {sentence(items)}",
            chart=amounts(_rows(items, case), "no gain", visit.palette),
            how=(
                "Each box goes from the saving per case if that one cost were half of what is "
                "declared to the saving if it were double, all else as it is. The first row is the "
                f"saving as declared with its {bound} interval. The boxes are computed from the "
                "same cases and hold no sampling error, which is that of the first row; in the "
                "table, a range is what unknown outcomes leave possible. Where outcomes cannot be "
                "seen at all there is no number to draw: the line is then what is possible as "
                "declared, the box all that is possible from half to double."
            ),
            table=[line for item in items for line in _lines(item, currency)],
            csv=lambda: [line for item in items for line in _csv(item, case, visit)],
        ),
        visit,
    )


def items_of(rows: Sequence[Row], case: Case, hidden: bool) -> tuple[Item, ...]:
    """Return the declared costs, the one that matters most first.

    Parameters
    ----------
    hidden
        Whether outcomes cannot be seen; then there is no middle.
    """
    costs: dict[tuple[str, str], dict[float, Amount]] = {}
    declared: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (row["item"], row["outcome"])
        amount = Amount(None if hidden else row["saving"], row["low"], row["high"])
        if case.running is not None and case.running.middle is not None:
            run = case.running.middle
            amount = amount.less(Amount(run, run, run))
        costs.setdefault(key, {})[row["factor"]] = amount
        if row["factor"] == 1:
            declared[key] = row["cost"]
    found = [Item(_name(*key), declared.get(key, 0.0), by) for key, by in costs.items()]
    return tuple(sorted(found, key=lambda item: -item.span))


def sentence(items: Sequence[Item]) -> str:
    """Return whether halving or doubling a declared cost changes whether going live pays.

    It is about the middle of the record and what unknown outcomes leave possible.
    """
    total, tipping = len(items), sum(item.tips for item in items)
    if tipping == 0 and items and all(sign(a) == 0 for a in items[0].by_factor.values()):
        cost = "the declared cost" if total == 1 else "any declared cost"
        return f"Half or double {cost}, it stays open whether going live pays"
    if total == 1:
        if tipping:
            return "Whether going live pays depends on the one declared cost"
        return "Half or double the declared cost does not change whether going live pays"
    if tipping == 0:
        return "No declared cost, halved or doubled, changes whether going live pays"
    if tipping == total:
        return f"Whether going live pays depends on each of the {total} declared costs"
    return f"Whether going live pays depends on {tipping} of {total} declared costs"


def _hidden(visit: Visit) -> int:
    found = unseen(visit)
    return found.hidden if found else 0


def _name(item: str, outcome: str) -> str:
    if outcome:
        return f"{item} where the outcome is {outcome}"
    return _NAMES.get(item, item)


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
            "low": a.low,
            "high": a.high,
            "n": case.cases,
            "state": ("costs", "open", "pays")[sign(a) + 1],
        }
        for factor, a in sorted(item.by_factor.items())
    ]
