"""What a gate about segments vouches for together: segments of one cut, of several, or cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.history.past import PastGate
from data_contracts.findings import GateResult
from evaluators.wording import count, joined, percent, plain_percent

KIND = "segments"
"""The kind of gate that counts; `priority` measures a difference instead."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """How much a gate vouches for so far, and how much it needs.

    Attributes
    ----------
    good, needed
        Numbers of segments; with `by_volume` shares of the cases, as fractions.
    cuts
        The cuts whose segments count.
    """

    good: float
    needed: float
    cuts: tuple[str, ...]
    by_volume: bool = False

    @property
    def of_one_cut(self) -> tuple[int, int] | None:
        """Both as numbers of segments of its one cut; None where they are of something else."""
        if self.by_volume or len(self.cuts) != 1:
            return None
        return int(self.good), int(self.needed)

    @property
    def so_far(self) -> str:
        """What is vouched for, in short."""
        if self.by_volume:
            return f"{percent(self.good, self.needed)} of cases"
        return count(int(self.good), "segment")

    @property
    def asked(self) -> str:
        """What is needed, in short."""
        return plain_percent(self.needed) if self.by_volume else f"{int(self.needed):,}"


def vouched(gate: GateResult | PastGate, settings: Mapping[str, Any]) -> Vouched | None:
    """Return what a gate vouches for; None for one that does not count, or has not yet."""
    if gate.kind != KIND or gate.value is None or not gate.threshold:
        return None
    cuts = (str(settings.get("cut", "")), *(settings.get("also") or ()))
    return Vouched(gate.value, gate.threshold, cuts, by_volume(settings))


def by_volume(settings: Mapping[str, Any]) -> bool:
    """Return whether a gate's numbers are shares of cases."""
    return settings.get("by") == "volume"


def vouched_answer(it: Vouched) -> str:
    """Return what is vouched for and needed where it cannot be set against one cut's segments.

    Examples
    --------
    >>> vouched_answer(Vouched(0.97, 0.95, ("carrier",), by_volume=True))
    'Segments with 97.0% of the cases are at least as good; the gate needed 95%.'
    >>> vouched_answer(Vouched(60, 67, ("carrier", "origin")))
    'At least 60 segments by carrier and origin are at least as good; the gate needs 67.'
    """
    need = f"the gate {'needs' if it.good < it.needed else 'needed'} {it.asked}"
    if it.good <= 0:
        return f"No segment can be vouched for yet; {need}{' of the cases' * it.by_volume}."
    if it.by_volume:
        share = percent(it.good, it.needed)
        return f"Segments with {share} of the cases are at least as good; {need}."
    verb = "is" if it.good == 1 else "are"
    return f"At least {it.so_far} by {joined(it.cuts)} {verb} at least as good; {need}."
