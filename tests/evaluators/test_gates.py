"""The gates on time, data and answers at their turning points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import all_gate_kinds
from evaluators.scope import DataState, Scope

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]


def judged(kind: str, measures: Measures, scope: Scope, **settings: Any) -> GateResult:
    it = all_gate_kinds()[kind]
    return it.judge(kind, it.settings(**settings), measures, scope)


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
        (
            DataState((), (), 7, {"outcomes": 1000}, {"outcomes": 51}),
            Status.FAIL,
            Reason.ROWS_IN_QUARANTINE,
            "51 of 1,000 rows of outcomes are in quarantine; at most 5% may be.",
        ),
        (
            DataState((), (), 7, {"outcomes": 1000}, {"outcomes": 50}),
            Status.PASS,
            Reason.WITHIN_LIMIT,
            "balance",
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
