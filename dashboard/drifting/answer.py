"""The answer of the drift page: what has moved, for what it cannot be told, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dashboard.drifting.published import Standing, Watched, titles
from dashboard.page import Visit
from dashboard.words import day
from data_contracts.data_words import DriftKind
from evaluators.weeks import WEEK
from evaluators.wording import count


def drift_answer(subjects: Sequence[Watched], longer: bool) -> str:
    """Return what has moved: inputs first, then everything else that is watched.

    Nothing is said about the data as a whole: a share of subjects that moved means nothing.
    """
    inputs = [s for s in subjects if s.kind == DriftKind.INPUT]
    others = [s for s in subjects if s.kind != DriftKind.INPUT]
    if not inputs:
        return _some(others, "thing watched", "things watched", longer)
    moved = _in(others, Standing.MOVED, longer)
    if not moved:
        return _some(inputs, "input", "inputs", longer)
    word = "Moved as well" if _in(inputs, Standing.MOVED, longer) else "Moved elsewhere"
    return f"{_some(inputs, 'input', 'inputs', longer)} {word}: {titles(moved)}."


def _in(subjects: Sequence[Watched], state: Standing, longer: bool) -> list[Watched]:
    found = ((s, s.over(longer)) for s in subjects)
    return [s for s, stretch in found if stretch is not None and stretch.standing is state]


def _some(subjects: Sequence[Watched], one: str, many: str, longer: bool) -> str:
    """Return how many of some subjects have moved, right at none, one, some and all.

    Examples
    --------
    >>> _some([], "input", "inputs", False)
    'Nothing is compared with a reference yet.'
    """
    total = len(subjects)
    if total == 0:
        return "Nothing is compared with a reference yet."
    moved = _in(subjects, Standing.MOVED, longer)
    open_ = len(_in(subjects, Standing.UNKNOWN, longer))
    whole = f"The one {one}" if total == 1 else f"All {total:,} {many}"
    if len(moved) == total:
        return f"{whole} {'has' if total == 1 else 'have'} moved: {titles(moved)}."
    if open_ == total:
        subject = f"the one {one}" if total == 1 else f"any of {total:,} {many}"
        return f"There are too few cases to tell whether {subject} has moved."
    tail = ""
    if open_:
        tail = f" For {open_:,} there are too few cases to tell."
    if moved:
        has = "has" if len(moved) == 1 else "have"
        return f"{len(moved):,} of {total:,} {many} {has} moved: {titles(moved)}.{tail}"
    if open_:
        rest = total - open_
        those = "the one" if rest == 1 else f"the {rest:,}"
        return f"No {one} has moved in a way that matters among {those} that can be told.{tail}"
    if total == 1:
        return f"The one {one} has not moved in a way that matters."
    return f"None of {total:,} {many} has moved in a way that matters."


def other_stretch(subjects: Sequence[Watched], longer: bool) -> str:
    """Return what has moved in the stretch that is not shown, empty when nothing more has."""
    here = {s.key for s in _in(subjects, Standing.MOVED, longer)}
    there = [s for s in _in(subjects, Standing.MOVED, not longer) if s.key not in here]
    if not there:
        return ""
    when = "In the latest week alone" if longer else "Over the last weeks together"
    has = "has" if len(there) == 1 else "have"
    more = " more" if here else ""
    return f"{when} {len(there):,}{more} {has} moved: {titles(there)}."


def missing(visit: Visit) -> str:
    """Return why nothing can be compared, and what to do about it."""
    it = visit.evidence.publication
    if it.first_day is None:
        return (
            "The records of this study carry no days, so there is no earlier and no later to "
            "compare. Declare a time of decision: the column behind `decided_at`."
        )
    weeks = int(it.part("drift").get("weeks") or 4)
    until = it.first_day + timedelta(WEEK * weeks - 1)
    first = until + timedelta(WEEK)
    return (
        f"The reference is the first {count(weeks, 'whole week')}, {day(it.first_day)} to "
        f"{day(until)}. The first week to compare with it ends on {day(first)}; the data reach to "
        f"{day(it.data_to)}."
    )


def features_missing(visit: Visit, subjects: Sequence[Watched]) -> str:
    """Return what to do where no input is watched, empty where some are."""
    if any(s.kind == DriftKind.INPUT for s in subjects):
        return ""
    if visit.evidence.publication.document.get("features"):
        return "The inputs are declared, but their reference is not complete yet."
    return (
        "No inputs are declared, so only mix, answers, scores and outcomes are watched. Name the "
        "inputs of the decision under `features:` in the study file to watch them too."
    )
