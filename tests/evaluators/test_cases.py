"""Counting cases: what a case contributes, and that parts may be merged in any order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.findings import WHOLE, Segment
from evaluators.columns import Columns
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.paired_counts import PairedCounts

NAMES = tuple(f.name for f in fields(PairedCounts))

paired = st.lists(st.integers(0, 1000), min_size=16, max_size=16).map(
    lambda v: PairedCounts(*np.array(v).reshape(8, 2))
)


def same(left: PairedCounts, right: PairedCounts) -> bool:
    return all((getattr(left, n) == getattr(right, n)).all() for n in NAMES)


@given(paired, paired, paired)
def test_merging_is_associative_commutative_and_has_an_identity(
    a: PairedCounts, b: PairedCounts, c: PairedCounts
) -> None:
    assert same((a + b) + c, a + (b + c))
    assert same(a + b, b + a)
    assert same(a + PairedCounts.zeros((2,)), a)


# What one case adds, by its answer, decision, recommendation and outcome.
CONTRIBUTIONS = [
    ({"answer": "answered", "outcome": "no"}, {"both_right"}),
    ({"recommendation": "yes", "outcome": "yes"}, {"only_candidate", "disagreements"}),
    ({"recommendation": "yes", "outcome": "no"}, {"only_production", "disagreements"}),
    ({"outcome": "yes"}, {"both_wrong"}),
    ({"recommendation": "yes"}, {"open_disagreements", "disagreements"}),
    ({}, {"open_agreements"}),
    ({"answer": "missing", "outcome": "no"}, {"both_right"}),
    ({"answer": "abstained", "outcome": "yes"}, {"both_wrong"}),
    ({"answer": "escalated"}, {"open_agreements"}),
    ({"answer": "error"}, {"open_agreements"}),
]


@pytest.mark.parametrize(("case", "expected"), CONTRIBUTIONS)
def test_a_case_contributes(
    case: dict[str, str], expected: set[str], measures_of: Callable[..., Any]
) -> None:
    counts = CaseCounts.of(measures_of([case])["outcome_counts"]).paired()
    assert {n for n in NAMES if getattr(counts, n)[0]} == expected | {"n"}


@pytest.mark.parametrize("answer", ["hindsight", "exposed"])
def test_hindsight_and_exposed_cases_are_left_out(
    answer: str, measures_of: Callable[..., Any]
) -> None:
    rows = [{"answer": answer, "outcome": "yes"}, {"outcome": "no"}]
    assert CaseCounts.of(measures_of(rows)["outcome_counts"]).paired().n.tolist() == [1]


def test_a_third_class_can_leave_both_wrong(measures_of: Callable[..., Any]) -> None:
    rows = [{"decision": "a", "recommendation": "b", "outcome": "c"}]
    counts = CaseCounts.of(measures_of(rows)["outcome_counts"]).paired()
    assert (counts.both_wrong[0], counts.disagreements[0]) == (1, 1)


def test_the_whole_is_segment_0_also_where_it_has_no_row(measures_of: Callable[..., Any]) -> None:
    table = measures_of([{"origin": "JFK", "n": 3}])["outcome_counts"]
    without = CaseCounts.of(table.where(table["cut"] == table.code("cut", "origin")))
    assert without.segments == (WHOLE, Segment("origin", "JFK"))
    assert without.paired().n.tolist() == [0, 3]


def test_days_add_up_to_the_whole(measures_of: Callable[..., Any]) -> None:
    rows = [
        {"day": 10 + i % 5, "n": i + 1, "outcome": "no", "unit": f"u{i % 3}"} for i in range(20)
    ]
    cases = CaseCounts.of(measures_of(rows)["outcome_counts"])
    assert same(cases.paired_by_day(10, 5).sum(axis=1), cases.paired())
    assert same(cases.paired_by_day(10, 5).cumulative(1).at((slice(None), -1)), cases.paired())
    assert cases.paired_by_day(11, 2).n.sum() < cases.paired().n.sum()


def test_regrouping_moves_cases_and_drops_what_is_left_out(
    measures_of: Callable[..., Any],
) -> None:
    rows = [{"unit": "a", "n": 1}, {"unit": "b", "n": 2}, {"unit": "c", "n": 4}]
    cases = CaseCounts.of(measures_of(rows)["outcome_counts"])
    units = cases.only(cases.of_cut("unit"))
    merged = units.regrouped(np.array([0, -1, 0]), (Segment("unit", "a and c"),))
    assert units.paired().n.tolist() == [1, 2, 4]
    assert merged.paired().n.tolist() == [5]


def test_no_rows_are_no_cases() -> None:
    cases = CaseCounts.of(Columns({}))
    assert cases.until(3).paired().n.tolist() == [0]
    assert cases.only([0]).segments == (WHOLE,)
