"""How many cases of each stratum a round of reviews draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.statistics.reviews import Numbers, allocation

AGREEMENT = "agreement"
"""Stratum of the cases in which both sides say the same."""
OTHER_KINDS = "other kinds"
"""Stratum of the kinds of disagreement that are too rare to be one each."""
FLOOR = 10
"""Least draws of a stratum, as far as it has cases; a kind that would get fewer is pooled."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of a round.

    Attributes
    ----------
    kinds
        Kinds of cases it holds.
    agree
        Whether both sides say the same in its cases.
    """

    name: str
    kinds: tuple[str, ...]
    agree: bool
    population: int
    drawn: int

    @property
    def chance(self) -> float:
        """Chance of each of its cases to be drawn."""
        return self.drawn / self.population if self.population else 0.0


def strata(kinds: Mapping[str, int], cases: int, control_share: float) -> tuple[Stratum, ...]:
    """Return the strata of a round and how many cases are drawn of each.

    Parameters
    ----------
    kinds
        Cases of each kind: agreements under `AGREEMENT`, disagreements by what the two said.
    cases
        Cases to be drawn in all; fewer where there are not as many.
    control_share
        Share of them that are agreements.

    Notes
    -----
    Disagreements by Neyman's allocation with equal deviations, since who is right is not known
    before: in proportion to their number, with a floor. Kinds that would get fewer than the floor
    make one stratum together.

    Examples
    --------
    >>> kinds = {"agreement": 9000, "late, on_time": 600, "on_time, late": 300, "odd, late": 4}
    >>> {s.name: s.drawn for s in strata(kinds, 100, 0.1)}
    {'agreement': 10, 'late, on_time': 57, 'on_time, late': 29, 'odd, late': 4}
    """
    differing = {kind: n for kind, n in kinds.items() if kind != AGREEMENT and n > 0}
    agreeing = kinds.get(AGREEMENT, 0)
    control = min(round(cases * control_share), agreeing)
    groups = _pooled(differing, cases - control)
    sizes = np.array([sum(differing[kind] for kind in group) for group in groups.values()])
    rest = min(cases - control, int(sizes.sum()))
    floor = min(FLOOR, rest // max(1, len(groups)))
    given = _whole(allocation(sizes, np.ones(len(sizes)), rest, floor), sizes, rest)
    found = [Stratum(AGREEMENT, (AGREEMENT,), True, agreeing, control)] if agreeing else []
    return tuple(found) + tuple(
        Stratum(name, group, False, int(size), int(n))
        for (name, group), size, n in zip(groups.items(), sizes, given, strict=True)
    )


def _pooled(differing: Mapping[str, int], draws: int) -> dict[str, tuple[str, ...]]:
    """Return the names of the strata of disagreements with their kinds, the commonest first."""
    total = sum(differing.values())
    ordered = sorted(differing, key=lambda kind: (-differing[kind], kind))
    own = [kind for kind in ordered if differing[kind] * draws >= FLOOR * total]
    rare = tuple(kind for kind in ordered if kind not in own)
    groups: dict[str, tuple[str, ...]] = {kind: (kind,) for kind in own}
    if rare:
        groups[rare[0] if len(rare) == 1 else OTHER_KINDS] = rare
    return groups


def _whole(given: Numbers, sizes: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Return whole numbers near the given ones that add up, none above its size."""
    found: NDArray[np.int64] = np.minimum(np.floor(given + 1e-9), sizes).astype(np.int64)
    order = np.lexsort((np.arange(len(given)), found - given))
    for place in [*order, *order]:
        if found.sum() >= total:
            break
        if found[place] < sizes[place]:
            found[place] += 1
    return found
