"""Whom each side selects: the positive class said by production, and by the candidate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.vocabulary import Answer
from evaluators.columns import UNKNOWN
from evaluators.pairs.cases import CaseCounts

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Selections:
    """The rows of a cut as selections; arrays of shape (rows,).

    Attributes
    ----------
    cases
        The rows that are compared and have a production decision.
    production, candidate
        1 where the side says the positive class, else 0; production's where the candidate gave no
        answer.
    outcome
        1 for a positive outcome, 0 for another, `UNKNOWN` while it is open.
    """

    cases: CaseCounts
    production: Codes
    candidate: Codes
    outcome: Codes

    @classmethod
    def of(cls, cases: CaseCounts, positive: str) -> Selections:
        """Return the selections among some cases."""
        decided = cases.where(cases.compared & (cases.column("decision") >= 0))
        production = _holds(decided, "decision", positive)
        given = _holds(decided, "recommendation", positive)
        answered = decided.answered(Answer.ANSWERED) & (given != UNKNOWN)
        return cls(
            decided,
            production,
            np.where(answered, given, production),
            _holds(decided, "outcome", positive),
        )

    def where(self, keep: NDArray[np.bool_]) -> Selections:
        """Return the rows for which `keep` is true."""
        return Selections(
            self.cases.where(keep), self.production[keep], self.candidate[keep], self.outcome[keep]
        )


def _holds(cases: CaseCounts, column: str, label: str) -> Codes:
    codes = cases.column(column)
    if not len(codes):
        return codes
    found: Codes = np.where(codes < 0, UNKNOWN, codes == cases.table.code(column, label))
    return found
