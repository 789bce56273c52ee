"""Whether two people who judge the same case say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from data_contracts.findings import ALL_CASES
from data_contracts.reviews import Judgement
from evaluators.columns import UNKNOWN, Columns, Measures
from evaluators.reviewing.judged import JUDGEMENTS
from evaluators.scope import Scope
from evaluators.statistics.agreement import gwet_ac1
from evaluators.statistics.intervals import wilson
from evaluators.wording import count

USABLE = 0.6
"""AC1 from which on reviews may serve as truth."""
FEWEST_PAIRS = 10
"""Cases judged twice, below which nothing is said of how well people agree."""


@dataclass(frozen=True, slots=True)
class Doubly:
    """How well two people agree about who was right, where the two sides differ.

    Attributes
    ----------
    cases
        Disagreements that two people judged.
    agreement
        Share of them of which they said the same; NaN without any.
    ac1, low, high
        Gwet's AC1 with its interval; NaN below `FEWEST_PAIRS` cases.
    """

    cases: int
    same: int
    agreement: float
    ac1: float
    low: float
    high: float

    @property
    def enough(self) -> bool:
        """Whether there are cases enough to tell."""
        return self.cases >= FEWEST_PAIRS

    def usable(self, least: float = USABLE) -> bool:
        """Whether the reviews may serve as truth."""
        return self.enough and self.ac1 >= least

    @property
    def sentence(self) -> str:
        """What it says, in one sentence."""
        if not self.cases:
            return "No case has been judged by two people yet."
        told = f"Two people said the same of {self.same:,} of {count(self.cases, 'case')}"
        if not self.enough:
            return f"{told} that both judged; {FEWEST_PAIRS} are needed to tell whether they agree."
        if self.usable():
            return f"{told}: AC1 {self.ac1:.2f}, enough for their judgement to count as the truth."
        return (
            f"{told}: AC1 {self.ac1:.2f}, below {USABLE:g}, so that their judgement is not to be"
            " taken as the truth."
        )


def doubly(measures: Measures, scope: Scope) -> Doubly:
    """Return how well two people agree on the disagreements that both judged.

    Notes
    -----
    The first two people of each case, whoever they are. Cases on which the two sides agree are left
    out: people would agree about most of them, which says nothing about the others. The interval is
    the wider one of Gwet's and of Wilson's for the raw agreement, carried through the same chance:
    the first has no width where all agree. Categories are the judgements that somebody gave, two at
    least: counting those that nobody used would make chance, and so doubt, look smaller.

    References
    ----------
    Gwet (2008), doi:10.1348/000711006X126600; Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    table = pairs_of(measures)
    given = table.sum(axis=0) + table.sum(axis=1)
    used = np.sort(np.argsort(-given, kind="stable")[: max(2, int((given > 0).sum()))])
    table = table[np.ix_(used, used)]
    cases, same = int(table.sum()), int(np.trace(table))
    if not cases:
        return Doubly(0, 0, *[float("nan")] * 4)
    share = same / cases
    if cases < FEWEST_PAIRS:
        return Doubly(cases, same, share, *[float("nan")] * 3)
    ac1, error = (float(x) for x in gwet_ac1(table))
    chance = (share - ac1) / (1 - ac1) if ac1 < 1 else _chance(table)
    reach = float(ndtri(1 - scope.alpha / 2)) * error
    ends = ((float(x) - chance) / (1 - chance) for x in wilson(same, cases, scope.alpha))
    low, high = ends
    return Doubly(
        cases, same, share, ac1, max(-1.0, min(low, ac1 - reach)), min(1.0, max(high, ac1 + reach))
    )


def pairs_of(measures: Measures) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return how often the first person said one thing and the second another."""
    found = np.zeros((len(JUDGEMENTS), len(JUDGEMENTS)))
    counts = measures.get("review_counts", Columns({}))
    if not len(counts):
        return found
    mine = counts.where(
        (counts["cut"] == counts.code("cut", ALL_CASES))
        & (counts["agree"] == 0)
        & (counts["other"] != UNKNOWN)
    )
    one, other = mine.labels["judgement"], mine.labels["other"]
    for first, second, n in zip(mine["judgement"], mine["other"], mine["n"], strict=True):
        at = JUDGEMENTS.index(Judgement(one[first])), JUDGEMENTS.index(Judgement(other[second]))
        found[at] += n
    return found


def _chance(table: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    said = (table.sum(axis=0) + table.sum(axis=1)) / (2 * table.sum())
    return float((said * (1 - said)).sum() / (len(table) - 1))
