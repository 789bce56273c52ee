"""The gate on gaps between groups, and its bounds against what outcomes may turn out to be."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import all_gate_kinds
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.selections import Selections
from evaluators.scope import Scope
from evaluators.segments.gap_changes import GroupChanges, widened_at_least, widened_at_most
from evaluators.statistics.betting import general_grid
from evaluators.statistics.fairness import gap, most_widening

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]


def judged(measures: Measures, scope: Scope, **given_: Any) -> GateResult:
    it = all_gate_kinds()["fairness"]
    return it.judge("g", it.settings(**{"cut": "unit", **given_}), measures, scope)


def rows(
    moved: float, days: int = 84, n: int = 200, open_: float = 0.0, swap: bool = False
) -> list[dict[str, Any]]:
    """Two groups of which production selects 30 % and 20 %; the candidate selects more of one."""
    found = []
    rng = np.random.default_rng(4)
    for day in range(days):
        for unit, share, change in (("a", 0.3, moved), ("b", 0.2, 0.0)):
            more = rng.binomial(n, 0.02 + max(change, 0))
            less = rng.binomial(n, 0.02 + max(-change, 0))
            both = rng.binomial(n - more - less, share)
            for count, decision, given_ in (
                (more, "no", "yes"),
                (less, "yes", "no"),
                (both, "yes", "yes"),
                (n - more - less - both, "no", "no"),
            ):
                late = rng.binomial(count, open_)
                base = {"day": 15_826 + day, "unit": unit}
                base |= {"decision": decision, "recommendation": given_}
                if swap:
                    base |= {"decision": given_, "recommendation": decision}
                found.append({**base, "n": count - late, "outcome": "yes"})
                if late:
                    found.append({**base, "n": late, "outcome": None})
    return [row for row in found if row["n"]]


def test_a_gap_that_stays_passes_and_one_that_widens_fails(
    measures_of: Build, scope: MakeScope
) -> None:
    stays = judged(measures_of(rows(0.0)), scope(84), margin=0.03)
    assert (stays.status, stays.reason) == (Status.PASS, Reason.WITHIN_LIMIT)
    assert stays.since is not None
    assert "does not widen by more than 3.0 points" in stays.sentence
    widens = judged(measures_of(rows(0.15)), scope(84), margin=0.03)
    assert (widens.status, widens.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert widens.value == pytest.approx(0.15, abs=0.01)
    closes = judged(measures_of(rows(-0.08)), scope(84), margin=0.1)
    assert closes.status is Status.PASS
    assert closes.value is not None
    assert closes.value < 0
    near = judged(measures_of(rows(0.03)), scope(84), margin=0.035)
    assert near.status is Status.INCONCLUSIVE
    assert near.forecast is not None


def test_open_outcomes_count_where_they_hurt(measures_of: Build, scope: MakeScope) -> None:
    known = judged(measures_of(rows(0.0)), scope(84), margin=0.05, gap="opportunity")
    late = judged(measures_of(rows(0.0, open_=0.5)), scope(84), margin=0.05, gap="opportunity")
    assert known.status is Status.PASS
    assert late.status is not Status.PASS
    selection = judged(measures_of(rows(0.0, open_=0.5)), scope(84), margin=0.05)
    assert selection.status is Status.PASS


def test_one_group_has_no_gap(measures_of: Build, scope: MakeScope) -> None:
    only = [row for row in rows(0.0) if row["unit"] == "a"]
    found = judged(measures_of(only), scope(84))
    assert found.status is Status.NO_DATA
    assert "only one group" in found.sentence


def test_without_a_class_that_selects_it_does_not_apply(
    measures_of: Build, scope: MakeScope
) -> None:
    found = judged(measures_of(rows(0.0)), scope(84, positive=None))
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NOT_APPLICABLE)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0, 1), min_size=2, max_size=6),
    st.lists(st.floats(-1, 1), min_size=6, max_size=6),
    st.floats(0, 0.2),
)
def test_a_gap_never_widens_by_more_than_its_bound(
    rates: list[float], changes: list[float], slack: float
) -> None:
    r = np.array(rates)
    after = np.clip(r + np.array(changes[: len(r)]), 0, 1)
    d = after - r
    assert gap(after) - gap(r) <= most_widening(d - slack, d + slack) + 1e-12


def test_bounds_are_those_of_the_worst_outcomes(measures_of: Build) -> None:
    """Every way in which six open cases may turn out leaves the bounds at least as sharp."""
    closed = [
        {"unit": unit, "decision": d, "recommendation": r, "outcome": "yes", "n": n}
        for unit, d, r, n in (
            ("a", "yes", "yes", 30),
            ("a", "no", "yes", 12),
            ("b", "yes", "yes", 20),
            ("b", "no", "no", 25),
            ("b", "yes", "no", 6),
        )
    ]
    open_ = [
        {"unit": unit, "decision": d, "recommendation": r, "n": 4}
        for unit in "ab"
        for d, r in (("yes", "no"), ("no", "yes"), ("no", "no"))
    ]

    def bounds(outcomes: tuple[str | None, ...]) -> tuple[float, float]:
        filled = [{**row, "outcome": y} for row, y in zip(open_, outcomes, strict=True)]
        every = CaseCounts.of(measures_of([*closed, *filled])["outcome_counts"])
        chosen = Selections.of(every.only(every.of_cut("unit")), "yes")
        part = GroupChanges.of(chosen, 1, np.zeros(0, np.int64))
        grid = general_grid()
        return float(widened_at_least([part], 0.1, grid)[0]), float(
            widened_at_most([part], 0.1, grid)[0]
        )

    least, most = bounds((None,) * 6)
    for outcomes in product(("yes", "no"), repeat=6):
        low, high = bounds(outcomes)
        assert least <= low + 1e-9
        assert high <= most + 1e-9
