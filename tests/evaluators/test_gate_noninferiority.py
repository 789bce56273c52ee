"""The gate on all cases: passes, is kept, fails, waits, and says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
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


def flat(days: int, b: float, c: float, n: int = 100, seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {"n": np.full(days, n), "wins": rng.poisson(b, days), "losses": rng.poisson(c, days)}


def test_noninferiority_passes_and_says_since_when(daily: Build, scope: MakeScope) -> None:
    found = judged("noninferiority", daily(**flat(56, 8, 5)), scope(56))
    assert (found.status, found.reason) == (Status.PASS, Reason.WITHIN_LIMIT)
    assert found.since is not None
    assert (found.since - date(2013, 5, 7)).days % 7 == 0
    assert found.since >= date(2013, 5, 21)
    assert found.low is not None
    assert found.low > -0.01
    assert found.sentence.startswith("Over all cases the candidate is at least as good")
    assert "5,600 cases" in found.sentence


def test_noninferiority_waits_for_twenty_days(daily: Build, scope: MakeScope) -> None:
    strong = flat(20, 30, 1)
    early = judged("noninferiority", daily(**strong), scope(20))
    assert (early.status, early.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_CLUSTERS)
    assert early.forecast is not None
    assert early.forecast.earliest == date(2013, 5, 21)
    assert judged("noninferiority", daily(**flat(21, 30, 1)), scope(21)).status is Status.PASS
    soon = judged("noninferiority", daily(**flat(13, 30, 1)), scope(13))
    assert soon.reason is Reason.TOO_FEW_WEEKS


def test_noninferiority_looks_at_whole_weeks_only(daily: Build, scope: MakeScope) -> None:
    days = flat(27, 8, 5)
    first = judged("noninferiority", daily(**days), scope(27))
    whole = judged("noninferiority", daily(**{k: v[:21] for k, v in days.items()}), scope(21))
    assert (first.value, first.n) == (whole.value, 2100)


def test_a_pass_is_kept_when_later_weeks_are_worse(daily: Build, scope: MakeScope) -> None:
    days = {
        "n": np.full(70, 100),
        "wins": [9, 7] * 14 + [3, 5] * 21,
        "losses": [3] * 28 + [7, 9] * 21,
    }
    before = judged("noninferiority", daily(**{k: v[:28] for k, v in days.items()}), scope(28))
    after = judged("noninferiority", daily(**days), scope(70))
    assert before.status is after.status is Status.PASS
    assert before.since == after.since
    assert after.low is not None
    assert after.low < -0.01
    assert "what was shown is kept" in after.sentence


def test_noninferiority_fails_on_current_harm_whatever_it_passed(
    daily: Build, scope: MakeScope
) -> None:
    days = {
        "n": np.full(140, 100),
        "wins": [9, 7] * 14 + [0, 1] * 56,
        "losses": [3] * 28 + [10, 11] * 56,
    }
    assert judged(
        "noninferiority", daily(**{k: v[:28] for k, v in days.items()}), scope(28)
    ).status is (Status.PASS)
    found = judged("noninferiority", daily(**days), scope(140))
    assert (found.status, found.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert found.high is not None
    assert found.high < -0.01
    assert f"worse than the limit of {MINUS}1.0 points" in found.sentence


def test_unknown_outcomes_can_only_delay(daily: Build, scope: MakeScope) -> None:
    complete = flat(56, 8, 5)
    hidden = {**complete, "wins": complete["wins"] - np.minimum(complete["wins"], 6)}
    hidden["open_"] = complete["wins"] - hidden["wins"]
    assert judged("noninferiority", daily(**complete), scope(56)).status is Status.PASS
    assert judged("noninferiority", daily(**hidden), scope(56)).status is Status.INCONCLUSIVE


def test_little_disagreement_proves_it_before_any_outcome(daily: Build, scope: MakeScope) -> None:
    measures = daily(np.full(42, 300), 0, 0, np.ones(42, int))
    found = judged("noninferiority", measures, scope(42))
    assert found.status is Status.PASS
    assert found.value is None
    wide = judged("noninferiority", daily(np.full(42, 300), 0, 0, np.full(42, 9)), scope(42))
    assert (wide.status, wide.reason) == (Status.NO_DATA, Reason.NO_OUTCOMES)


def test_noninferiority_before_outcomes_are_due(daily: Build, scope: MakeScope) -> None:
    found = judged("noninferiority", daily(**flat(10, 5, 5)), scope(10, matures_after_days=14))
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NOT_MATURE)
    assert found.sentence == (
        "No case is old enough for its outcome yet; the first outcomes are due by 15 May 2013."
    )
    assert found.forecast is not None
    assert found.forecast.earliest == date(2013, 6, 4)
    assert found.forecast.latest is None


def test_forecast_lies_ahead_and_in_order(daily: Build, scope: MakeScope) -> None:
    found = judged("noninferiority", daily(np.full(35, 60), 5, 5), scope(35, matures_after_days=7))
    assert found.status is Status.INCONCLUSIVE
    assert found.forecast is not None
    assert found.forecast.reachable
    assert found.forecast.earliest is not None
    # The next whole week ends on 4 June, and its outcomes are in a week later.
    assert found.forecast.earliest >= date(2013, 6, 11)
    assert found.forecast.latest is None or found.forecast.latest >= found.forecast.earliest


def test_forecast_counts_the_days_until_outcomes_are_in(daily: Build, scope: MakeScope) -> None:
    at_once = judged("noninferiority", daily(np.full(28, 60), 5, 5), scope(28)).forecast
    later = judged(
        "noninferiority", daily(np.full(35, 60), 5, 5), scope(35, matures_after_days=7)
    ).forecast
    assert at_once is not None
    assert later is not None
    assert at_once.earliest is not None
    assert later.earliest == at_once.earliest + timedelta(7)


def test_days_that_differ_take_longer(daily: Build, scope: MakeScope) -> None:
    calm = daily(np.full(28, 100), 5, 5)
    swinging = daily(np.full(28, 100), [9, 1] * 14, [1, 9] * 14)
    soon, late = (judged("noninferiority", m, scope(28)).forecast for m in (calm, swinging))
    assert soon is not None
    assert late is not None
    assert soon.earliest is not None
    assert late.earliest is not None
    assert (late.earliest - date(2013, 5, 28)) > 2 * (soon.earliest - date(2013, 5, 28))


@pytest.mark.parametrize(("wins", "status"), [(66, Status.INCONCLUSIVE), (70, Status.PASS)])
def test_each_side_has_half_of_the_error(
    wins: int, status: Status, measures_of: Build, scope: MakeScope
) -> None:
    evidence = float(log_e_value(1000, wins, 51, -0.02, general_grid()))
    assert evidence > np.log(20)
    assert (evidence >= np.log(40)) == (status is Status.PASS)
    rows = [
        {"n": 1000 - wins - 51, "outcome": "no"},
        {"n": wins, "recommendation": "yes", "outcome": "yes"},
        {"n": 51, "decision": "yes", "recommendation": "no", "outcome": "yes"},
    ]
    found = judged("noninferiority", measures_of(rows), scope(), margin=0.02)
    assert found.status is status


def test_what_is_clearly_below_the_limit_is_not_reachable(daily: Build, scope: MakeScope) -> None:
    found = judged("noninferiority", daily(np.full(28, 50), 2, 3), scope(28))
    assert found.status is Status.INCONCLUSIVE
    assert found.forecast is not None
    assert not found.forecast.reachable


def test_timeless_noninferiority_says_what_it_assumes(measures_of: Build, scope: MakeScope) -> None:
    rows = [
        {"n": 9000, "outcome": "no"},
        {"n": 400, "recommendation": "yes", "outcome": "yes"},
        {"n": 300, "decision": "yes", "recommendation": "no", "outcome": "yes"},
    ]
    found = judged("noninferiority", measures_of(rows), scope())
    assert found.status is Status.PASS
    assert found.since is None
    assert found.forecast is None
    assert "cases are taken as independent" in found.sentence
