"""The gates `calibration` and `threshold` on studies made for them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from score_tables import score_sums

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Answer, Reason, ScoreMeaning, Status
from evaluators.columns import NO_DAY, UNKNOWN, Columns, Measures
from evaluators.gates import calibration, threshold
from evaluators.scope import Scope
from evaluators.scoring.confidence import Confidence
from evaluators.scoring.scores import ScoreSums, by_confidence, thresholds
from evaluators.scoring.threshold_looks import first_shown
from evaluators.terms import Terms

FIRST = 15_826
PROBABILITY = Terms(score=ScoreMeaning.PROBABILITY)


def study(
    p: np.ndarray,
    y: np.ndarray,
    day: np.ndarray,
    right: np.ndarray | None = None,
    unanswered: int = 0,
) -> Measures:
    """Return measures of cases with a score; `unanswered` more cases a day have none."""
    right = np.where(y == UNKNOWN, UNKNOWN, (p >= 0.5) == y) if right is None else right
    days, n = np.unique(day, return_counts=True)
    kinds = [(Answer.ANSWERED, n)] + [(Answer.ABSTAINED, 0 * n + unanswered)] * (unanswered > 0)
    whole = {
        "cohort_day": np.tile(days, len(kinds)),
        "answer": np.repeat(np.arange(len(kinds)), len(days)),
        "n": np.concatenate([count for _, count in kinds]),
    }
    zero = np.zeros(len(whole["n"]), np.int64)
    whole |= dict.fromkeys(("cut", "segment"), zero)
    whole |= dict.fromkeys(("agree", "production_right", "candidate_right"), zero + 1)
    labels = {"cut": ("all",), "segment": ("all",), "answer": tuple(str(a) for a, _ in kinds)}
    return {
        "outcome_counts": Columns(whole, labels),
        "score_sums": score_sums(p, y, right.astype(int), day),
    }


def cases(
    n: int, days: int, gap: float = 0.0, seed: int = 1, spread: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return scores, outcomes and days; rates lie `gap` below the scores, and swing by day."""
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.1, 1, n)
    day = np.sort(rng.integers(0, days, n))
    rate = p - gap + rng.normal(0, spread, days)[day]
    return p, (rng.random(n) < np.clip(rate, 0, 1)).astype(int), FIRST + day


def calibrated(measures: Measures, scope: Scope, at_most: float = 0.05) -> GateResult:
    return calibration.judge("c", calibration.Settings(at_most), measures, scope)


def sure(measures: Measures, scope: Scope, **settings: Any) -> GateResult:
    return threshold.judge("t", threshold.Settings(**settings), measures, scope)


def test_scores_that_come_true_pass_and_keep_the_pass(scope: Callable[..., Scope]) -> None:
    found = calibrated(study(*cases(30_000, 56)), scope(56, terms=PROBABILITY))
    assert found.status is Status.PASS
    assert found.since is not None
    assert found.high is not None
    assert found.high <= 0.05
    assert "within the limit of 5.0 points" in found.sentence


def test_scores_that_promise_too_much_fail(scope: Callable[..., Scope]) -> None:
    found = calibrated(study(*cases(30_000, 56, gap=0.1)), scope(56, terms=PROBABILITY))
    assert (found.status, found.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)
    assert found.value == pytest.approx(0.1, abs=0.01)
    assert found.low is not None
    assert found.low > 0.05


def test_few_cases_decide_nothing_and_a_forecast_says_when(scope: Callable[..., Scope]) -> None:
    found = calibrated(study(*cases(2_000, 28)), scope(28, terms=PROBABILITY))
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, Reason.UNDECIDED)
    assert found.forecast is not None
    assert found.forecast.reachable
    early = calibrated(study(*cases(1_000, 7)), scope(7, terms=PROBABILITY))
    assert early.reason is Reason.TOO_FEW_WEEKS
    assert early.forecast is not None


def test_a_number_below_noise_is_shown_as_noise(scope: Callable[..., Scope]) -> None:
    day = FIRST + np.arange(3_000) % 28
    half = np.arange(1_500) % 4
    p, y = np.repeat([0.25, 0.75], 1_500), np.concatenate([half == 0, half != 0]).astype(int)
    found = calibrated(study(p, y, day), scope(28, terms=PROBABILITY), 0.2)
    assert found.value == 0
    assert found.measured.startswith("not above noise")


def test_outcomes_that_are_missing_are_taken_the_worst_way_round(
    scope: Callable[..., Scope],
) -> None:
    p, y, day = cases(30_000, 56)
    missing = np.random.default_rng(4).random(len(y)) < 0.15
    found = calibrated(study(p, np.where(missing, UNKNOWN, y), day), scope(56, terms=PROBABILITY))
    assert found.status is Status.INCONCLUSIVE
    assert found.high is not None
    assert found.high > 0.1


def test_days_that_swing_widen_the_bounds(scope: Callable[..., Scope]) -> None:
    still = calibrated(study(*cases(20_000, 56)), scope(56, terms=PROBABILITY))
    swing = calibrated(study(*cases(20_000, 56, spread=0.1)), scope(56, terms=PROBABILITY))
    assert still.high is not None
    assert swing.high is not None
    assert swing.high > still.high + 0.01


@pytest.mark.parametrize("judged", [calibrated, sure])
def test_scores_that_are_none_are_no_data(
    judged: Callable[..., GateResult], scope: Callable[..., Scope]
) -> None:
    p, y, day = cases(500, 28)
    measures = study(p, y, day)
    rank = judged(measures, scope(28))
    assert (rank.status, rank.reason) == (Status.NO_DATA, Reason.NOT_APPLICABLE)
    p[3] = 1.2
    outside = judged(study(p, y, day), scope(28, terms=PROBABILITY))
    assert (outside.status, outside.reason) == (Status.NO_DATA, Reason.SCORES_OUTSIDE)
    assert outside.sentence.startswith("1 case has a score outside")
    nothing = judged({**measures, "score_sums": Columns({})}, scope(28, terms=PROBABILITY))
    assert nothing.reason is Reason.NO_CASES


def test_a_study_without_days_is_looked_at_once(scope: Callable[..., Scope]) -> None:
    p, y, day = cases(30_000, 56)
    measures = study(p, y, np.full_like(day, NO_DAY))
    found = calibrated(measures, scope(terms=PROBABILITY))
    assert (found.status, found.since) == (Status.PASS, None)
    assert "independent" in found.sentence
    assert sure(measures, scope(terms=PROBABILITY), error=0.2, coverage=0.3).status is Status.PASS


def test_a_registered_threshold_passes_and_fails_by_its_limits(
    scope: Callable[..., Scope],
) -> None:
    measures, where = study(*cases(20_000, 56)), scope(56, terms=PROBABILITY)
    good = sure(measures, where, threshold=0.8, error=0.15, coverage=0.2)
    assert good.status is Status.PASS
    assert good.since is not None
    assert "above a confidence of 0.80" in good.sentence
    p, y, _ = cases(20_000, 56)
    covered = np.maximum(p, 1 - p) >= 0.8
    assert good.n < covered.sum() + 1
    assert good.value == pytest.approx(((p >= 0.5) != y)[covered].mean(), abs=1e-9)
    assert sure(measures, where, threshold=0.8, error=0.05, coverage=0.2).status is Status.FAIL
    assert sure(measures, where, threshold=0.8, error=0.15, coverage=0.9).status is Status.FAIL
    near = sure(measures, where, threshold=0.8, error=0.12, coverage=0.2)
    assert near.status is Status.INCONCLUSIVE


def test_without_a_threshold_the_laxest_that_is_shown_is_told(
    scope: Callable[..., Scope],
) -> None:
    measures, where = study(*cases(20_000, 56)), scope(56, terms=PROBABILITY)
    found = sure(measures, where, error=0.15, coverage=0.3)
    assert found.status is Status.PASS
    hopeless = sure(measures, where, error=0.01, coverage=0.9)
    assert hopeless.status is Status.FAIL
    assert hopeless.forecast is None


def test_unanswered_cases_are_not_covered(scope: Callable[..., Scope]) -> None:
    p, y, day = cases(20_000, 56)
    where = scope(56, terms=PROBABILITY)
    whole = Confidence.of(study(p, y, day), where, np.zeros(0, np.int64))
    half = Confidence.of(study(p, y, day, unanswered=357), where, np.zeros(0, np.int64))
    assert whole.coverage[-1, 0] == 1
    assert half.coverage[-1, 0] == pytest.approx(0.5, abs=0.01)
    settings = {"threshold": 0.5, "error": 0.4, "coverage": 0.7}
    assert sure(study(p, y, day), where, **settings).status is Status.PASS
    assert sure(study(p, y, day, unanswered=357), where, **settings).status is Status.FAIL


def test_small_studies_hear_that_the_guarantee_is_out_of_reach(
    scope: Callable[..., Scope],
) -> None:
    found = sure(study(*cases(600, 28)), scope(28, terms=PROBABILITY), error=0.05, coverage=0.1)
    assert found.status is Status.INCONCLUSIVE
    assert "Below about 1,000 outcomes" in found.sentence


def test_confidence_folds_probabilities_and_keeps_confidences() -> None:
    p = np.array([0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0])
    day = np.full(len(p), FIRST)
    table = score_sums(p, np.ones(len(p), int), np.ones(len(p), int), day)
    sums = ScoreSums(table, 0, np.zeros(len(p), np.int64), 1)
    for meaning, sureness in (
        (ScoreMeaning.PROBABILITY, np.maximum(p, 1 - p)),
        (ScoreMeaning.CONFIDENCE, p),
    ):
        n = by_confidence(sums.running("n"), meaning)[0].cumsum()
        least = thresholds(meaning)
        wanted = [(np.round(sureness, 9) >= t).sum() for t in least]
        # Below a half the edge of a bin is its upper end, since bins mirror each other.
        kept = least >= 0.5
        assert (n[kept] == np.array(wanted)[kept]).all()


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"error": 0.0}, "error"),
        ({"coverage": 1.0}, "coverage"),
        ({"threshold": 0.83}, "threshold"),
        ({"threshold": 1.0}, "threshold"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, float], word: str) -> None:
    with pytest.raises(ValueError, match=f"`{word}`"):
        threshold.Settings(**settings)


def test_limits_of_calibration_are_checked() -> None:
    with pytest.raises(ValueError, match="`at_most`"):
        calibration.Settings(0.0)


def test_missing_outcomes_are_errors_and_days_that_swing_deflate(
    scope: Callable[..., Scope],
) -> None:
    p, y, day = cases(20_000, 56)
    settings = {"threshold": 0.8, "error": 0.135, "coverage": 0.2}
    where = scope(56, terms=PROBABILITY)
    whole = sure(study(p, y, day), where, **settings)
    assert whole.status is Status.PASS
    missing = np.random.default_rng(4).random(len(y)) < 0.05
    found = sure(study(p, np.where(missing, UNKNOWN, y), day), where, **settings)
    assert found.status is Status.INCONCLUSIVE
    assert found.high is not None
    assert whole.high is not None
    assert found.high > whole.high + 0.03
    rng = np.random.default_rng(6)
    often = rng.beta(0.4, 2.8, 56)[day - FIRST]
    wrong = (rng.random(len(y)) < often).astype(int)
    swinging = Confidence.of(study(p, y, day, right=1 - wrong), where, np.zeros(0, np.int64))
    assert swinging.effect[-1, 0] > 5


def test_the_risk_and_the_coverage_are_each_shown_with_half_of_alpha() -> None:
    def shown(safe: float, wide: float, size: int) -> bool:
        made: Any = SimpleNamespace(
            least=np.zeros(size),
            log_safe=lambda error: np.full((size, 1), safe),
            log_wide=lambda coverage: np.full((size, 1), wide),
        )
        timeless: Any = SimpleNamespace(ends=np.zeros(0, np.int64))
        return first_shown(made, timeless, 0.05, 0.5, 0.025) is not None

    one, half = -np.log(0.025), -np.log(0.0125)
    assert shown(one, one, 1)
    assert not shown(one - 0.1, one, 1)
    assert not shown(20, one + 0.1, 2)
    assert not shown(half + 0.1, 20, 2)  # two anchors share it once more
    assert shown(half + np.log(2) + 0.01, half, 2)
