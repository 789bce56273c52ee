"""The published queue as cases: what a reviewer is shown, and which are left for whom."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data_contracts.addresses import same_address
from data_contracts.ended_rounds import ended_round
from data_contracts.errors import UnderstudyError
from data_contracts.evidence import evidence_path
from data_contracts.reviews import Judgement, Review
from data_contracts.study.model import Study
from pipelines.assessment.latest import EvidenceUnreadable, NothingPublished
from pipelines.study_folder import StudyFolder

Key = tuple[str, str, str]
"""Candidate, version and case."""


class NothingDrawn(UnderstudyError):
    """No case is drawn for review."""

    def sentence(self) -> str:
        return (
            "No case is drawn for review yet; nothing was written. Cases are drawn when results are"
            " published, where the study says how many (`review.cases`): run `understudy run`."
        )


class ReviewerUnknown(UnderstudyError):
    """Who is to review is not one of the study's reviewers."""

    def sentence(self) -> str:
        known = ", ".join(self.facts["known"])
        return (
            f"`--reviewer {self.facts['reviewer']}` is {self.facts['found']}, expected"
            f" {'one of the reviewers of the study: ' + known if known else 'an e-mail address'};"
            " nothing was written."
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A case drawn for review, as published."""

    candidate: str
    version: str
    decision_id: str
    agree: bool
    second: bool
    decision: str
    recommendation: str
    judged: int
    round: int
    facts: dict[str, str]

    @property
    def key(self) -> Key:
        """What identifies it."""
        return self.candidate, self.version, self.decision_id

    @property
    def trial(self) -> str:
        """The candidate with its version, as in the files."""
        return f"{self.candidate} {self.version}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The latest publication's queue.

    Attributes
    ----------
    study
        Name of the study, as identities of reviews contain it.
    """

    study: str
    cases: tuple[Case, ...]


def read_drawn(folder: StudyFolder) -> Drawn:
    """Return the queue of the latest publication, in order of judging.

    Raises
    ------
    NothingPublished, EvidenceUnreadable, NothingDrawn
        When there is nothing to review.
    """
    path = evidence_path(folder.root)
    if path is None or not path.exists():
        raise NothingPublished(path=str(folder.root))
    try:
        with duckdb.connect(str(path), read_only=True) as evidence:
            evidence.execute("SET enable_external_access = false")
            ((study,),) = evidence.execute("SELECT study FROM publication").fetchall()
            rows = evidence.execute(
                "SELECT candidate, model_version, decision_id, agree, second, decision,"
                " recommendation, judged, round, facts FROM review_queue"
                " ORDER BY candidate, model_version, round, position"
            ).fetchall()
    except duckdb.Error as fault:
        raise EvidenceUnreadable(path=str(path), fault=str(fault).splitlines()[0]) from fault
    if not rows:
        raise NothingDrawn()
    return Drawn(study, tuple(Case(*[*row[:9], json.loads(row[9])]) for row in rows))


def not_ended(cases: Sequence[Case], study_folder: Path, reviewer: str) -> tuple[Case, ...]:
    """Return the cases of rounds that a person has not ended, whose results they have not seen."""
    trials = {(case.candidate, case.version) for case in cases}
    ended = {trial: ended_round(study_folder, reviewer, *trial) for trial in trials}
    return tuple(case for case in cases if case.round > ended[case.candidate, case.version])


def left_for(cases: Sequence[Case], reviews: Iterable[Review], reviewer: str) -> tuple[Case, ...]:
    """Return the cases that one person is still asked to judge.

    A case is for one person, or for two where it is drawn for a second judgement. Who has judged
    it, the inbox says; of a case that it does not speak of, the publication does.
    """
    people: defaultdict[Key, set[str]] = defaultdict(set)
    spoken_of: set[Key] = set()
    for review in reviews:
        key = (review.candidate, review.model_version, review.decision_id)
        spoken_of.add(key)
        if review.judgement is not Judgement.WITHDRAWN:
            people[key].add(review.reviewer)

    def wanted(case: Case) -> bool:
        if case.key not in spoken_of:
            return case.judged < 1 + case.second
        return reviewer not in people[case.key] and len(people[case.key]) < 1 + case.second

    return tuple(case for case in cases if wanted(case))


def reviewer_named(study: Study, given: str) -> str:
    """Return the reviewer as their address is compared, however it is written.

    Raises
    ------
    ReviewerUnknown
        When it is no e-mail address, or the study lists others.
    """
    name = given.strip()
    known = [person.email for person in study.review.reviewers if person.email]
    if same_address(name) in map(same_address, known):
        return same_address(name)
    plain = name.isprintable() and " " not in name and len(name) <= 254
    if known or not plain or not all(name.partition("@")):
        found = "not a reviewer of this study" if known else "no e-mail address"
        raise ReviewerUnknown(reviewer=given[:80], found=found, known=known)
    return same_address(name)
