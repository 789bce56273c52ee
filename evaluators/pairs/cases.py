"""The measure `outcome_counts` as paired counts per segment, and per day where asked.

What a case contributes (specification of the estimand): with A the candidate right and P
production right, d = A - P. Only disagreements can have d other than 0, so a case where both
gave the same answer counts as d = 0 whatever the outcome is; a case the candidate did not answer
falls back to production and counts as d = 0 too. Cases answered with hindsight, or exposed to
the decider, are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import WHOLE, Segment
from data_contracts.vocabulary import Answer
from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from evaluators.pairs.entity_clusters import EntityClusters
from evaluators.pairs.paired_counts import Counts, PairedCounts


@dataclass(frozen=True)
class CaseCounts:
    """The measure `outcome_counts` of one candidate version.

    Attributes
    ----------
    entities
        Sums over the entities of declared clusters; None where none is declared.

    Examples
    --------
    >>> cases = CaseCounts.of(Columns({}, {}))
    >>> cases.segments
    (Segment(cut='all', value='all'),)
    >>> cases.paired().n.tolist()
    [0]
    """

    table: Columns
    segments: tuple[Segment, ...]
    segment: NDArray[np.int64]
    entities: EntityClusters | None = None
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of_measures(cls, measures: Measures) -> CaseCounts:
        """Return the counts with the sums over entities, where clusters are declared.

        Examples
        --------
        >>> CaseCounts.of_measures({"outcome_counts": Columns({}, {})}).entities is None
        True
        """
        table = measures["outcome_counts"]
        cases = cls.of(table)
        entities = EntityClusters.of(measures.get("cluster_sums"), cases.segments)
        if entities is None:
            return cases
        if "clustered_cases" not in table.memo:
            table.memo["clustered_cases"] = cls(table, cases.segments, cases.segment, entities)
        found: CaseCounts = table.memo["clustered_cases"]
        return found

    @classmethod
    def of(cls, table: Columns) -> CaseCounts:
        """Return the counts of a measure table with every (cut, segment) numbered.

        The whole (`WHOLE`) is always number 0, also where the table has no row. The same table
        gives the same object, so that what evaluators work out from it is worked out once.
        """
        if "cases" not in table.memo:
            table.memo["cases"] = cls._numbered(table)
        found: CaseCounts = table.memo["cases"]
        return found

    @classmethod
    def _numbered(cls, table: Columns) -> CaseCounts:
        if len(table) == 0:
            return cls(table, (WHOLE,), np.zeros(0, np.int64))
        values = ("(missing)", *table.labels["segment"])
        pair = table["cut"].astype(np.int64) * len(values) + table["segment"] + 1
        occurs = np.zeros(len(table.labels["cut"]) * len(values), np.bool_)
        occurs[pair] = True  # marking what occurs is quicker than sorting
        found, index = np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[pair]
        names = [
            Segment(table.labels["cut"][p // len(values)], values[p % len(values)])
            for p in found.tolist()
        ]
        if WHOLE not in names:
            return cls(table, (WHOLE, *names), index + 1)
        whole = names.index(WHOLE)
        order = [whole, *(i for i in range(len(names)) if i != whole)]
        rank = np.empty(len(names), np.int64)
        rank[order] = np.arange(len(names))
        return cls(table, tuple(names[i] for i in order), rank[index])

    def where(self, keep: NDArray[np.bool_]) -> CaseCounts:
        """Return the rows for which `keep` is true; segments keep their numbers."""
        if keep.all():
            return self
        return CaseCounts(self.table.where(keep), self.segments, self.segment[keep], self.entities)

    def until(self, day: int | None) -> CaseCounts:
        """Return the cases of cohort days up to and including `day` (None: all of them)."""
        if day is None or len(self.table) == 0:
            return self
        return self.where(self.day <= day)

    def regrouped(self, number: NDArray[np.int64], segments: tuple[Segment, ...]) -> CaseCounts:
        """Return the counts of other segments: number i becomes `number[i]`, -1 is left out.

        Examples
        --------
        >>> cases = CaseCounts.of(Columns({}, {}))
        >>> cases.regrouped(np.array([0]), (Segment("cut", "small"),)).segments
        (Segment(cut='cut', value='small'),)
        """
        becomes = number[self.segment]
        keep = becomes >= 0
        entities = self.entities and self.entities.regrouped(number, len(segments))
        return CaseCounts(self.table.where(keep), segments, becomes[keep], entities)

    def only(self, numbers: Sequence[int]) -> CaseCounts:
        """Return the counts of some segments, numbered in the order given."""
        number = np.full(len(self.segments), -1, np.int64)
        number[list(numbers)] = np.arange(len(numbers))
        return self.regrouped(number, tuple(self.segments[i] for i in numbers))

    def of_cut(self, cut: str) -> Sequence[int]:
        """Return the numbers of the segments of a cut."""
        return [i for i, segment in enumerate(self.segments) if segment.cut == cut]

    @cached_property
    def day(self) -> NDArray[np.int64]:
        """Cohort day of each row, `NO_DAY` where there is none."""
        return self.column("cohort_day")

    def column(self, name: str) -> NDArray[np.int64]:
        """Return a column as 64-bit integers."""
        if len(self.table) == 0:
            return np.zeros(0, np.int64)
        return self.table[name].astype(np.int64, copy=False)

    def answered(self, *answers: Answer) -> NDArray[np.bool_]:
        """Return for each row whether its answer is one of these."""
        if len(self.table) == 0:
            return np.zeros(0, np.bool_)
        labels = self.table.labels["answer"]
        # The last place is what code -1 (null) points at.
        wanted = np.array([*(label in answers for label in labels), False])
        found: NDArray[np.bool_] = wanted[self.table["answer"]]
        return found

    @cached_property
    def compared(self) -> NDArray[np.bool_]:
        """For each row, whether its cases count in the comparison."""
        return self.answered(*(a for a in Answer if a not in (Answer.HINDSIGHT, Answer.EXPOSED)))

    @cached_property
    def differ(self) -> NDArray[np.bool_]:
        """For each row, whether the candidate gave another answer than production."""
        found: NDArray[np.bool_] = self.answered(Answer.ANSWERED) & (self.column("agree") == 0)
        return found

    def total(self, keep: NDArray[np.bool_]) -> Counts:
        """Return the number of cases per segment among the rows to keep; shape (segments,)."""
        return self.total_in(keep, self.segment, len(self.segments))

    def total_in(self, keep: NDArray[np.bool_], cell: NDArray[np.int64], size: int) -> Counts:
        """Return the number of cases per cell among the rows to keep, given each row's cell."""
        if len(self.table) == 0:
            return np.zeros(size, np.int64)
        # bincount adds in double precision: exact up to 2**53 cases, far beyond any study.
        return np.bincount(cell, weights=self._weight * keep, minlength=size).astype(np.int64)

    def totals(
        self,
        code: NDArray[np.int64],
        codes: int,
        cell: NDArray[np.int64] | None = None,
        size: int = 0,
    ) -> Counts:
        """Return the number of cases per code and cell in one pass; shape (codes, cells).

        Parameters
        ----------
        code
            Of each row, from 0 to `codes` - 1.
        cell
            Of each row, from 0 to `size` - 1; the row's segment if None.
        """
        if cell is None:
            cell, size = self.segment, len(self.segments)
        if len(self.table) == 0:
            return np.zeros((codes, size), np.int64)
        flat = np.bincount(cell * codes + code, weights=self._weight, minlength=size * codes)
        return flat.astype(np.int64).reshape(size, codes).T

    @cached_property
    def _weight(self) -> NDArray[np.float64]:
        return self.column("n").astype(np.float64)

    def paired(self) -> PairedCounts:
        """Return the paired counts per segment; arrays of shape (segments,)."""
        return self.paired_in(self.segment, (len(self.segments),))

    def paired_by_day(self, first_day: int, days: int) -> PairedCounts:
        """Return the paired counts per segment and day; arrays of shape (segments, days).

        Rows outside the days asked for are left out.
        """
        at = self.day - first_day
        inside = (self.day != NO_DAY) & (at >= 0) & (at < days)
        part = self.where(inside)
        return part.paired_in(part.segment * days + at[inside], (len(self.segments), days))

    def paired_in(self, cell: NDArray[np.int64], shape: tuple[int, ...]) -> PairedCounts:
        """Return the paired counts per cell of a table, given each row's cell (flat index)."""
        found = self.totals(self._standing, 8, cell, int(np.prod(shape)))
        _, right, wins, losses, wrong, wrong_apart, open_apart, open_same = (
            counts.reshape(shape) for counts in found
        )
        return PairedCounts(
            n=found[1:].sum(axis=0).reshape(shape),
            both_right=right,
            only_candidate=wins,
            only_production=losses,
            both_wrong=wrong + wrong_apart,
            open_disagreements=open_apart,
            open_agreements=open_same,
            disagreements=wins + losses + wrong_apart + open_apart,
        )

    @cached_property
    def _standing(self) -> NDArray[np.int64]:
        """For each row, what its cases count as: 0 where they are not compared."""
        production = self.column("production_right")
        candidate = np.where(self.differ, self.column("candidate_right"), production)
        known = (production != UNKNOWN) & (candidate != UNKNOWN)
        # Both right, only the candidate, only production, both wrong: 1 to 4.
        code = np.where(known, 1 + 2 * (candidate == 0) + (production == 0), 7 - self.differ)
        code += known & self.differ & (code == 4)
        return np.where(self.compared, code, 0)
