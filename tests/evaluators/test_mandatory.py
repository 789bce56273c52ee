"""A policy may not leave out what its risk tier asks for."""

from __future__ import annotations

from itertools import pairwise

from data_contracts.study.policy import GateSpec
from data_contracts.vocabulary import GateFamily, RiskTier
from evaluators.mandatory import MANDATORY, missing_families


def test_a_higher_tier_asks_for_more() -> None:
    for lower, higher in pairwise(RiskTier):
        assert set(MANDATORY[lower]) < set(MANDATORY[higher])


def test_every_mandatory_family_has_a_kind_that_can_fill_it() -> None:
    for tier in RiskTier:
        assert all(kinds for _, kinds in missing_families([], tier))


def test_a_gate_of_the_family_is_enough() -> None:
    gates = [GateSpec(kind=kind) for kind in ("books", "duration", "noninferiority")]
    assert missing_families(gates, RiskTier.MEDIUM) == ()
    ((family, kinds),) = missing_families(gates, RiskTier.HIGH)
    assert (family, kinds) == (GateFamily.SEGMENTS, ("priority", "segments"))
