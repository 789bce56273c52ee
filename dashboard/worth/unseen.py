"""Disagreements whose outcome production's decision hides: what is published about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.page import Visit
from dashboard.published import table
from data_contracts.findings import ALL_CASES


@dataclass(frozen=True, slots=True)
class Assumed:
    """The difference if a share of the hidden disagreements were the candidate's.

    `low` is the lower end of the interval if at least that share were.
    """

    good: float
    difference: float
    low: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """Fractions, not points.

    Attributes
    ----------
    n, hidden
        Mature cases, and disagreements among them whose outcome cannot be seen.
    worst, best
        What they leave possible, without sampling error.
    low, high
        The same with it, at every look.
    margin
        Worst acceptable difference, positive.
    break_even
        Share of the hidden that must be the candidate's; None where it makes no difference.
    comparable_good, comparable
        Share of the candidate's among similar cases that can be seen, and their number.
    assumed
        The difference by the assumed share, ascending.
    """

    n: int
    hidden: int
    worst: float
    best: float
    low: float
    high: float
    margin: float
    break_even: float | None
    comparable_good: float | None
    comparable: int
    assumed: tuple[Assumed, ...]

    @property
    def like_comparable(self) -> float | None:
        """The difference if the hidden were like similar cases."""
        if self.comparable_good is None:
            return None
        return self.worst + (self.best - self.worst) * self.comparable_good

    def nearest(self, good: float) -> Assumed | None:
        """Return the published assumption of a share, or of the next lower one."""
        below = [one for one in self.assumed if one.good <= good + 1e-9]
        return below[-1] if below else None


def unseen(visit: Visit) -> Unseen | None:
    """Return what is published about all cases; None where every outcome can be seen."""
    rows = table(visit, "selective_bounds", cut=ALL_CASES)
    if not rows or not rows[0]["n"]:
        return None
    one: dict[str, Any] = rows[0]
    shares = table(visit, "selective_sensitivity", "good", assumption="share")
    return Unseen(
        one["n"],
        one["hidden"],
        one["worst"],
        one["best"],
        one["anytime_low"],
        one["anytime_high"],
        one["margin"],
        one["break_even"],
        one["comparable_good"],
        one["comparable"],
        tuple(
            Assumed(row["good"], row["difference"], row["low"])
            for row in shares
            if row["difference"] is not None and row["low"] is not None
        ),
    )
