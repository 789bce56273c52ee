"""What is decided, what its score and its loss mean, and what turns out to be true."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from data_contracts.study.base import Name, Part, Text
from data_contracts.study.production import Selective
from data_contracts.vocabulary import DecisionType, Loss, ScoreMeaning


def _text(value: object) -> object:
    return value if isinstance(value, str) else str(value)


Label = Annotated[Text, BeforeValidator(_text)]
"""A class of decision as text: `1` in YAML is the text "1"."""


class Decision(Part):
    """What is decided."""

    type: DecisionType
    """`binary`, `categorical`, `ordinal` or `numeric`."""
    classes: tuple[Label, ...] = ()
    """Allowed values; of an ordinal decision in ascending order. Not used for numeric ones."""
    positive: Label | None = None
    """Of a binary decision: the class that false positives and negatives are counted for."""
    score: ScoreMeaning = ScoreMeaning.RANK
    """`probability` of the positive class, `confidence` in the answer, or just a `rank`."""
    served_in_order: bool = False
    """Cases are served one after the other; a candidate would serve them by descending score."""
    tolerance: float | None = Field(default=None, ge=0)
    """Of a numeric decision: how far from the outcome still counts as right."""
    loss: Loss = Loss.ABSOLUTE
    """Of a numeric decision: `absolute`, `squared` or `quantile` loss, the one gates look at."""
    quantile: float | None = Field(default=None, gt=0, lt=1)
    """Of a numeric decision with `quantile` loss: which quantile is forecast, e.g. 0.9."""
    largest_loss: float | None = Field(default=None, gt=0)
    """Of a numeric decision: what one case may count at most; larger losses are cut and counted."""
    horizon_days: int = Field(default=1, ge=1, le=365)
    """Of a numeric decision: how many days ahead is forecast; errors closer than that overlap."""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.type is DecisionType.NUMERIC:
            if self.classes:
                raise ValueError("a numeric decision has no `classes`")
            if self.tolerance is None:
                raise ValueError("a numeric decision needs a `tolerance`: what counts as right")
            if (self.loss is Loss.QUANTILE) != (self.quantile is not None):
                raise ValueError("`loss: quantile` and `quantile` go together: one is missing")
            return self
        for name in ("tolerance", "loss", "quantile", "largest_loss", "horizon_days"):
            if getattr(self, name) != type(self).model_fields[name].default:
                raise ValueError(f"`{name}` belongs to numeric decisions, this one is {self.type}")
        if len(set(self.classes)) != len(self.classes) or len(self.classes) < 2:
            raise ValueError("`classes` must list at least two different values")
        if self.type is DecisionType.BINARY:
            if len(self.classes) != 2:
                raise ValueError(f"a binary decision has 2 classes, found {len(self.classes)}")
            if self.positive is None:
                raise ValueError("a binary decision needs `positive`: which class is the alarm")
        elif self.score is ScoreMeaning.PROBABILITY:
            raise ValueError(
                "`score: probability` is that of the positive class of a binary decision;"
                " `confidence` suits other types"
            )
        if self.positive is not None and self.positive not in self.classes:
            raise ValueError(f"`positive` is `{self.positive}`, which is not among `classes`")
        return self


class Outcome(Part):
    """What turns out to be true, and when."""

    name: Name = "outcome"
    """Name of the outcome in the outcomes stream."""
    matures_after_days: int = Field(default=0, ge=0, le=3650)
    """Age in days at which a cohort is expected to have its outcomes."""
    selective: Selective | None = None
    """Set when the outcome is seen only after some decisions."""
