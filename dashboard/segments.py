"""The paired difference of every segment of a cut: as published, or recomputed for a period."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from dashboard.cells import cells, segment_sizes
from dashboard.evidence import evidence
from dashboard.limits import cut_limit, limit_of, whole_limit
from dashboard.period import Period, date_of, day_number
from dashboard.published import OUTCOMES
from dashboard.records import Candidate, Evidence, Publication
from dashboard.segment_rows import SegmentTable, judged, segment_row
from data_contracts.findings import ALL_CASES, WHOLE, Finding, Segment
from data_contracts.vocabulary import RiskTier
from evaluators.columns import Columns
from evaluators.kinds import Evaluator
from evaluators.metrics.paired_difference import EVALUATOR
from evaluators.registered import registered_grid
from evaluators.scope import Scope
from evaluators.segments.segment_groups import ALL_SMALL
from evaluators.weeks import is_timeless, mature_day, week_ends

DIFFERENCE = "paired_difference"
POSSIBLE = "difference_possible"
BEFORE_OUTCOMES = "difference_before_outcomes"
METRICS = (DIFFERENCE, POSSIBLE, BEFORE_OUTCOMES)
"""In the order in which a row takes them."""


@st.cache_resource(max_entries=24, show_spinner="Computing the segments")
def segment_table(
    path: str, candidate: Candidate, cut: str, period: Period | None, only: str | None = None
) -> SegmentTable:
    """Return the rows of a cut, in the order of the names; computed once.

    The whole record is told as it was published; only what was not is computed: the small
    segments as one, and everything of a period. With `only`, one segment is computed and no other.
    """
    it = evidence(path)
    gate = it.gate_on(candidate, cut)
    smallest = int((gate and gate.settings.get("smallest")) or it.publication.smallest_segment)
    scope = _scope(it, candidate, period)
    sizes = _sizes(path, candidate, cut, period, scope)
    small = {name: n for name, n in sizes.items() if n < smallest}
    single = [name for name in sizes if name not in small and only in (None, name)]
    known = {} if period else _published(it, candidate, cut)
    lacking = [segment for segment in single if segment not in known]
    if only is None:
        lacking += small
    if lacking or ALL_CASES not in known:
        wanted = None if len(lacking) == len(sizes) else lacking
        known = _computed(path, candidate, cut, period, wanted, small, scope) | known
    pool = [ALL_SMALL] if only is None and small else []
    parts = [segment_row(name, *map(known[name].__getitem__, METRICS)) for name in [*single, *pool]]
    every = segment_row("All cases", *map(known[ALL_CASES].__getitem__, METRICS))
    return SegmentTable(
        cut,
        limit_of(it, cut),
        whole_limit(it),
        cut_limit(it, cut) is not None,
        judged([every], whole_limit(it))[0],
        tuple(sorted(judged(parts, limit_of(it, cut)), key=lambda row: row.name)),
        len(small),
        sum(small.values()),
        smallest,
        period is not None,
    )


def _sizes(
    path: str, candidate: Candidate, cut: str, period: Period | None, scope: Scope
) -> dict[str, int]:
    """Return the cases of each segment by which the gate would pool it.

    These are its mature cases; before there are any, all that are compared.
    """
    days = None
    if not is_timeless(scope):
        days = (date_of(scope.first_day or 0), date_of(_last_look(scope) or 0))
    found = segment_sizes(path, candidate, cut, period, days)
    mature = any(size.mature for size in found if size.cut == ALL_CASES)
    return {s.segment: s.mature if mature else s.n for s in found if s.cut != ALL_CASES}


def _published(it: Evidence, candidate: Candidate, cut: str) -> dict[str, dict[str, Finding]]:
    """Return the published findings of all cases and of every segment, those that are whole."""
    found: dict[str, dict[str, Finding]] = {}
    for metric in METRICS:
        for one in it.found(metric, candidate):
            if one.segment.cut in (ALL_CASES, cut):
                name = ALL_CASES if one.segment == WHOLE else one.segment.value
                found.setdefault(name, {})[metric] = one
    return {name: known for name, known in found.items() if len(known) == len(METRICS)}


def _computed(
    path: str,
    candidate: Candidate,
    cut: str,
    period: Period | None,
    segments: Sequence[str] | None,
    small: Collection[str],
    scope: Scope,
) -> dict[str, dict[str, Finding]]:
    """Return findings of all cases and of these segments (None: all), the small ones as one."""
    table = cells(path, candidate, cut, period, segments, words=bool(scope.terms.observed_when))
    found: dict[str, dict[str, Finding]] = {}
    for metric, parts in recomputed(EVALUATOR, _pooled(table, small), scope).items():
        for segment, one in parts.items():
            name = ALL_CASES if segment == WHOLE else segment.value
            found.setdefault(name, {})[metric] = one
    return found


def _pooled(table: Columns, small: Collection[str]) -> Columns:
    """Return the table with small segments under one name."""
    if not small or len(table) == 0:
        return table
    labels = table.labels["segment"]
    codes = np.array([len(labels) if name in small else i for i, name in enumerate(labels)])
    segment = table["segment"]
    pooled = np.where(table["cut"] == table.code("cut", ALL_CASES), segment, codes[segment])
    arrays = {**table.arrays, "segment": pooled}
    return Columns(arrays, {**table.labels, "segment": (*labels, ALL_SMALL)})


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


def _scope(it: Evidence, candidate: Candidate, period: Period | None) -> Scope:
    """Return the scope with what the study says of outcomes that cannot be seen."""
    scope = scope_of(it, candidate, period)
    selective = it.publication.part("outcome").get("selective") or {}
    terms = replace(scope.terms, observed_when=tuple(selective.get("observed_when") or ()))
    return replace(scope, terms=terms)


def scope_of(it: Evidence, candidate: Candidate, period: Period | None) -> Scope:
    """Return what the evaluators need to know besides the counts."""
    publication = it.publication
    decision = publication.part("decision")
    first, last = period or (publication.first_day, publication.data_to)
    mature = publication.mature_to
    if mature is not None and last is not None:
        mature = min(mature, last)
    outcome = publication.part("outcome")
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
        grid=_grid(publication),
        cuts=tuple(it.limits),
    )


def _grid(publication: Publication) -> tuple[float, ...]:
    """Return the bets the policy was registered with."""
    return registered_grid(**(publication.part("policy").get("plan") or {}))
