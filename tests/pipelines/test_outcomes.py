"""Outcomes that come late, stop, or cannot be seen: small studies through the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pytest

Place = Any
Make = Callable[..., Place]
START = datetime(2026, 3, 2, tzinfo=UTC)
Texts = np.ndarray


def written(place: Place, **columns: Any) -> Place:
    """Write the cases of a study: `day`, `decision`, `recommendation`, and more where it has any.

    `lag` is whole days until the outcome, negative where none ever comes.
    """
    rng = np.random.default_rng(3)
    n = len(columns["day"])
    ids = [f"case-{i:06d}" for i in range(n)]
    at = [
        START + timedelta(days=int(d), minutes=int(m))
        for d, m in zip(columns["day"], rng.integers(0, 1400, n), strict=True)
    ]
    decisions: dict[str, Any] = {
        "decision_id": ids,
        "decided_at": [t.isoformat() for t in at],
        "decision": columns["decision"],
        "region": columns.get("region", np.full(n, "north")),
    }
    for name in ("decided_by", "exploration"):
        if name in columns:
            decisions[name] = columns[name]
    recommendations = {
        "decision_id": ids,
        "recommended_at": [(t + timedelta(seconds=1)).isoformat() for t in at],
        "recommendation": columns["recommendation"],
        "score": columns.get("score", np.full(n, 0.5)),
    }
    known = np.flatnonzero(columns["lag"] >= 0)
    outcomes = {
        "decision_id": [ids[i] for i in known],
        "observed_at": [
            (at[i] + timedelta(days=int(columns["lag"][i]), seconds=2)).isoformat() for i in known
        ],
        "outcome": columns["outcome"][known],
    }
    streams = {"decisions": decisions, "recommendations": recommendations, "outcomes": outcomes}
    for stream, table in streams.items():
        folder = place.root / "data" / stream
        folder.mkdir(parents=True, exist_ok=True)
        csv.write_csv(
            pa.table({k: pa.array(list(v)) for k, v in table.items()}), folder / "all.csv"
        )
    return place


def either(choice: np.ndarray, yes: str = "yes", no: str = "no") -> Texts:
    return np.where(choice, yes, no)


def gate(place: Place, name: str) -> tuple[str, str]:
    """Return the published status and sentence of a gate."""
    ((status, sentence),) = place.evidence(
        f"SELECT status, sentence FROM gates WHERE gate = '{name}'"
    )
    return status, sentence


CREDIT = {
    "decision": {"type": "binary", "classes": ["approve", "deny"], "positive": "approve"},
    "outcome": {"matures_after_days": 5, "selective": {"observed_when": ["approve"]}},
}
ASSUMED = {
    "gates": [
        {"kind": "books"},
        {"kind": "noninferiority", "margin": 0.02},
        {"kind": "selective", "margin": 0.02},
        {"kind": "selective", "name": "half-good", "margin": 0.02, "good_at_least": 0.5},
        {"kind": "label_coverage"},
    ]
}


def credit(place: Place, explored: float = 0.0) -> tuple[Place, np.ndarray]:
    """Write a credit study; return it with the truth of every case (1: good)."""
    rng = np.random.default_rng(5)
    n = 6000
    good = rng.random(n) < 0.85
    risk = np.where(good, rng.beta(2, 5, n), rng.beta(4, 3, n))
    officer = rng.integers(0, 3, n)
    strict = np.array([0.55, 0.65, 0.8])[officer]
    approved = risk + rng.normal(0, 0.1, n) < strict
    recommended = risk < 0.68
    chance = np.where(~approved, explored, 0.0)
    seen = approved | (rng.random(n) < chance)
    written(
        place,
        day=np.sort(rng.integers(0, 60, n)),
        decision=either(approved, "approve", "deny"),
        recommendation=either(recommended, "approve", "deny"),
        score=1 - risk,
        decided_by=np.array(["ann", "bob", "cy"])[officer],
        exploration=chance,
        outcome=either(good, "approve", "deny"),
        lag=np.where(seen, rng.integers(1, 5, n), -1),
    )
    return place, good, approved, recommended


def test_a_credit_study_shows_bounds_and_never_a_lone_number(make_place: Make) -> None:
    place, good, approved, recommended = credit(make_place(0, policy=ASSUMED, **CREDIT))
    place.understudy("run", check=None)
    mature = int(place.evidence("SELECT n FROM selective_bounds WHERE cut = 'all'")[0][0])
    ((b, c, u, worst, best, low, high, q, tip, sentence),) = place.evidence(
        "SELECT only_candidate, only_production, hidden, worst, best, low, high, break_even,"
        " tipping_odds, sentence FROM selective_bounds WHERE cut = 'all'"
    )
    # Everything of the first `mature` cases (they are in order of time), counted from the truth.
    a, r, g = (x[:mature] for x in (approved, recommended, good))
    assert (b, c, u) == (
        int((a & ~r & ~g).sum()),
        int((a & ~r & g).sum()),
        int((~a & r).sum()),
    )
    assert worst == pytest.approx((b - c - u) / mature)
    assert best == pytest.approx((b - c + u) / mature)
    truth = np.mean((r == g).astype(int) - (a == g).astype(int))
    assert low < worst <= truth <= best < high
    assert q == pytest.approx((1 + (-0.02 * mature - (b - c)) / u) / 2)
    assert tip > 1
    assert "points are possible" in sentence
    lone = "SELECT metric, estimate FROM findings WHERE cut = 'all' AND estimate IS NOT NULL"
    shown = {metric for metric, _ in place.evidence(lone)}
    assert not shown & {
        "paired_difference",
        "difference_possible",
        "accuracy_candidate",
        "accuracy_production",
        "false_positive_rate_production",
    }
    assert place.evidence("SELECT count(estimate) FROM trajectory") == [(0,)]
    for metric, value in (
        ("accuracy_candidate", np.mean((recommended == good)[:mature])),
        ("accuracy_production", np.mean((approved == good)[:mature])),
        ("paired_difference", truth),
    ):
        ((lower, upper),) = place.evidence(
            f"SELECT low, high FROM findings WHERE cut = 'all' AND metric = '{metric}'"
        )
        assert lower <= value <= upper
    # Nothing is late: all that could be seen was.
    coverage = "SELECT estimate FROM findings WHERE cut = 'all' AND metric = 'outcome_coverage'"
    assert place.evidence(coverage) == [(1.0,)]
    assert gate(place, "noninferiority")[0] == "INCONCLUSIVE"
    status, told = gate(place, "selective")
    assert status == "INCONCLUSIVE"
    ((seen,),) = place.evidence("SELECT n FROM gates WHERE gate = 'selective'")
    a, r, g = (x[:seen] for x in (approved, recommended, good))  # up to the end of a whole week
    gained = int((a & ~r & ~g).sum() - (a & ~r & g).sum())
    least = (1 + (-0.02 * seen - gained) / int((~a & r).sum())) / 2
    assert f"in at least {100 * least:.1f}%" in told
    assert gate(place, "half-good")[0] == "PASS"
    assert (
        "As long as the candidate would have been right in at least 50.0%"
        in (gate(place, "half-good")[1])
    )
    assert place.evidence("SELECT value FROM gates WHERE kind = 'selective'") == [(None,)] * 2
    assert gate(place, "label_coverage")[0] == "PASS"
    slider = place.evidence(
        "SELECT good, difference FROM selective_sensitivity WHERE assumption = 'share'"
        " ORDER BY good"
    )
    assert slider[0][1] == pytest.approx(worst)
    assert slider[-1][1] == pytest.approx(best)
    deciders = place.evidence(
        "SELECT kind, count(*), any_value(assignment_p) FROM contraction"
        " GROUP BY kind ORDER BY kind"
    )
    assert deciders[0][0] == "candidate"
    assert deciders[1][:2] == ("decider", 3)
    assert deciders[0][2] > 0.001
    names = place.evidence("SELECT DISTINCT decider FROM decider_counts")
    assert not {"ann", "bob", "cy"} & {name for (name,) in names}


def test_cases_let_through_at_random_give_an_estimate_with_its_interval(make_place: Make) -> None:
    place, good, approved, recommended = credit(make_place(0, policy=ASSUMED, **CREDIT), 0.3)
    place.understudy("run", check=None)
    ((n, seen, effective, estimate, low, high),) = place.evidence(
        "SELECT n, explored, explored_effective, explored_estimate, explored_low, explored_high"
        " FROM selective_bounds WHERE cut = 'all'"
    )
    truth = np.mean(((recommended == good).astype(int) - (approved == good).astype(int))[:n])
    assert seen == pytest.approx(effective)
    assert low <= truth <= high
    assert estimate == pytest.approx(truth, abs=high - low)
    ((worst, best),) = place.evidence("SELECT worst, best FROM selective_bounds WHERE cut = 'all'")
    assert high - low < 0.5 * (best - worst)


def test_a_chance_beyond_one_goes_to_quarantine(make_place: Make) -> None:
    place = make_place(0, policy=ASSUMED, **CREDIT)
    written(
        place,
        day=np.zeros(3, int),
        decision=either(np.ones(3, bool), "approve", "deny"),
        recommendation=either(np.ones(3, bool), "approve", "deny"),
        exploration=np.array([0.5, 1.5, -0.1]),
        outcome=either(np.ones(3, bool), "approve", "deny"),
        lag=np.ones(3, int),
    )
    place.understudy("run", check=None)
    assert place.query("SELECT reason, field, count(*) FROM quarantine GROUP BY ALL") == [
        ("out_of_range", "exploration", 2)
    ]


def equal(n: int, days: int, seed: int = 7) -> dict[str, np.ndarray]:
    """Return cases of two equally good sides: 30 % yes, each wrong in a tenth."""
    rng = np.random.default_rng(seed)
    truth = rng.random(n) < 0.3
    return {
        "day": np.sort(rng.integers(0, days, n)),
        "truth": truth,
        "production": truth ^ (rng.random(n) < 0.1),
        "candidate": truth ^ (rng.random(n) < 0.1),
    }


def as_written(
    place: Place, cases: dict[str, np.ndarray], outcome: np.ndarray, lag: np.ndarray
) -> Place:
    return written(
        place,
        day=cases["day"],
        decision=either(cases["production"]),
        recommendation=either(cases["candidate"]),
        outcome=either(outcome),
        lag=lag,
    )


POLICY = {
    "gates": [
        {"kind": "books"},
        {"kind": "noninferiority", "margin": 0.05},
        {"kind": "label_coverage"},
    ]
}


@pytest.mark.parametrize("named", [False, True])
def test_a_feed_that_from_day_40_on_sends_one_class_is_blocked(
    make_place: Make, named: bool
) -> None:
    cases = equal(7000, 70)
    arrives = cases["day"] + 2
    policy = {"gates": [*POLICY["gates"], *([{"kind": "outcome_series"}] if named else [])]}
    place = make_place(0, policy=policy)
    outcome = cases["truth"] & (arrives < 40)
    as_written(place, cases, outcome, np.full(7000, 2))
    place.understudy("run", check=None)
    assert place.evidence("SELECT state FROM verdicts") == [("BLOCKED",)]
    status, sentence = gate(place, "outcome_series")
    assert status == "FAIL"
    assert "11 Apr 2026" in sentence  # the 40th day after 2 March
    assert "no outcome `yes` has come" in sentence
    assert "all of them `no`" in sentence
    assert "11 Apr 2026" in place.evidence("SELECT sentence FROM verdicts")[-1][0]


def test_a_sound_feed_is_not_blocked_and_the_gate_keeps_quiet(make_place: Make) -> None:
    cases = equal(7000, 70)
    place = as_written(make_place(0, policy=POLICY), cases, cases["truth"], np.full(7000, 2))
    place.understudy("run", check=None)
    assert place.evidence("SELECT state FROM verdicts") == [("GO",)]
    kinds = {kind for (kind,) in place.evidence("SELECT kind FROM gates")}
    assert "outcome_series" not in kinds
    assert gate(place, "label_coverage")[0] == "PASS"


def test_coverage_that_depends_on_the_disagreement_is_blocked(make_place: Make) -> None:
    cases = equal(7000, 70)
    rng = np.random.default_rng(1)
    alone = cases["candidate"] & ~cases["production"]
    lost = rng.random(7000) < np.where(alone, 0.4, 0.02)
    place = as_written(make_place(0, policy=POLICY), cases, cases["truth"], np.where(lost, -1, 2))
    place.understudy("run", check=None)
    assert place.evidence("SELECT state FROM verdicts") == [("BLOCKED",)]
    status, sentence = gate(place, "label_coverage")
    assert status == "FAIL"
    assert "production no, candidate yes" in sentence
    rows = place.evidence(
        "SELECT level, blocking, p_holm, labelled, n FROM outcome_coverage_bias"
        " WHERE grouping = 'disagreement'"
    )
    blocking = {level: flag for level, flag, *_ in rows}
    assert blocking["production no, candidate yes"]
    assert not blocking["both the same"]
    assert all(p < 1e-6 for _, _, p, *_ in rows)
    assert all(labelled <= n for *_, labelled, n in rows)


def test_outcomes_whose_bad_class_comes_early_show_no_naive_accuracy(make_place: Make) -> None:
    # The cases the candidate gets wrong are told of last: what has come so far flatters it.
    n, days, wait = 6000, 60, 21
    cases = equal(n, days, 9)
    candidate_wrong = (cases["candidate"] != cases["truth"]) & (
        cases["production"] == cases["truth"]
    )
    lag = np.where(candidate_wrong, 19, 1)
    now = days - 1
    seen = cases["day"] + lag <= now
    place = make_place(0, outcome={"matures_after_days": wait}, policy=POLICY)
    as_written(place, cases, cases["truth"], np.where(seen, lag, -1))
    place.understudy("run", check=None)
    d = (cases["candidate"] == cases["truth"]).astype(int) - (cases["production"] == cases["truth"])
    mature = cases["day"] <= now - wait
    naive, truth = d[seen].mean(), d[mature].mean()
    assert naive > truth + 0.01
    ((estimate, n_shown),) = place.evidence(
        "SELECT estimate, n FROM findings WHERE cut = 'all' AND metric = 'paired_difference'"
    )
    assert (estimate, n_shown) == (pytest.approx(truth), mature.sum())
    numbers = place.evidence(
        "SELECT estimate FROM findings WHERE estimate IS NOT NULL AND cut = 'all'"
        " UNION ALL SELECT value FROM gates WHERE value IS NOT NULL"
        " UNION ALL SELECT estimate FROM trajectory WHERE estimate IS NOT NULL"
    )
    right = (cases["candidate"] == cases["truth"])[seen].mean()
    assert min(abs(value - naive) for (value,) in numbers) > 1e-6
    assert min(abs(value - right) for (value,) in numbers) > 1e-6
    ((needed,),) = place.evidence(
        "SELECT DISTINCT needed_days FROM label_arrival WHERE outcome = '(any)'"
    )
    assert needed == 21


def test_a_study_that_waits_too_short_is_told(make_place: Make) -> None:
    cases = equal(6000, 90)
    lag = np.where(cases["truth"], 20, 2)
    lag = np.where(cases["day"] + lag <= 89, lag, -1)
    place = make_place(0, outcome={"matures_after_days": 7}, policy=POLICY)
    as_written(place, cases, cases["truth"], lag)
    place.understudy("run", check=None)
    told = dict(place.evidence("SELECT DISTINCT outcome, sentence FROM label_arrival"))
    assert told["yes"] == "Outcomes of class yes need 21 days, the study waits 7."
    assert told["no"] == "Outcomes of class no need 7 days, the study waits 7."
    ((share,),) = place.evidence(
        "SELECT arrived FROM label_arrival WHERE outcome = 'yes' AND age = 30"
    )
    assert share == pytest.approx(cases["truth"].mean(), abs=0.02)
