"""How accuracy moved from the pilot to production, arm by arm and cut by cut, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data_contracts.findings import ALL_CASES
from evaluators.columns import UNKNOWN, Measures
from evaluators.feed.arrival_words import plural
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.statistics.decomposition import Decomposition, decompose
from evaluators.weeks import mature_cases
from evaluators.wording import interval, percent, points

PRODUCTION, CANDIDATE = "production", "candidate"


@dataclass(frozen=True, slots=True)
class Cell:
    """Cases of one segment whose outcome is known, and how many of them each side got right."""

    cut: str
    segment: str
    n: int
    production_right: int
    candidate_right: int


@dataclass(frozen=True, slots=True)
class AccuracyChange:
    """How often one arm is right, in the pilot and in production, over one cut.

    Attributes
    ----------
    n_pilot, n_production
        Cases with a known outcome.
    """

    candidate: str
    version: str
    arm: str
    cut: str
    n_pilot: int
    n_production: int
    parts: Decomposition
    sentence: str


def right_cells(measures: Measures, scope: Scope) -> tuple[Cell, ...]:
    """Return how often each side was right in every segment of every cut.

    Mature cases with a known outcome only; where the candidate gave no answer production's stands
    in, as in the evaluator `accuracy`.
    """
    cases = mature_cases(CaseCounts.of_measures(measures), scope)
    production = cases.column("production_right")
    candidate = np.where(cases.differ, cases.column("candidate_right"), production)
    known = cases.compared & (production != UNKNOWN) & (candidate != UNKNOWN)
    counts = zip(
        cases.segments,
        cases.total(known).tolist(),
        cases.total(known & (production == 1)).tolist(),
        cases.total(known & (candidate == 1)).tolist(),
        strict=True,
    )
    return tuple(Cell(s.cut, s.value, n, p, c) for s, n, p, c in counts if n)


def accuracy_changes(
    pilot: Sequence[Cell], production: Sequence[Cell], scope: Scope
) -> tuple[AccuracyChange, ...]:
    """Return the change of both arms over every cut that both sides have; empty without cases."""
    changes = []
    for cut in scope.cuts:
        before = {c.segment: c for c in pilot if c.cut == cut}
        after = {c.segment: c for c in production if c.cut == cut}
        if not before or not after:
            continue
        names = sorted({*before, *after})
        none = Cell(cut, "", 0, 0, 0)
        pairs = [(before.get(name, none), after.get(name, none)) for name in names]
        n0, n1 = [a.n for a, _ in pairs], [b.n for _, b in pairs]
        for arm in (PRODUCTION, CANDIDATE):
            right = f"{arm}_right"
            parts = decompose(
                n0,
                [getattr(a, right) for a, _ in pairs],
                n1,
                [getattr(b, right) for _, b in pairs],
                scope.alpha,
            )
            changes.append(
                AccuracyChange(
                    scope.candidate,
                    scope.version,
                    arm,
                    cut,
                    sum(n0),
                    sum(n1),
                    parts,
                    told(arm, cut, parts),
                )
            )
    return tuple(changes)


def told(arm: str, cut: str, parts: Decomposition) -> str:
    """Return a change and what moved it in one sentence.

    Examples
    --------
    >>> parts = decompose([800, 200], [776, 164], [300, 700], [240, 371])
    >>> told("candidate", "region", parts)[:63]
    'The candidate is right in 61.1% of cases, in the pilot in 94.0%'
    """
    who = "Production" if arm == PRODUCTION else "The candidate"
    head = (
        f"{who} is right in"
        f" {percent(parts.after)} of cases, in the pilot in {percent(parts.before)}"
    )
    if cut == ALL_CASES:
        spread = interval(parts.within_low, parts.within_high)
        return f"{head}: {points(parts.change)} points ({spread})."
    said = [f"{points(parts.mix)} points because other cases come in (mix of {cut})"]
    if np.isnan(parts.within):
        return f"{head}; the pilot and production have no {cut} in common."
    many = plural(cut) if cut.isidentifier() else f"segments of {cut}"
    spread = interval(parts.within_low, parts.within_high)
    said.append(f"{points(parts.within)} points inside the {many} ({spread})")
    if parts.arrived_share > 0:
        share = percent(parts.arrived_share)
        said.append(
            f"{points(parts.arrived)} from {many} the pilot never had ({share} of the cases)"
        )
    if parts.gone_share > 0:
        share = percent(parts.gone_share)
        said.append(
            f"{points(parts.gone)} from {many} that only the pilot had ({share} of its cases)"
        )
    return f"{head}: {', '.join(said)}."
