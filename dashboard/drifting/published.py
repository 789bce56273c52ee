"""What is watched for drift, as published: every subject with its weeks and where it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from dashboard.page import Visit
from dashboard.published import table
from data_contracts.data_words import DriftKind
from evaluators.drifting.drift import PSI_LIMIT
from evaluators.wording import joined

NAMES: dict[str, str] = {
    DriftKind.INPUT: "{}",
    DriftKind.MIX: "mix by {}",
    DriftKind.RECOMMENDATION: "what the AI says",
    DriftKind.DECISION: "what production says",
    DriftKind.SCORE: "how the AI scores",
    DriftKind.OUTCOME: "what turns out to be true",
}
KINDS: dict[str, str] = {
    DriftKind.INPUT: "Inputs",
    DriftKind.MIX: "Mix",
    DriftKind.RECOMMENDATION: "Answers",
    DriftKind.DECISION: "Answers",
    DriftKind.SCORE: "Scores",
    DriftKind.OUTCOME: "Outcomes",
}
"""Under which heading each kind is chosen."""
_ORDER = list(NAMES)


class Standing(StrEnum):
    """What a row shows, in the words of the page."""

    MOVED = "moved"
    TOO_LITTLE = "moved, too little to matter"
    STILL = "no sign of movement"
    UNKNOWN = "cannot tell yet"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A subject in one week, or in the last weeks together, against its reference.

    Attributes
    ----------
    psi
        The index less what chance explains; may be negative.
    chance
        What chance alone exceeds once in twenty, on the same scale.
    shift
        Wasserstein distance in standard deviations of the reference; None without an order.
    effect
        Design effect of days: so many cases tell as much as one independent one.
    """

    first: date
    last: date
    weeks: int
    n_reference: int
    n: int
    psi: float | None
    chance: float | None
    shift: float | None
    unseen: float | None
    missing: float | None
    effect: float
    standing: Standing
    sentence: str


@dataclass(frozen=True, slots=True)
class Watched:
    """One subject with every week that was compared, and its last weeks together."""

    kind: str
    name: str
    weekly: tuple[Stretch, ...]
    together: Stretch | None

    @property
    def title(self) -> str:
        """What it is called on the page; not escaped."""
        return NAMES[self.kind].format(self.name)

    @property
    def key(self) -> str:
        """What tells it apart from every other one."""
        return f"{self.kind}: {self.name}"

    def over(self, longer: bool) -> Stretch | None:
        """Return its last weeks together, or its latest week; the one there is, where one is."""
        latest = self.weekly[-1] if self.weekly else None
        return (self.together or latest) if longer else (latest or self.together)


def standing(row: dict[str, Any], alpha: float) -> Standing:
    """Return what a published row shows.

    A shift that would matter but is not beyond chance among all that is watched needs more cases,
    so it cannot be told yet either.

    Examples
    --------
    >>> row = {"alarm": False, "cannot_tell": False, "p_adjusted": 0.01, "psi_debiased": 0.02}
    >>> standing(row, 0.05).value
    'moved, too little to matter'
    """
    if row["alarm"]:
        return Standing.MOVED
    if row["cannot_tell"]:
        return Standing.UNKNOWN
    p = row["p_adjusted"]
    if p is not None and p <= alpha:
        return Standing.TOO_LITTLE
    if (row["psi_debiased"] or 0.0) > PSI_LIMIT:
        return Standing.UNKNOWN
    return Standing.STILL


def watched(visit: Visit) -> tuple[Watched, ...]:
    """Return everything that is watched: inputs first, within a kind by name."""
    rows = table(visit, "drift", "kind, name, weeks, day")
    weekly: dict[tuple[str, str], list[Stretch]] = defaultdict(list)
    together: dict[tuple[str, str], Stretch] = {}
    alpha = visit.evidence.publication.alpha
    for row in rows:
        key, stretch = (row["kind"], row["name"]), _stretch(row, alpha)
        if row["weeks"] == 1:
            weekly[key].append(stretch)
        else:
            together[key] = stretch
    keys = sorted({*weekly, *together}, key=lambda key: (_ORDER.index(key[0]), key[1]))
    return tuple(
        Watched(kind, name, tuple(weekly[kind, name]), together.get((kind, name)))
        for kind, name in keys
    )


def _stretch(row: dict[str, Any], alpha: float) -> Stretch:
    psi, plain, critical = (row[name] for name in ("psi_debiased", "psi", "critical"))
    chance = None if None in (psi, plain, critical) else max(0.0, critical - (plain - psi))
    return Stretch(
        row["first_day"],
        row["day"],
        row["weeks"],
        row["n_reference"],
        row["n_current"],
        psi,
        chance,
        row["w1"],
        row["unseen"],
        row["missing"],
        row["effect"],
        standing(row, alpha),
        row["sentence"],
    )


def capital(text: str) -> str:
    """Return a text with its first letter large, the others untouched."""
    return text[:1].upper() + text[1:]


def titles(subjects: Iterable[Watched], most: int = 3) -> str:
    """Return the names of subjects in words, the first few of many."""
    names = [one.title for one in subjects]
    more = len(names) - most
    return joined([*names[:most], f"{more} more"] if more > 0 else names)
