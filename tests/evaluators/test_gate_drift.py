"""The gate and the tables about drift, on small literal studies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from data_contracts.data_words import DriftKind
from data_contracts.study.drift import Drift
from data_contracts.vocabulary import DecisionType, Reason, Status
from evaluators.columns import Columns, Measures
from evaluators.drifting.bin_names import NAMED
from evaluators.drifting.day_effect import effect_of
from evaluators.drifting.drift import Limits, compare
from evaluators.drifting.drift_subjects import Subject, subjects
from evaluators.drifting.input_reference import MISSING, UNSEEN, InputReference
from evaluators.gates.drift import Settings, judge
from evaluators.reports.drift import tabulate
from evaluators.reports.drift_bins import tabulate as tabulate_bins
from evaluators.scope import DataState, Scope
from evaluators.statistics.multiplicity import benjamini_hochberg
from evaluators.terms import Terms

FIRST = 15_826
WEEKS = Drift(weeks=2)


def cases(
    days: int,
    *,
    n: int = 100,
    yes: float = 0.4,
    later: float | None = None,
    since: int = 14,
    outcome: Callable[[int], str | None] = lambda day: "yes",
) -> list[dict[str, Any]]:
    """Return rows of a study in which the candidate says yes more often from a day on."""
    rows = []
    for day in range(days):
        share = later if later is not None and day >= since else yes
        said = {"yes": round(n * share)}
        said["no"] = n - said["yes"]
        for recommendation, size in said.items():
            rows.append(
                {
                    "day": FIRST + day,
                    "unit": f"u{day % 2}",
                    "decision": "no",
                    "recommendation": recommendation,
                    "outcome": outcome(day),
                    "n": size,
                }
            )
    return rows


@pytest.fixture
def judged(measures_of: Callable[..., Measures], scope: Callable[..., Scope]) -> Callable[..., Any]:
    def judge_(days: int, settings: Settings | None = None, wait: int = 0, **changes: Any) -> Any:
        one = scope(days, terms=Terms(drift=WEEKS), matures_after_days=wait, cuts=("all",))
        return judge("g", settings or Settings(), measures_of(cases(days, **changes)), one)

    return judge_


def test_passes_when_all_is_as_it_was(judged: Callable[..., Any]) -> None:
    found = judged(42)
    assert found.status is Status.PASS
    assert found.value is not None
    assert found.value <= 0
    assert "none has shifted" in found.sentence


def test_fails_by_name_with_numbers_while_it_lasts(judged: Callable[..., Any]) -> None:
    found = judged(42, later=0.8, since=35)
    assert (found.status, found.reason) == (Status.FAIL, Reason.DATA_CHANGED)
    assert "what the candidate recommends in the latest week (PSI 0.7" in found.sentence
    assert "from 60.0% to 20.0%" in found.sentence or "from 40.0% to 80.0%" in found.sentence
    assert "production" not in found.sentence
    assert found.forecast is None


def test_an_alarm_goes_when_the_weeks_that_gave_it_have_passed(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    days = 14 + 7 + 35
    rows = [*cases(14), *(r | {"day": r["day"] + 14} for r in cases(7, yes=0.8))]
    rows += [r | {"day": r["day"] + 21} for r in cases(35)]
    for last, expected in ((21, Status.FAIL), (28, Status.FAIL), (days, Status.PASS)):
        one = scope(last, terms=Terms(drift=WEEKS), cuts=("all",))
        kept = [r for r in rows if r["day"] < FIRST + last]
        assert judge("g", Settings(), measures_of(kept), one).status is expected


def test_waits_for_the_reference_and_a_week_after_it(judged: Callable[..., Any]) -> None:
    found = judged(20)
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.TOO_FEW_WEEKS)
    assert found.forecast.earliest == date(2013, 5, 21)
    assert judged(21).status is Status.PASS


def test_few_cases_cannot_tell_and_say_how_many_would(judged: Callable[..., Any]) -> None:
    found = judged(21, n=5)
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_CASES)
    assert "hold 35 cases, about 86 are needed" in found.sentence
    assert found.forecast.reachable
    tiny = judged(42, n=2, settings=Settings(psi=0.05))
    assert tiny.status is Status.INCONCLUSIVE
    assert "too few by itself" in tiny.sentence
    assert tiny.forecast.reachable is False


def test_a_large_difference_of_few_cases_is_no_alarm(judged: Callable[..., Any]) -> None:
    found = judged(21, n=5, yes=0.2, later=0.4)
    assert found.value > 0.1
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_CASES)


def test_outcomes_are_waited_for_where_they_come_later(judged: Callable[..., Any]) -> None:
    found = judged(28, wait=10)
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, Reason.NOT_MATURE)
    assert found.forecast.earliest == date(2013, 5, 31)
    assert judged(31, wait=10).status is Status.PASS
    alone = Settings(subjects=("recommendation",))
    assert judged(28, wait=10, settings=alone).status is Status.PASS


def test_missing_outcomes_are_no_drift_of_outcomes(judged: Callable[..., Any]) -> None:
    found = judged(42, outcome=lambda day: "yes" if day < 28 or day % 2 else None)
    assert found.status is Status.PASS


def test_only_what_is_asked_for_is_judged(judged: Callable[..., Any]) -> None:
    only = Settings(subjects=("decision",))
    assert judged(42, later=0.9, settings=only).status is Status.PASS
    named = Settings(names=("recommendation",))
    assert judged(42, later=0.9, settings=named).status is Status.FAIL
    unknown = judged(42, settings=Settings(names=("colour",)))
    assert unknown.status is Status.NO_DATA
    assert "`colour`" in unknown.sentence


def test_limits_are_the_gates_own(judged: Callable[..., Any]) -> None:
    assert judged(42, later=0.6, settings=Settings(psi=0.5)).status is Status.PASS
    assert judged(42, later=0.6).status is Status.FAIL


@pytest.mark.parametrize(
    "wrong", [{"psi": 0}, {"w1": -1}, {"weeks": 0}, {"subjects": ["input", "weather"]}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"`{next(iter(wrong))}` must be"):
        Settings(**wrong)


def inputs(
    scope: Callable[..., Scope], days: int, counts: np.ndarray, reference: list[int]
) -> tuple[Measures, Scope]:
    """Return a study with one number as a feature: three bins, missing and unseen."""
    bins = (0, 1, 2, MISSING, UNSEEN)
    labels = ("below 1", "1 to 2", "2 and more", "no value", "not a number")
    frozen = InputReference("x", bins, labels, tuple(reference), (0.5, 1.5, 2.5), 0.8)
    day, place = np.nonzero(counts)
    table = {
        "feature": np.zeros(len(day), np.int64),
        "cohort_day": FIRST + day,
        "bin": np.array(bins)[place],
        "n": counts[day, place],
    }
    one = scope(
        days,
        terms=Terms(drift=WEEKS, features=("x",)),
        data=DataState(inputs=(frozen,)),
        cuts=("all",),
    )
    return {"feature_counts": Columns(table, {"feature": ("x",)})}, one


def test_a_number_that_moves_less_than_the_index_tells_is_seen_by_its_shift(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    counts = np.tile([300, 400, 300, 0, 0], (42, 1))
    counts[35:] = [220, 400, 380, 0, 0]
    features, one = inputs(scope, 42, counts, [4200, 5600, 4200, 0, 0])
    measures = {**measures_of(cases(42)), **features}
    found = judge("g", Settings(subjects=("input",)), measures, one)
    assert found.status is Status.FAIL
    assert "the feature `x` in the latest week (0.20 standard deviations" in found.sentence
    rows = tabulate(measures, one)
    latest = [
        i
        for i, (k, d) in enumerate(zip(rows["kind"], rows["day"], strict=True))
        if k == "input" and d == date(2013, 6, 11) and rows["weeks"][i] == 1
    ]
    (row,) = latest
    assert rows["w1"][row] == pytest.approx(0.16 / 0.8)
    assert rows["ks"][row] == pytest.approx(0.08)
    assert rows["w1_p"][row] == 0.001
    assert rows["psi_debiased"][row] < 0.1
    assert rows["alarm"][row]


def test_a_feature_without_its_reference_is_no_data(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    one = scope(42, terms=Terms(drift=WEEKS, features=("x",)), cuts=("all",))
    found = judge("g", Settings(), measures_of(cases(42)), one)
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NO_CASES)
    pilot = replace(one, terms=Terms(drift=Drift(reference="pilot"), features=("x",)))
    found = judge("g", Settings(), measures_of(cases(42)), pilot)
    assert (found.status, found.reason) == (Status.NO_DATA, Reason.NO_BASELINE)


def test_rare_segments_are_one_bin_and_new_ones_another(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    rows = [
        {"day": FIRST + d, "unit": f"u{u:02d}", "n": 50 - u} for d in range(21) for u in range(40)
    ]
    rows += [{"day": FIRST + d, "unit": "z", "n": 500} for d in range(14, 21)]
    one = scope(21, terms=Terms(drift=WEEKS))
    (mix,) = (s for s in subjects(measures_of(rows), one) if s.kind is DriftKind.MIX)
    assert len(mix.labels) == NAMED + 3
    assert mix.labels[:2] == ("u00", "u01")
    assert mix.weekly[2, mix.unseen] == 3500
    assert mix.weekly[0, NAMED] == 7 * sum(50 - u for u in range(NAMED, 40))
    found = judge("g", Settings(subjects=("mix",)), measures_of(rows), one)
    assert "“never seen before”, from 0% to" in found.sentence
    assert "the mix of cases by `unit`" in found.sentence


def test_numbers_as_decisions_leave_mix_and_features(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    one = scope(42, terms=Terms(drift=WEEKS), decision_type=DecisionType.NUMERIC)
    kinds = {s.kind for s in subjects(measures_of(cases(42)), one)}
    assert kinds == {DriftKind.MIX}


def test_the_tables_are_whole_and_empty_before_the_reference(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    one = scope(63, terms=Terms(drift=WEEKS))
    measures = measures_of(cases(63))
    rows, bins = tabulate(measures, one), tabulate_bins(measures, one)
    assert len({len(column) for column in rows.values()}) == 1
    keys = list(zip(rows["kind"], rows["name"], rows["weeks"], rows["day"], strict=True))
    assert len(set(keys)) == len(keys)
    assert rows["weeks"].count(4) == 4
    together = [n for n, w in zip(rows["n_current"], rows["weeks"], strict=True) if w == 4]
    assert set(together) == {4 * 7 * 100}
    assert all(rows["sentence"])
    assert sum(bins["reference"]) == pytest.approx(4)
    early = scope(10, terms=Terms(drift=WEEKS))
    assert not any(len(c) for c in tabulate(measures_of(cases(10)), early).values())
    assert tabulate(measures_of(cases(10)), scope(None)) == {}


def test_days_that_differ_make_counts_tell_less() -> None:
    rng = np.random.default_rng(3)
    calm = rng.multinomial(200, np.full(5, 0.2), 28)
    wild = np.stack([rng.multinomial(200, rng.dirichlet(np.full(5, 5.0))) for _ in range(28)])
    assert float(effect_of(calm)) < 1.5
    assert float(effect_of(wild)) > 4


def test_a_feature_that_is_always_the_same_is_not_too_few(
    measures_of: Callable[..., Measures], scope: Callable[..., Scope]
) -> None:
    counts = np.tile([0, 0, 0, 100, 0], (42, 1))
    features, one = inputs(scope, 42, counts, [0, 0, 0, 1400, 0])
    found = subjects({**measures_of(cases(42)), **features}, one)
    drift = compare(found[:1], 0.05, Limits())
    assert not drift.too_small.any()
    assert not drift.alarm.any()


def test_many_subjects_at_once_are_deflated_and_adjusted_for_their_number() -> None:
    rng = np.random.default_rng(12)
    days = rng.multinomial(200, rng.dirichlet(np.full(6, 8.0), (300, 42)))
    labels = tuple("abcdef")
    found = [
        Subject(
            DriftKind.INPUT,
            f"x{i}",
            labels,
            one[:28].sum(axis=0),
            one[:28],
            one.reshape(6, 7, 6).sum(axis=1),
            4,
            np.full(6, np.nan),
            np.nan,
            -1,
            -1,
        )
        for i, one in enumerate(days)
    ]
    drift = compare(found, 0.05)
    assert drift.p.shape == (300, 7)
    assert np.isnan(drift.p[:, :4]).all(), "the reference is not compared with itself"
    assert (drift.p[:, 4:] <= 0.05).mean() < 0.08
    assert not drift.alarm.any()
    for column in (4, 5, 6):
        np.testing.assert_allclose(
            drift.adjusted[:, column], benjamini_hochberg(drift.p[:, column])
        )
    np.testing.assert_allclose(drift.current[:, 6], drift.current[:, 4] + drift.current[:, 5])
    one = compare(found[7:8], 0.05)
    np.testing.assert_allclose(one.psi, drift.psi[7:8], err_msg="subjects do not touch each other")
