"""What one look at the groups of a cut shows, jointly, and how it is said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from evaluators.pairs.paired import Numbers
from evaluators.segments.segment_groups import Groups
from evaluators.statistics.partial_conjunction import Combine, good_at_least, products
from evaluators.wording import day


@dataclass(frozen=True, slots=True)
class SegmentLook:
    """Counts of groups at one look.

    Attributes
    ----------
    size, needed
        Groups, and how many of them must be at least as good.
    good
        Lower bound on the number of groups that are, all together.
    worse
        Groups shown worse than the limit, each with the error shared out among all.
    alone
        Groups that are one segment each; the rest, if any, is all small ones together.
    end
        Last day the look covers; None without days.
    """

    size: int
    needed: int
    good: int
    worse: int
    alone: int
    end: date | None

    @property
    def passed(self) -> bool:
        """Whether enough groups are shown at least as good."""
        return self.size > 0 and self.good >= self.needed

    @property
    def failed(self) -> bool:
        """Whether too many are shown worse for enough to be left."""
        return self.worse > self.size - self.needed

    @property
    def measured(self) -> str:
        """The numbers in short."""
        return (
            f"{self.good:,} of {self.size:,} shown at least as good jointly; {self.needed:,} needed"
        )


def needed_of(size: int, share: float) -> int:
    """Return how many of so many groups must be good.

    Examples
    --------
    >>> needed_of(20, 0.95), needed_of(1, 0.1)
    (19, 1)
    """
    # The small subtraction keeps ceil(0.95 * 20) at 19 in spite of binary fractions.
    return max(1, math.ceil(share * size - 1e-9))


def look_at(
    groups: Groups,
    share: float,
    margin: float,
    alpha: float,
    grid: Numbers,
    end: date | None,
    combine: Combine = products,
) -> SegmentLook:
    """Return what a look at the groups shows.

    Parameters
    ----------
    share
        Least share of the groups that must be at least as good.
    margin
        Worst acceptable difference, positive.
    alpha
        One-sided error.
    combine
        `products` where groups share no case, `means` where they may.
    """
    size = len(groups)
    if size == 0:
        return SegmentLook(0, 0, 0, 0, 0, end)
    good = good_at_least(groups.log_good(margin, grid), alpha, combine)
    harm = groups.standing.log_worse(margin, grid)
    worse = int((harm >= math.log(size / alpha)).sum())
    return SegmentLook(size, needed_of(size, share), int(good), worse, size - groups.pools, end)


def passed(first: SegmentLook, now: SegmentLook, cut: str, limit: str) -> str:
    """Return the sentence of a pass that was given at the look `first`."""
    kept = ""
    if not now.passed and first.end is not None:
        kept = (
            f" On {day(first.end)} {first.good:,} of {first.size:,} were shown,"
            " and what was shown is kept."
        )
    verb = "is" if now.good < 2 else "are"
    return f"{_count(now, cut)} {verb} at least as good {_within(now, limit)}{kept}"


def undecided(now: SegmentLook, cut: str, limit: str) -> str:
    """Return the sentence of a look that decided nothing."""
    if now.size == 1:
        return (
            f"It is not yet shown that the one segment by {cut} is at least as good"
            f" {_within(now, limit)}"
        )
    verb = "is" if now.good < 2 else "are"
    return f"{_count(now, cut)} {verb} shown to be at least as good {_within(now, limit)}"


def failed(now: SegmentLook, cut: str, limit: str) -> str:
    """Return the sentence of a failure."""
    spare = now.size - now.needed
    which = f"{now.worse:,} of {now.size:,} segments"
    if now.worse == now.size:
        which = "The one segment" if now.size == 1 else f"All {now.size:,} segments"
    verb = "is" if now.worse == 1 else "are"
    allowed = f"{spare:,}" if spare else "none"
    return (
        f"{which} by {cut} {verb} worse than the limit of {limit} points;"
        f" the policy lets {allowed} fall short."
    )


def _within(now: SegmentLook, limit: str) -> str:
    verb = "is" if now.needed == 1 else "are"
    return f"within the limit of {limit} points; {now.needed:,} {verb} needed."


def _count(now: SegmentLook, cut: str) -> str:
    if now.good == 0:
        return f"None of the {now.size:,} segments by {cut}"
    if now.good < now.size:
        return f"At least {now.good:,} of {now.size:,} segments by {cut}"
    return f"The one segment by {cut}" if now.size == 1 else f"All {now.size:,} segments by {cut}"
