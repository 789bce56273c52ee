"""What a publication holds, as frozen values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from data_contracts.findings import ALL_CASES, WHOLE, Finding, GateResult, Segment
from data_contracts.vocabulary import DecisionType, GateFamily, VerdictState
from evaluators.registered import error_of_one

STILL_LIVE = timedelta(days=62)
"""A record whose last day is older than that when it is published is one of the past."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What one evidence file is about; the study file itself is in `document`."""

    evidence_no: int
    published_at: datetime
    study: str
    title: str
    mode: str
    risk_tier: str
    decision_type: DecisionType
    production: str
    owner: str
    sponsor: str
    document: dict[str, Any]
    policy_hash: str
    first_day: date | None
    data_to: date | None
    mature_to: date | None

    def part(self, name: str) -> dict[str, Any]:
        """Return a part of the study file, empty where the study says nothing."""
        found = self.document.get(name)
        return found if isinstance(found, dict) else {}

    @property
    def alpha(self) -> float:
        """Two-sided error of one interval: the policy's, shared out among the candidates."""
        return error_of_one(
            float(self.part("policy").get("alpha") or 0.05),
            len(self.document.get("candidates", ())),
        )

    @property
    def today(self) -> date:
        """Day as of which plans are told: that of publication; of an old record, its last day."""
        published = self.published_at.date()
        if self.data_to is None or published - self.data_to <= STILL_LIVE:
            return published
        return self.data_to

    @property
    def smallest_segment(self) -> int:
        """Segments with fewer cases are pooled."""
        return int(self.document.get("smallest_segment") or 30)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An AI on trial: name and version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class Registration:
    """A policy this study was judged by, from a moment on."""

    registered_at: datetime
    policy_hash: str
    policy: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PastVerdict:
    """One published verdict; `run` is the last one it knew, where that can be told."""

    evidence_no: int
    published_at: datetime
    data_to: date | None
    candidate: Candidate
    state: VerdictState
    sentence: str
    policy_hash: str
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of the latest verdict, with its settings."""

    candidate: Candidate
    result: GateResult
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Week:
    """The cumulative difference at the end of one whole week; fractions, not points."""

    candidate: Candidate
    week: int
    day: date
    mature: bool
    estimate: float | None
    low: float | None
    high: float | None
    possible_low: float | None
    possible_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One publication: what every page needs of it; the rest is read when asked for.

    Attributes
    ----------
    findings
        Of every metric and candidate, but on all cases only.
    by_metric, by_segment
        Read one metric of a candidate for every segment, and every metric for one segment.
    measures
        Names of all published tables.
    """

    path: Path
    publication: Publication
    registrations: tuple[Registration, ...]
    limits: dict[str, float | None]
    verdicts: tuple[PastVerdict, ...]
    all_gates: tuple[Gate, ...]
    findings: tuple[Finding, ...]
    weeks: tuple[Week, ...]
    measures: frozenset[str]
    by_metric: Callable[[str, Candidate], tuple[Finding, ...]] = field(
        default=lambda metric, candidate: (), repr=False, compare=False
    )
    by_segment: Callable[[Segment, Candidate], tuple[Finding, ...]] = field(
        default=lambda segment, candidate: (), repr=False, compare=False
    )

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Candidates of the latest verdicts, the headline first."""
        return tuple(v.candidate for v in self._latest())

    @property
    def cuts(self) -> tuple[str, ...]:
        """Registered ways to cut the cases, but for the whole."""
        return tuple(cut for cut in self.limits if cut != ALL_CASES)

    def verdict(self, candidate: Candidate) -> PastVerdict:
        """Return the latest verdict of a candidate."""
        return next(v for v in self._latest() if v.candidate == candidate)

    def history(self, candidate: Candidate) -> tuple[PastVerdict, ...]:
        """Return every verdict of a candidate, the newest first."""
        mine = (v for v in self.verdicts if v.candidate == candidate)
        return tuple(sorted(mine, key=lambda v: v.evidence_no, reverse=True))

    def gates(self, candidate: Candidate) -> tuple[Gate, ...]:
        """Return the gates of a candidate in the order of the policy."""
        return tuple(gate for gate in self.all_gates if gate.candidate == candidate)

    def gate_on(self, candidate: Candidate, cut: str) -> Gate | None:
        """Return the gate that judges the segments of a cut, None without one.

        One that is about the cut comes before one that counts its segments along with another's.
        """
        judging = [g for g in self.gates(candidate) if g.result.family is GateFamily.SEGMENTS]
        own = (gate for gate in judging if gate.settings.get("cut") == cut)
        along = (gate for gate in judging if cut in (gate.settings.get("also") or ()))
        return next(iter([*own, *along]), None)

    def trajectory(self, candidate: Candidate) -> tuple[Week, ...]:
        """Return the weeks of a candidate, the first one first."""
        return tuple(week for week in self.weeks if week.candidate == candidate)

    def found(self, metric: str, candidate: Candidate) -> tuple[Finding, ...]:
        """Return one metric of a candidate for every segment; there may be thousands."""
        return self.by_metric(metric, candidate)

    def finding(
        self, metric: str, candidate: Candidate, segment: Segment = WHOLE
    ) -> Finding | None:
        """Return one metric of a candidate, on all cases or in a segment; None where unknown."""
        who = (metric, candidate.name, candidate.version)
        known = self.findings if segment == WHOLE else self.by_segment(segment, candidate)
        return next((f for f in known if (f.metric, f.candidate, f.version) == who), None)

    def _latest(self) -> Iterator[PastVerdict]:
        number = self.publication.evidence_no
        return (v for v in self.verdicts if v.evidence_no == number)
