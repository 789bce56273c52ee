"""Every gate at its turning points: passes, fails, waits, and says why."""

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
from evaluators.scope import DataState, Scope

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]
MINUS = "\u2212"


def judged(kind: str, measures: Measures, scope: Scope, **settings: Any) -> GateResult:
    it = all_gate_kinds()[kind]
    return it.judge(kind, it.settings(**settings), measures, scope)


def flat(days: int, b: float, c: float, n: int = 100, seed: int = 1) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {"n": np.full(days, n), "wins": rng.poisson(b, days), "losses": rng.poisson(c, days)}


# --- duration ---------------------------------------------------------------------------------


def test_duration_passes_with_the_last_day_of_the_last_week(
    measures_of: Build, scope: MakeScope
) -> None:
    short, whole = (judged("duration", measures_of([]), scope(days)) for days in (27, 28))
    assert (short.status, short.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_WEEKS)
    assert short.forecast is not None
    assert short.forecast.earliest == short.forecast.latest == date(2013, 5, 28)
    assert "3 of 4 whole weeks" in short.sentence
    assert (whole.status, whole.since) == (Status.PASS, date(2013, 5, 28))


def test_duration_setting_goes_before_the_risk_tier(measures_of: Build, scope: MakeScope) -> None:
    found = judged("duration", measures_of([]), scope(10), weeks=1)
    assert found.status is Status.PASS
    assert found.rule == "At least 1 whole week of cases"


def test_duration_of_a_timeless_study_is_no_data(measures_of: Build, scope: MakeScope) -> None:
    found = judged("duration", measures_of([{"n": 500}]), scope())
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NO_TIMES)


# --- books ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "status", "reason", "says"),
    [
        (DataState(rules=7), Status.PASS, Reason.WITHIN_LIMIT, "balance"),
        (DataState(), Status.NO_DATA, Reason.NO_CASES, "No books"),
        (DataState(("decisions: 7 = 5",), (), 7), Status.FAIL, Reason.BOOKS_UNBALANCED, "7 = 5"),
        (DataState((), ("in/a.csv",), 7), Status.FAIL, Reason.FILES_REFUSED, "`in/a.csv`"),
        (
            DataState((), tuple("abcde"), 7),
            Status.FAIL,
            Reason.FILES_REFUSED,
            "5 source files have not been read: `a`, `b`, `c` and 2 more.",
        ),
    ],
)
def test_books(
    data: DataState,
    status: Status,
    reason: Reason,
    says: str,
    measures_of: Build,
    scope: MakeScope,
) -> None:
    found = judged("books", measures_of([]), scope(data=data))
    assert (found.status, found.reason) == (status, reason)
    assert says in found.sentence


# --- pairing ----------------------------------------------------------------------------------


def days_with(missing: dict[int, int], n: int = 1204, days: int = 30) -> list[dict[str, Any]]:
    rows = []
    for day in range(days):
        gone = missing.get(day, 0)
        rows.append({"day": 15_826 + day, "n": n - gone, "outcome": "no"})
        rows.append({"day": 15_826 + day, "n": gone, "answer": "missing", "outcome": "no"})
    return [row for row in rows if row["n"]]


@pytest.mark.parametrize("day", [3, 29])
def test_a_day_without_recommendations_fails_also_the_last(
    day: int, measures_of: Build, scope: MakeScope
) -> None:
    found = judged("pairing", measures_of(days_with({day: 1204})), scope(30), minimum=0.9)
    assert (found.status, found.reason) == (Status.FAIL, Reason.DAY_WITHOUT_RECOMMENDATIONS)
    on = {3: "4 May 2013", 29: "30 May 2013"}[day]
    assert found.sentence == f"1,204 decisions of {on} have no recommendation."


def test_several_days_without_recommendations(measures_of: Build, scope: MakeScope) -> None:
    found = judged("pairing", measures_of(days_with({3: 1204, 8: 1204})), scope(30))
    assert found.sentence == (
        "2,408 decisions of 2 whole days between 4 May and 9 May 2013 have no recommendation."
    )


def test_a_small_day_may_be_without(measures_of: Build, scope: MakeScope) -> None:
    rows = [*days_with({}), {"day": 15_856, "n": 19, "answer": "missing"}]
    assert judged("pairing", measures_of(rows), scope(31)).status is Status.PASS
    rows[-1]["n"] = 20
    assert judged("pairing", measures_of(rows), scope(31)).status is Status.FAIL


def test_pairing_share_is_held_against_its_minimum(measures_of: Build, scope: MakeScope) -> None:
    exact = measures_of([{"n": 98}, {"n": 2, "answer": "missing"}])
    below = measures_of([{"n": 979}, {"n": 21, "answer": "missing"}])
    assert judged("pairing", exact, scope()).status is Status.PASS
    found = judged("pairing", below, scope())
    assert (found.status, found.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert found.sentence == (
        "21 of 1,000 decisions have no recommendation; at least 98% must have one."
    )


def test_an_abstention_is_a_recommendation_record(measures_of: Build, scope: MakeScope) -> None:
    found = judged("pairing", measures_of([{"n": 50, "answer": "abstained"}]), scope())
    assert (found.status, found.sentence) == (
        Status.PASS,
        "All 50 decisions have a recommendation.",
    )


# --- answered ---------------------------------------------------------------------------------


def answers(good: int, bad: int, days: int = 30) -> list[dict[str, Any]]:
    return [
        {"day": 15_826 + day, "n": n, "answer": answer}
        for day in range(days)
        for n, answer in ((good, "answered"), (bad, "error"), (5, "exposed"))
        if n
    ]


@pytest.mark.parametrize(
    ("good", "bad", "status"),
    [(1000, 1, Status.PASS), (1000, 9, Status.INCONCLUSIVE), (1000, 40, Status.FAIL)],
)
def test_answered(
    good: int, bad: int, status: Status, measures_of: Build, scope: MakeScope
) -> None:
    found = judged("answered", measures_of(answers(good, bad)), scope(30))
    assert found.status is status
    assert found.n == 30 * (good + bad)
    assert found.value == pytest.approx(good / (good + bad))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert (found.since is not None) == (status is Status.PASS)
    assert (found.forecast is not None) == (status is Status.INCONCLUSIVE)


def test_answers_that_come_too_late_count_as_none(measures_of: Build, scope: MakeScope) -> None:
    rows = [{"n": 900}, {"n": 100, "answer": "hindsight"}]
    found = judged("answered", measures_of(rows), scope())
    assert (found.status, found.value) == (Status.FAIL, 0.9)


def test_an_outage_makes_the_share_less_sure(measures_of: Build, scope: MakeScope) -> None:
    spread = judged("answered", measures_of(answers(995, 5)), scope(30))
    rows = [
        *answers(1000, 0, 29),
        {"day": 15_855, "n": 850},
        {"day": 15_855, "n": 150, "answer": "error"},
    ]
    outage = judged("answered", measures_of(rows), scope(30))
    assert spread.status is Status.PASS
    assert outage.value == spread.value
    assert outage.status is Status.INCONCLUSIVE


# --- noninferiority ---------------------------------------------------------------------------


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
    assert found.forecast.earliest > date(2013, 6, 4)
    assert found.forecast.latest is None or found.forecast.latest >= found.forecast.earliest


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


# --- segments ---------------------------------------------------------------------------------


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
