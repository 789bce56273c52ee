"""What a study says beyond its cases: what mistakes cost, what outcomes and scores mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from data_contracts.study.drift import Drift
from data_contracts.study.production import Budget, BusinessValue, ReviewPlan, ServiceLevels
from data_contracts.vocabulary import Loss, Mode, ScoreMeaning


@dataclass(frozen=True, slots=True)
class Asked:
    """A gate of the policy that holds a difference in accuracy against a limit.

    Attributes
    ----------
    gate, kind
        Its name and its kind.
    cut
        The cut whose segments it looks at.
    margin
        Worst acceptable difference, as a fraction; negative where the candidate must be better.
    segment
        The one segment it looks at; every one of the cut if None.
    """

    gate: str
    kind: str
    cut: str
    margin: float
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The parts of a study file that evaluators and gates may read; all of them frozen.

    Attributes
    ----------
    mode
        Whether deciders may see the candidate's answers.
    score
        What a candidate's score means.
    served_in_order
        Whether cases are served one after the other, so that the order is what matters.
    loss, quantile, largest_loss, horizon_days
        Of a numeric decision: the registered loss, the quantile that is forecast, what one case
        may count at most, and how many days ahead is forecast.
    tolerance
        Of a numeric decision: how far from the outcome still counts as right.
    observed_when
        Production decisions after which an outcome can be seen at all; empty: after all of them.
    clusters
        Names of the declared clusters of cases.
    repeats
        The cluster whose cases are one question decided several times, or None.
    protected
        Cuts between whose segments neither side may differ too much.
    margin
        Worst acceptable overall difference that a gate of the policy names, positive; for pages
        that show where an assumption tips.
    smallest_segment
        Segments with fewer cases are not shown singly.
    cases_per_year
        Volume of the live system; None where the study does not say.
    features
        Names of the declared features.
    drift
        What later weeks are held against.
    asked
        Gates of the policy about a difference in accuracy.
    """

    mode: Mode = Mode.SHADOW
    score: ScoreMeaning = ScoreMeaning.RANK
    served_in_order: bool = False
    loss: Loss = Loss.ABSOLUTE
    quantile: float | None = None
    largest_loss: float | None = None
    horizon_days: int = 1
    tolerance: float | None = None
    observed_when: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    repeats: str | None = None
    protected: tuple[str, ...] = ()
    margin: float = 0.01
    smallest_segment: int = 30
    cases_per_year: int | None = None
    features: tuple[str, ...] = ()
    drift: Drift = field(default_factory=Drift)
    value: BusinessValue | None = None
    budget: Budget | None = None
    service_levels: ServiceLevels = field(default_factory=ServiceLevels)
    review: ReviewPlan = field(default_factory=ReviewPlan)
    asked: tuple[Asked, ...] = ()
