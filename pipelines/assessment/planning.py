"""Plans: what every gate about the difference needs, from assumptions or from what is published."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import duckdb

from data_contracts.evidence import evidence_path
from data_contracts.findings import ALL_CASES, WHOLE, Segment
from data_contracts.study.model import Candidate, Study
from evaluators.columns import Columns
from evaluators.pairs.cases import CaseCounts
from evaluators.planning.outlook import asked_cases, outlook
from evaluators.planning.plan import Assumptions, Needed, needed
from evaluators.policy import build_gates
from evaluators.registered import error_of_one, registered_grid
from evaluators.scope import DataState, Scope
from evaluators.terms import Asked
from evaluators.weeks import WEEK, is_timeless, mature_day, to_date
from pipelines.assessment.guesses import Guesses, PlanNeedsMore, can_be
from pipelines.assessment.latest import EvidenceUnreadable
from pipelines.assessment.load import columns_of
from pipelines.assessment.scopes import asked_of, scopes_of
from pipelines.study_folder import StudyFolder

MOST_SEGMENTS = 40
"""Segments of a cut that are simulated; of larger cuts the ones with most cases."""
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of one gate for one segment.

    Attributes
    ----------
    n
        Mature cases so far.
    start
        Last mature cohort day, from which days are counted; None where there is none.
    """

    candidate: str
    version: str
    asked: Asked
    segment: Segment
    n: int
    assumed: Assumptions
    needed: Needed
    start: date | None = None

    @property
    def ends(self) -> tuple[date | None, date | None, date | None]:
        """The days by which one of ten, half and nine of ten studies would have passed."""
        days = [
            None if d is None or self.start is None else self.start + timedelta(d)
            for d in self.needed.days
        ]
        return days[0], days[1], days[2]


def plan_from_guesses(guesses: Guesses) -> list[Planned]:
    """Return the plan of one gate without any study.

    Raises
    ------
    PlanNeedsMore
        When it is not said how often the two differ or how many cases a day there are.
    PlanImpossible
        When what is said cannot be.
    """
    asked = Asked("noninferiority", "noninferiority", ALL_CASES, guesses.margin or 0.01)
    known = guesses.said
    if guesses.segments and guesses.cases_per_day:
        known["cases_per_day"] = guesses.cases_per_day / guesses.segments
    return [_assumed("candidate", "", asked, known)]


def plan_from_study(study: Study, guesses: Guesses) -> list[Planned]:
    """Return the plans of a study's gates before there are data, for all cases of each cut."""
    plan, said = study.policy.plan, guesses.said
    known: dict[str, Any] = {
        "alpha": error_of_one(study.policy.alpha, len(study.candidates)),
        "grid": registered_grid(**(plan.model_dump() if plan else {})),
        "wait": study.outcome.matures_after_days,
    }
    if plan is not None:
        known |= {"disagreement": plan.disagreement, "difference": plan.difference}
    if study.production.cases_per_year is not None:
        known["cases_per_day"] = study.production.cases_per_year / DAYS_A_YEAR
    known |= said
    found = []
    for candidate in study.candidates:
        for asked in asked_of(build_gates(study.policy)):
            mine = dict(known)
            if asked.cut != ALL_CASES and guesses.segments and "cases_per_day" in mine:
                mine["cases_per_day"] /= guesses.segments
            found.append(_assumed(candidate.name, candidate.version, asked, mine))
    return found


def plan_from_evidence(folder: StudyFolder, study: Study, guesses: Guesses) -> list[Planned] | None:
    """Return the plans by what is published; None where there is no case of it yet.

    Raises
    ------
    EvidenceUnreadable
        When the publication is damaged.
    """
    path = evidence_path(folder.root)
    if path is None:
        return None
    found: list[Planned] = []
    try:
        with duckdb.connect(str(path), read_only=True) as evidence:
            days = evidence.execute("SELECT first_day, data_to FROM publication").fetchall()[0]
            counts = {one: _counts(evidence, one) for one in study.candidates}
    except duckdb.Error as fault:
        raise EvidenceUnreadable(path=str(path), fault=str(fault).splitlines()[0]) from fault
    span = None if days[0] is None or days[1] is None else (days[0], days[1])
    for candidate, scope in scopes_of(study, span, DataState(), build_gates(study.policy)):
        for asked in scope.terms.asked:
            found += _from_counts(CaseCounts.of(counts[candidate]), scope, asked, guesses)
    return found or None


def _assumed(candidate: str, version: str, asked: Asked, known: Mapping[str, Any]) -> Planned:
    wanted = {"disagreement": "--disagreement", "cases_per_day": "--cases-per-day"}
    missing = [name for name in wanted if name not in known]
    if missing:
        said = {
            "disagreement": "how often the two will differ",
            "cases_per_day": "how many cases a day there will be",
        }
        raise PlanNeedsMore(
            missing=" and ".join(said[name] for name in missing),
            options=" and ".join(f"`{wanted[name]}`" for name in missing),
        )
    can_be(known)
    margin = known.get("margin", asked.margin)
    assumed = Assumptions(**{**known, "margin": margin})
    where = Segment(asked.cut, "each segment") if asked.cut != ALL_CASES else WHOLE
    told = replace(asked, margin=margin)
    return Planned(candidate, version, told, where, 0, assumed, needed(assumed))


def _counts(evidence: duckdb.DuckDBPyConnection, candidate: Candidate) -> Columns:
    relation = evidence.sql(
        "SELECT * EXCLUDE (candidate, model_version) FROM outcome_counts"
        " WHERE candidate = $candidate AND model_version = $version ORDER BY ALL",
        params={"candidate": candidate.name, "version": candidate.version},
    )
    return columns_of(relation.to_arrow_table())


def _from_counts(
    every: CaseCounts, scope: Scope, asked: Asked, guesses: Guesses
) -> Iterator[Planned]:
    cases = asked_cases(every, asked)
    if not len(cases.table):
        return
    said = guesses.said
    margin = said.get("margin", asked.margin)
    found = outlook(cases, scope, margin)
    standing, size = found.standing, found.standing.counts.n
    n, wins, losses = standing.pessimistic
    start, weeks = None, 0
    if not is_timeless(scope) and scope.first_day is not None:
        start = to_date(mature_day(scope))
        weeks = max(0, (mature_day(scope) - scope.first_day + 1) // WEEK)
    largest = sorted(range(len(size)), key=lambda i: (-int(size[i]), i))[:MOST_SEGMENTS]
    for i in sorted(largest):
        if size[i] == 0:
            continue
        pace = float(found.a_week[i]) / WEEK
        known: dict[str, Any] = {
            "disagreement": float(found.disagreement[i]),
            "difference": float(found.difference[i]),
            "cases_per_day": 0.0 if math.isnan(pace) else pace,
            "effect": float(standing.effect[i]),
            "alpha": scope.alpha,
            "grid": scope.grid,
            "wait": scope.matures_after_days,
            "days_a_week": _days_a_week(int(standing.clusters[i]), scope),
            "so_far": (float(n[i]), float(wins[i]), float(losses[i])),
            "weeks_so_far": weeks,
        }
        assumed = Assumptions(**{**known, **said, "margin": margin})
        yield Planned(
            scope.candidate,
            scope.version,
            replace(asked, margin=margin),
            cases.segments[i],
            int(size[i]),
            assumed,
            needed(assumed),
            start,
        )


def _days_a_week(clusters: int, scope: Scope) -> float:
    if is_timeless(scope) or scope.first_day is None:
        return float(WEEK)
    days = max(1, mature_day(scope) - scope.first_day + 1)
    return max(clusters * WEEK / days, 1e-9)
