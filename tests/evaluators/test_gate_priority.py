"""The gate on what matters most: both parts, either way of asking, whatever is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from data_contracts.findings import GateResult
from data_contracts.study.policy import GateSpec
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import all_gate_kinds
from evaluators.policy import check_policy
from evaluators.scope import Scope

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]
DAYS = 84


def judged(measures: Measures, scope: Scope, **settings: Any) -> GateResult:
    it = all_gate_kinds()["priority"]
    return it.judge(
        "g", it.settings(**{"cut": "unit", "segments": ["u0"], **settings}), measures, scope
    )


def study(
    daily: Build, top: tuple[float, float], rest: tuple[float, float] = (0.05, 0.03), size: int = 6
) -> Measures:
    """Return units with 100 cases a day; wins and losses of the first, and of the others."""
    rng = np.random.default_rng(2)
    rates = np.array([top] + [rest] * (size - 1))
    wins, losses = (rng.binomial(100, rates[:, [i]], (size, DAYS)) for i in (0, 1))
    return daily(np.full((size, DAYS), 100), wins, losses)


def test_better_where_it_matters_and_no_worse_elsewhere_passes(
    daily: Build, scope: MakeScope
) -> None:
    found = judged(study(daily, (0.12, 0.03)), scope(DAYS), better_by=0.05)
    assert (found.status, found.reason) == (Status.PASS, Reason.WITHIN_LIMIT)
    assert found.since is not None
    assert found.low is not None
    assert found.low > 0.05
    assert found.sentence.startswith("For unit u0 the difference in accuracy is +")
    assert "Of 5 other segments, 5 are shown to be at least as good; 5 must be." in found.sentence


def test_either_part_can_fail_it(daily: Build, scope: MakeScope) -> None:
    too_little = judged(study(daily, (0.06, 0.05)), scope(DAYS), better_by=0.05)
    assert too_little.status is Status.FAIL
    assert "which is shown to be too little" in too_little.sentence
    elsewhere = judged(study(daily, (0.12, 0.03), (0.02, 0.12)), scope(DAYS), better_by=0.05)
    assert elsewhere.status is Status.FAIL
    assert "5 are shown to be worse than the limit; 0 may be." in elsewhere.sentence


def test_fewer_errors_are_a_share_of_productions(measures_of: Build, scope: MakeScope) -> None:
    """Production errs in 200 of 2,000 cases, the candidate in 120, both in 100."""

    def rows(day: int | None) -> list[dict[str, Any]]:
        kinds = [
            (1780, "no", "no", "no"),
            (100, "yes", "yes", "no"),
            (100, "yes", "no", "no"),
            (20, "no", "yes", "no"),
        ]
        return [
            {"day": day, "n": n, "unit": unit, "decision": d, "recommendation": r, "outcome": y}
            for unit in ("u0", "u1")
            for n, d, r, y in kinds
        ]

    found = judged(measures_of(rows(None)), scope(), fewer_errors=0.1)
    assert found.status is Status.PASS
    assert found.value == pytest.approx(0.4)
    assert found.low is not None
    assert 0.1 < found.low < 0.4
    more = judged(measures_of(rows(None)), scope(), fewer_errors=0.6)
    assert more.status is Status.FAIL
    waits = judged(measures_of(rows(None)), scope(), fewer_errors=0.35)
    assert waits.status is Status.INCONCLUSIVE
    # Outcomes of agreements that are missing may be errors of both: that dilutes what is shown.
    dropped = [
        {**row, "outcome": None if row["decision"] == row["recommendation"] else row["outcome"]}
        for row in rows(None)
    ]
    diluted = judged(measures_of(dropped), scope(), fewer_errors=0.1)
    assert diluted.status is not Status.PASS


def test_waiting_has_a_forecast_of_the_later_part(daily: Build, scope: MakeScope) -> None:
    found = judged(study(daily, (0.075, 0.02)), scope(DAYS), better_by=0.05)
    assert found.status is Status.INCONCLUSIVE
    assert found.forecast is not None
    assert found.forecast.earliest is not None
    assert found.forecast.earliest > date(2013, 7, 23)


def test_settings_must_ask_for_one_thing() -> None:
    kind = all_gate_kinds()["priority"].settings
    with pytest.raises(ValueError, match="`better_by` must be"):
        kind(cut="unit", segments=["u0"])
    with pytest.raises(ValueError, match="`better_by` must be"):
        kind(cut="unit", segments=["u0"], better_by=0.1, fewer_errors=0.1)
    with pytest.raises(ValueError, match="`segments` must be"):
        kind(cut="unit", segments=[], better_by=0.1)
    spec = GateSpec(kind="priority", cut="unit", segments="u0", better_by=0.1)
    assert [p.expected for p in check_policy([spec], ["unit"])] == ["a list, each a text"]
