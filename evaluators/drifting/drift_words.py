"""Drift in words: what has moved, where to, and by how much."""

from __future__ import annotations

import math

from data_contracts.data_words import DriftKind
from evaluators.drifting.drift import Drift, Limits
from evaluators.drifting.drift_subjects import Subject
from evaluators.wording import count, percent

_NAMES = {
    DriftKind.INPUT: "the feature `{}`",
    DriftKind.MIX: "the mix of cases by `{}`",
    DriftKind.RECOMMENDATION: "what the candidate recommends",
    DriftKind.DECISION: "what production decides",
    DriftKind.SCORE: "how the candidate scores",
    DriftKind.OUTCOME: "what turns out to be true",
}


def named(subject: Subject) -> str:
    """Return what a subject is called inside a sentence."""
    return _NAMES[subject.kind].format(subject.name)


def index(value: float) -> str:
    """Return a stability index in words.

    Examples
    --------
    >>> index(0.1234), index(0.0012), index(-0.001)
    ('0.12', '0.0012', '0.00')
    """
    if value != 0 and 0 < value < 0.01:
        return f"{value:.2g}"
    return f"{max(value, 0):.2f}"


def moved(drift: Drift, i: int, column: int, limits: Limits) -> str:
    """Return by how much a subject has moved, and where most, as a part of a sentence."""
    subject = drift.subjects[i]
    size = len(subject.labels)
    before = drift.reference[i, column, :size] / drift.n[i, column]
    after = drift.current[i, column, :size] / drift.m[i, column]
    place = int(abs(after - before).argmax())
    far = f"PSI {index(float(drift.debiased[i, column]))}"
    shift = float(drift.w1[i, column])
    if not math.isnan(shift) and drift.debiased[i, column] <= limits.psi:
        far = f"{index(shift)} standard deviations"
    was, is_ = percent(float(before[place])), percent(float(after[place]))
    return f"{far}; most in “{subject.labels[place]}”, from {was} to {is_}"


def told(drift: Drift, i: int, column: int, limits: Limits) -> str:
    """Return one cell of the table of drift as a sentence; empty where nothing is compared."""
    if not drift.known[i, column]:
        return ""
    name = named(drift.subjects[i])
    whole = name[0].upper() + name[1:]
    if drift.alarm[i, column]:
        return f"{whole} has shifted: {moved(drift, i, column, limits)}."
    if drift.too_small[i, column]:
        cases = count(round(float(drift.m[i, column])), "case")
        chance = float(drift.critical[i, column])
        reach = f"a PSI of {index(chance)}" if chance > limits.psi else "any PSI"
        return (
            f"Too few cases to tell whether {name} has shifted: with {cases}, chance alone may"
            f" reach {reach}."
        )
    if drift.debiased[i, column] > limits.psi or drift.w1[i, column] > limits.w1:
        return f"{whole} looks different, but not beyond chance: {moved(drift, i, column, limits)}."
    return f"{whole} shows no shift that matters (PSI {index(float(drift.debiased[i, column]))})."
