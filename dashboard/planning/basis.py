"""What a plan starts from: limit, arrivals and disagreement as the record has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.limits import whole_limit
from dashboard.overall import number
from dashboard.page import Visit
from dashboard.planning.needs import Need, whole
from dashboard.published import counts, table
from data_contracts.findings import ALL_CASES
from evaluators.weeks import WEEK

SUPPOSED_A_DAY = 100
"""Cases a day where the record does not say."""
SUPPOSED_DISAGREEMENT = 0.05
LEAST_DECISIONS = 200
"""Decisions below which the record says too little of pairing and of missing outcomes."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Fractions, and cases a day.

    Attributes
    ----------
    measured
        Whether arrivals and disagreement come from the record.
    effect
        Design effect of the record's days.
    pairing
        Share of decisions with a recommendation.
    unlabelled
        Share of disagreements old enough whose outcome has not come.
    days_a_week
        Days of a week that have cases.
    wait
        Days until outcomes are in.
    least_weeks
        Whole weeks the policy asks for in any case.
    """

    limit: float
    a_day: float
    disagreement: float
    measured: bool
    effect: float
    pairing: float
    unlabelled: float
    days_a_week: float
    wait: int
    least_weeks: int


def basis(visit: Visit, found: Sequence[Need]) -> Basis:
    """Return what the record, and else the policy's plan, says."""
    publication = visit.evidence.publication
    plan = publication.part("policy").get("plan") or {}
    all_cases = whole(found)
    asked = whole_limit(visit.evidence)
    limit = next(abs(x) for x in (asked, all_cases and all_cases.margin, 0.01) if x)
    differ = number(visit, "disagreement")
    seen = differ.estimate if differ else None
    days = counts(
        visit, "stream_counts", ("cohort_day",), sums=("decisions", "recommendations"), cut=None
    )
    dated = [row for row in days if row["cohort_day"] is not None]
    decisions = sum(row["decisions"] for row in days)
    span = (dated[-1]["cohort_day"] - dated[0]["cohort_day"]).days + 1 if dated else 0
    a_day = decisions / span if span else 0.0
    if not a_day and all_cases is not None and all_cases.a_week:
        a_day = all_cases.a_week / WEEK
    enough = decisions >= LEAST_DECISIONS
    answered = sum(row["recommendations"] for row in days)
    standing = next(iter(table(visit, "standings", cut=ALL_CASES)), None)
    differing = (
        standing["wins"] + standing["losses"] + standing["open_disagreements"] if standing else 0
    )
    return Basis(
        limit,
        a_day or SUPPOSED_A_DAY,
        seen or plan.get("disagreement") or SUPPOSED_DISAGREEMENT,
        bool(a_day and seen),
        max(1.0, standing["design_effect"]) if standing else 1.0,
        answered / decisions if enough else 1.0,
        standing["open_disagreements"] / differing if standing and differing >= 30 else 0.0,
        min(7.0, max(1.0, len(dated) / max(1.0, span / WEEK))) if span >= WEEK else 7.0,
        int(publication.part("outcome").get("matures_after_days") or 0),
        _least_weeks(visit),
    )


def _least_weeks(visit: Visit) -> int:
    asked = (
        gate.result.threshold
        for gate in visit.evidence.gates(visit.candidate)
        if gate.result.kind == "duration"
    )
    return int(next(asked, 0) or 0)
