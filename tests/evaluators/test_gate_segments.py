"""The gate on segments: passes jointly, fails, waits, pools the small ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import all_gate_kinds
from evaluators.scope import Scope
from evaluators.statistics.betting import general_grid, log_e_value

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]
MINUS = "\u2212"


def judged(kind: str, measures: Measures, scope: Scope, **settings: Any) -> GateResult:
    it = all_gate_kinds()[kind]
    return it.judge(kind, it.settings(**settings), measures, scope)


def units(good: int, bad: int, days: int = 84, n: int = 60) -> dict[str, Any]:
    rng = np.random.default_rng(9)
    wins = np.vstack([rng.binomial(n, 0.06, (good, days)), rng.binomial(n, 0.01, (bad, days))])
    losses = np.vstack([rng.binomial(n, 0.03, (good, days)), rng.binomial(n, 0.15, (bad, days))])
    return {"n": np.full((good + bad, days), n), "wins": wins, "losses": losses}


def test_segments_pass_jointly(daily: Build, scope: MakeScope) -> None:
    found = judged("segments", daily(**units(20, 0)), scope(84), cut="unit")
    assert found.status is Status.PASS
    assert (found.value, found.threshold) == (20, 19)
    assert found.since is not None
    assert found.measured == "20 of 20 shown at least as good jointly; 19 needed"
    assert found.sentence == (
        f"All 20 segments by unit are at least as good within the limit of {MINUS}2.0 points;"
        " 19 are needed."
    )


def test_segments_fail_when_more_are_worse_than_may_be(daily: Build, scope: MakeScope) -> None:
    one = judged("segments", daily(**units(19, 1)), scope(84), cut="unit")
    two = judged("segments", daily(**units(18, 2)), scope(84), cut="unit")
    assert one.status is Status.PASS
    assert (two.status, two.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert two.sentence == (
        f"2 of 20 segments by unit are worse than the limit of {MINUS}2.0 points;"
        " the policy lets 1 fall short."
    )
    none = judged("segments", daily(**units(3, 1)), scope(84), cut="unit")
    assert none.sentence.startswith("1 of 4 segments by unit is worse")
    assert none.sentence.endswith("the policy lets none fall short.")


def test_harm_is_held_against_all_segments_together(measures_of: Build, scope: MakeScope) -> None:
    """Two of twenty segments are worse singly, but not when twenty were looked at."""
    evidence = float(log_e_value(400, 24, 0, 0.02, general_grid()))
    assert np.log(40) < evidence < np.log(20 * 40)
    rows = [{"n": 400, "outcome": "no", "unit": f"u{i}"} for i in range(2, 20)]
    for i in range(2):
        worse = {"decision": "yes", "recommendation": "no", "outcome": "yes"}
        rows += [{"n": 24, "unit": f"u{i}", **worse}, {"n": 376, "unit": f"u{i}", "outcome": "no"}]
    found = judged("segments", measures_of(rows), scope(), cut="unit")
    assert (found.status, found.threshold) == (Status.INCONCLUSIVE, 19)


def test_segments_wait_for_evidence(daily: Build, scope: MakeScope) -> None:
    found = judged("segments", daily(**units(20, 0, 28, 20)), scope(28), cut="unit")
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, Reason.UNDECIDED)
    assert found.value is not None
    assert found.value < 19
    assert found.forecast is not None
    assert found.forecast.earliest is not None
    assert found.forecast.earliest > date(2013, 5, 28)


def test_small_segments_are_tested_as_one(daily: Build, scope: MakeScope) -> None:
    large = units(4, 0)
    n = np.vstack([large["n"], np.zeros((6, 84), int)])
    n[4:, ::14] = 2  # 12 cases each
    wins, losses = (np.vstack([large[k], np.zeros((6, 84), int)]) for k in ("wins", "losses"))
    found = judged("segments", daily(n, wins, losses), scope(84), cut="unit", smallest=30)
    assert found.threshold == 5
    assert "6 segments with fewer than 30 cases count as one." in found.sentence
    singly = judged("segments", daily(n, wins, losses), scope(84), cut="unit", smallest=1)
    assert singly.threshold == 10


def test_a_segment_seen_on_few_days_does_not_speak_for_itself(
    daily: Build, scope: MakeScope
) -> None:
    n, wins = np.full((1, 84), 60), np.full((1, 84), 4)
    few_n, few_wins = np.zeros((1, 84), int), np.zeros((1, 84), int)
    few_n[0, :19], few_wins[0, :19] = 300, 30
    both = daily(np.vstack([n, few_n]), np.vstack([wins, few_wins]), 0)
    found = judged("segments", both, scope(84), cut="unit")
    assert (found.status, found.value) == (Status.INCONCLUSIVE, 1)
    few_n[0, 19], few_wins[0, 19] = 300, 30
    more = daily(np.vstack([n, few_n]), np.vstack([wins, few_wins]), 0)
    assert judged("segments", more, scope(84), cut="unit").status is Status.PASS


def test_a_pass_does_not_cover_a_segment_that_outgrew_the_small_ones(
    daily: Build, scope: MakeScope
) -> None:
    large = units(2, 0)
    none = np.zeros((4, 84), int)
    n = np.vstack([large["n"], none])
    wins, losses = (np.vstack([large[k], none]) for k in ("wins", "losses"))
    n[2:, :25] = 1
    early = daily(n[:, :56], wins[:, :56], losses[:, :56])
    n[2:, 60:] = 3
    settings = {"cut": "unit", "share": 0.6}
    before = judged("segments", early, scope(56), **settings)
    after = judged("segments", daily(n, wins, losses), scope(84), **settings)
    assert (before.status, before.threshold) == (Status.PASS, 2)
    assert (after.status, after.threshold) == (Status.INCONCLUSIVE, 4)


def test_an_unknown_cut_has_no_cases(daily: Build, scope: MakeScope) -> None:
    found = judged("segments", daily(**units(2, 0)), scope(84), cut="carrier")
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NO_CASES)


def test_segments_before_outcomes(daily: Build, scope: MakeScope) -> None:
    days = units(3, 0)
    zero = np.zeros_like(days["wins"])
    measures = daily(days["n"], zero, zero, days["wins"] + days["losses"])
    found = judged("segments", measures, scope(84), cut="unit")
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NO_OUTCOMES)


def test_by_volume_the_large_segments_are_enough(daily: Build, scope: MakeScope) -> None:
    large, n = units(3, 0, n=400), np.vstack([np.full((3, 84), 400), np.full((2, 84), 10)])
    wins = np.vstack([large["wins"], np.zeros((2, 84), int)])
    losses = np.vstack([large["losses"], np.ones((2, 84), int)])
    measures = daily(n, wins, losses)
    found = judged("segments", measures, scope(84), cut="unit", by="volume")
    assert (found.status, found.threshold) == (Status.PASS, 0.95)
    assert found.value == 1200 / 1220
    assert found.sentence == (
        "Segments by unit with 98.4% of the cases are each shown to be at least as good within the"
        f" limit of {MINUS}2.0 points; 95% is needed."
    )
    assert judged("segments", measures, scope(84), cut="unit").status is Status.FAIL


def test_by_volume_it_fails_when_too_much_is_worse(daily: Build, scope: MakeScope) -> None:
    found = judged("segments", daily(**units(18, 2)), scope(84), cut="unit", by="volume")
    assert (found.status, found.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert found.sentence.startswith("Segments by unit with 10.0% of the cases are worse than")
    waiting = judged("segments", daily(**units(20, 0, 28, 20)), scope(28), cut="unit", by="volume")
    assert waiting.status is Status.INCONCLUSIVE
    assert waiting.forecast is not None
    assert waiting.forecast.reachable


def test_the_mean_asks_for_more_and_takes_several_cuts(
    daily: Build, scope: MakeScope, measures_of: Build
) -> None:
    days = units(20, 0, 56)
    product = judged("segments", daily(**days), scope(56), cut="unit")
    mean = judged("segments", daily(**days), scope(56), cut="unit", combine="mean")
    assert product.value is not None
    assert mean.value is not None
    assert mean.value <= product.value
    rows = [
        {"n": 900, "unit": f"u{i}", "shop": f"s{j}", "outcome": "no"}
        for i in range(3)
        for j in range(2)
    ]
    both = judged("segments", measures_of(rows), scope(), cut="unit", also=["shop"], combine="mean")
    assert (both.status, both.threshold) == (Status.PASS, 5)
    assert both.sentence.startswith("All 5 segments by unit and shop are at least as good")


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"by": "cases"}, "by"),
        ({"combine": "sum"}, "combine"),
        ({"also": ["shop"]}, "combine"),
        ({"also": ["shop"], "combine": "mean", "by": "volume"}, "by"),
        ({"also": ["unit"], "combine": "mean"}, "also"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=f"`{word}` must be"):
        all_gate_kinds()["segments"].settings(cut="unit", **settings)
