"""Which page explains a gate: by its kind where that has a page of its own, else by its family."""

from __future__ import annotations

from data_contracts.vocabulary import GateFamily

BY_FAMILY: dict[GateFamily, str] = {
    GateFamily.DATA: "data",
    GateFamily.DURATION: "planning",
    GateFamily.QUALITY: "accuracy",
    GateFamily.SEGMENTS: "accuracy",
    GateFamily.RISK: "accuracy",
    GateFamily.STABILITY: "drift",
    GateFamily.OPERATIONS: "service",
    GateFamily.ADOPTION: "disagreements",
    GateFamily.GOVERNANCE: "production",
    GateFamily.BUSINESS: "business",
}
BY_KIND: dict[str, str] = {
    "cost": "service",
    "data_cliff": "data",
    "exposure": "agreement",
    "reviews": "disagreements",
}


def page_of(kind: str, family: GateFamily) -> str:
    """Return the address of the page that explains gates of a kind.

    Examples
    --------
    >>> page_of("latency", GateFamily.OPERATIONS), page_of("cost", GateFamily.BUSINESS)
    ('service', 'service')
    """
    return BY_KIND.get(kind, BY_FAMILY[family])
