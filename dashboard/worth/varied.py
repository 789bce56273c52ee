"""One declared cost varied, all else as it is: what a case saves by factor, and where that tips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.published import Row
from dashboard.worth.case import Amount, Case

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


def _name(item: str, outcome: str) -> str:
    if outcome:
        return f"“{item}” where the outcome is “{outcome}”"
    return _NAMES.get(item, item)
