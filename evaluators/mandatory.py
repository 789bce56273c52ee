"""Which families of gates a policy may not leave out, by risk tier."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.study.policy import GateSpec
from data_contracts.vocabulary import GateFamily, RiskTier
from evaluators.kinds import all_gate_kinds

MANDATORY: dict[RiskTier, tuple[GateFamily, ...]] = {
    RiskTier.LOW: (GateFamily.DATA, GateFamily.QUALITY),
    RiskTier.MEDIUM: (GateFamily.DATA, GateFamily.DURATION, GateFamily.QUALITY),
    RiskTier.HIGH: (
        GateFamily.DATA,
        GateFamily.DURATION,
        GateFamily.QUALITY,
        GateFamily.SEGMENTS,
    ),
}
"""The more harm a wrong decision can do, the more a policy must ask for."""


def missing_families(
    gates: Sequence[GateSpec], tier: RiskTier
) -> tuple[tuple[GateFamily, tuple[str, ...]], ...]:
    """Return the families a policy leaves out though its tier asks for them, with their kinds.

    Examples
    --------
    >>> missing = missing_families([GateSpec(kind="noninferiority")], RiskTier.LOW)
    >>> [str(family) for family, kinds in missing], "books" in missing[0][1]
    (['data'], True)
    """
    kinds = all_gate_kinds()
    chosen = {name: kind for name, kind in kinds.items() if not kind.always}
    present = {chosen[spec.kind].family for spec in gates if spec.kind in chosen}
    return tuple(
        (family, tuple(name for name, kind in chosen.items() if kind.family is family))
        for family in MANDATORY[tier]
        if family not in present
    )
