"""What mode and risk tier ask of the study, and how its policy answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.parts import prose, table
from dashboard.records import Gate
from data_contracts.study.policy import SHADOW_WEEKS
from data_contracts.vocabulary import GateFamily, Mode, RiskTier
from evaluators.mandatory import MANDATORY
from evaluators.wording import NO_VALUE, count, joined

TIERS = {
    RiskTier.LOW: "internal productivity",
    RiskTier.MEDIUM: "customer-facing",
    RiskTier.HIGH: "financial or health",
}
MODES = {
    Mode.SHADOW: "The AI decides nothing and nobody sees it.",
    Mode.PARALLEL: "The AI may be shown to people; such cases are marked and kept apart.",
}


def demands(tier: RiskTier | None, mode: str, gates: Sequence[Gate]) -> None:
    """Show the families of gates that the tier asks for, beside those the policy has."""
    st.subheader("What the risk tier asks for", anchor=False)
    prose(" ".join(filter(None, (tier_sentence(tier), MODES.get(Mode(mode), "")))))
    asked = MANDATORY[tier] if tier else ()
    present = {gate.result.family for gate in gates}
    shown = [family for family in GateFamily if family in asked or family in present]
    table(
        [
            {
                "Family": family.capitalize(),
                "Asked for": "yes, may not be left out"
                if family in asked
                else "the study's choice",
                "Gates in the policy": ", ".join(
                    gate.result.gate.replace("_", " ")
                    for gate in gates
                    if gate.result.family is family
                )
                or NO_VALUE,
            }
            for family in shown
        ],
        "Families of gates: what the tier asks for and what the policy has",
    )


def tier_sentence(tier: RiskTier | None) -> str:
    """Return what a tier asks for, in one sentence.

    Examples
    --------
    >>> tier_sentence(RiskTier.LOW).removeprefix("Low risk (internal productivity) ")
    'asks for at least 1 whole week and gates about data and quality.'
    """
    if tier is None:
        return "No risk tier is known."
    weeks = count(SHADOW_WEEKS[tier], "whole week")
    families = joined([str(family) for family in MANDATORY[tier]])
    asked = f"at least {weeks} and gates about {families}"
    return f"{tier.capitalize()} risk ({TIERS[tier]}) asks for {asked}."
