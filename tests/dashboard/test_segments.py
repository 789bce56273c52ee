"""Rows of a cut: as published, pooled as the gate pools, recomputed for a period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dashboard.evidence import ask_columns, read_evidence
from dashboard.segments import recomputed, scope_of, segment_table
from data_contracts.evidence import evidence_path
from data_contracts.findings import Segment
from data_contracts.vocabulary import Shown
from evaluators.kinds import all_evaluators
from evaluators.segments.segment_groups import ALL_SMALL

Study = Callable[[str], Path]
CUT = "origin x carrier"
compute = segment_table.__wrapped__


@pytest.fixture
def demo(study: Study) -> Path:
    path = evidence_path(study("demo"))
    assert path is not None
    return path


def test_the_whole_record_shows_the_published_numbers(demo: Path) -> None:
    it = read_evidence(demo)
    rows = compute(str(demo), it.candidates[0], CUT, None)
    published = {f.segment.value: f for f in it.found("paired_difference", it.candidates[0])}
    for row in rows.rows:
        if row.name != ALL_SMALL:
            assert (row.estimate, row.low, row.high) == (
                published[row.name].estimate,
                published[row.name].low,
                published[row.name].high,
            )
    assert rows.registered
    assert not rows.recomputed


def test_small_segments_are_pooled_as_the_gate_pools_them(demo: Path) -> None:
    it = read_evidence(demo)
    rows = compute(str(demo), it.candidates[0], CUT, None)
    gate = it.gate_on(it.candidates[0], CUT)
    assert gate is not None
    assert f" of {len(rows.rows)} shown at least as good jointly" in gate.result.measured
    assert f"{rows.pooled} segments with fewer than {rows.threshold} cases" in gate.result.sentence
    pool = next(row for row in rows.rows if row.name == ALL_SMALL)
    assert pool.n <= rows.pooled_cases + 100
    assert min(row.n for row in rows.rows if row.name != ALL_SMALL) >= rows.threshold


def test_a_period_is_what_the_evaluator_says_of_those_days(demo: Path) -> None:
    it = read_evidence(demo)
    who, period = it.candidates[0], (date(2013, 6, 3), date(2013, 8, 4))
    rows = compute(str(demo), who, "origin", period)
    query = (
        "FROM outcome_counts WHERE candidate = ? AND cut IN ('all', 'origin')"
        " AND cohort_day BETWEEN ? AND ?"
    )
    part = ask_columns(demo, query, [who.name, *period])
    evaluator = all_evaluators()["paired_difference"]
    found = recomputed(evaluator, part, scope_of(it, who, period))["paired_difference"]
    for row in rows.rows:
        one = found[Segment("origin", row.name)]
        assert (row.n, row.estimate, row.low) == (one.n, one.estimate, one.low)
    assert rows.whole.n == sum(row.n for row in rows.rows)
    assert rows.recomputed


def test_before_outcomes_there_is_a_possible_range_and_no_estimate(study: Study) -> None:
    path = evidence_path(study("early"))
    it = read_evidence(path)
    rows = compute(str(path), it.candidates[0], CUT, None)
    for row in (rows.whole, *rows.rows):
        assert row.estimate is None
        assert row.shown is Shown.NO_DATA
        assert row.low <= row.possible_low <= row.possible_high <= row.high


def test_days_without_a_case_are_empty_not_an_error(demo: Path) -> None:
    it = read_evidence(demo)
    nowhere = (date(2020, 1, 1), date(2020, 1, 2))
    rows = compute(str(demo), it.candidates[0], CUT, nowhere)
    assert rows.whole.n == 0
    assert rows.rows == ()
