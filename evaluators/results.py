"""Findings of many segments as columns: one vectorised call gives one such table.

One rule for the status of a finding: a finding measures, it does not judge. It is INCONCLUSIVE
where there is a number or an interval to show, NO_DATA with the reason where there is neither, and
ERROR where its evaluator failed. PASS and FAIL belong to gates, which hold a number against a
registered limit, so no reader ever sees a green PASS from a number that nobody set a limit for.
Without a case the interval is everything that is possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data_contracts.findings import Finding, Segment
from data_contracts.vocabulary import Reason, Status
from evaluators.scope import Scope


@dataclass(frozen=True, slots=True)
class Findings:
    """One metric of one candidate for many segments.

    Attributes
    ----------
    estimate, low, high
        Arrays of shape (segments,), NaN where there is nothing to say.
    n
        Cases behind each number.
    status, reason
        One per segment.
    """

    metric: str
    candidate: str
    version: str
    segments: tuple[Segment, ...]
    estimate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]
    method: str
    status: tuple[Status, ...]
    reason: tuple[Reason, ...]

    @classmethod
    def measured(
        cls,
        metric: str,
        scope: Scope,
        segments: tuple[Segment, ...],
        estimate: ArrayLike,
        interval: tuple[ArrayLike, ArrayLike],
        n: ArrayLike,
        method: str,
        reason: tuple[Reason, ...],
    ) -> Findings:
        """Return findings whose status follows the rule above."""
        value, low, high = (np.asarray(a, float) for a in (estimate, *interval))
        cases = np.asarray(n).astype(np.int64)
        silent = (cases == 0) | (np.isnan(value) & np.isnan(low))
        status = tuple(Status.NO_DATA if s else Status.INCONCLUSIVE for s in silent.tolist())
        return cls(
            metric,
            scope.candidate,
            scope.version,
            segments,
            np.where(cases == 0, np.nan, value),
            low,
            high,
            cases,
            method,
            status,
            reason,
        )

    def __len__(self) -> int:
        return len(self.segments)

    def rows(self) -> Iterator[Finding]:
        """Yield one `Finding` per segment, with None in place of NaN."""
        for i, segment in enumerate(self.segments):
            yield Finding(
                self.metric,
                self.candidate,
                self.version,
                segment,
                _number(self.estimate[i]),
                _number(self.low[i]),
                _number(self.high[i]),
                int(self.n[i]),
                self.method,
                self.status[i],
                self.reason[i],
            )

    def columns(self) -> dict[str, Sequence[Any]]:
        """Return the table's columns by name, for publishing; NaN stays NaN."""
        size = len(self)
        return {
            "metric": [self.metric] * size,
            "candidate": [self.candidate] * size,
            "model_version": [self.version] * size,
            "cut": [s.cut for s in self.segments],
            "segment": [s.value for s in self.segments],
            "estimate": self.estimate.tolist(),
            "low": self.low.tolist(),
            "high": self.high.tolist(),
            "n": self.n.tolist(),
            "method": [self.method] * size,
            "status": [str(s) for s in self.status],
            "reason": [str(r) for r in self.reason],
        }


def first_reason(*causes: tuple[NDArray[np.bool_], Reason]) -> tuple[Reason, ...]:
    """Return for each segment the first reason that applies, OK where none does.

    Examples
    --------
    >>> [str(r) for r in first_reason((np.array([True, False]), Reason.NO_CASES))]
    ['no_cases', 'ok']
    """
    reasons = (*(reason for _, reason in causes), Reason.OK)
    found = np.select([mask for mask, _ in causes], range(len(causes)), len(causes))
    return tuple(reasons[i] for i in found.tolist())


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
