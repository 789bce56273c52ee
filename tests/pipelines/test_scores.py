"""Scores that say how sure the candidate is, from the files to the published evidence."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.assessment.measures import all_measures

if TYPE_CHECKING:
    from conftest import Place

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, CASES = 30, 300
WORDS = np.array(["no", "yes"])
DECISION = {"type": "binary", "classes": ["no", "yes"], "positive": "yes", "score": "probability"}
GATES = [
    {"kind": "books"},
    {"kind": "calibration", "at_most": 0.1},
    {"kind": "threshold", "error": 0.2, "coverage": 0.3},
]


def rows(seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return day, score and truth of every case: scores that are the probability."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.beta(0.6, 0.9, DAYS * CASES), 4)
    truth = (rng.random(DAYS * CASES) < score).astype(int)
    return np.repeat(np.arange(DAYS), CASES), score, truth


def write(place: Place, score: np.ndarray, truth: np.ndarray) -> None:
    data = place.root / "data"
    for stream in ("decisions", "recommendations", "outcomes"):
        (data / stream).mkdir(parents=True, exist_ok=True)
    ids = [f"case-{i:05d}" for i in range(DAYS * CASES)]
    times = [START + timedelta(days=i // CASES, minutes=i % CASES) for i in range(DAYS * CASES)]
    lines = ["decision_id,decided_at,decision,region"]
    lines += [f"{i},{t.isoformat()},no,north" for i, t in zip(ids, times, strict=True)]
    (data / "decisions" / "all.csv").write_text("\n".join(lines) + "\n")
    records = [
        {"decision_id": i, "recommended_at": (t + timedelta(seconds=1)).isoformat()}
        | {"recommendation": str(WORDS[int(s >= 0.5)]), "score": float(s)}
        for i, t, s in zip(ids, times, score, strict=True)
    ]
    (data / "recommendations" / "all.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n")
    observed = pa.array([t + timedelta(hours=30) for t in times])
    columns = {"decision_id": ids, "observed_at": observed, "outcome": WORDS[truth].tolist()}
    pq.write_table(pa.table(columns), data / "outcomes" / "all.parquet")


@pytest.fixture
def scored(make_place: Callable[..., Place]) -> Callable[..., Place]:
    """Return a function that makes a study with scores and runs it."""

    def make(p: np.ndarray, truth: np.ndarray, **decision: Any) -> Place:
        found = make_place(0, decision={**DECISION, **decision}, policy={"gates": GATES})
        write(found, p, truth)
        found.understudy("run", "--quiet")
        return found

    return make


def test_probabilities_are_judged_and_shown(scored: Callable[..., Place]) -> None:
    day, score, truth = rows()
    place = scored(score, truth)
    mature = day < DAYS - 2
    p, y = score[mature], truth[mature]
    found = {
        metric: (estimate, low, high)
        for metric, estimate, low, high in place.evidence(
            "SELECT metric, estimate, low, high FROM findings WHERE cut = 'all'"
        )
    }
    assert found["brier"][0] == pytest.approx(np.mean((p - y) ** 2), abs=2e-9)
    loss = -np.mean(np.where(y == 1, np.log(np.maximum(p, 1e-9)), np.log(np.maximum(1 - p, 1e-9))))
    assert found["log_loss"][0] == pytest.approx(loss, abs=2e-9)
    z = np.sum((y - p) * (1 - 2 * p)) / math.sqrt(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))
    assert found["spiegelhalter_z"][0] == pytest.approx(z, abs=1e-6)
    fiftieths = np.floor(np.round(p * 50, 9))
    above = np.subtract.outer(fiftieths[y == 1], fiftieths[y == 0])
    wanted = np.mean(above > 0) + np.mean(above == 0) / 2
    assert found["auc"][0] == pytest.approx(wanted, abs=2e-3)
    assert found["auc"][1] < found["auc"][0] < found["auc"][2]
    gates = {
        kind: (status, n, sentence)
        for kind, status, n, sentence in place.evidence(
            "SELECT kind, status, n, sentence FROM gates"
        )
    }
    assert gates["calibration"][0] == "PASS"
    assert gates["threshold"][0] == "PASS"


def test_published_tables_are_those_of_the_rows(scored: Callable[..., Place]) -> None:
    day, score, truth = rows()
    place = scored(score, truth)
    mature = day < DAYS - 2
    p, y = score[mature], truth[mature]
    bins = place.evidence("SELECT score_from, n, known, mean_score, came_true FROM reliability")
    assert sum(n for _, n, *_ in bins) == mature.sum()
    for start, n, known, mean, rate in bins:
        inside = (
            (p >= start) & (p < start + 0.1) if start >= 0.5 else (p > start) & (p <= start + 0.1)
        )
        inside |= (p == 0) & (start == 0) | (p == 1) & (start > 0.89)
        assert (n, known) == (inside.sum(), inside.sum())
        assert mean == pytest.approx(p[inside].mean(), abs=1e-9)
        assert rate == pytest.approx(y[inside].mean(), abs=1e-12)
    sure, wrong = np.maximum(p, 1 - p), (p >= 0.5) != y
    curve = place.evidence(
        "SELECT threshold, n, errors, coverage, risk, left_per_day FROM risk_coverage"
        " ORDER BY threshold"
    )
    assert len(curve) == 25
    for threshold, n, errors, coverage, risk, left in curve:
        answered = np.round(sure, 9) >= threshold
        assert (n, errors) == (answered.sum(), wrong[answered].sum())
        assert coverage == pytest.approx(answered.mean())
        assert risk == pytest.approx(wrong[answered].mean())
        assert left == pytest.approx((~answered).sum() / (DAYS - 2))


def test_scores_that_are_no_probabilities_are_said_to_be_none(
    scored: Callable[..., Place],
) -> None:
    _, score, truth = rows()
    place = scored(np.where(score > 0.99, 3.5, score), truth)
    many = int((score > 0.99).sum())
    status, reason, sentence = place.evidence(
        "SELECT status, reason, sentence FROM gates WHERE kind = 'calibration'"
    )[0]
    assert (status, reason) == ("NO_DATA", "scores_outside")
    assert sentence.startswith(f"{many:,} cases have a score outside 0 to 1")
    assert place.evidence("SELECT * FROM reliability") == []
    brier = place.evidence("SELECT status, reason, estimate FROM findings WHERE metric = 'brier'")
    assert brier == [("NO_DATA", "scores_outside", None)]


def test_ranks_cost_nothing_and_claim_nothing(scored: Callable[..., Place]) -> None:
    _, score, truth = rows()
    place = scored(score, truth, score="rank")
    assert place.query("SELECT count(*) FROM measures.score_sums") == [(0,)]
    assert place.query("SELECT count(*) FROM measures.ranking_counts") == [(0,)]
    assert place.evidence("SELECT * FROM findings WHERE metric = 'brier'") == []
    assert place.evidence("SELECT status FROM gates WHERE kind = 'calibration'") == [("NO_DATA",)]


def summed(score: list[float], event: list[bool | None]) -> list[tuple[Any, ...]]:
    """Return the rows of the measure `score_sums` for some cases."""
    sql = next(m.sql for m in all_measures() if m.name == "score_sums")
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE cases (candidate VARCHAR, model_version VARCHAR, cohort_day DATE,"
            " answer VARCHAR, probability DOUBLE, event BOOLEAN, recommendation VARCHAR,"
            " outcome VARCHAR)"
        )
        con.executemany(
            "INSERT INTO cases VALUES ('c', '1', '2026-03-02', 'answered', ?, ?, 'yes', ?)",
            [
                [p, y, None if y is None else "yes" if y else "no"]
                for p, y in zip(score, event, strict=True)
            ],
        )
        return con.execute(
            f"SELECT bin, sum(n)::INT, sum(probability)::BIGINT FROM ({sql}) GROUP BY bin"
            " ORDER BY bin"
        ).fetchall()


def test_edges_belong_to_the_bin_that_is_as_sure() -> None:
    # 0.1 is as sure as 0.9, and 0.9 begins the bin of confidences from 0.9 on.
    found = {n: b for b, n, _ in summed([0.42], [True])}
    assert found == {1: 20}
    for low in [i / 50 for i in range(1, 25)]:
        ((down, *_),) = summed([low], [True])
        ((up, *_),) = summed([1 - low], [False])
        assert (down, up) == (round(low * 50) - 1, 50 - round(low * 50))
    assert summed([0.0, 1.0, 0.5], [True] * 3) == [(0, 1, 0), (25, 1, 5 * 10**8), (49, 1, 10**9)]


def test_parts_add_up_bit_for_bit() -> None:
    rng = np.random.default_rng(8)
    score = rng.random(500).tolist()
    event = [None if u < 0.2 else bool(u < 0.6) for u in rng.random(500)]
    whole = {b: (n, s) for b, n, s in summed(score, event)}
    parts: dict[int, tuple[int, int]] = {}
    for start in range(0, 500, 125):
        for b, n, s in summed(score[start : start + 125], event[start : start + 125]):
            before = parts.get(b, (0, 0))
            parts[b] = (before[0] + n, before[1] + s)
    assert parts == whole
    assert sum(s for _, s in whole.values()) == pytest.approx(sum(score) * 1e9, abs=250)
