"""What is supposed of a new record, and the chance of having passed week by week."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dashboard.planning.basis import Basis
from evaluators.planning.chances import chances
from evaluators.planning.plan import Assumptions, Needed, needed
from evaluators.registered import registered_grid
from evaluators.wording import points

LONGEST = 104
"""Weeks the picture goes to at most."""
SHORTEST = 8
POINT = 0.01


@dataclass(frozen=True, slots=True)
class Supposed:
    """One supposed true difference, in words, and the chance of having passed week by week."""

    name: str
    difference: float
    chance: tuple[float, ...]

    def week(self, share: float) -> int | None:
        """Return the week by which a share of studies has passed, None if not in the picture."""
        return next((w for w, c in enumerate(self.chance, 1) if c >= share), None)


def assumptions(
    start: Basis, limit: float, a_day: float, disagreement: float, alpha: float
) -> Assumptions:
    """Return what is assumed: the reader's numbers, and the rest as the record has it."""
    return Assumptions(
        disagreement=disagreement,
        cases_per_day=a_day,
        margin=limit,
        alpha=alpha,
        pairing=round(start.pairing, 4),
        unlabelled=round(start.unlabelled, 4),
        effect=round(start.effect, 3),
        wait=start.wait,
        days_a_week=round(start.days_a_week, 2),
        grid=registered_grid(limit, disagreement),
    )


def suppositions(margin: float, disagreement: float) -> tuple[tuple[str, float], ...]:
    """Return the true differences that are supposed, by name.

    Examples
    --------
    >>> suppositions(0.02, 0.1)
    (('equal', 0.0), ('1 point better', 0.01), ('half the limit worse', -0.01))
    """
    better = min(POINT, disagreement / 2)
    name = "1 point better" if better == POINT else f"{points(better)} points better"
    return (("equal", 0.0), (name, better), ("half the limit worse", -margin / 2))


def supposed(assumed: Assumptions, weeks: int) -> tuple[Supposed, ...]:
    """Return the curves."""
    named = suppositions(assumed.margin, assumed.disagreement)
    rows = _chances(assumed, tuple(d for _, d in named), weeks)
    return tuple(
        Supposed(name, difference, row) for (name, difference), row in zip(named, rows, strict=True)
    )


def horizon(plan: Needed) -> int:
    """Return the weeks of the picture: until nine of ten studies have passed, and a little more."""
    last = plan.weeks[2] or LONGEST
    return max(SHORTEST, min(LONGEST, round(last * 1.4) + 2))


@lru_cache(maxsize=64)
def plan_of(assumed: Assumptions) -> Needed:
    """Return what a record needs under the assumptions; remembered."""
    return needed(assumed)


@lru_cache(maxsize=64)
def _chances(
    assumed: Assumptions, differences: tuple[float, ...], weeks: int
) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in chances(assumed, differences, weeks).tolist())
