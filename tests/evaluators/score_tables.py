"""Small literal measures of scores, as `evaluators/measures` would make them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from evaluators.columns import NO_DAY, UNKNOWN, Columns

SUMS = (
    "probability",
    "probability_squared",
    "spread",
    "brier_squared",
    "log_loss",
    "log_loss_squared",
)


def bin_of(p: np.ndarray) -> np.ndarray:
    """Return the fiftieth of each score; -1 outside 0 to 1."""
    units = np.round(p * 1e9).astype(np.int64)
    low = np.maximum((units + 19_999_999) // 20_000_000 - 1, 0)
    inside = (p >= 0) & (p <= 1)
    return np.where(inside, np.where(p < 0.5, low, np.minimum(units // 20_000_000, 49)), -1)


def score_sums(
    p: np.ndarray, event: np.ndarray, right: np.ndarray, day: np.ndarray, n: Any = 1
) -> Columns:
    """Return the measure, one row a case (or `n` of them); unknown outcomes are `UNKNOWN`."""
    score, known = np.where((p < 0) | (p > 1), 0.0, p), event != UNKNOWN
    away = np.where(known, event - score, 0.0)
    loss = np.where(known, -np.log(np.maximum(1 - np.abs(away), 1e-9)), 0.0)
    spread = (1 - 2 * score) ** 2 * score * (1 - score)
    count = np.broadcast_to(np.asarray(n, np.int64), p.shape).copy()
    values = (score, score**2, spread, away**4, loss, loss**2)
    sums = [count * np.round(v * 1e9).astype(np.int64) for v in values]
    columns = {"cohort_day": day, "bin": bin_of(p), "event": event, "candidate_right": right}
    return Columns({**columns, "n": count, **dict(zip(SUMS, sums, strict=True))})


def ranking_counts(p: np.ndarray, positive: np.ndarray, day: np.ndarray, n: Any = 1) -> Columns:
    """Return the measure, one row a case (or `n` of them)."""
    count = np.broadcast_to(np.asarray(n, np.int64), p.shape).copy()
    step = np.floor(p * 100_000).astype(np.int64)
    return Columns({"cohort_day": day, "score_step": step, "positive": positive, "n": count})


def of_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Columns]:
    """Return the measures of scores of cases given as rows, as `conftest.build` takes them.

    A row's `score` is the probability of `yes`; a row without one is left out.
    """
    scored = [r for r in rows if "score" in r and r.get("answer", "answered") == "answered"]
    names = ("score_sums", "ranking_counts", "score_counts")
    if not scored:
        return {name: Columns({}, {"outcome": ()}) for name in names}
    p = np.array([r["score"] for r in scored], float)
    day = np.array([NO_DAY if r.get("day") is None else r["day"] for r in scored], np.int64)
    n = np.array([r.get("n", 1) for r in scored], np.int64)
    truth = [r.get("outcome") for r in scored]
    event = np.array([UNKNOWN if t is None else int(t == "yes") for t in truth])
    right = np.array(
        [
            UNKNOWN if t is None else int(t == r.get("recommendation", "no"))
            for t, r in zip(truth, scored, strict=True)
        ]
    )
    histogram = {"cohort_day": day, "score_from": np.floor(p * 50) / 50, "outcome": event, "n": n}
    return {
        "score_sums": score_sums(p, event, right, day, n),
        "ranking_counts": ranking_counts(p, event, day, n),
        "score_counts": Columns(histogram, {"outcome": ("no", "yes")}),
    }
