"""One row a segment: its paired difference, and what it shows against the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from data_contracts.findings import Finding
from data_contracts.vocabulary import Shown
from evaluators.statistics.shown import shown


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment's difference as fractions, and what it shows against the limit.

    `possible_low` and `possible_high` are what missing outcomes leave possible; set only where
    too few outcomes are final for an estimate.
    """

    name: str
    n: int
    estimate: float | None
    low: float | None
    high: float | None
    shown: Shown = Shown.NO_DATA
    possible_low: float | None = None
    possible_high: float | None = None


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """All rows of a cut.

    Attributes
    ----------
    limit, whole_limit
        Worst acceptable differences as fractions, negative: of a segment, of all cases; None where
        the policy names none.
    registered
        Whether the policy has a gate on this cut.
    pooled, pooled_cases, threshold
        How many segments were pooled, with how many cases, because each has fewer than this.
    recomputed
        Whether the numbers are of a period and not the published ones.
    """

    cut: str
    limit: float | None
    whole_limit: float | None
    registered: bool
    whole: SegmentRow
    rows: tuple[SegmentRow, ...]
    pooled: int
    pooled_cases: int
    threshold: int
    recomputed: bool

    def having(self, *states: Shown) -> tuple[SegmentRow, ...]:
        """Return the rows in one of these states."""
        return tuple(row for row in self.rows if row.shown in states)


def segment_row(name: str, known: Finding, possible: Finding, before: Finding) -> SegmentRow:
    """Return a row that is not judged yet; without an estimate, what is possible instead."""
    if known.estimate is not None:
        return SegmentRow(name, known.n, known.estimate, known.low, known.high)
    return SegmentRow(
        name,
        before.n,
        None,
        before.low,
        before.high,
        possible_low=possible.low,
        possible_high=possible.high,
    )


def judged(rows: Sequence[SegmentRow], limit: float | None) -> list[SegmentRow]:
    """Return the rows with what each shows, singly; one call for all of them.

    Without a limit a row is better, worse or undecided: by 0 alone nothing is as good.
    """
    low, high = (np.array([getattr(r, end) for r in rows], float) for end in ("low", "high"))
    states = shown(low, high, limit or 0.0, np.array([row.n for row in rows], np.int64))
    return [
        row if row.estimate is None else replace(row, shown=state)
        for row, state in zip(rows, states, strict=True)
    ]
