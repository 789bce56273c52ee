"""Who runs production, who answers for it, and what must hold once the AI is live."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from data_contracts.study.base import Name, Part, Text


class Person(Part):
    """A named person; a team alone cannot answer for a system."""

    name: Text
    """Full name."""
    email: Text | None = None
    """Where they are reached."""
    team: Text | None = None
    """Where they work."""


class Production(Part):
    """The decision process that is in charge today."""

    system: Text
    """What takes the decision today: a team, a rule, a legacy system."""
    owner: Person
    """The person who owns the production system. A study without one is refused."""
    users: tuple[Text, ...] = ()
    """Who works with the decisions."""
    cases_per_year: int | None = Field(default=None, ge=1)
    """Volume, for the business case."""


class ServiceLevels(Part):
    """What the live system must keep."""

    latency_p95_ms: float | None = Field(default=None, gt=0)
    """95 of 100 answers must come within this many milliseconds."""
    availability: float | None = Field(default=None, gt=0, le=1)
    """Share of decisions that must get an answer."""


class Budget(Part):
    """What running the candidate may cost."""

    currency: Text = "USD"
    """ISO code, e.g. `EUR`."""
    per_month: float | None = Field(default=None, gt=0)
    """Total per month."""
    per_decision: float | None = Field(default=None, gt=0)
    """Mean per decision."""
    tokens_per_decision: float | None = Field(default=None, gt=0)
    """Mean number of tokens per decision, read and written."""


class BusinessValue(Part):
    """What a decision is worth, for the business case."""

    currency: Text = "USD"
    """ISO code, e.g. `EUR`."""
    unit_value: float | None = None
    """Worth of one more right decision."""
    costs: dict[str, dict[str, float]] | None = None
    """Cost matrix: decision, then outcome, to cost."""
    review_cost: float = Field(default=0, ge=0)
    """Cost of a case that the candidate leaves to people: abstained, escalated, failed."""


class Handoff(Part):
    """One step of the transition plan."""

    sender: Text = Field(alias="from")
    """Who hands over."""
    to: Text
    """Who takes over."""
    on: date
    """The day it is due."""
    criterion: Text
    """What must be true for it to be accepted."""
    accepted_on: date | None = None
    """The day on which the one who takes over accepted it; left out while it is open."""
    accepted_by: Text | None = None
    """Who accepted it."""

    @model_validator(mode="after")
    def _accepted_by_somebody(self) -> Self:
        if (self.accepted_on is None) != (self.accepted_by is None):
            raise ValueError("`accepted_on` and `accepted_by` go together: one is missing")
        return self


class ReviewPlan(Part):
    """How disagreements are judged by people."""

    reviewers: tuple[Person, ...] = ()
    """Who judges."""
    cases: int = Field(default=0, ge=0)
    """Cases to be judged blind in each round; 0: none."""
    control_share: float = Field(default=0.1, ge=0, lt=1)
    """Share of agreements mixed in."""
    second_share: float = Field(default=0.2, ge=0, le=1)
    """Share of the cases that two people judge, to see whether they agree."""
    every_weeks: int = Field(default=4, ge=1, le=52)
    """Weeks of decisions after which as many cases are drawn again; the first draw is at once."""
    reasons: tuple[Text, ...] = (
        "missing information",
        "wrong rule applied",
        "outdated information",
        "borderline case",
        "data error",
    )
    """Codes that a reviewer can give for why the two differ."""
    known_differences: dict[Name, Text] = Field(default_factory=dict)
    """Differences that are wanted or accepted, by code, in words; they are counted apart."""

    @property
    def planned(self) -> bool:
        """Whether people review cases at all, so that their reviews are taken in."""
        return bool(self.cases or self.reviewers)


class Selective(Part):
    """When the outcome is seen only after some production decisions."""

    observed_when: tuple[Text, ...] = Field(min_length=1)
    """Production decisions after which the outcome can be seen at all."""


Cadence = Literal["daily", "weekly", "monthly"]
"""How often the team looks at the verdict together."""
