"""Laws of late and selective outcomes, and what their gates and reports say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_hypergeom

from data_contracts.vocabulary import DecisionType, Reason, Status
from evaluators.columns import UNKNOWN, Columns, Measures
from evaluators.kinds import all_evaluators, all_gate_kinds, all_reports
from evaluators.outcomes.coverage_groups import by_disagreement, by_score
from evaluators.outcomes.explored import explored_difference
from evaluators.outcomes.outcome_ages import OutcomeAges
from evaluators.outcomes.selective import assumed_share
from evaluators.scope import Scope
from evaluators.statistics.arrival import (
    arrived_of_class,
    at_risk,
    cumulative_incidence,
    kaplan_meier,
    maturity,
)
from evaluators.statistics.contraction import assignment_test, contraction
from evaluators.statistics.coverage import (
    chi_square,
    log_evidence,
    standardised_difference,
)
from evaluators.statistics.exploration import Explored
from evaluators.statistics.multiplicity import holm
from evaluators.statistics.partial_identification import (
    bounds,
    break_even,
    critical_value,
    difference_at,
    good_share,
    imbens_manski,
    tipping_odds,
    trial_reach,
)
from evaluators.statistics.runs import longest_run
from evaluators.terms import Terms

Build = Callable[..., Measures]
MakeScope = Callable[..., Scope]
FIRST = 15_826
SELECTIVE = Terms(observed_when=("yes",), margin=0.02)

counts = st.lists(st.integers(0, 30), min_size=2, max_size=25)


def judged(kind: str, measures: Measures, scope: Scope, **settings: Any) -> Any:
    found = all_gate_kinds()[kind]
    return found.judge("g", found.settings(**settings), measures, scope)


# How outcomes arrive


@given(st.lists(counts, min_size=2, max_size=2), st.integers(0, 99))
def test_classes_add_up_to_all_outcomes(events: list[list[int]], seed: int) -> None:
    ages = min(map(len, events))
    event = np.array([e[:ages] for e in events])
    censored = np.random.default_rng(seed).integers(0, 20, ages)
    share, variance = cumulative_incidence(event, censored)
    left, error = kaplan_meier(event.sum(0), censored)
    assert np.allclose(share.sum(0), 1 - left)
    assert (np.diff(share, axis=-1) >= -1e-12).all()
    assert (variance >= 0).all()
    alone, one = cumulative_incidence(event.sum(0)[None], censored)
    assert np.allclose(alone[0], 1 - left)
    assert np.allclose(np.sqrt(one[0])[left > 0], error[left > 0])
    part, low, high = arrived_of_class(event, censored)
    some = event.sum(1) > 0
    assert (low[some] <= part[some] + 1e-9).all()
    assert (part[some] <= high[some] + 1e-9).all()


def test_without_censoring_it_is_what_one_counts() -> None:
    event = np.array([[3, 2, 5], [1, 0, 9]])
    share, _ = cumulative_incidence(event, [0, 0, 0])
    assert np.allclose(share, np.cumsum(event, -1) / 20)
    assert at_risk(event.sum(0), [0, 0, 0]).tolist() == [20, 16, 14]
    part, _, _ = arrived_of_class(event, [0, 0, 0])
    assert np.allclose(part, np.cumsum(event, -1) / np.array([[10], [10]]))


def test_nothing_is_known_of_a_class_without_an_outcome() -> None:
    part, low, high = arrived_of_class([[0, 0], [5, 5]], [0, 0])
    assert np.isnan(part[0]).all()
    assert (low[0].tolist(), high[0].tolist()) == ([0, 0], [1, 1])
    assert int(maturity(low)) == -1


def test_young_cases_do_not_make_the_wait_look_shorter(
    measures_of: Build, scope: MakeScope
) -> None:
    # `yes` comes after 20 days: among the outcomes so far it is rarer than it is.
    rows = [
        {"day": FIRST + d, "n": 50, "lag": lag, "outcome": truth if d + lag < 80 else None}
        for d in range(80)
        for truth, lag in (("yes", 20), ("no", 1))
    ]
    measures = measures_of(rows)
    ages = OutcomeAges.of(measures, scope(80))
    event, censored = ages.by_age()
    assert ages.classes == ("no", "yes")
    share, _ = cumulative_incidence(event, censored)
    assert share[:, 40] == pytest.approx([0.5, 0.5])
    naive = event.sum(1) / event.sum()
    assert naive[1] < 0.45
    found = all_reports()["label_arrival"].tabulate(measures, scope(80, matures_after_days=7))
    assert set(found["sentence"]) == {
        "Outcomes of class no need 7 days, the study waits 7.",
        "Outcomes of class yes need 21 days, the study waits 7.",
        "All outcomes together need 21 days, the study waits 7.",
    }


def test_now_is_the_last_day_in_the_data(measures_of: Build, scope: MakeScope) -> None:
    measures = measures_of(
        [{"day": FIRST, "outcome": "yes", "lag": 30}, {"day": FIRST + 9, "outcome": None}]
    )
    ages = OutcomeAges.of(measures, scope(10))
    assert ages.now == FIRST + 30
    assert ages.by_age()[1][21] == 1
    assert OutcomeAges.of(measures, scope()).classes == ()


def test_what_cannot_be_seen_is_not_watched(measures_of: Build, scope: MakeScope) -> None:
    measures = measures_of(lending(10))
    every = OutcomeAges.of(measures, scope(60)).by_age()[1].sum()
    seen = OutcomeAges.of(measures, scope(60, terms=SELECTIVE)).by_age()[1].sum()
    assert (every, seen) == (60 * 30, 0)


# Who has an outcome


@given(st.integers(2, 12), st.integers(1, 12), st.data())
def test_evidence_of_one_day_is_at_most_one_on_average(
    group: int, rest: int, data: st.DataObject
) -> None:
    total = group + rest
    labelled = data.draw(st.integers(0, total))
    ways = np.arange(0, min(group, labelled) + 1)
    chance = multivariate_hypergeom.pmf(
        np.stack([ways, labelled - ways], -1), [group, rest], labelled
    )
    values = np.exp(log_evidence(ways[:, None], group, labelled / total))
    assert np.nansum(chance * values) <= 1 + 1e-9


def test_evidence_does_not_mind_days_without_outcomes() -> None:
    n = np.full((2, 40), 30)
    share = np.tile([0.9, 0.0], 20)
    labelled = np.round(n * share)
    assert (log_evidence(labelled, n, share) <= 0).all()
    less = labelled.copy()
    less[0] = np.round(0.6 * labelled[0])
    found = log_evidence(less, n, share)
    assert found[0] > 10 > 0 >= found[1]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=6))
def test_coverage_tests_do_not_mind_the_order(groups: list[tuple[int, int]]) -> None:
    yes = np.array([a for a, _ in groups])
    n = yes + np.array([b for _, b in groups])
    value, p, _ = chi_square(yes, n)
    other, q, _ = chi_square(yes[::-1], n[::-1])
    assert float(value) == pytest.approx(float(other))
    assert 0 <= float(p) <= 1
    assert float(p) == pytest.approx(float(q))
    ours = standardised_difference(yes, n)
    assert np.allclose(ours[::-1], standardised_difference(yes[::-1], n[::-1]), equal_nan=True)


def test_holm_never_lowers_a_p_value() -> None:
    p = np.random.default_rng(0).random(50)
    assert (holm(p) >= p).all()
    assert holm([0.5]).tolist() == [0.5]


# A series that breaks


def test_a_run_is_found_with_its_days_and_a_rare_class_is_left_alone() -> None:
    rng = np.random.default_rng(4)
    hits = rng.binomial(50, 0.3, 60)
    sound = longest_run(hits, np.full(60, 50))
    assert sound.log_chance == 0
    broken = hits.copy()
    broken[20:31] = 0
    found = longest_run(broken, np.full(60, 50))
    assert (found.first, found.last, found.outcomes) == (20, 30, 550)
    assert found.log_chance < -50
    # Twice as long as any other gap is asked for, and days that come in clumps need more.
    twice = broken.copy()
    twice[45:52] = 0
    assert longest_run(twice, np.full(60, 50)).log_chance == 0
    clumps = np.where(np.arange(60) % 3 == 0, 30, 1)
    clumps[40:46] = 0
    even = np.full(60, 11)
    even[40:46] = 0
    n = np.full(60, 50)
    assert longest_run(clumps, n).log_chance > longest_run(even, n).log_chance + 20
    rare = np.zeros(60, int)
    rare[[3, 30]] = 1
    assert longest_run(rare, np.full(60, 50)).log_chance > -3
    assert longest_run(np.zeros(5), np.ones(5)).first == -1


def series(stop: int | None, days: int = 60, lag: int = 2) -> list[dict[str, Any]]:
    return [
        {
            "day": FIRST + d,
            "outcome": "no" if stop is not None and d >= stop else truth,
            "n": n,
            "lag": lag,
        }
        for d in range(days)
        for truth, n in (("yes", 5 + d % 3), ("no", 20))
    ]


def test_a_break_blocks_with_its_date(measures_of: Build, scope: MakeScope) -> None:
    found = judged("outcome_series", measures_of(series(40)), scope(60))
    assert (found.status, found.reason) == (Status.FAIL, Reason.OUTCOMES_BROKEN)
    assert "Since 12 Jun 2013 no outcome `yes` has come" in found.sentence
    sound = judged("outcome_series", measures_of(series(None)), scope(60))
    assert (sound.status, sound.reason) == (Status.PASS, Reason.WITHIN_LIMIT)


def test_a_break_that_is_over_still_blocks(measures_of: Build, scope: MakeScope) -> None:
    rows = series(None)
    rows = [{**r, "outcome": "no"} if 20 <= r["day"] - FIRST <= 30 else r for r in rows]
    found = judged("outcome_series", measures_of(rows), scope(60))
    assert found.status is Status.FAIL
    assert "Of decisions from 21 May 2013 to 31 May 2013 no outcome is `yes`" in found.sentence


def test_a_class_that_is_late_by_nature_is_no_break(measures_of: Build, scope: MakeScope) -> None:
    rows = [
        {"day": FIRST + d, "n": 20, "lag": lag, "outcome": truth if d + lag < 90 else None}
        for d in range(90)
        for truth, lag in (("yes", 60), ("no", 1))
    ]
    for wait in (0, 7, 60):
        found = judged("outcome_series", measures_of(rows), scope(90, matures_after_days=wait))
        assert found.status is Status.PASS, wait


def test_without_classes_or_days_there_is_no_series(measures_of: Build, scope: MakeScope) -> None:
    measures = measures_of(series(40))
    numeric = replace(scope(60), decision_type=DecisionType.NUMERIC)
    for found in (
        judged("outcome_series", measures, numeric),
        judged("outcome_series", measures, scope()),
        judged("outcome_series", {k: measures[k] for k in ("outcome_counts",)}, scope(60)),
    ):
        assert (found.status, found.reason) == (Status.PASS, Reason.NOT_APPLICABLE)


# Coverage by what the two said


def covered(alone: float, agree: float = 0.9, days: int = 60) -> list[dict[str, Any]]:
    rng = np.random.default_rng(8)
    rows: list[dict[str, Any]] = []
    for d in range(days):
        for decision, given_, n, share in (
            ("yes", "yes", 50, agree),
            ("no", "no", 40, agree),
            ("no", "yes", 8, alone),
            ("yes", "no", 8, agree),
        ):
            known = int(rng.binomial(n, share))
            for truth, k in (("yes", known), (None, n - known)):
                row = {"day": FIRST + d, "decision": decision, "recommendation": given_}
                rows.append({**row, "outcome": truth, "n": k, "unit": f"u{d % 2}"})
    return rows


def test_coverage_blocks_only_where_it_differs(measures_of: Build, scope: MakeScope) -> None:
    sound = judged("label_coverage", measures_of(covered(0.9)), scope(60))
    assert sound.status is Status.PASS
    found = judged("label_coverage", measures_of(covered(0.6)), scope(60))
    assert (found.status, found.reason) == (Status.FAIL, Reason.COVERAGE_DIFFERS)
    assert "with production no, candidate yes" in found.sentence


def test_segments_warn_and_block_when_asked(measures_of: Build, scope: MakeScope) -> None:
    rows = covered(0.9)
    rng = np.random.default_rng(3)
    for row in rows:
        row["unit"] = "u0" if rng.random() < (0.2 if row["outcome"] is None else 0.8) else "u1"
    measures = measures_of(rows)
    warned = judged("label_coverage", measures, scope(60))
    assert warned.status is Status.PASS
    assert "Warning: outcomes come unevenly by unit" in warned.sentence
    blocked = judged("label_coverage", measures, scope(60), segments=True)
    assert blocked.status is Status.FAIL
    assert blocked.sentence.startswith("Outcomes come unevenly by unit")


def test_what_cannot_be_seen_is_not_missing(measures_of: Build, scope: MakeScope) -> None:
    rows = [
        {**r, "outcome": r["outcome"] if r["decision"] == "yes" else None}
        for r in covered(0.9)
        if r["outcome"] or r["decision"] == "no"
    ]
    measures = measures_of(rows)
    assert judged("label_coverage", measures, scope(60)).status is Status.FAIL
    assert judged("label_coverage", measures, scope(60, terms=SELECTIVE)).status is Status.PASS
    groups = by_disagreement(measures, scope(60, terms=SELECTIVE))
    assert groups.levels == ("both the same", "production yes, candidate no")
    evaluate = all_evaluators()["accuracy"].evaluate
    coverage = {t.metric: t for t in evaluate(measures, scope(60, terms=SELECTIVE))}
    assert coverage["outcome_coverage"].estimate[0] == 1


def test_scores_are_grouped_by_tenths(measures_of: Build, scope: MakeScope) -> None:
    measures = dict(measures_of(covered(0.9)))
    measures["score_counts"] = Columns(
        {
            "cohort_day": np.full(100, FIRST),
            "score_from": np.repeat(np.arange(50) / 50, 2),
            "outcome": np.tile([0, UNKNOWN], 50),
            "n": np.tile([9, 1], 50),
        },
        {"outcome": ("yes",)},
    )
    found = by_score(measures, scope(60))
    assert found is not None
    assert len(found.levels) == 10
    assert found.totals[1].tolist() == [50] * 10
    assert by_score(measures, scope(60, terms=SELECTIVE)) is None
    rows = all_reports()["outcome_coverage_bias"].tabulate(measures, scope(60))
    assert set(rows["grouping"]) == {"disagreement", "unit", "score"}


# Bounds


sizes = st.tuples(*(st.integers(0, 300) for _ in range(4)))


@given(sizes, st.floats(0.001, 0.2))
def test_bounds_mirror_and_the_tipping_point_tips(
    cell: tuple[int, int, int, int], margin: float
) -> None:
    b, c, u, same = cell
    n = b + c + u + same
    low, high = bounds(n, b, c, u)
    other_low, other_high = bounds(n, c, b, u)
    if n:
        assert (float(low), float(high)) == pytest.approx((-float(other_high), -float(other_low)))
    outer = imbens_manski(n, b, c, u)
    assert outer[0] <= low <= high <= outer[1]
    if u:
        share = float(break_even(n, b, c, u, margin))
        assert float(difference_at(n, b, c, u, share)) == pytest.approx(-margin)
        assert (share <= 0) == (float(low) >= -margin - 1e-12) or abs(float(low) + margin) < 1e-9


@given(st.floats(0.05, 0.95), st.floats(1.0, 100.0))
def test_odds_and_shares_are_each_others_inverse(g: float, odds: float) -> None:
    share = float(good_share(g, odds))
    assert 0 < share <= g + 1e-12
    assert float(tipping_odds(g, share)) == pytest.approx(odds)


def test_extremes_of_the_tipping_point() -> None:
    assert float(break_even(100, 5, 5, 0, 0.01)) == -np.inf
    assert float(break_even(100, 0, 50, 0, 0.01)) == np.inf
    assert float(tipping_odds(0.9, -0.5)) == np.inf
    assert float(tipping_odds(0.9, 1.5)) == 0
    assert [float(end) for end in bounds(0, 0, 0, 0)] == [-1, 1]
    assert float(critical_value(0.0, 0.0)) == pytest.approx(1.96, abs=1e-3)
    assert float(trial_reach(100, 10, 1)) == pytest.approx(0.1)
    assert (np.diff(trial_reach(10_000, 300, [10, 50, 100, 400])) < 0).all()


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=4, max_size=40), st.integers(0, 99))
def test_exploration_is_the_mean_of_phi_row_by_row(seen: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0.1, 1, len(seen))
    hidden, certain = 30, rng.integers(-1, 2, 50)
    found = Explored.of(len(seen) + hidden, seen, chance)
    w = 1 / chance
    for model in (None, 0.0, 0.3):
        mu = float(np.sum(w * seen) / w.sum()) if model is None else model
        phi = np.concatenate([mu + w * (np.array(seen) - mu), np.full(hidden, mu), certain])
        mean, low, high = found.estimate(
            model, certain=(50, certain.sum(), float((certain**2).sum()))
        )
        assert mean == pytest.approx(phi.mean())
        assert found.phi(model)[1] == pytest.approx((phi[: len(seen) + hidden] ** 2).sum())
        assert low <= mean <= high or abs(mean) > 1
    assert found.effective == pytest.approx(w.sum() ** 2 / (w**2).sum())


def test_nothing_explored_is_nothing_known() -> None:
    mean, low, high = Explored.of(10, [], []).estimate()
    assert np.isnan(mean)
    assert (low, high) == (-1, 1)


def test_contraction_by_rows() -> None:
    rng = np.random.default_rng(9)
    bad = rng.random(40) < 0.3
    ours = contraction(np.ones(40), bad, 50, [0.2, 0.5, 0.8, 0.9])
    assert ours[:3].tolist() == [bad[:k].sum() / 50 for k in (10, 25, 40)]
    assert np.isnan(ours[3])
    assert assignment_test([[1, 2]]) == (0.0, 1.0)


# The gate


def lending(
    hidden: int, b: int = 4, c: int = 3, days: int = 60, late: int = 0
) -> list[dict[str, Any]]:
    """Return a study in which `yes` is seen: daily counts of each kind of case."""
    kinds = (
        ("yes", "yes", "yes", 70),
        ("yes", "yes", "no", 7),
        ("yes", "no", "no", b),
        ("yes", "no", "yes", c),
        ("yes", "no", None, late),
        ("no", "yes", None, hidden),
        ("no", "no", None, 20),
    )
    return [
        {"day": FIRST + d, "decision": p, "recommendation": a, "outcome": y, "n": n}
        for d in range(days)
        for p, a, y, n in kinds
        if n
    ]


def test_the_worst_case_passes_only_where_little_is_hidden(
    measures_of: Build, scope: MakeScope
) -> None:
    terms = SELECTIVE
    little = judged("selective", measures_of(lending(0)), scope(60, terms=terms), margin=0.05)
    assert little.status is Status.PASS
    much = judged("selective", measures_of(lending(10)), scope(60, terms=terms), margin=0.05)
    assert much.status is Status.INCONCLUSIVE
    assert much.value is None
    share = (1 + (-0.05 * 114 - 1) / 10) / 2
    assert f"in at least {100 * share:.1f}%" in much.sentence
    assert much.forecast is not None


def test_an_assumption_passes_and_is_said(measures_of: Build, scope: MakeScope) -> None:
    measures, terms = measures_of(lending(10)), SELECTIVE
    found = judged("selective", measures, scope(60, terms=terms), margin=0.05, good_at_least=0.5)
    assert found.status is Status.PASS
    assert found.sentence.startswith("As long as the candidate would have been right in at least")
    assert "at least 50.0%" in found.rule
    by_odds = judged("selective", measures, scope(60, terms=terms), margin=0.05, odds_at_most=5)
    assert by_odds.status is Status.PASS
    assert "odds at most 5 times worse" in by_odds.sentence
    hopeless = judged("selective", measures, scope(60, terms=terms), margin=0.05, odds_at_most=1000)
    assert hopeless.status is Status.INCONCLUSIVE


def test_it_fails_where_even_the_best_case_is_too_bad(measures_of: Build, scope: MakeScope) -> None:
    bad = measures_of(lending(3, b=0, c=25))
    found = judged("selective", bad, scope(60, terms=SELECTIVE), margin=0.02)
    assert (found.status, found.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)


def test_late_outcomes_are_losses_under_any_assumption(
    measures_of: Build, scope: MakeScope
) -> None:
    measures = measures_of(lending(2, late=8))
    found = judged(
        "selective", measures, scope(60, terms=SELECTIVE), margin=0.05, good_at_least=0.9
    )
    assert found.status is Status.INCONCLUSIVE


def test_without_selective_outcomes_it_is_the_wrong_gate(
    measures_of: Build, scope: MakeScope
) -> None:
    found = judged("selective", measures_of(lending(10)), scope(60))
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NOT_APPLICABLE)


def test_assumptions_take_the_better_one() -> None:
    assert assumed_share(None, None, 0.9) == 0
    assert assumed_share(0.3, None, 0.9) == 0.3
    assert assumed_share(0.3, 1, 0.9) == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("selective", {"margin": 0}),
        ("selective", {"good_at_least": 1}),
        ("selective", {"odds_at_most": 0.5}),
        ("label_coverage", {"false_alarm": 0}),
        ("outcome_series", {"false_alarm": 0.5}),
    ],
)
def test_settings_that_make_no_sense_are_refused(kind: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"`{next(iter(settings))}` must be"):
        all_gate_kinds()[kind].settings(**settings)


def test_an_assumption_that_holds_rarely_passes_what_is_worse(
    measures_of: Build, scope: MakeScope
) -> None:
    # The hidden are good exactly as often as assumed, and the truth is exactly at the limit.
    kind = all_gate_kinds()["selective"]
    settings = kind.settings(margin=0.02, good_at_least=0.4)
    passed = 0
    for seed in range(80):
        rng = np.random.default_rng(seed)
        rows: list[dict[str, Any]] = []
        for d in range(60):
            b, c, u, _ = rng.multinomial(100, [0.03, 0.04, 0.05, 0.88])
            rows += [
                {**r, "day": FIRST + d}
                for r in lending(int(u), int(b), int(c), 1)
                if r["n"] and r["recommendation"] != r["decision"]
            ]
            same = 100 - b - c - u
            agree = {"decision": "yes", "recommendation": "yes", "outcome": "yes"}
            rows.append({"day": FIRST + d, "n": int(same), **agree})
        found = kind.judge("g", settings, measures_of(rows), scope(60, terms=SELECTIVE))
        passed += found.status is Status.PASS
    # Nominal 2.5 %: 8 or more of 80 would be a one-in-a-thousand accident.
    assert passed <= 7


# No number alone


def test_no_estimate_where_some_outcomes_cannot_be_seen(
    measures_of: Build, scope: MakeScope
) -> None:
    measures, seen = measures_of(lending(10)), scope(60, terms=SELECTIVE)
    for name in ("paired_difference", "accuracy", "errors_by_kind"):
        for table in all_evaluators()[name].evaluate(measures, seen):
            if table.metric.startswith(("paired", "accuracy", "false")):
                assert np.isnan(table.estimate[0]), table.metric
                assert table.reason[0] is Reason.OUTCOMES_HIDDEN
                assert table.low[0] < table.high[0]
                assert table.status[0] is Status.INCONCLUSIVE
    standing = all_reports()["standings"].tabulate(measures, seen)
    for name in ("estimate", "one_look_low", "one_look_high", "one_look_p"):
        assert np.isnan(standing[name][0]), name
    gate = judged("noninferiority", measures, seen, margin=0.05)
    assert gate.value is None
    assert gate.status is Status.INCONCLUSIVE
    assert "not known for 600 disagreements whose outcome cannot be seen" in gate.sentence


def test_reports_of_a_selective_study(measures_of: Build, scope: MakeScope) -> None:
    measures, seen = measures_of(lending(10)), scope(60, terms=SELECTIVE)
    found = all_reports()["selective_bounds"].tabulate(measures, seen)
    n = 60 * 114
    assert found["hidden"] == [600]
    assert found["worst"][0] == pytest.approx((60 - 600) / n)
    assert found["break_even"][0] == pytest.approx((1 + (-0.02 * n - 60) / 600) / 2)
    assert found["comparable_good"][0] == pytest.approx(70 / 77)
    slider = all_reports()["selective_sensitivity"].tabulate(measures, seen)
    assert (np.diff(slider["difference"][:21]) > 0).all()
    assert (np.array(slider["low"]) <= np.array(slider["difference"])).all()
    for name in ("selective_bounds", "selective_sensitivity", "contraction"):
        assert not all_reports()[name].tabulate(measures, scope(60))
    assert set(explored_difference(measures, seen).values()) == {None}
