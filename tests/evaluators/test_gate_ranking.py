"""The gate `ranking`: one look, named in advance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from score_tables import ranking_counts

from data_contracts.findings import GateResult
from data_contracts.vocabulary import Reason, Status
from evaluators.columns import UNKNOWN, Columns
from evaluators.gates import ranking
from evaluators.scope import Scope
from evaluators.terms import Terms

FIRST = 15_826
SERVED = Terms(served_in_order=True)


def pool(
    skill: float, days: int = 42, each: int = 25, seed: int = 2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return scores, positives and days; the score tells positives with some skill."""
    rng = np.random.default_rng(seed)
    y = (rng.random(days * each) < 0.25).astype(int)
    score = rng.normal(0, 1, len(y)) + skill * y
    return 1 / (1 + np.exp(-score)), y, FIRST + np.repeat(np.arange(days), each)


def judged(
    cases: tuple[np.ndarray, np.ndarray, np.ndarray], scope: Scope, **settings: Any
) -> GateResult:
    found = ranking.Settings(**{"at_week": 6, **settings})
    return ranking.judge("r", found, {"ranking_counts": ranking_counts(*cases)}, scope)


def test_a_score_that_finds_positives_passes(scope: Callable[..., Scope]) -> None:
    found = judged(pool(2.0), scope(42, terms=SERVED), earlier_days=3, first_half=0.1)
    assert found.status is Status.PASS
    assert found.since is not None
    assert "as many slots a day as there were" in found.sentence


def test_a_score_that_hides_them_fails(scope: Callable[..., Scope]) -> None:
    found = judged(pool(-1.0), scope(42, terms=SERVED))
    assert (found.status, found.reason) == (Status.FAIL, Reason.BEYOND_LIMIT)


def test_a_score_without_skill_decides_nothing_and_more_cases_do_not_help(
    scope: Callable[..., Scope],
) -> None:
    found = judged(pool(0.0), scope(42, terms=SERVED))
    assert (found.status, found.reason) == (Status.INCONCLUSIVE, Reason.UNDECIDED)
    assert found.forecast is not None
    assert not found.forecast.reachable
    assert "More cases do not change that look" in found.sentence


def test_it_waits_for_its_one_look(scope: Callable[..., Scope]) -> None:
    early = judged(pool(2.0), scope(42, terms=SERVED, matures_after_days=3))
    assert (early.status, early.reason) == (Status.INCONCLUSIVE, Reason.TOO_FEW_WEEKS)
    assert early.forecast is not None
    assert early.forecast.earliest == early.forecast.latest
    assert early.value is None


def test_what_comes_after_the_look_changes_nothing(scope: Callable[..., Scope]) -> None:
    score, y, day = pool(1.0, days=70)
    whole = judged((score, y, day), scope(70, terms=SERVED))
    until = day < FIRST + 42
    assert whole == judged((score[until], y[until], day[until]), scope(42, terms=SERVED))


def test_unknown_outcomes_count_against_it(scope: Callable[..., Scope]) -> None:
    score, y, day = pool(2.0)
    known = judged((score, y, day), scope(42, terms=SERVED), earlier_days=3)
    hidden = np.where(np.random.default_rng(9).random(len(y)) < 0.3, UNKNOWN, y)
    found = judged((score, hidden, day), scope(42, terms=SERVED), earlier_days=3)
    assert known.status is Status.PASS
    assert found.low is not None
    assert known.low is not None
    assert found.low < known.low
    assert "counts against it" in found.sentence


def test_where_it_does_not_apply_it_says_so(scope: Callable[..., Scope]) -> None:
    cases = pool(2.0)
    assert judged(cases, scope(42)).reason is Reason.NOT_APPLICABLE
    assert judged(cases, scope(terms=SERVED)).reason is Reason.NO_TIMES
    empty = ranking.judge(
        "r", ranking.Settings(), {"ranking_counts": Columns({})}, scope(42, terms=SERVED)
    )
    assert empty.reason is Reason.NO_CASES
    few = judged(pool(2.0, days=15), scope(42, terms=SERVED))
    assert few.reason is Reason.TOO_FEW_CLUSTERS


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"earlier_days": None}, "earlier_days"),
        ({"earlier_days": float("nan")}, "earlier_days"),
        ({"first_half": 1.5}, "first_half"),
        ({"at_week": 1}, "at_week"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ranking.Settings(**settings)
