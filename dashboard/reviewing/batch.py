"""The queue: which of the drawn cases one person is asked to judge, and what they may answer."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.page import Visit
from dashboard.published import table
from data_contracts.reviews import Judgement, Review, Said, sayable


@dataclass(frozen=True, slots=True)
class Case:
    """A case drawn for review.

    Attributes
    ----------
    second
        Whether two people are to judge it.
    told
        What is known of it, as a JSON object.
    judged
        People who had judged it when this was published.
    """

    decision_id: str
    decision: str
    recommendation: str
    second: bool
    round: int
    told: str
    judged: int = 0

    @property
    def same(self) -> bool:
        """Whether the two answers are one: an agreement, mixed in as a control."""
        return self.decision == self.recommendation

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is known of the case, name and text; none where that cannot be read.

        Examples
        --------
        >>> Case("1", "late", "on_time", False, 1, '{"carrier": "UA", "miles": 7}').facts
        (('carrier', 'UA'), ('miles', '7'))
        """
        try:
            told = json.loads(self.told)
        except ValueError:
            return ()
        if not isinstance(told, dict):
            return ()
        return tuple((name, str(text)) for name, text in told.items() if text is not None)


@dataclass(frozen=True, slots=True)
class Batch:
    """One person's part of the queue.

    Attributes
    ----------
    total
        Cases drawn in all.
    left
        Cases this person is still asked to judge, in the order of judging.
    mine
        What this person has said and not taken back, the latest last.
    skipped
        Cases that would be left, but for a round this person has ended.
    undoable
        Of what this person has said, what can be taken back: that of no ended round.
    """

    total: int
    left: tuple[Case, ...]
    mine: tuple[Review, ...]
    skipped: int = 0
    undoable: tuple[Review, ...] = ()


def drawn(visit: Visit) -> tuple[Case, ...]:
    """Return the cases drawn for review, in the order of judging."""
    return tuple(map(_case, table(visit, "review_queue", "round, position")))


def batch(
    cases: Sequence[Case],
    reviews: Iterable[Review],
    reviewer: str,
    reopened: Collection[str] = (),
    ended: int = 0,
) -> Batch:
    """Return what is left for one person.

    A case is for one person, or for two where it is drawn for a second judgement; it is not
    offered again once enough others have judged it. Who has, the inbox says; of a case that it does
    not speak of, the publication does.

    Parameters
    ----------
    reviews
        The latest event of each judgement of this candidate.
    reopened
        Cases this person has just taken back; they are theirs to judge again.
    ended
        Last round this person has ended; nothing of it or before is asked of them any more.
    """
    queued = {case.decision_id: case.round for case in cases}
    by_others: defaultdict[str, set[str]] = defaultdict(set)
    mine: list[Review] = []
    spoken_of = set()
    for review in reviews:
        spoken_of.add(review.decision_id)
        if review.judgement is Judgement.WITHDRAWN or review.decision_id not in queued:
            continue
        if review.reviewer == reviewer:
            mine.append(review)
        else:
            by_others[review.decision_id].add(review.reviewer)
    judged = {review.decision_id for review in mine}

    def wanted(case: Case) -> bool:
        one = case.decision_id
        others = len(by_others[one]) if one in spoken_of else case.judged
        return one in reopened or others < (2 if case.second else 1)

    mine.sort(key=lambda review: review.reviewed_at)
    asked = [case for case in cases if case.decision_id not in judged and wanted(case)]
    left = tuple(case for case in asked if case.round > ended)
    undoable = tuple(review for review in mine if queued[review.decision_id] > ended)
    return Batch(len(cases), left, tuple(mine), len(asked) - len(left), undoable)


def about(reviews: Iterable[Review], visit: Visit) -> tuple[Review, ...]:
    """Return the reviews of the visit's candidate and version."""
    it = visit.candidate
    return tuple(r for r in reviews if (r.candidate, r.model_version) == (it.name, it.version))


def offered(case: Case, classes: Sequence[str]) -> tuple[Said, ...]:
    """Return what can be answered about a case.

    Examples
    --------
    >>> Said.NEITHER in offered(Case("1", "late", "on_time", False, 1, ""), ("on_time", "late"))
    False
    """
    return sayable(same=case.same, classes=classes)


def _case(row: dict[str, Any]) -> Case:
    return Case(
        row["decision_id"],
        row["decision"],
        row["recommendation"],
        bool(row["second"]),
        int(row["round"]),
        row["facts"],
        int(row.get("judged") or 0),
    )
