"""What the data are held against to see whether they have shifted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from data_contracts.study.base import Part


class Drift(Part):
    """The frozen reference of every comparison over time; registered with the policy."""

    reference: Literal["first_weeks", "pilot"] = "first_weeks"
    """`first_weeks` of the study, or for features the profiled `pilot`."""
    weeks: int = Field(default=4, ge=1, le=52)
    """Whole weeks from the first day on that are the reference."""
    bins: int = Field(default=10, ge=2, le=50)
    """Bins of equal size that the reference values of a number are put into."""
