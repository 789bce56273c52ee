"""What one look at the groups of a cut shows about their share of all cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evaluators.pairs.paired import Numbers
from evaluators.segments.segment_groups import Groups
from evaluators.statistics.conjunction_at_one_look import share_of_volume
from evaluators.statistics.multiplicity import holm_e
from evaluators.wording import day, percent, plain_percent


@dataclass(frozen=True, slots=True)
class VolumeLook:
    """Shares of cases at one look.

    Attributes
    ----------
    size
        Groups.
    needed
        Share of the cases that must lie in groups that are at least as good.
    good, worse
        Share of the cases in groups shown at least as good, shown worse; all together.
    alone
        Groups that are one segment each.
    end
        Last day the look covers; None without days.
    """

    size: int
    needed: float
    good: float
    worse: float
    alone: int
    end: date | None

    @property
    def passed(self) -> bool:
        """Whether a large enough share is shown at least as good."""
        return self.size > 0 and self.good >= self.needed - 1e-12

    @property
    def failed(self) -> bool:
        """Whether too large a share is shown worse for enough to be left."""
        return self.worse > 1 - self.needed + 1e-12

    @property
    def measured(self) -> str:
        """The numbers in short."""
        return (
            f"segments with {percent(self.good, self.needed)} of cases shown at least as good;"
            f" {plain_percent(self.needed)} needed"
        )


def volume_at(
    groups: Groups, share: float, margin: float, alpha: float, grid: Numbers, end: date | None
) -> VolumeLook:
    """Return what a look shows about shares of cases.

    Notes
    -----
    The cases in the groups that Holm's procedure on e-values shows at least as good: with the
    chance it promises all of them are, and so their share is a lower bound on the share of the
    cases in good groups, at any look. Shares are of the cases compared so far.

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Vovk & Wang (2021),
    doi:10.1214/20-AOS2020.
    """
    n = groups.standing.counts.n
    good, worse = (
        float(share_of_volume(holm_e(log_e) <= alpha, n))
        for log_e in (groups.log_good(margin, grid), groups.standing.log_worse(margin, grid))
    )
    return VolumeLook(len(groups), share, good, worse, len(groups) - groups.pools, end)


def passed(first: VolumeLook, now: VolumeLook, cut: str, limit: str) -> str:
    """Return the sentence of a pass that was given at the look `first`."""
    kept = ""
    if not now.passed and first.end is not None:
        kept = (
            f" On {day(first.end)} it was shown for {percent(first.good, first.needed)},"
            " and what was shown is kept."
        )
    return f"{_shown(now, cut)} {_within(now, limit)}{kept}"


def undecided(now: VolumeLook, cut: str, limit: str) -> str:
    """Return the sentence of a look that decided nothing."""
    return f"{_shown(now, cut)} so far {_within(now, limit)}"


def failed(now: VolumeLook, cut: str, limit: str) -> str:
    """Return the sentence of a failure."""
    return (
        f"Segments by {cut} with {percent(now.worse)} of the cases are worse than the limit of"
        f" {limit} points; the policy lets {plain_percent(1 - now.needed)} fall short."
    )


def _shown(now: VolumeLook, cut: str) -> str:
    return (
        f"Segments by {cut} with {percent(now.good, now.needed)} of the cases are each shown to be"
        " at least as good"
    )


def _within(now: VolumeLook, limit: str) -> str:
    return f"within the limit of {limit} points; {plain_percent(now.needed)} is needed."
