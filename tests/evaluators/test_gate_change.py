"""The gates that follow a pass: superiority, and change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Measures
from evaluators.gates import change, noninferiority, superiority
from evaluators.scope import Scope

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]


def watched(measures: Measures, scope: Scope, **settings: Any) -> GateResult:
    return change.judge("g", change.Settings(**settings), measures, scope)


def counts(days: int, fall_at: int, back_at: int = 10_000, seed: int = 1) -> tuple[np.ndarray, ...]:
    """Return (n, wins, losses) by day: even, then much worse, then much better."""
    rng, day = np.random.default_rng(seed), np.arange(days)
    worse, better = (day >= fall_at) & (day < back_at), day >= back_at
    wins = rng.binomial(100, np.where(better, 0.12, 0.05))
    losses = rng.binomial(100 - wins, np.where(worse, 0.15, 0.05))
    return np.full(days, 100), wins, losses


def test_a_fall_raises_the_alarm_and_takes_the_pass_back(daily: Build, scope: MakeScope) -> None:
    measures, about = daily(*counts(100, 80)), scope(100, floors={"all": -0.01})
    settings = noninferiority.Settings(margin=0.02)
    assert noninferiority.judge("g", settings, measures, about).status is Status.PASS
    found = watched(measures, about)
    assert (found.status, found.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert "the fall seems to have begun on 20 Jul 2013" in found.sentence
    assert found.value is not None
    assert found.threshold == 365
    assert watched(daily(*counts(80, 80)), scope(80)).status is Status.PASS


def test_an_alarm_is_closed_by_cases_that_show_the_difference_back(
    daily: Build, scope: MakeScope
) -> None:
    assert watched(daily(*counts(120, 60, 75)), scope(76)).status is Status.FAIL
    assert watched(daily(*counts(120, 60, 75)), scope(120)).status is Status.PASS
    parts = zip(counts(120, 60, 75), counts(30, 0), strict=True)
    again = watched(daily(*(np.concatenate(part) for part in parts)), scope(150))
    assert again.status is Status.FAIL
    assert "begun on 29 Aug 2013" in again.sentence or "begun on 28 Aug 2013" in again.sentence


def test_outcomes_that_stay_away_raise_no_alarm(daily: Build, scope: MakeScope) -> None:
    n, wins, losses = counts(100, 200)
    open_ = np.where(np.arange(100) >= 70, 30, 0)
    assert watched(daily(n, wins, losses, open_), scope(100)).status is Status.PASS


def test_a_false_alarm_is_rare(daily: Build, scope: MakeScope) -> None:
    # At a difference exactly at the floor an alarm may come once a year; half a year of 60 studies.
    alarms = sum(
        watched(daily(*counts(180, 500, seed=seed)), scope(180, floors={"all": 0.0})).status
        is Status.FAIL
        for seed in range(60)
    )
    assert alarms <= 60 * 0.5


def test_every_segment_has_its_monitor_and_the_threshold_knows_their_number(
    daily: Build, scope: MakeScope
) -> None:
    sound, fallen = counts(100, 200), counts(100, 80, seed=2)
    measures = daily(*(np.stack(pair) for pair in zip(sound, fallen, strict=True)))
    found = watched(measures, scope(100), cut="unit", floor=-0.02)
    assert found.status is Status.FAIL
    assert "In `u1` by unit" in found.sentence
    assert found.threshold == 3 * 365


def test_watching_needs_days(daily: Build, scope: MakeScope) -> None:
    short = watched(daily(*counts(12, 20)), scope(12))
    assert (short.status, short.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_WEEKS)
    assert short.forecast is not None
    timeless = watched(daily(*counts(30, 40)), scope())
    assert (timeless.status, timeless.reason) == (Status.NO_DATA, Reason.NO_TIMES)


def test_better_by_how_much(daily: Build, scope: MakeScope) -> None:
    rng = np.random.default_rng(3)
    wins = rng.binomial(100, np.array([[0.12], [0.03]]), (2, 60))
    measures = daily(np.full((2, 60), 100), wins, rng.binomial(100 - wins, 0.03))

    def judged(**settings: Any) -> GateResult:
        return superiority.judge("g", superiority.Settings(**settings), measures, scope(60))

    overall = judged()
    assert overall.status is Status.PASS
    assert overall.rule == "Over all cases the difference in accuracy is above 0 points"
    assert judged(by=0.3).status is Status.FAIL
    assert judged(cut="unit", segment="u0", by=0.05).status is Status.PASS
    other = judged(cut="unit", segment="u1")
    assert other.status is Status.INCONCLUSIVE
    assert other.forecast is not None
    assert other.sentence.startswith("It is not yet shown that in unit u1 the candidate is better")
    assert judged(cut="unit", segment="u9").status is Status.NO_DATA


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"by": -0.1}, "`by` must be"),
        ({"cut": "unit"}, "`cut` must be"),
        ({"segment": "u0"}, "`segment` must be"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        superiority.Settings(**wrong)
    with pytest.raises(ValueError, match="`floor` must be"):
        change.Settings(floor=-1.0)


def test_noninferiority_first_then_superiority_never_contradict(
    daily: Build, scope: MakeScope
) -> None:
    for seed in range(20):
        measures = daily(*counts(60, 20 + 3 * seed, seed=seed))
        at_least = noninferiority.judge("g", noninferiority.Settings(), measures, scope(60))
        better = superiority.judge("g", superiority.Settings(), measures, scope(60))
        if better.status is Status.PASS and at_least.status is not Status.FAIL:
            assert at_least.status is Status.PASS
            assert at_least.since is not None
            assert better.since is not None
            assert at_least.since <= better.since
