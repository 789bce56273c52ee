"""What an assessment says: findings, gate results and the verdict. All frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from data_contracts.data_words import CheckKind, Severity
from data_contracts.vocabulary import GateFamily, Reason, Status, Stream, VerdictState

ALL_CASES = "all"
"""The cut that holds every case in one segment, and the name of that segment."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of one cut: `Segment("carrier", "UA")`; the whole is `WHOLE`."""

    cut: str
    value: str


WHOLE = Segment(ALL_CASES, ALL_CASES)


@dataclass(frozen=True, slots=True)
class Finding:
    """One number with its interval, count, method, status and reason.

    Attributes
    ----------
    metric
        Name of the evaluator's number, e.g. ``paired_difference``.
    candidate, version
        Whose number it is.
    segment
        The cut and value it is about.
    estimate, low, high
        None where there is nothing to say; never NaN. Shares and differences are fractions
        (0.01 is one point).
    n
        Cases behind it (the denominator).
    method
        How the interval was made, in a few words.
    status, reason
        What it came to, and why.
    """

    metric: str
    candidate: str
    version: str
    segment: Segment
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    method: str
    status: Status
    reason: Reason


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check of the data came to.

    `sentence` says what was found and `expected` what should be, in words. `unexpected` of the `n`
    rows (or days) looked at are not as expected. `NO_DATA` means that there was nothing to look
    at, `ERROR` that the check itself could not be made.
    """

    name: str
    stream: Stream
    kind: CheckKind
    field: str
    severity: Severity
    status: Status
    sentence: str
    expected: str
    unexpected: int = 0
    n: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a gate is expected to pass, as a range of days; None where no date can be named.

    `reachable` is False when the data so far say that waiting will not help.
    """

    earliest: date | None = None
    latest: date | None = None
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate of the policy came to.

    `rule`, `sentence` and `measured` are plain words for the reader; `value`, `low`, `high`,
    `threshold` and `n` are the same facts as numbers. `since` is the cohort day at whose end the
    gate first passed (None: not passed, or not tied to a day).
    """

    gate: str
    kind: str
    family: GateFamily
    status: Status
    reason: Reason
    rule: str
    sentence: str
    measured: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    threshold: float | None = None
    n: int = 0
    since: date | None = None
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one candidate, with everything it rests on."""

    candidate: str
    version: str
    state: VerdictState
    sentence: str
    gates: tuple[GateResult, ...] = field(default_factory=tuple)
