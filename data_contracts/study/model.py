"""The study file as frozen values: one production decision process and the AI to join it."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from data_contracts.study.base import Name, Part, Text
from data_contracts.study.decision import Decision, Label, Outcome
from data_contracts.study.drift import Drift
from data_contracts.study.expectations import Checks
from data_contracts.study.mapping import MappedColumn, StreamMapping
from data_contracts.study.policy import Policy
from data_contracts.study.privacy import Privacy
from data_contracts.study.production import (
    Budget,
    BusinessValue,
    Cadence,
    Handoff,
    Person,
    Production,
    ReviewPlan,
    ServiceLevels,
)
from data_contracts.vocabulary import Mode, RiskTier, Stream


class Candidate(Part):
    """An AI that is tried; a new version starts a new record."""

    name: Name
    """Name as in the recommendations stream."""
    version: Label
    """Version as in the recommendations stream."""


class Streams(Part):
    """Where the records come from."""

    decisions: StreamMapping
    """What production decided."""
    recommendations: StreamMapping
    """What the candidates would have decided."""
    outcomes: StreamMapping | None = None
    """What turned out to be true."""

    def mapped(self) -> dict[Stream, StreamMapping]:
        """Return the streams that have sources, in the order they are read."""
        named = {Stream(name): getattr(self, name) for name in type(self).model_fields}
        return {stream: mapping for stream, mapping in named.items() if mapping is not None}


class Study(Part):
    """Everything that defines one study; the content of `study.yaml`."""

    name: Name
    """Short name, as in file names."""
    title: Text
    """Name for readers."""
    mode: Mode = Mode.SHADOW
    """`shadow`: nobody sees the AI. `parallel`: it may be shown; such cases are kept apart."""
    risk_tier: RiskTier
    """`low` (internal productivity), `medium` (customer-facing) or `high` (financial, health)."""
    production: Production
    """The process in charge today, with its owner."""
    sponsor: Person
    """The person who answers for the go-live."""
    decision: Decision
    """What is decided."""
    outcome: Outcome = Outcome()
    """What turns out to be true."""
    candidates: tuple[Candidate, ...] = Field(min_length=1)
    """The AIs on trial; the first one carries the study's headline."""
    timeless: bool = False
    """The records carry no times: they form one cohort, and gates that need days say NO_DATA."""
    starts_on: date | None = None
    """First cohort day of the study; earlier decisions are counted but not compared."""
    streams: Streams
    """Where the records come from."""
    segments: dict[Name, MappedColumn] = Field(default_factory=dict)
    """Columns of the decisions that split the cases, by name."""
    combinations: tuple[tuple[Name, ...], ...] = ()
    """Segments to be crossed, e.g. `[origin, carrier]`."""
    features: dict[Name, MappedColumn] = Field(default_factory=dict)
    """Columns of the decisions that describe a case; watched for drift."""
    drift: Drift = Drift()
    """What later weeks are held against."""
    clusters: dict[Name, MappedColumn] = Field(default_factory=dict)
    """Columns of the decisions that say which cases belong together, e.g. those of a customer."""
    repeats: Name | None = None
    """The cluster whose cases are one question decided several times; shows production's noise."""
    protected: tuple[Name, ...] = ()
    """Segments between whose values neither side may differ too much, e.g. `[age_band]`."""
    checks: Checks = Checks()
    """What is expected of the data beyond the contract; every run is checked against it."""
    privacy: Privacy = Privacy()
    """What is done with sensitive fields before anything is written."""
    smallest_segment: int = Field(default=30, ge=1)
    """Segments with fewer cases are pooled on shared screens."""
    policy: Policy
    """What must be shown before the AI may go live."""
    service_levels: ServiceLevels = ServiceLevels()
    """What the live system must keep."""
    budget: Budget | None = None
    """What it may cost."""
    value: BusinessValue | None = None
    """What it is worth."""
    governance: tuple[Text, ...] = ()
    """Requirements that must be met, in words."""
    transition: tuple[Handoff, ...] = ()
    """Who hands over to whom, and when."""
    review: ReviewPlan = ReviewPlan()
    """How disagreements are judged."""
    checkpoint: Cadence = "weekly"
    """How often the team looks at the verdict together."""

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for combination in self.combinations:
            unknown = [name for name in combination if name not in self.segments]
            if unknown:
                known = ", ".join(f"`{name}`" for name in self.segments) or "none"
                raise ValueError(
                    f"combination {list(combination)} names `{unknown[0]}`, which is not a segment"
                    f" (segments: {known})"
                )
            if len(set(combination)) != len(combination) or len(combination) < 2:
                raise ValueError(f"combination {list(combination)} must cross different segments")
        for name in self.protected:
            if name not in self.segments:
                known = ", ".join(f"`{one}`" for one in self.segments) or "none"
                raise ValueError(
                    f"`protected` names `{name}`, which is not a segment (segments: {known})"
                )
        if self.repeats is not None and self.repeats not in self.clusters:
            known = ", ".join(f"`{one}`" for one in self.clusters) or "none"
            raise ValueError(
                f"`repeats` names `{self.repeats}`, which is not a cluster (clusters: {known})"
            )
        if self.timeless and self.starts_on:
            raise ValueError("a timeless study has no `starts_on`")
        keys = [(c.name, c.version) for c in self.candidates]
        if len(set(keys)) != len(keys):
            raise ValueError("two candidates have the same name and version")
        return self

    @model_validator(mode="after")
    def _costs_fit(self) -> Self:
        costs = None if self.value is None else self.value.costs
        if costs is None:
            return self
        if not self.decision.classes:
            raise ValueError("`value.costs` is for classes; a numeric decision has `unit_value`")
        classes = set(self.decision.classes)
        if set(costs) - classes or any(set(row) - classes for row in costs.values()):
            return self  # misspelt names are reported by their own check
        for name in self.decision.classes:
            missing = [y for y in self.decision.classes if y not in costs.get(name, {})]
            if missing:
                raise ValueError(
                    f"`value.costs` does not say what `{name}` costs where the outcome is"
                    f" `{missing[0]}`; it needs every decision with every outcome"
                )
        return self

    @property
    def streams_read(self) -> tuple[Stream, ...]:
        """Streams that are taken in: those with sources, and reviews where people make any."""
        reviews = (Stream.REVIEWS,) if self.review.planned else ()
        return (*self.streams.mapped(), *reviews)

    @property
    def cuts(self) -> dict[str, tuple[str, ...]]:
        """Every registered way to cut the cases, by name, with the segments it crosses.

        Examples
        --------
        A study with segments ``origin`` and ``carrier`` and their combination has the cuts
        ``all``, ``origin``, ``carrier`` and ``origin x carrier``.
        """
        single = {name: (name,) for name in self.segments}
        crossed = {" x ".join(names): names for names in self.combinations}
        return {"all": (), **single, **crossed}
