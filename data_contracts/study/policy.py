"""The go-live policy: what must be shown, registered and hashed before results are seen."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from data_contracts.study.base import Name, Part
from data_contracts.vocabulary import RiskTier

SHADOW_WEEKS: dict[RiskTier, int] = {RiskTier.LOW: 1, RiskTier.MEDIUM: 4, RiskTier.HIGH: 8}
"""Whole weeks a study must run at least, by risk tier."""


class GateSpec(Part):
    """One gate: its kind and that kind's own settings, which the kind itself checks."""

    model_config = ConfigDict(extra="allow")

    kind: Name
    """Name of a gate kind, e.g. `noninferiority`."""
    name: Name | None = None
    """Needed only where one kind is used twice."""

    @property
    def settings(self) -> dict[str, Any]:
        """The kind's own settings, as written."""
        return dict(self.model_extra or {})


class Plan(Part):
    """What was expected when the study was planned; shapes the bets of the sequential test.

    A wrong guess costs time, never validity.
    """

    margin: float = Field(gt=0, lt=1)
    """Worst acceptable difference, as a fraction: 0.01 is one point."""
    disagreement: float = Field(gt=0, le=1)
    """Expected share of cases on which the two differ."""
    difference: float = Field(default=0, gt=-1, lt=1)
    """Expected difference in accuracy, as a fraction."""


class Policy(Part):
    """The rules that decide between GO and not GO."""

    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    """Chance, two-sided and at any number of looks, that an interval misses the truth."""
    plan: Plan | None = None
    """Expectations that the sequential test is tuned to; without it a general setting is used."""
    gates: tuple[GateSpec, ...] = Field(min_length=1)
    """All must pass."""
