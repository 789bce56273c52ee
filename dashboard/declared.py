"""What the study file declares of the live system: service levels, budget, value, volume."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.records import Evidence
from data_contracts.study.production import Budget, BusinessValue, ServiceLevels


@dataclass(frozen=True, slots=True)
class Declared:
    """Parts of the study file as it was published.

    Attributes
    ----------
    currency
        Of costs to run the candidate: the budget's; without one that of the value.
    value_currency
        Of what a decision is worth.
    cases_per_year
        Volume of the live system; None where the study does not say.
    observed_when
        Production decisions after which an outcome can be seen; empty: after all of them.
    classes
        Allowed decisions; empty for numbers.
    """

    levels: ServiceLevels
    budget: Budget | None
    value: BusinessValue | None
    currency: str
    value_currency: str
    cases_per_year: int | None
    observed_when: tuple[str, ...]
    classes: tuple[str, ...]

    @classmethod
    def of(cls, evidence: Evidence) -> Declared:
        """Return what a publication's study file declares."""
        it = evidence.publication
        levels = ServiceLevels.model_validate(it.part("service_levels"))
        budget, value = it.document.get("budget"), it.document.get("value")
        costs = None if budget is None else Budget.model_validate(budget)
        worth = None if value is None else BusinessValue.model_validate(value)
        selective = it.part("outcome").get("selective") or {}
        spoken = worth.currency if worth else costs.currency if costs else "USD"
        return cls(
            levels,
            costs,
            worth,
            costs.currency if costs else spoken,
            spoken,
            it.part("production").get("cases_per_year"),
            tuple(selective.get("observed_when") or ()),
            tuple(it.part("decision").get("classes") or ()),
        )
