"""A filled sheet as reviews: every row checked, all mistakes told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from data_contracts.errors import UnderstudyError
from data_contracts.reviews import Judgement, Review, Said, judgement_of, review_id, sayable
from data_contracts.study.model import Study
from data_contracts.study.problems import did_you_mean, shown
from pipelines.reviewing.drawn import Case, Drawn
from pipelines.reviewing.sheet import ANSWER, CANDIDATE, CASE, NOTE, REASON, X, Y, same_text

LONGEST_NOTE = 2_000
"""Characters of a note."""
_TOLD = 50


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in one row; rows are counted as a spreadsheet does, the header being row 1."""

    row: int
    text: str

    def __str__(self) -> str:
        return f"row {self.row:,}: {self.text}"


class SheetInvalid(UnderstudyError):
    """Rows of the sheet cannot be taken; every mistake is told."""

    def sentence(self) -> str:
        mistakes: Sequence[Mistake] = self.facts["mistakes"]
        lines = [f"  {mistake}" for mistake in mistakes[:_TOLD]]
        if len(mistakes) > _TOLD:
            lines.append(f"  and {len(mistakes) - _TOLD:,} more")
        n = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes):,} mistakes"
        end = (
            "The other rows were imported."
            if self.facts["partial"]
            else "Nothing was imported; correct them, or import the other rows with `--partial`."
        )
        return "\n".join([f"{self.facts['path']} has {n}:", *lines, end])


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet holds.

    Attributes
    ----------
    reviews
        Judgements that are new or other than before.
    known
        Rows that say what the inbox says already.
    empty
        Rows without an answer, left for later.
    """

    reviews: tuple[Review, ...]
    known: int
    empty: int
    mistakes: tuple[Mistake, ...]


def take_sheet(
    study: Study,
    drawn: Drawn,
    columns: Mapping[str, int],
    rows: Sequence[Sequence[str]],
    reviewer: str,
    before: Iterable[Review],
    now: datetime,
) -> Taken:
    """Return the reviews of a sheet.

    Parameters
    ----------
    before
        Reviews in the inbox, of each judgement the latest.
    """
    cases = {(case.trial, case.decision_id): case for case in drawn.cases}
    known = {review.review_id: review for review in before}
    reviews: list[Review] = []
    mistakes: list[Mistake] = []
    seen: dict[tuple[str, str], int] = {}
    same = empty = 0
    for number, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            row = _Row.of(columns, cells)
            case = _case(row, cases, seen, number)
            if not row.answer:
                row.check_empty()
                empty += 1
                continue
            review = _review(study, drawn.study, case, row, reviewer, now)
        except ValueError as fault:
            mistakes.append(Mistake(number, str(fault)))
            continue
        if _says_the_same(known.get(review.review_id), review):
            same += 1
        else:
            reviews.append(review)
    return Taken(tuple(reviews), same, empty, tuple(mistakes))


@dataclass(frozen=True, slots=True)
class _Row:
    case: str
    candidate: str
    x: str
    y: str
    answer: str
    reason: str
    note: str

    @classmethod
    def of(cls, columns: Mapping[str, int], cells: Sequence[str]) -> _Row:
        if len(cells) != len(columns):
            raise ValueError(f"{len(cells)} cells, expected {len(columns)} as in the header")
        names = (CASE, CANDIDATE, X, Y, ANSWER, REASON, NOTE)
        return cls(*(cells[columns[name]].strip() for name in names))

    def check_empty(self) -> None:
        given = REASON if self.reason else NOTE if self.note else None
        if given:
            raise ValueError(f"a {given} but no answer; expected one of {_listed(_WORDS)}")


def _case(
    row: _Row, cases: Mapping[tuple[str, str], Case], seen: dict[tuple[str, str], int], number: int
) -> Case:
    key = row.candidate, row.case
    case = cases.get(key)
    if case is None:
        known = [one for trial, one in cases if trial == row.candidate]
        if not known:
            trials = list(dict.fromkeys(trial for trial, _ in cases))
            hint = _hint(row.candidate, trials)
            raise ValueError(
                f"candidate {shown(row.candidate)} has no drawn cases; expected"
                f" {_listed(trials)}{hint}"
            )
        raise ValueError(f"case {shown(row.case)} was not drawn{_hint(row.case, known)}")
    if key in seen:
        raise ValueError(f"case {shown(row.case)} again, it is in row {seen[key]:,} already")
    seen[key] = number
    return case


def _review(study: Study, name: str, case: Case, row: _Row, reviewer: str, now: datetime) -> Review:
    said = _said(row.answer)
    _check_sayable(said, case, study.decision.classes)
    if len(row.note) > LONGEST_NOTE:
        raise ValueError(f"a note of {len(row.note):,} characters; at most {LONGEST_NOTE:,}")
    judgement = judgement_of(said, candidate_x=_candidate_is_x(case, row))
    about = (case.candidate, case.version, case.decision_id, reviewer)
    return Review(
        review_id=review_id(name, *about),
        decision_id=case.decision_id,
        candidate=case.candidate,
        model_version=case.version,
        reviewer=reviewer,
        reviewed_at=now,
        judgement=judgement,
        reason=_reason(study, row.reason),
        note=row.note or None,
        recorded_at=now,
    )


def _candidate_is_x(case: Case, row: _Row) -> bool:
    """Return whether X is the candidate's answer in this file, whoever it was written for.

    Answers as they were written count before those that a spreadsheet has written its own way: two
    classes may differ in nothing but case.
    """
    one, other = case.recommendation.strip(), case.decision.strip()
    if (row.x, row.y) == (one, other):
        return True
    if (row.x, row.y) == (other, one):
        return False
    as_is = same_text(row.x, one) and same_text(row.y, other)
    swapped = same_text(row.x, other) and same_text(row.y, one)
    if as_is == swapped:
        found = "which fit both ways round" if as_is else "not those of the case"
        raise ValueError(
            f"the answers are {shown(row.x)} and {shown(row.y)}, {found}; leave the columns `{X}`"
            f" and `{Y}` as they were"
        )
    return as_is


def _check_sayable(said: Said, case: Case, classes: Sequence[str]) -> None:
    same = case.decision == case.recommendation
    if said in sayable(same=same, classes=classes):
        return
    if same:
        raise ValueError(f'answer "{said}": both answers are the same; say both or neither')
    raise ValueError(f'answer "{said}": of two different classes one is right')


_WORDS = tuple(one.value for one in Said)


def _said(answer: str) -> Said:
    word = " ".join(answer.replace("_", " ").split()).casefold()
    for said in Said:
        if said.value.casefold() == word:
            return said
    hint = _hint(answer, _WORDS)
    raise ValueError(f"answer {shown(answer)}, expected one of {_listed(_WORDS)}{hint}")


def _reason(study: Study, given: str) -> str | None:
    if not given:
        return None
    plan = study.review
    words = {reason.casefold(): reason for reason in plan.reasons}
    for code, text in plan.known_differences.items():
        words |= {code.casefold(): code, text.casefold(): code}
    found = words.get(given.casefold())
    if found is None:
        known = [*plan.reasons, *plan.known_differences]
        raise ValueError(
            f"reason {shown(given)}, expected one of {_listed(known)}{_hint(given, words)}"
        )
    return found


def _says_the_same(known: Review | None, review: Review) -> bool:
    if known is None or known.judgement is Judgement.WITHDRAWN:
        return False
    said = replace(known, reviewed_at=review.reviewed_at, recorded_at=review.recorded_at)
    return said == review


def _hint(word: str, known: Iterable[str]) -> str:
    near = did_you_mean(word, known)
    return f"; {near}" if near else ""


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
