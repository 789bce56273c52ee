"""False positives and negatives of both arms on the same cases, for binary decisions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.findings import ALL_CASES
from data_contracts.vocabulary import Answer
from evaluators.columns import UNKNOWN, Columns


@dataclass(frozen=True, slots=True)
class ArmErrors:
    """Errors of one arm by kind, with the cases that could have had them."""

    arm: str
    false_positives: int
    negatives: int
    false_negatives: int
    positives: int

    @property
    def n(self) -> int:
        """Cases judged."""
        return self.negatives + self.positives


def errors_by_kind(table: Columns, positive: str) -> tuple[ArmErrors, ArmErrors]:
    """Return the errors of production and of the candidate on all cases with a known outcome.

    Cases the candidate did not answer count with production's decision, cases it answered with
    hindsight or that were exposed are left out: the same cases for both.
    """
    if len(table) == 0:
        none = (0, 0, 0, 0)
        return ArmErrors("Production", *none), ArmErrors("AI", *none)
    left_out = [table.code("answer", answer) for answer in (Answer.HINDSIGHT, Answer.EXPOSED)]
    judged = (
        (table["cut"] == table.code("cut", ALL_CASES))
        & (table["outcome"] != UNKNOWN)
        & ~np.isin(table["answer"], left_out)
    )
    part = table.where(judged)
    outcome = part["outcome"] == part.code("outcome", positive)
    production = part["decision"] == part.code("decision", positive)
    answered = part["answer"] == part.code("answer", Answer.ANSWERED)
    own = part["recommendation"] == part.code("recommendation", positive)
    candidate = np.where(answered, own, production)
    return (
        _arm("Production", production, outcome, part["n"]),
        _arm("AI", candidate, outcome, part["n"]),
    )


def _arm(
    arm: str, said: NDArray[np.bool_], true: NDArray[np.bool_], n: NDArray[np.int64]
) -> ArmErrors:
    def total(keep: NDArray[np.bool_]) -> int:
        return int(n[keep].sum())

    return ArmErrors(arm, total(said & ~true), total(~true), total(~said & true), total(true))
