"""What a caller says of the cases to come, and whether it can be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from data_contracts.errors import UnderstudyError


class PlanNeedsMore(UnderstudyError):
    """Something that a plan rests on is neither given nor known."""

    exit_code = 2

    def sentence(self) -> str:
        return (
            f"A plan needs {self.facts['missing']}. Give it with {self.facts['options']}, or run"
            " the study for some days first: then it is taken from the data."
        )


class PlanImpossible(UnderstudyError):
    """What a plan is to rest on cannot be."""

    exit_code = 2

    def sentence(self) -> str:
        return f"{self.facts['found']} cannot be: {self.facts['why']}."


@dataclass(frozen=True, slots=True)
class Guesses:
    """What the caller says of the cases to come; None where it is left to the study or the data."""

    disagreement: float | None = None
    difference: float | None = None
    cases_per_day: float | None = None
    margin: float | None = None
    unlabelled: float | None = None
    pairing: float | None = None
    effect: float | None = None
    wait: int | None = None
    alpha: float | None = None
    power: float | None = None
    segments: int | None = None

    @property
    def said(self) -> dict[str, Any]:
        """The guesses that were made, by name."""
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "segments"}
        return {name: value for name, value in found.items() if value is not None}

    def __post_init__(self) -> None:
        for name, value in self.said.items():
            if not math.isfinite(value):
                option = "design-effect" if name == "effect" else name.replace("_", "-")
                why = "a plan is reckoned with finite numbers only"
                raise PlanImpossible(found=f"`--{option}` of {value}", why=why)
        can_be(self.said)


def can_be(known: Mapping[str, Any]) -> None:
    """Check that the two differ on as many cases as one of them is better on.

    Raises
    ------
    PlanImpossible
        When the difference is said to be larger than the disagreement.
    """
    disagreement, difference = known.get("disagreement"), known.get("difference", 0.0)
    if disagreement is not None and abs(difference) > disagreement:
        raise PlanImpossible(
            found=f"A difference of {difference:g} with a disagreement of {disagreement:g}",
            why="accuracy differs only where the two differ, so the difference is at most the"
            " disagreement",
        )
