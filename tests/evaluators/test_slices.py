"""Slices: what is searched, what is confirmed, and that each half does only its own part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from test_simulated_segments import slices_of

from data_contracts.vocabulary import DecisionType, Reason, RiskTier, Status
from evaluators.columns import Columns
from evaluators.kinds import all_gate_kinds, all_reports
from evaluators.scope import Scope
from evaluators.segments.slice_confirmation import confirm, told
from evaluators.segments.slice_search import PLACES, mature_rows, search

DAYS = 84
SCOPE = Scope(
    "c",
    "1",
    DecisionType.BINARY,
    ("no", "yes"),
    "yes",
    RiskTier.LOW,
    first_day=100,
    last_day=99 + DAYS,
    mature_day=99 + DAYS,
)


@pytest.fixture(scope="module")
def bad() -> Columns:
    return slices_of(np.random.default_rng(1), -0.15, DAYS)


def changed(table: Columns, **columns: Any) -> Columns:
    return Columns({**table.arrays, **columns}, table.labels)


def test_the_worst_slice_is_found_confirmed_and_named(bad: Columns) -> None:
    found = search(bad, SCOPE)
    assert 0 < len(found.found) <= PLACES
    rows = all_reports()["worst_slices"].tabulate({"slice_counts": bad}, SCOPE)
    assert rows["slice"][0] is None
    assert rows["slice"][1] is not None
    assert "region = a" in rows["slice"][1]
    assert rows["estimate"][1] == pytest.approx(-0.15, abs=0.05)
    assert rows["high"][1] < 0
    assert rows["estimate"][1:] == sorted(rows["estimate"][1:])
    assert set(rows["confirmed"]) == {len(rows["slice"]) - 1}
    assert f"{found.searched:,} slices searched" in rows["sentence"][0]


def test_what_the_other_half_does_not_show_is_not_named(bad: Columns) -> None:
    """The candidate is worse only in the half that is searched."""
    other = bad["half"] == 1
    losses = np.where(other, bad["only_candidate"], bad["only_production"])
    only_here = changed(bad, only_production=losses)
    rows = all_reports()["worst_slices"].tabulate({"slice_counts": only_here}, SCOPE)
    assert len(search(only_here, SCOPE).found) > 0
    assert rows["slice"] == [None]
    assert "in none of them is the candidate shown to be worse" in rows["sentence"][0]


def test_the_search_reads_nothing_of_the_other_half(bad: Columns) -> None:
    keep = bad["half"] == 0
    assert search(bad, SCOPE).found == search(bad.where(keep), SCOPE).found


def test_a_place_is_kept_when_later_days_come(bad: Columns) -> None:
    early = replace(SCOPE, last_day=99 + 56, mature_day=99 + 56)
    before, after = search(bad, early).found, search(bad, SCOPE).found
    assert after[: len(before)] == before


def test_numbers_of_a_slice_are_those_of_its_rows(bad: Columns) -> None:
    found = search(bad, SCOPE)
    standing = confirm(bad, found, SCOPE).standing.end(-1)
    whole = mature_rows(bad, SCOPE)
    for i, one in enumerate(found.found):
        inside = whole["half"] == 1
        for name, code in one.parts:
            inside = inside & (whole[f"segment_{name}"] == code)
        assert standing.counts.n[i] == whole["n"][inside].sum()
        assert standing.counts.only_production[i] == whole["only_production"][inside].sum()
        assert told(bad, one).count("=") == len(one.parts)


def test_open_outcomes_are_the_candidates(bad: Columns) -> None:
    found = search(bad, SCOPE)
    late = changed(
        bad,
        only_production=np.where(bad["half"] == 1, 0, bad["only_production"]),
        open_disagreements=np.where(bad["half"] == 1, bad["only_production"], 0),
    )
    assert not confirm(late, found, SCOPE).shown(0.025).any()


def gate(table: Columns, scope: Scope, **given: Any) -> Any:
    it = all_gate_kinds()["slices"]
    return it.judge("g", it.settings(**given), {"slice_counts": table}, scope)


def test_the_gate_fails_passes_and_waits(bad: Columns) -> None:
    fails = gate(bad, SCOPE, margin=0.05)
    assert (fails.status, fails.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert "region = a" in fails.sentence
    good = slices_of(np.random.default_rng(2), 0.0, DAYS)
    passes = gate(good, SCOPE)
    assert (passes.status, passes.value) == (Status.PASS, 0)
    waits = gate(good, SCOPE, notice=0.06, share=0.02)
    assert waits.status is Status.INCONCLUSIVE
    assert waits.forecast is not None
    nothing = gate(Columns({}), SCOPE)
    assert nothing.status is Status.NO_DATA
    few = gate(good.where(good["cohort_day"] < 110), replace(SCOPE, last_day=109, mature_day=109))
    assert few.status is Status.NO_DATA


def test_a_study_without_days_is_looked_at_once(bad: Columns) -> None:
    timeless = replace(SCOPE, first_day=None, last_day=None, mature_day=None)
    no_day = changed(bad, cohort_day=np.full(len(bad), np.iinfo(np.int32).min))
    fails = gate(no_day, timeless)
    assert fails.status is Status.FAIL
    assert "independent" in fails.sentence
