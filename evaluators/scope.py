"""What an assessment is about: the candidate, its decision type, the days and the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data_contracts.findings import CheckResult
from data_contracts.vocabulary import DecisionType, RiskTier
from evaluators.drifting.input_reference import InputReference
from evaluators.terms import Terms

if TYPE_CHECKING:
    from evaluators.feed.cliff import Cliff


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who has reported of one stream.

    Attributes
    ----------
    unit
        What a reporter is called, e.g. `store`; `source` where none is declared.
    watched
        Units of which enough is known to expect anything.
    silent
        Those of them that are overdue.
    sentences
        What is overdue, in words, the biggest first.
    """

    stream: str
    unit: str
    watched: int
    silent: int
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataState:
    """Whether the data can be trusted, as the books and the ledger of sources say.

    Attributes
    ----------
    unbalanced
        Sentences of the books that do not balance; empty when all do.
    refused
        Source files that could not be read whole and are still waiting to be mended.
    rules
        Number of book rules checked.
    read, rejected
        Rows read of each stream, and those of them that went to quarantine.
    records, disputed
        Records of each stream, and those of them about which two sources disagree.
    checks
        What the latest checks of the data came to; None where nobody checks, as in an assessment
        of bare counts.
    reporting
        Who has reported, stream by stream.
    cliff
        How production differs from the pilot; None where no pilot was profiled.
    inputs
        The frozen reference of every feature; empty until it is complete.
    """

    unbalanced: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    rules: int = 0
    read: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    records: Mapping[str, int] = field(default_factory=dict)
    disputed: Mapping[str, int] = field(default_factory=dict)
    checks: tuple[CheckResult, ...] | None = None
    reporting: tuple[Reporting, ...] = ()
    cliff: Cliff | None = None
    inputs: tuple[InputReference, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything an evaluator or a gate may know besides the counts. No clock: days come from data.

    Attributes
    ----------
    alpha
        Two-sided error of one interval, already shared out among the candidates on trial.
    first_day, last_day
        First and last cohort day, as days since 1970-01-01; None for a timeless study.
    mature_day
        Last cohort day old enough to be expected to have its outcomes; may lie before
        `first_day`. None for a timeless study, whose one cohort counts as mature.
    minimum_weeks
        Whole weeks the risk tier asks for.
    grid
        Bets of the sequential test, frozen at registration: one grid for every interval and every
        gate, so that a picture and a decision cannot disagree. Empty means the general grid.
    terms
        What else the study says: costs, budgets, what outcomes and scores mean.
    limits
        Worst acceptable difference in accuracy, negative, of every cut that a gate or the plan
        sets one for.
    floors
        Difference that is watched after a pass, of every monitored cut.
    """

    candidate: str
    version: str
    decision_type: DecisionType
    classes: tuple[str, ...]
    positive: str | None
    risk_tier: RiskTier
    alpha: float = 0.05
    first_day: int | None = None
    last_day: int | None = None
    mature_day: int | None = None
    matures_after_days: int = 0
    minimum_weeks: int = 4
    grid: tuple[float, ...] = ()
    cuts: tuple[str, ...] = ("all",)
    data: DataState = field(default_factory=DataState)
    terms: Terms = field(default_factory=Terms)
    limits: Mapping[str, float] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
