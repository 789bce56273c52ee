"""The study as it was declared, read from the published document; what is left out is empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.records import Publication
from data_contracts.vocabulary import RiskTier

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Handoff:
    """One step of the transition plan."""

    sender: str
    to: str
    on: date
    criterion: str
    accepted_on: date | None = None
    accepted_by: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What is decided, by whom, and what was agreed about it."""

    document: Document

    def part(self, name: str) -> Document:
        """Return a part of the document, empty where the study says nothing."""
        found = self.document.get(name)
        return found if isinstance(found, Mapping) else {}

    def listed(self, name: str) -> tuple[Any, ...]:
        """Return a list of the document, empty where the study says nothing."""
        return tuple(self.document.get(name) or ())

    @property
    def tier(self) -> RiskTier | None:
        """How much harm a wrong decision can do."""
        said = self.document.get("risk_tier")
        return RiskTier(said) if said in set(RiskTier) else None

    @property
    def cases_per_year(self) -> int | None:
        """Declared volume."""
        found = self.part("production").get("cases_per_year")
        return None if found is None else int(found)

    @property
    def handoffs(self) -> tuple[Handoff, ...]:
        """Steps of the transition plan, the earliest first."""
        steps = (_handoff(step) for step in self.listed("transition"))
        return tuple(sorted(steps, key=lambda step: step.on))


def definition_of(publication: Publication) -> Definition:
    """Return what a publication says of its study; what its columns hold goes before the file.

    The risk tier is the one that was judged by.
    """
    return Definition({**publication.document, "risk_tier": publication.risk_tier})


def person(said: Document, fallback: str = "") -> str:
    """Return a person in words: name, team and address, as far as they are declared.

    Examples
    --------
    >>> person({"name": "Ada Brandt", "team": "Service desk", "email": None})
    'Ada Brandt, Service desk'
    >>> person({}, "M. Ortega")
    'M. Ortega'
    """
    parts = (said.get("name") or fallback, said.get("team"), said.get("email"))
    return ", ".join(str(part) for part in parts if part)


def _handoff(step: Document) -> Handoff:
    accepted = step.get("accepted_on")
    return Handoff(
        str(step["from"]),
        str(step["to"]),
        date.fromisoformat(str(step["on"])),
        str(step["criterion"]),
        None if accepted is None else date.fromisoformat(str(accepted)),
        str(step.get("accepted_by") or ""),
    )
