"""Findings of many segments as columns: one vectorised call gives one such table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import Finding, Segment
from data_contracts.vocabulary import Reason, Status


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


def _number(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)
