"""Who answers for the process, and what it decides, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.production.definition import Definition, Document, person
from dashboard.production.facts import Fact
from dashboard.records import Publication
from data_contracts.vocabulary import DecisionType, ScoreMeaning
from evaluators.wording import count, joined

_SCORES = {
    ScoreMeaning.PROBABILITY: "a probability of the positive class",
    ScoreMeaning.CONFIDENCE: "a confidence in the answer",
    ScoreMeaning.RANK: "a rank: only the order counts",
}


def who(it: Definition, publication: Publication) -> Iterator[Fact]:
    """Yield owner, sponsor, users and volume."""
    production = it.part("production")
    yield "In charge today", publication.production
    yield "Owner of production", person(production.get("owner") or {}, publication.owner)
    yield "Sponsor of the AI", person(it.part("sponsor"), publication.sponsor)
    yield "Works with the decisions", joined([str(user) for user in production.get("users") or ()])
    yield "Cases a year", f"{it.cases_per_year:,}" if it.cases_per_year else ""
    reviewers = it.part("review").get("reviewers") or ()
    yield "Reviewers", joined([str(reviewer["name"]) for reviewer in reviewers])


def decided(it: Definition, publication: Publication) -> Iterator[Fact]:
    """Yield what is decided, what its outcome is, and which AIs are on trial."""
    decision, outcome = it.part("decision"), it.part("outcome")
    yield "Decision", _kind(publication.decision_type, decision)
    yield "Positive class", str(decision.get("positive") or "")
    if publication.decision_type is not DecisionType.NUMERIC:
        yield "Score", _SCORES[ScoreMeaning(decision.get("score") or ScoreMeaning.RANK)]
    yield "Outcome", _outcome(outcome)
    seen = (outcome.get("selective") or {}).get("observed_when")
    if seen:
        names = joined([f"\u201c{name}\u201d" for name in seen])
        yield "Outcome seen", f"only after {names}: of all other cases nobody learns the outcome"
    yield "AI on trial", joined([f"{c['name']} {c['version']}" for c in it.listed("candidates")])
    first = it.document.get("starts_on")
    yield "Counts from", str(first) if first else ""


def _kind(kind: DecisionType, decision: Document) -> str:
    if kind is DecisionType.NUMERIC:
        return f"a number; right when within {_number(decision.get('tolerance'))} of the outcome"
    names = [str(name) for name in decision.get("classes") or ()]
    listed = ", ".join(names)
    return f"one of {count(len(names), 'class', 'classes')}: {listed}" if names else str(kind)


def _outcome(outcome: Document) -> str:
    name = outcome.get("name")
    if not name:
        return ""
    days = int(outcome.get("matures_after_days") or 0)
    when = f"expected {count(days, 'day')} after the decision" if days else "known at once"
    return f"{name}, {when}"


def _number(value: Any) -> str:
    return "" if value is None else f"{float(value):g}"
