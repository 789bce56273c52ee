"""What is watched for drift: each subject as histograms by week, on frozen bins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.data_words import DriftKind
from data_contracts.findings import ALL_CASES
from data_contracts.vocabulary import Answer, DecisionType
from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from evaluators.drifting.bin_names import NAMED, NEVER_SEEN, NO_VALUE, OTHER, ranges
from evaluators.drifting.input_reference import MISSING, UNSEEN
from evaluators.pairs.cases import CaseCounts
from evaluators.scope import Scope
from evaluators.weeks import WEEK, is_timeless, mature_day

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that may drift.

    Attributes
    ----------
    labels
        What each bin holds.
    reference
        Cases of the reference; shape (bins,).
    days
        Cases of each day of the first reference weeks, from which their spread is told; shape
        (days, bins).
    weekly
        Cases of each whole week since the first day; shape (weeks, bins).
    first
        First week, from 0, that may be compared with the reference.
    centres
        Where the cases of each bin stand; NaN for bins without an order.
    spread
        Standard deviation of the reference; NaN for values without an order.
    missing, unseen
        Position of the bin without a value, and of values never seen in the reference; -1: none.
    """

    kind: DriftKind
    name: str
    labels: tuple[str, ...]
    reference: Counts
    days: Counts
    weekly: Counts
    first: int
    centres: Numbers
    spread: float
    missing: int
    unseen: int


def subjects(measures: Measures, scope: Scope) -> tuple[Subject, ...]:
    """Return everything of a candidate that can be compared with its reference.

    Outcomes are those of mature days, and only known ones: how many are still missing depends on
    the age of the cases. Before the reference is complete there is nothing; a timeless study has
    no weeks and nothing either.
    """
    if is_timeless(scope):
        return ()
    return (
        *_inputs(measures, scope),
        *_of_cases(CaseCounts.of_measures(measures), scope),
        *_scores(measures.get("score_counts", Columns({})), scope),
    )


def whole_weeks(scope: Scope, until: int | None) -> int:
    """Return the number of whole weeks from the first day up to a day."""
    if scope.first_day is None or until is None:
        return 0
    return max(0, (until - scope.first_day + 1) // WEEK)


def _inputs(measures: Measures, scope: Scope) -> Iterator[Subject]:
    table = measures.get("feature_counts", Columns({}))
    weeks, own = whole_weeks(scope, scope.last_day), scope.terms.drift.weeks
    for found in scope.data.inputs:
        size = len(found.bins)
        place = {number: i for i, number in enumerate(found.bins)}
        if len(table):
            rows = table.where(table["feature"] == table.code("feature", found.name))
            bins = np.asarray(rows["bin"], np.int64)
            at = np.array([place.get(b, -1) for b in range(UNSEEN, max(found.bins) + 1)], np.int64)
            cell = at[bins - UNSEEN]
            by_day = _by_day(rows["cohort_day"], cell, rows["n"], size, scope)
        else:
            by_day = np.zeros((0, size), np.int64)
        centres = np.full(size, np.nan)
        centres[: len(found.centres)] = found.centres
        yield _subject(
            (DriftKind.INPUT, found.name, found.labels),
            np.array(found.n, np.int64),
            by_day,
            scope,
            (0 if found.pilot else own, weeks),
            (centres, found.spread),
            (place.get(MISSING, -1), place.get(UNSEEN, -1)),
        )


@dataclass(frozen=True, slots=True)
class _Coded:
    """Cases of a column of texts: their day, the number of their text, and how many they are."""

    day: NDArray[np.int64]
    code: Counts
    n: Counts
    names: tuple[str, ...]


def _of_cases(cases: CaseCounts, scope: Scope) -> Iterator[Subject]:
    """Yield segment mix, recommendations, decisions and outcomes."""
    if not len(cases.table):
        return
    compared, n = cases.compared, cases.column("n")
    for cut in scope.cuts:
        numbers = [] if cut == ALL_CASES else list(cases.of_cut(cut))
        if numbers:
            code = np.full(len(cases.segments), UNKNOWN, np.int64)
            code[numbers] = np.arange(len(numbers))
            found = code[cases.segment]
            keep = compared & (found != UNKNOWN)
            names = tuple(cases.segments[i].value for i in numbers)
            part = _Coded(cases.day[keep], found[keep], n[keep], names)
            yield from _of_values(DriftKind.MIX, cut, part, scope)
    if scope.decision_type is DecisionType.NUMERIC:
        return
    whole = cases.where(compared & (cases.segment == 0))
    n = whole.column("n")
    for kind, name in (
        (DriftKind.RECOMMENDATION, "recommendation"),
        (DriftKind.DECISION, "decision"),
        (DriftKind.OUTCOME, "outcome"),
    ):
        code, names = whole.column(name), whole.table.labels[name]
        if kind is DriftKind.RECOMMENDATION:
            code = np.where(whole.answered(Answer.ANSWERED), code, UNKNOWN)
        outcome = kind is DriftKind.OUTCOME
        keep = (code != UNKNOWN) | (not outcome)
        part = _Coded(whole.day[keep], code[keep], n[keep], names)
        yield from _of_values(kind, name, part, scope, mature_day(scope) if outcome else None)


def _of_values(
    kind: DriftKind, name: str, cases: _Coded, scope: Scope, until: int | None = None
) -> Iterator[Subject]:
    """Yield the subject of a column of texts: frequent values, others, none, never seen."""
    weeks = whole_weeks(scope, scope.last_day if until is None else until)
    own = scope.terms.drift.weeks
    if weeks < own:
        return
    names = cases.names
    early = _early(cases.day, scope) & (cases.code >= 0)
    seen = np.bincount(cases.code[early], cases.n[early], len(names)).astype(np.int64)
    ranked = [i for i in np.lexsort((np.array(names, object), -seen)).tolist() if seen[i] > 0]
    size = min(len(ranked), NAMED)
    place = np.full(len(names) + 1, size + 2, np.int64)  # never seen, unless said below
    place[ranked] = np.minimum(np.arange(len(ranked)), size)
    place[-1] = size + 1  # what code -1 (null) points at
    by_day = _by_day(cases.day, place[cases.code], cases.n, size + 3, scope)
    yield _subject(
        (kind, name, (*(names[i] for i in ranked[:size]), OTHER, NO_VALUE, NEVER_SEEN)),
        None,
        by_day,
        scope,
        (own, weeks),
        (np.full(size + 3, np.nan), np.nan),
        (size + 1, size + 2),
    )


def _scores(table: Columns, scope: Scope) -> Iterator[Subject]:
    """Yield the subject of the scores, on bins of about equal size in the reference."""
    weeks, own = whole_weeks(scope, scope.last_day), scope.terms.drift.weeks
    if not len(table) or weeks < own:
        return
    values, code = np.unique(np.asarray(table["score_from"], float), return_inverse=True)
    n = np.asarray(table["n"], np.int64)
    early = _early(np.asarray(table["cohort_day"]), scope)
    seen = np.bincount(code[early], n[early], len(values))
    total = seen.sum()
    if total == 0:
        return
    bins = scope.terms.drift.bins
    cuts = np.unique(np.searchsorted(np.cumsum(seen), total * np.arange(1, bins) / bins))
    place = np.searchsorted(cuts, np.arange(len(values)), side="right")
    size = len(cuts) + 1
    held = np.bincount(place, seen, size)
    starts = values[np.concatenate([[0], cuts])]
    with np.errstate(invalid="ignore"):
        centres = np.where(held > 0, np.bincount(place, seen * values, size) / held, starts)
    mean = (seen * values).sum() / total
    spread = float(np.sqrt((seen * (values - mean) ** 2).sum() / total))
    yield _subject(
        (DriftKind.SCORE, "score", ranges([float(edge) for edge in starts[1:]])),
        None,
        _by_day(table["cohort_day"], place[code], n, size, scope),
        scope,
        (own, weeks),
        (centres, spread),
        (-1, -1),
    )


def _subject(
    called: tuple[DriftKind, str, tuple[str, ...]],
    reference: Counts | None,
    by_day: Counts,
    scope: Scope,
    weeks: tuple[int, int],
    order: tuple[Numbers, float],
    special: tuple[int, int],
) -> Subject:
    """Return a subject; its reference is its first weeks where none is given."""
    first, whole = weeks
    days = by_day[: min(scope.terms.drift.weeks, whole) * WEEK]
    weekly = by_day[: whole * WEEK].reshape(-1, WEEK, by_day.shape[1]).sum(axis=1)
    held = days.sum(axis=0) if reference is None else reference
    return Subject(*called, held, days, weekly, first, *order, *special)


def _early(day: NDArray[np.int64], scope: Scope) -> NDArray[np.bool_]:
    """Return which rows belong to the first reference weeks."""
    first = scope.first_day or 0
    end = first + scope.terms.drift.weeks * WEEK
    return np.asarray((day >= first) & (day < end) & (day != NO_DAY))


def _by_day(day: NDArray[np.int64], cell: Counts, n: Counts, size: int, scope: Scope) -> Counts:
    """Return cases by day since the first, and bin; days before the first are left out."""
    first, last = scope.first_day or 0, scope.last_day or 0
    at = np.asarray(day, np.int64) - first
    days = max(0, last - first + 1)
    keep = (np.asarray(day) != NO_DAY) & (at >= 0) & (at < days) & (cell >= 0)
    flat = np.bincount(at[keep] * size + cell[keep], np.asarray(n)[keep], days * size)
    return flat.astype(np.int64).reshape(days, size)
