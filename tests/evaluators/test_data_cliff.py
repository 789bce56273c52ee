"""Shares held against the pilot's, what accuracy lost, and the gate about both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.data_words import CliffAspect
from data_contracts.vocabulary import Reason, Status
from evaluators.feed.accuracy_change import Cell, accuracy_changes, right_cells, told
from evaluators.feed.cliff import Cliff, CliffRow, compare, growth_interval
from evaluators.feed.cliff_shares import Limits
from evaluators.feed.profiles import FieldMode, FieldProfile, Profile, StreamProfile
from evaluators.gates import data_cliff as gate
from evaluators.scope import DataState, Scope
from evaluators.statistics.decomposition import decompose
from evaluators.wording import MINUS


def field(values: Mapping[str | None, int], mode: FieldMode = FieldMode.VALUES) -> Profile:
    return Profile((FieldProfile("decisions", "segment_channel", mode, values),))


def rows(pilot: Profile, production: Profile) -> dict[CliffAspect, CliffRow]:
    return {row.aspect: row for row in compare(pilot, production, Limits())}


def test_a_missing_share_counts_only_beyond_chance() -> None:
    pilot = field({None: 4, "web": 996})
    few = rows(pilot, field({None: 4, "web": 36}))[CliffAspect.MISSING]
    many = rows(pilot, field({None: 1820, "web": 8180}))[CliffAspect.MISSING]
    assert (few.production, few.beyond) == (0.1, False), "forty records show nothing"
    assert (many.production, many.beyond) == (0.182, True)
    assert many.limit == pytest.approx(0.054)
    assert many.sentence == "`channel` is missing in 18.2% of decisions; in the pilot it was 0.4%."
    less = rows(field({None: 500, "web": 500}), pilot)[CliffAspect.MISSING]
    assert not less.beyond, "fewer gaps are no cliff"


def test_a_segment_without_a_value_is_missing_not_a_new_value() -> None:
    found = rows(field({"web": 1000}), field({"web": 700, "(missing)": 300}))
    assert found[CliffAspect.MISSING].production == 0.3
    assert found[CliffAspect.CATEGORIES].production == 0


def test_values_the_pilot_never_saw_are_named_the_biggest_first() -> None:
    found = rows(
        field({"web": 500, "desk": 500}),
        field({"web": 5000, "phone": 20, "kiosk": 610, "fax": 10, "": 1}),
    )[CliffAspect.CATEGORIES]
    assert found.sentence.startswith(
        "`channel` holds `kiosk`, `phone` and other values, which the pilot never saw, in 11.4%"
    )
    assert found.beyond


def test_numbers_outside_the_pilots_range_and_texts_that_are_none() -> None:
    inside = {str(b): 100 for b in range(100, 200)}
    shifted = {str(b): 100 for b in range(150, 250)}
    pilot, now = (field(v, FieldMode.NUMBERS) for v in (inside, {**shifted, "a-9": 2500}))
    found = rows(pilot, now)
    assert found[CliffAspect.RANGE].pilot <= 0.02
    assert found[CliffAspect.RANGE].production == pytest.approx(0.51, abs=0.015)
    assert found[CliffAspect.RANGE].beyond
    assert "lies outside 0.0" in found[CliffAspect.RANGE].sentence
    assert found[CliffAspect.CATEGORIES].production == 0.2
    assert "`channel` is written like `a-9`" in found[CliffAspect.CATEGORIES].sentence
    same = rows(field(inside, FieldMode.NUMBERS), field(inside, FieldMode.NUMBERS))
    assert not any(row.beyond for row in same.values())


def test_lateness_copies_and_rows_set_aside() -> None:
    pilot = Profile(streams=(StreamProfile("outcomes", 1000, {}, 1000, 0, 0, {0: 960, 1: 40}),))
    now = StreamProfile(
        "outcomes", 9000, {"missing_value": 900, "wrong_type": 90}, 8000, 1600, 8, {0: 500, 3: 500}
    )
    found = rows(pilot, Profile(streams=(now,)))
    assert {aspect: row.beyond for aspect, row in found.items()} == {
        CliffAspect.FRESHNESS: True,
        CliffAspect.DUPLICATES: True,
        CliffAspect.REVISIONS: False,
        CliffAspect.SET_ASIDE: True,
    }
    assert found[CliffAspect.FRESHNESS].sentence == (
        "50.0% of outcomes are recorded on a later day than the event; in the pilot it was 4.0%."
    )
    assert found[CliffAspect.SET_ASIDE].sentence == (
        "11.0% of the rows of outcomes were set aside, mostly for: missing value; in the pilot it"
        " was 0%."
    )


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 5000), min_size=1))
def test_data_like_the_pilots_are_never_beyond(values: dict[str, int]) -> None:
    profile = field(dict(values))
    assert not any(row.beyond for row in compare(profile, profile, Limits(0, 0, 0)))


@pytest.mark.slow
def test_without_growth_beyond_the_tolerance_alarms_are_rare() -> None:
    rng = np.random.default_rng(2)
    hits0, hits1 = rng.binomial(500, 0.02, 20_000), rng.binomial(3000, 0.07, 20_000)
    low, _ = growth_interval(hits0, 500, hits1, 3000, 2 * 0.025)
    assert (low > 0.05).mean() <= 0.03


def test_cells_are_of_mature_cases_with_a_known_outcome(
    measures_of: Callable[..., Any], scope: Callable[..., Scope]
) -> None:
    first = scope(30).first_day
    assert first is not None
    measures = measures_of(
        [
            {"n": 5, "day": first, "decision": "no", "recommendation": "yes", "outcome": "yes"},
            {"n": 3, "day": first, "decision": "no", "recommendation": "no", "outcome": "no"},
            {"n": 2, "day": first, "decision": "yes", "answer": "missing", "outcome": "yes"},
            {"n": 7, "day": first, "decision": "no", "recommendation": "yes"},
            {"n": 9, "day": first + 29, "decision": "no", "recommendation": "no", "outcome": "no"},
        ]
    )
    assert right_cells(measures, scope(30, matures_after_days=3)) == (
        Cell("all", "all", 10, 5, 10),
    )


def cells(cut: str, *groups: tuple[str, int, int]) -> tuple[Cell, ...]:
    return tuple(Cell(cut, name, n, n, right) for name, n, right in groups)


def change(
    scope: Scope, pilot: tuple[Cell, ...], production: tuple[Cell, ...]
) -> tuple[Scope, Cliff]:
    changes = accuracy_changes(pilot, production, scope)
    return scope, Cliff((), changes)


def test_segments_only_production_has_are_said(scope: Callable[..., Scope]) -> None:
    _, cliff = change(
        scope(30),
        cells("unit", ("a", 100, 90), ("b", 100, 90)),
        cells("unit", ("a", 100, 90), ("c", 100, 50)),
    )
    production, candidate = cliff.changes
    assert (production.arm, production.parts.change) == ("production", 0)
    assert candidate.parts.within == 0
    assert f"{MINUS}20.0 from units the pilot never had (50.0% of the cases)" in candidate.sentence
    assert "0.0 from units that only the pilot had (50.0% of its cases)" in candidate.sentence
    apart = told("candidate", "unit", decompose([10, 0], [9, 0], [0, 10], [0, 5]))
    assert apart.endswith("; the pilot and production have no unit in common.")


@pytest.mark.parametrize(
    ("right", "n", "status"),
    [(9400, 10_000, Status.PASS), (7600, 10_000, Status.FAIL), (44, 50, Status.INCONCLUSIVE)],
)
def test_the_gate_judges_the_drop_by_its_interval(
    scope: Callable[..., Scope], right: int, n: int, status: Status
) -> None:
    where, cliff = change(
        scope(30), cells("unit", ("a", 2000, 1880)), cells("unit", ("a", n, right))
    )
    result = gate.judge(
        "data_cliff", gate.Settings(), {}, replace(where, data=DataState(cliff=cliff))
    )
    assert result.status is status
    assert result.value == pytest.approx(right / n - 0.94)
    assert result.threshold == -0.05
    assert result.n == n


def test_the_gate_without_a_baseline_or_without_outcomes_has_no_data(
    scope: Callable[..., Scope],
) -> None:
    nothing = gate.judge("data_cliff", gate.Settings(), {}, scope(30))
    assert (nothing.status, nothing.reason) == (Status.NO_DATA, Reason.NO_BASELINE)
    assert "understudy profile --pilot PATH" in nothing.sentence
    empty = scope(30, data=DataState(cliff=Cliff()))
    early = gate.judge("data_cliff", gate.Settings(), {}, empty)
    assert (early.status, early.reason) == (Status.NO_DATA, Reason.NO_OUTCOMES)


def test_a_field_beyond_its_limit_fails_also_before_outcomes_are_in(
    scope: Callable[..., Scope],
) -> None:
    found = compare(field({"web": 1000}), field({None: 300, "web": 700}), Limits())
    result = gate.judge(
        "data_cliff", gate.Settings(), {}, scope(30, data=DataState(cliff=Cliff(found)))
    )
    assert (result.status, result.reason) == (Status.FAIL, Reason.DATA_CHANGED)
    assert result.sentence.startswith("`channel` is missing in 30.0%")
