"""The chance of having passed by week: against studies simulated on their own, and its laws."""

from __future__ import annotations

import time

import numpy as np
import pytest

from evaluators.planning.chances import chances
from evaluators.planning.plan import Assumptions, needed
from evaluators.statistics.betting import log_e_value, planned_grid

PLAN = Assumptions(
    disagreement=0.1,
    cases_per_day=60,
    margin=0.03,
    grid=tuple(planned_grid(0.03, 0.1).tolist()),
)
WEEKS = 12
ERROR = 0.045
"""Room for the simulation of 2,000 studies: four standard errors at a half."""


def by_cases(plan: Assumptions, difference: float, weeks: int, studies: int) -> np.ndarray:
    """Return the same shares by the gate's own test, from weeks of a fixed size."""
    rng = np.random.default_rng(99)
    wins, losses = (plan.disagreement + difference) / 2, (plan.disagreement - difference) / 2
    a_week = round(plan.cases_per_day * 7)
    drawn = rng.multinomial(
        a_week, [wins, 1 - plan.disagreement, losses], size=(studies, weeks)
    ).cumsum(axis=1)
    b, c = drawn[..., 0], drawn[..., 2]
    n = np.broadcast_to(a_week * np.arange(1, weeks + 1), b.shape)
    shown = log_e_value(n, b, c, -plan.margin, np.array(plan.grid)) >= -np.log(plan.alpha / 2)
    shown[:, :2] = False  # twenty days with cases and two whole weeks come first
    return np.asarray(np.maximum.accumulate(shown, axis=1).mean(axis=0))


@pytest.mark.parametrize("difference", [0.01, 0.0, -0.015])
def test_chances_are_those_of_studies_judged_by_the_gate(difference: float) -> None:
    found = chances(PLAN, [difference], WEEKS)[0]
    expected = by_cases(PLAN, difference, WEEKS, 20_000)
    assert np.abs(found - expected).max() < ERROR
    assert expected[-1] > 0.2, "the comparison must not be about nothing"


def test_chances_never_fall_and_a_better_candidate_is_sooner() -> None:
    better, equal, worse = chances(PLAN, [0.01, 0.0, -0.015], WEEKS)
    for row in (better, equal, worse):
        assert (np.diff(row) >= 0).all()
    assert (better >= equal).all()
    assert (equal >= worse).all()


def test_at_the_limit_the_chance_stays_within_the_error() -> None:
    (at_limit,) = chances(PLAN, [-PLAN.margin], 104)
    assert at_limit[-1] <= PLAN.alpha / 2 + 0.01


def test_nothing_is_shown_before_the_first_look_or_without_cases() -> None:
    assert chances(PLAN, [0.05], WEEKS)[0, :2].tolist() == [0.0, 0.0]
    assert chances(Assumptions(0.1, 0, 0.03), [0.0], 4).tolist() == [[0.0] * 4]
    assert chances(PLAN, [0.0], 0).shape == (1, 0)


def test_chances_agree_with_the_quantiles_of_a_plan() -> None:
    early, middle, late = needed(PLAN).weeks
    (equal,) = chances(PLAN, [0.0], 40)
    for week, share in ((early, 0.1), (middle, 0.5), (late, 0.9)):
        assert week is not None
        assert equal[week - 1] >= share
        assert week == 1 or equal[week - 2] < share


def test_a_curve_of_two_years_is_quick() -> None:
    slow = Assumptions(0.1, 10, 0.01, grid=tuple(planned_grid(0.01, 0.1).tolist()))
    started = time.process_time()
    chances(slow, [0.0, 0.01, -0.005], 104)
    assert time.process_time() - started < 1.5
