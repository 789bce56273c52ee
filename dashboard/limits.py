"""The worst difference in accuracy that the policy accepts: of all cases, of the segments of a cut.

Published with a cut is the limit of gates named for it. What else the policy asks stands in its
gates and in the plan it was registered with; where it asks nothing, there is no limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.records import Evidence
from data_contracts.findings import ALL_CASES

WHOLE_KINDS = ("noninferiority", "selective")
"""Kinds of gates that hold the difference over all cases against a margin."""


def whole_limit(it: Evidence) -> float | None:
    """Return the limit of all cases, negative: a gate's, else the plan's; None without either."""
    published = it.limits.get(ALL_CASES)
    if published is not None:
        return published
    for kind in WHOLE_KINDS:
        found = [*_margins(it, kind)]
        if found:
            return -min(found)
    planned = (it.publication.part("policy").get("plan") or {}).get("margin")
    return None if planned is None else -float(planned)


def cut_limit(it: Evidence, cut: str) -> float | None:
    """Return the limit of the segments of a cut, negative; None where no gate is about them."""
    published = it.limits.get(cut)
    if published is not None:
        return published
    along = [*_margins(it, "segments", cut)]
    return -min(along) if along else None


def limit_of(it: Evidence, cut: str) -> float | None:
    """Return the limit of a cut; of one without a gate, that of all cases; None without any."""
    own = None if cut == ALL_CASES else cut_limit(it, cut)
    return whole_limit(it) if own is None else own


def _margins(it: Evidence, kind: str, along: str | None = None) -> Iterator[float]:
    """Yield the margins of gates of a kind, of those only that count a cut's segments along."""
    for gate in it.all_gates:
        settings = gate.settings
        counted = along is None or along in (settings.get("also") or ())
        if gate.result.kind == kind and counted and settings.get("margin") is not None:
            yield float(settings["margin"])
