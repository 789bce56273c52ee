"""What a gate about the difference will need: cases, and whole weeks until it can be shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from evaluators.statistics.betting import general_grid
from evaluators.statistics.planning import cases_needed
from evaluators.statistics.sample_size import score_size
from evaluators.statistics.stopping import stopping_looks, stopping_quantiles
from evaluators.weeks import LEAST_CLUSTERS, LEAST_DAYS, WEEK
from evaluators.wording import count, percent, points

LONGEST = 520
"""Weeks beyond which a plan is said to be out of reach."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is expected of the cases to come.

    Attributes
    ----------
    disagreement, difference
        Share of cases on which the two differ, and difference in accuracy, as fractions.
    margin
        Worst acceptable difference, positive; 0 asks whether the candidate is better.
    cases_per_day
        Decisions a day, of one segment or of all; 0 where the records carry no days.
    alpha
        Two-sided error of the study; a gate uses half of it.
    power
        Chance of passing that the fixed size is made for.
    pairing
        Share of decisions with a recommendation.
    unlabelled
        Share of disagreements whose outcome never comes; a gate takes them as losses.
    effect
        Design effect: how many cases tell as much as one independent case.
    wait
        Days until outcomes are in.
    days_a_week
        Days of a week that have cases.
    grid
        Bets of the study; empty for the general ones.
    so_far, weeks_so_far
        Effective cases, wins and losses already counted, and the whole weeks they came from.
    """

    disagreement: float
    cases_per_day: float
    margin: float
    difference: float = 0.0
    alpha: float = 0.05
    power: float = 0.9
    pairing: float = 1.0
    unlabelled: float = 0.0
    effect: float = 1.0
    wait: int = 0
    days_a_week: float = 7.0
    grid: tuple[float, ...] = ()
    so_far: tuple[float, float, float] = (0.0, 0.0, 0.0)
    weeks_so_far: int = 0

    @property
    def shown(self) -> float:
        """The difference a gate will see, disagreements without an outcome being losses."""
        kept = 1 - self.unlabelled
        return self.difference * kept - self.disagreement * self.unlabelled

    @property
    def a_week(self) -> float:
        """Effective cases a week."""
        return self.cases_per_day * WEEK * self.pairing / self.effect


@dataclass(frozen=True, slots=True)
class Needed:
    """What it takes; None where it is not reachable.

    Attributes
    ----------
    fixed
        Cases for a test that is looked at once, by the score test.
    anytime
        Further cases for the test that may be looked at every week, about the median.
    weeks
        Further whole weeks: in one of ten studies, in half, in nine of ten it has passed by then.
    days
        The same in days from now on, waiting for the last outcomes included.
    reachable
        Whether it can be expected to pass at all.
    why
        Why not, and what would help; else empty.
    """

    fixed: int | None
    anytime: int | None
    weeks: tuple[int | None, int | None, int | None]
    days: tuple[int | None, int | None, int | None]
    reachable: bool
    why: str


def needed(assumed: Assumptions) -> Needed:
    """Return what a gate about the difference needs under some assumptions.

    Notes
    -----
    A gate looks at the ends of whole weeks, from the second week and the twentieth day with cases
    on. The weeks are quantiles over 2,000 simulated studies with the gate's own bets; disagreements
    without an outcome count as losses in all of them, as they do in the gate.

    References
    ----------
    Nam (1997), doi:10.2307/2533508; Waudby-Smith & Ramdas (2024), doi:10.1093/jrsssb/qkad009.

    Examples
    --------
    >>> found = needed(Assumptions(disagreement=0.1, cases_per_day=100, margin=0.02))
    >>> found.fixed, found.anytime, found.weeks
    (2676, 2907, (3, 5, 8))
    >>> needed(Assumptions(0.1, 100, 0.02, difference=-0.02)).reachable
    False
    """
    grid = np.array(assumed.grid) if assumed.grid else general_grid()
    alpha = assumed.alpha / 2
    size = score_size(
        assumed.disagreement, assumed.difference, assumed.margin, alpha, assumed.power
    )
    fixed = float(size) * assumed.effect / max(1e-9, 1 - assumed.unlabelled)
    path = (assumed.disagreement, assumed.shown, assumed.margin, alpha, grid)
    more = float(cases_needed(*path, so_far=assumed.so_far))
    whole = None if math.isinf(fixed) else math.ceil(fixed)
    cases = None if math.isinf(more) else math.ceil(more * assumed.effect)
    unknown = (None, None, None)
    if cases is not None and assumed.a_week == 0:
        return Needed(whole, cases, unknown, unknown, True, "")
    mean = more / assumed.a_week if assumed.a_week else math.inf
    if mean > LONGEST:
        return Needed(whole, cases, unknown, unknown, False, _why(assumed, cases))
    first = max(1, first_look(assumed) - assumed.weeks_so_far)
    horizon = min(LONGEST, max(first, math.ceil(4 * mean) + 8))
    found = stopping_looks(
        assumed.a_week,
        *path[:3],
        alpha,
        grid,
        looks=horizon,
        first=first,
        so_far=assumed.so_far,
    )
    ends = [None if math.isinf(q) else int(q) for q in stopping_quantiles(found).tolist()]
    weeks = (ends[0], ends[1], ends[2])
    days = tuple(None if end is None else WEEK * end + assumed.wait for end in ends)
    return Needed(whole, cases, weeks, (days[0], days[1], days[2]), True, "")


def first_look(assumed: Assumptions) -> int:
    """Return the number of the week at whose end a gate may look first."""
    days = min(7.0, max(assumed.days_a_week, 1e-9))
    return max(math.ceil(LEAST_DAYS / WEEK), math.ceil(LEAST_CLUSTERS / days - 1e-9))


def _why(assumed: Assumptions, anytime: int | None) -> str:
    limit = points(-assumed.margin)
    if assumed.difference <= -assumed.margin:
        return (
            f"The expected difference of {points(assumed.difference)} points is not above the limit"
            f" of {limit} points: only a wider margin can be shown."
        )
    if anytime is None and assumed.shown <= -assumed.margin:
        return (
            f"Disagreements without an outcome count as losses: with {percent(assumed.unlabelled)}"
            f" of them missing the difference can be shown above {points(assumed.shown)} points at"
            f" best, and the limit is {limit}. More outcomes, or a wider margin, would help."
        )
    if anytime is None:
        return (
            f"No bet of the study gains on a difference so close to the limit of {limit} points:"
            " a wider margin would help."
        )
    rate = assumed.cases_per_day
    pace = count(round(rate), "case") if rate >= 1 else f"{rate:.2g} cases"
    return (
        f"It needs about {count(anytime, 'further case')}, which at {pace} a day takes more than"
        " ten years: a wider margin, more cases or fewer segments would help."
    )
