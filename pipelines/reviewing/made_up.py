"""Made-up reviews of a sample study, so that its pages have something to show."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data_contracts.addresses import same_address
from data_contracts.inbox import drop_reviews
from data_contracts.reviews import Judgement, Review, review_id
from data_contracts.study.model import Study
from pipelines.reviewing.drawn import Case, read_drawn
from pipelines.study_folder import StudyFolder
from pipelines.warehouse.connection import open_warehouse

RIGHT = 0.9
"""How often a made-up reviewer finds what turned out to be true."""
_FIRST = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


def make_up_reviews(folder: StudyFolder, study: Study, share: float = 0.9) -> Path:
    """Write reviews of the first drawn cases into the inbox and return the file.

    The study must have been run: which cases are drawn nobody knows before. Two made-up people
    judge, mostly by the outcome. For sample data only; `understudy run` counts them.
    """
    drawn = read_drawn(folder)
    with open_warehouse(folder.warehouse, read_only=True) as connection:
        truth = dict(connection.execute("SELECT decision_id, outcome FROM outcomes").fetchall())
    rng = random.Random(11)
    reasons = [*study.review.reasons, *study.review.known_differences]
    people = [same_address(one.email or one.name) for one in study.review.reviewers][:2]
    people = [*people, "ada@example.org", "ravi@example.org"][:2]
    reviews = []
    for place, case in enumerate(drawn.cases[: round(share * len(drawn.cases))]):
        order = rng.sample(people, 1 + case.second)
        for who, person in enumerate(order):
            when = _FIRST + timedelta(minutes=3 * place + who)
            judgement = _judgement(case, str(truth.get(case.decision_id)), rng)
            reason = rng.choice(reasons) if not case.agree and rng.random() < 0.7 else None
            about = (case.candidate, case.version, case.decision_id, person)
            identity = review_id(drawn.study, *about)
            facts = (identity, case.decision_id, case.candidate, case.version, person, when)
            reviews.append(Review(*facts, judgement, reason, None, when))
    return drop_reviews(folder.root, reviews)


def _judgement(case: Case, truth: str, rng: random.Random) -> Judgement:
    sees = rng.random() < RIGHT
    if case.agree:
        return Judgement.BOTH if (truth == case.decision) is sees else Judgement.NEITHER
    if truth not in (case.decision, case.recommendation) or rng.random() < 0.05:
        return Judgement.CANNOT_TELL
    return Judgement.CANDIDATE if (truth == case.recommendation) is sees else Judgement.PRODUCTION
