"""Published findings about all cases, one by one, read without the segments'."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.page import Visit
from dashboard.published import table
from data_contracts.findings import ALL_CASES


@dataclass(frozen=True, slots=True)
class Number:
    """One finding: a number with its interval, and the cases or records behind it."""

    estimate: float | None
    low: float | None
    high: float | None
    n: int
    method: str

    @property
    def bounded(self) -> bool:
        """Whether both ends of its interval are known."""
        return self.low is not None and self.high is not None


def number(visit: Visit, metric: str) -> Number | None:
    """Return a finding about all cases; None where there is none or nothing stands behind it."""
    for row in table(visit, "findings", metric=metric, cut=ALL_CASES):
        if row["n"] and (row["estimate"] is not None or row["low"] is not None):
            return Number(row["estimate"], row["low"], row["high"], row["n"], row["method"])
    return None
