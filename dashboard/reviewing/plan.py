"""The review plan as published: how many cases, and the reasons that can be given."""

from __future__ import annotations

from pydantic import ValidationError

from dashboard.page import Visit
from data_contracts.study.production import ReviewPlan


def review_plan(visit: Visit) -> ReviewPlan:
    """Return the study's review plan; the default one, which draws nothing, when it has none."""
    try:
        return ReviewPlan.model_validate(visit.evidence.publication.part("review"))
    except ValidationError:
        return ReviewPlan()


def classes_of(visit: Visit) -> tuple[str, ...]:
    """Return the classes that are decided between; none for numbers."""
    decision = visit.evidence.publication.part("decision")
    return tuple(map(str, decision.get("classes") or ()))


def reasons_of(plan: ReviewPlan) -> dict[str, str]:
    """Return the reasons that can be given, in words by code, the known differences last.

    Examples
    --------
    >>> reasons_of(ReviewPlan(reasons=("data error",), known_differences={"holiday": "Holidays"}))
    {'data error': 'data error', 'holiday': 'Holidays (known difference)'}
    """
    known = {code: f"{words} (known difference)" for code, words in plan.known_differences.items()}
    return {reason: reason for reason in plan.reasons} | known
