"""Cases whose outcome nobody can see, because production's decision hides it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evaluators.columns import UNKNOWN
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired import Snapshots
from evaluators.scope import Scope
from evaluators.statistics.partial_identification import good_share
from evaluators.statistics.shares import share_sequence


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


def honest(estimate: NDArray[np.float64], hidden: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return estimates without those that leave out cases whose outcome cannot be seen.

    There is no number for them, only what is possible; a number alone would be a guess.
    """
    return np.where(hidden > 0, np.nan, estimate)


def comparable_good(
    cases: CaseCounts, scope: Scope, alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return how often both were right where both chose what can be seen, per segment.

    Returns
    -------
    tuple of numpy.ndarray
        The share, its lower limit valid at every look, and the number of cases.
    """
    if len(cases.table) == 0:
        none = np.zeros(len(cases.segments))
        return np.full(len(cases.segments), np.nan), none, none.astype(np.int64)
    seen = [cases.table.code("decision", name) for name in scope.terms.observed_when]
    both = cases.compared & ~cases.differ & np.isin(cases.column("decision"), seen)
    right = cases.column("production_right")
    n, good = cases.total(both & (right != UNKNOWN)), cases.total(both & (right == 1))
    share = np.where(n > 0, good / np.maximum(n, 1), np.nan)
    return share, share_sequence(good, n, alpha)[0], n


def assumed(found: Snapshots, hidden: Snapshots, good: float) -> Snapshots:
    """Return snapshots in which a share of the hidden disagreements are the candidate's wins.

    Parameters
    ----------
    hidden
        Of the cases whose outcome cannot be seen, at the same ends.
    good
        Share of them, rounded down to whole cases; the others stay open.

    Notes
    -----
    The stake of a case filled with a mixture of +1 and -1 is the geometric mean of the two
    stakes, which is at most their mean: while at least that share of the hidden cases is good,
    evidence from the filled counts is no larger than that from the true ones.
    """
    wins = np.floor(good * hidden.counts.open_disagreements + 1e-9).astype(np.int64)
    counts = replace(
        found.counts,
        only_candidate=found.counts.only_candidate + wins,
        open_disagreements=found.counts.open_disagreements - wins,
    )
    return replace(found, counts=counts)


def assumed_share(
    good_at_least: float | None, odds_at_most: float | None, comparable_low: float
) -> float:
    """Return the share of good ones that a registered assumption allows; 0 without one."""
    shares = [0.0] if good_at_least is None else [good_at_least]
    if odds_at_most is not None:
        shares.append(float(good_share(comparable_low, odds_at_most)))
    return max(shares)
