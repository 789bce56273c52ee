"""The paired difference of every segment of a cut: as published, or recomputed for a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from dashboard.evidence import evidence, measure
from dashboard.period import Period, day_number
from dashboard.published import OUTCOMES
from dashboard.records import Candidate, Evidence
from data_contracts.findings import ALL_CASES, Finding, Segment
from data_contracts.vocabulary import RiskTier, Shown
from evaluators.columns import Columns
from evaluators.kinds import Evaluator
from evaluators.metrics.paired_difference import EVALUATOR
from evaluators.pairs.cases import CaseCounts
from evaluators.registered import registered_grid
from evaluators.scope import Scope
from evaluators.segments.segment_groups import ALL_SMALL
from evaluators.statistics.shown import shown
from evaluators.weeks import is_timeless, mature_cases, mature_day, week_ends

DIFFERENCE = "paired_difference"
POSSIBLE = "difference_possible"
BEFORE_OUTCOMES = "difference_before_outcomes"
UNSET_LIMIT = -0.01
"""Drawn when the policy names no limit at all."""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment's difference as fractions, and what it shows against the limit.

    `possible_low` and `possible_high` are what missing outcomes leave possible; set only where
    too few outcomes are final for an estimate.
    """

    name: str
    n: int
    estimate: float | None
    low: float | None
    high: float | None
    shown: Shown = Shown.NO_DATA
    possible_low: float | None = None
    possible_high: float | None = None


@dataclass(frozen=True, slots=True)
class SegmentTable:
    """All rows of a cut.

    Attributes
    ----------
    limit, whole_limit
        Worst acceptable differences as fractions, negative: of a segment, of all cases.
    registered
        Whether the policy has a gate on this cut.
    pooled, pooled_cases, threshold
        How many segments were pooled, with how many cases, because each has fewer than this.
    recomputed
        Whether the numbers are of a period and not the published ones.
    """

    cut: str
    limit: float
    whole_limit: float
    registered: bool
    whole: SegmentRow
    rows: tuple[SegmentRow, ...]
    pooled: int
    pooled_cases: int
    threshold: int
    recomputed: bool

    def having(self, *states: Shown) -> tuple[SegmentRow, ...]:
        """Return the rows in one of these states."""
        return tuple(row for row in self.rows if row.shown in states)


@st.cache_resource(max_entries=64, show_spinner="Computing the segments")
def segment_table(path: str, candidate: Candidate, cut: str, period: Period | None) -> SegmentTable:
    """Return the rows of a cut, in the order of the names; computed once."""
    it = evidence(path)
    gate = it.gate_on(candidate, cut)
    smallest = int((gate and gate.settings.get("smallest")) or it.publication.smallest_segment)
    scope = scope_of(it, candidate, period)
    part = part_of(measure(path, OUTCOMES, candidate), cut, period)
    table, pooled = _pool(part, smallest, scope)
    found = recomputed(EVALUATOR, table, scope)
    if period is None:
        for metric in found:
            published = {f.segment: f for f in it.found(metric, candidate)}
            found[metric] = {part: published.get(part, f) for part, f in found[metric].items()}
    rows = [
        _row(part, {metric: found[metric][part] for metric in found}) for part in found[DIFFERENCE]
    ]
    whole = _judged(rows[:1], limit_of(it, ALL_CASES))[0]
    parts = _judged(rows[1:], limit_of(it, cut))
    return SegmentTable(
        cut,
        limit_of(it, cut),
        limit_of(it, ALL_CASES),
        it.limits.get(cut) is not None,
        replace(whole, name="All cases"),
        tuple(sorted(parts, key=lambda row: row.name)),
        len(pooled),
        sum(pooled.values()),
        smallest,
        period is not None,
    )


def limit_of(it: Evidence, cut: str) -> float:
    """Return the limit of a cut; of one without a gate, the limit of all cases."""
    limit = it.limits.get(cut)
    return limit if limit is not None else it.limits.get(ALL_CASES) or UNSET_LIMIT


def part_of(table: Columns, cut: str, period: Period | None) -> Columns:
    """Return the rows of the whole and of one cut, of the days asked for."""
    if len(table) == 0:
        return table
    keep = np.isin(table["cut"], [table.code("cut", ALL_CASES), table.code("cut", cut)])
    if period is not None:
        first, last = (day_number(day) for day in period)
        keep &= (table["cohort_day"] >= first) & (table["cohort_day"] <= last)
    return table.where(keep)


def _pool(table: Columns, smallest: int, scope: Scope) -> tuple[Columns, dict[str, int]]:
    """Return the table with small segments under one name, and the cases of each of them.

    Small is what has few mature cases, as the gate pools; before there are any, few cases.
    """
    cases = CaseCounts.of(table)
    mature = mature_cases(cases, replace(scope, mature_day=_last_look(scope))).paired().n
    counts = (mature if mature[0] else cases.paired().n).tolist()
    small = {
        segment.value: n
        for segment, n in zip(cases.segments, counts, strict=True)
        if segment.cut != ALL_CASES and n < smallest
    }
    if not small:
        return table, {}
    labels = table.labels["segment"]
    codes = np.arange(len(labels) + 1)
    codes[[labels.index(name) for name in small]] = len(labels)
    segment = table["segment"]
    pooled = np.where(table["cut"] == table.code("cut", ALL_CASES), segment, codes[segment])
    arrays = {**table.arrays, "segment": pooled}
    return Columns(arrays, {**table.labels, "segment": (*labels, ALL_SMALL)}), small


def _last_look(scope: Scope) -> int | None:
    """Return the last day a gate has looked at: the end of the last whole mature week."""
    if is_timeless(scope):
        return None
    until = mature_day(scope)
    ends = week_ends(scope, until)
    return int(ends[-1]) if len(ends) else until


def recomputed(
    evaluator: Evaluator, table: Columns, scope: Scope
) -> dict[str, dict[Segment, Finding]]:
    """Return an evaluator's findings by metric and segment; the whole is the first segment."""
    found = evaluator.evaluate({OUTCOMES: table}, scope)
    return {part.metric: {f.segment: f for f in part.rows()} for part in found}


def _row(segment: Segment, found: dict[str, Finding]) -> SegmentRow:
    """Return a row that is not judged yet; without an estimate, what is possible instead."""
    known = found[DIFFERENCE]
    if known.estimate is not None:
        return SegmentRow(segment.value, known.n, known.estimate, known.low, known.high)
    possible, before = found[POSSIBLE], found[BEFORE_OUTCOMES]
    return SegmentRow(
        segment.value,
        before.n,
        None,
        before.low,
        before.high,
        possible_low=possible.low,
        possible_high=possible.high,
    )


def _judged(rows: Sequence[SegmentRow], limit: float) -> list[SegmentRow]:
    """Return the rows with what each shows, singly; one call for all of them."""
    low, high = (np.array([getattr(r, end) for r in rows], float) for end in ("low", "high"))
    states = shown(low, high, limit, np.array([row.n for row in rows], np.int64))
    return [
        row if row.estimate is None else replace(row, shown=state)
        for row, state in zip(rows, states, strict=True)
    ]


def scope_of(it: Evidence, candidate: Candidate, period: Period | None) -> Scope:
    """Return what the evaluators need to know besides the counts."""
    publication = it.publication
    decision = publication.document.get("decision") or {}
    first, last = period or (publication.first_day, publication.data_to)
    mature = publication.mature_to
    if mature is not None and last is not None:
        mature = min(mature, last)
    outcome = publication.document.get("outcome") or {}
    return Scope(
        candidate.name,
        candidate.version,
        publication.decision_type,
        tuple(decision.get("classes") or ()),
        decision.get("positive"),
        risk_tier=RiskTier(publication.risk_tier),
        alpha=publication.alpha,
        first_day=day_number(first),
        last_day=day_number(last),
        mature_day=day_number(mature),
        matures_after_days=int(outcome.get("matures_after_days") or 0),
        grid=_grid(publication.document),
        cuts=tuple(it.limits),
    )


def _grid(document: Mapping[str, Any]) -> tuple[float, ...]:
    """Return the bets the policy was registered with."""
    return registered_grid(**((document.get("policy") or {}).get("plan") or {}))
