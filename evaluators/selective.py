"""Cases whose outcome nobody can see, because production's decision hides it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluators.cases import CaseCounts
from evaluators.columns import UNKNOWN
from evaluators.scope import Scope


def is_selective(scope: Scope) -> bool:
    """Return whether the study says that outcomes are seen after some decisions only."""
    return bool(scope.terms.observed_when)


def unobservable(cases: CaseCounts, scope: Scope) -> NDArray[np.bool_]:
    """Return for each row whether its cases are compared and their outcome cannot be seen.

    A case that was let through by chance, or whose outcome came to be known in another way, is
    not among them.
    """
    if not is_selective(scope) or len(cases.table) == 0:
        return np.zeros(len(cases.segment), np.bool_)
    seen = [cases.table.code("decision", name) for name in scope.terms.observed_when]
    hidden = ~np.isin(cases.column("decision"), seen)
    found: NDArray[np.bool_] = cases.compared & hidden & (cases.column("outcome") == UNKNOWN)
    return found


def hidden_disagreements(cases: CaseCounts, scope: Scope) -> NDArray[np.int64]:
    """Return the disagreements per segment whose outcome cannot be seen; shape (segments,)."""
    return cases.total(unobservable(cases, scope) & cases.differ)
