"""Each evaluator against small studies worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from data_contracts.findings import Segment
from data_contracts.vocabulary import DecisionType, Reason, Status
from evaluators.columns import Measures
from evaluators.kinds import all_evaluators
from evaluators.pairs.cases import CaseCounts
from evaluators.pairs.day_clusters import DayClusters, Shares
from evaluators.results import Findings
from evaluators.scope import Scope
from evaluators.statistics.betting import confidence_sequence, general_grid, planned_grid
from evaluators.trajectory import trajectory

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]


def found(name: str, measures: Measures, scope: Scope) -> dict[str, Findings]:
    return {t.metric: t for t in all_evaluators()[name].evaluate(measures, scope)}


# 1,000 cases: 64 only the candidate right, 51 only production, 820 both, 65 both wrong.
SQUARE = [
    {"n": 64, "decision": "no", "recommendation": "yes", "outcome": "yes"},
    {"n": 51, "decision": "yes", "recommendation": "no", "outcome": "yes"},
    {"n": 820, "outcome": "no"},
    {"n": 65, "outcome": "yes"},
]


def test_difference_of_complete_outcomes(measures_of: Build, scope: MakeScope) -> None:
    tables = found("paired_difference", measures_of(SQUARE), scope())
    difference, possible = tables["paired_difference"], tables["difference_possible"]
    assert difference.estimate[0] == pytest.approx(0.013)
    assert (difference.low[0], difference.high[0]) == pytest.approx(
        (-0.023741792565543943, 0.05028052341481255), abs=1e-9
    )
    assert difference.n.tolist() == [1000]
    assert (possible.low[0], possible.high[0], possible.estimate[0]) == pytest.approx((0.013,) * 3)
    assert tables["disagreement"].estimate[0] == pytest.approx(0.115)
    bound = tables["difference_before_outcomes"]
    assert bound.high[0] == -bound.low[0] == tables["disagreement"].high[0]
    assert np.isnan(bound.estimate[0])


def test_difference_uses_the_registered_bets(measures_of: Build, scope: MakeScope) -> None:
    grid = tuple(planned_grid(0.02, 0.10).tolist())
    low = found("paired_difference", measures_of(SQUARE), scope(grid=grid))
    assert low["paired_difference"].low[0] == pytest.approx(-0.020769430135634284, abs=1e-9)


def test_missing_outcomes_are_filled_both_ways(measures_of: Build, scope: MakeScope) -> None:
    rows = [*SQUARE, {"n": 20, "recommendation": "yes"}, {"n": 30, "outcome": None}]
    tables = found("paired_difference", measures_of(rows), scope())
    low, _ = confidence_sequence(1050, 64, 71, 0.05, general_grid())
    _, high = confidence_sequence(1050, 84, 51, 0.05, general_grid())
    difference, possible = tables["paired_difference"], tables["difference_possible"]
    assert (difference.low[0], difference.high[0]) == pytest.approx((float(low), float(high)))
    assert difference.estimate[0] == pytest.approx(13 / 1050)
    assert (possible.low[0], possible.high[0]) == pytest.approx((-7 / 1050, 33 / 1050))
    assert np.isnan(possible.estimate[0])


def test_without_any_outcome_there_is_an_interval_and_no_estimate(
    measures_of: Build, scope: MakeScope
) -> None:
    rows = [{"n": 4, "recommendation": "yes"}, {"n": 996}]
    table = found("paired_difference", measures_of(rows), scope())["paired_difference"]
    assert np.isnan(table.estimate[0])
    assert (table.status[0], table.reason[0]) == (Status.INCONCLUSIVE, Reason.NO_OUTCOMES)
    assert -0.02 < table.low[0] < -0.004
    assert 0.004 < table.high[0] < 0.02


def test_immature_cases_do_not_count_in_the_difference(
    measures_of: Build, scope: MakeScope
) -> None:
    first = 15_826
    rows = [
        {"n": 10, "day": first, "outcome": "no"},
        {"n": 5, "day": first + 9, "recommendation": "yes", "outcome": "yes", "unit": "late"},
    ]
    tables = found("paired_difference", measures_of(rows), scope(10, matures_after_days=3))
    difference = tables["paired_difference"]
    assert difference.n.tolist() == [10, 0]
    assert difference.segments[1] == Segment("unit", "late")
    assert difference.reason == (Reason.OK, Reason.NOT_MATURE)
    assert difference.status[1] is Status.NO_DATA
    assert (difference.low[1], difference.high[1]) == (-1, 1)
    assert tables["disagreement"].n.tolist() == [15, 5]


def test_days_that_differ_widen_the_interval(daily: Build, scope: MakeScope) -> None:
    calm = daily(np.full(40, 100), np.full(40, 6), np.full(40, 6))
    swinging = daily(np.full(40, 100), [12, 0] * 20, [0, 12] * 20)
    narrow, wide = (
        found("paired_difference", m, scope(40))["paired_difference"] for m in (calm, swinging)
    )
    assert narrow.estimate[0] == wide.estimate[0] == 0
    assert (wide.high - wide.low)[0] > 2 * (narrow.high - narrow.low)[0]


def test_accuracy_of_known_outcomes_with_coverage(measures_of: Build, scope: MakeScope) -> None:
    rows = [*SQUARE, {"n": 250}, {"n": 10, "answer": "missing", "outcome": "no"}]
    tables = found("accuracy", measures_of(rows), scope())
    assert tables["accuracy_production"].estimate[0] == pytest.approx((820 + 51 + 10) / 1010)
    assert tables["accuracy_candidate"].estimate[0] == pytest.approx((820 + 64 + 10) / 1010)
    assert tables["outcome_coverage"].estimate[0] == pytest.approx(1010 / 1260)
    assert tables["accuracy_candidate"].n.tolist() == [1010]


def test_accuracy_leaves_out_what_is_not_mature(measures_of: Build, scope: MakeScope) -> None:
    rows = [
        {"n": 10, "day": 15_826, "outcome": "no"},
        {"n": 5, "day": 15_835, "outcome": "yes", "unit": "late"},
    ]
    tables = found("accuracy", measures_of(rows), scope(10, matures_after_days=3))
    assert tables["accuracy_production"].n.tolist() == [10, 0]
    assert tables["accuracy_production"].estimate[0] == 1
    assert tables["accuracy_candidate"].reason == (Reason.OK, Reason.NOT_MATURE)


def test_accuracy_without_outcomes_says_so(measures_of: Build, scope: MakeScope) -> None:
    tables = found("accuracy", measures_of([{"n": 9}]), scope())
    assert tables["accuracy_production"].reason == (Reason.NO_OUTCOMES,)
    assert tables["accuracy_production"].status == (Status.NO_DATA,)
    assert tables["outcome_coverage"].estimate[0] == 0


def test_agreement_equals_its_statistics(measures_of: Build, scope: MakeScope) -> None:
    rows = [
        {"n": 118},
        {"n": 5, "recommendation": "no", "decision": "yes"},
        {"n": 2, "recommendation": "yes", "decision": "no"},
        {"n": 40, "answer": "abstained"},
    ]
    tables = found("agreement", measures_of(rows), scope())
    assert tables["agreement_raw"].estimate[0] == pytest.approx(0.944)
    assert tables["agreement_raw"].n.tolist() == [125]
    # Oracles: irrCAC and statsmodels.
    ac1, kappa = tables["agreement_ac1"], tables["agreement_kappa"]
    assert ac1.estimate[0] == pytest.approx(0.9407763376087177)
    assert ac1.low[0] == pytest.approx(
        0.9407763376087177 - 1.959963984540054 * 0.022964551247932924
    )
    assert kappa.estimate[0] == pytest.approx(-0.02339181286549608)
    specific = tables["agreement_specific:no"]
    assert specific.estimate[0] == pytest.approx(236 / 243)
    assert specific.n.tolist() == [125]
    assert tables["agreement_specific:yes"].estimate[0] == 0


def test_kappa_of_one_class_is_not_told(measures_of: Build, scope: MakeScope) -> None:
    kappa = found("agreement", measures_of([{"n": 50}]), scope())["agreement_kappa"]
    assert (kappa.status[0], kappa.reason[0]) == (Status.NO_DATA, Reason.SINGLE_CLASS)
    assert np.isnan(kappa.low[0])


def test_ordered_classes_get_weighted_kappa(measures_of: Build, scope: MakeScope) -> None:
    table = np.array([[44, 5, 1], [7, 20, 3], [9, 5, 6]])
    classes = ("low", "middle", "high")
    rows = [
        {"n": int(table[i, j]), "recommendation": classes[i], "decision": classes[j]}
        for i in range(3)
        for j in range(3)
    ]
    tables = found(
        "agreement",
        measures_of(rows),
        scope(decision_type=DecisionType.ORDINAL, classes=classes, positive=None),
    )
    assert tables["agreement_kappa_linear"].estimate[0] == pytest.approx(0.47368421052631576)
    assert tables["agreement_kappa_quadratic"].estimate[0] == pytest.approx(0.4545454545454547)


def test_tables_of_many_segments_are_made_in_parts(
    measures_of: Build, scope: MakeScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"n": 3 + i, "unit": f"u{i}", "recommendation": "yes" if i % 3 else "no", "decision": "no"}
        for i in range(11)
    ] + [{"n": 5, "unit": f"u{i}", "recommendation": "yes", "decision": "yes"} for i in range(11)]
    whole = found("agreement", measures_of(rows), scope())["agreement_ac1"]
    monkeypatch.setattr("evaluators.metrics.agreement._CELLS", 8)
    parts = found("agreement", measures_of(rows), scope())["agreement_ac1"]
    assert (whole.estimate == parts.estimate).all()
    assert len(np.unique(whole.estimate)) > 5


def test_errors_by_kind(measures_of: Build, scope: MakeScope) -> None:
    rows = [
        {"n": 70, "decision": "no", "recommendation": "no", "outcome": "no"},
        {"n": 20, "decision": "yes", "recommendation": "no", "outcome": "no"},
        {"n": 10, "decision": "no", "recommendation": "yes", "outcome": "no"},
        {"n": 30, "decision": "yes", "recommendation": "yes", "outcome": "yes"},
        {"n": 15, "decision": "no", "recommendation": "yes", "outcome": "yes"},
        {"n": 5, "decision": "no", "answer": "error", "outcome": "yes"},
        {"n": 50, "decision": "yes", "answer": "exposed", "outcome": "no"},
    ]
    tables = found("errors_by_kind", measures_of(rows), scope())
    rates = {m.removesuffix("_rate"): float(t.estimate[0]) for m, t in tables.items()}
    assert rates["false_positive_rate_production"] == pytest.approx(0.20)
    assert rates["false_positive_rate_candidate"] == pytest.approx(0.10)
    assert rates["false_negative_rate_production"] == pytest.approx(20 / 50)
    assert rates["false_negative_rate_candidate"] == pytest.approx(5 / 50)
    assert rates["answer_error"] == pytest.approx(5 / 200)
    assert rates["answer_exposed"] == pytest.approx(50 / 200)
    assert tables["false_positive_rate_production"].n.tolist() == [100]


def test_errors_without_a_negative_outcome_say_so(measures_of: Build, scope: MakeScope) -> None:
    tables = found("errors_by_kind", measures_of([{"outcome": "yes"}]), scope())
    assert tables["false_positive_rate_production"].reason == (Reason.SINGLE_CLASS,)


def test_share_over_time_ends_at_the_share_of_all(daily: Build) -> None:
    measures = daily(np.full(20, 50), np.arange(20) % 7, np.arange(20) % 5)
    cases = CaseCounts.of(measures["outcome_counts"])
    everything = np.ones(len(cases.segment), bool)
    now = Shares.of(cases, everything, cases.differ)
    weekly = Shares.running(cases, everything, cases.differ, np.array([15_830, 15_845]))
    assert (weekly.hits[:, -1] == now.hits).all()
    assert np.allclose(weekly.effect[:, -1], now.effect)
    assert (weekly.n[:, 0] == 250).all()


def test_clusters_far_apart_are_found_without_a_table_of_every_day(measures_of: Build) -> None:
    rows = [{"day": day, "n": 4, "unit": "u"} for day in (10, 15, 3_000_010)]
    found = DayClusters.of(CaseCounts.of(measures_of(rows)["outcome_counts"]))
    assert len(found) == 6
    assert found.day.tolist() == [1, 6, 3_000_001] * 2
    assert sorted(found.of_row.tolist()) == list(range(6))


def test_trajectory_by_hand(daily: Build, scope: MakeScope) -> None:
    open_ = np.zeros(24, int)
    open_[-5:] = 3
    measures = daily(np.full(24, 100), np.full(24, 5), np.full(24, 4), open_)
    rows = list(trajectory(measures, scope(24, matures_after_days=4)).rows())
    assert [r["week"] for r in rows] == [1, 2, 3]
    assert [str(r["day"]) for r in rows] == ["2013-05-07", "2013-05-14", "2013-05-21"]
    assert [r["mature"] for r in rows] == [True, True, False]
    assert [r["n"] for r in rows] == [700, 1400, 2100]
    assert rows[0]["estimate"] == pytest.approx(0.01)
    assert rows[2]["estimate"] is None
    assert rows[2]["possible_low"] == pytest.approx((21 - 6) / 2100)
    assert rows[2]["possible_high"] == pytest.approx((21 + 6) / 2100)
    assert rows[2]["low"] < rows[2]["possible_low"] < rows[2]["possible_high"] < rows[2]["high"]


def test_trajectory_ends_where_the_finding_stands(daily: Build, scope: MakeScope) -> None:
    rng = np.random.default_rng(4)
    measures = daily(np.full(28, 200), rng.integers(0, 20, 28), rng.integers(0, 20, 28))
    last = list(trajectory(measures, scope(28)).rows())[-1]
    finding = next(found("paired_difference", measures, scope(28))["paired_difference"].rows())
    assert (last["estimate"], last["low"], last["high"]) == (
        finding.estimate,
        finding.low,
        finding.high,
    )


def test_timeless_studies_have_no_trajectory(measures_of: Build, scope: MakeScope) -> None:
    assert not list(trajectory(measures_of(SQUARE), scope()).rows())
