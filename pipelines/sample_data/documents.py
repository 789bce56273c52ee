"""Incoming documents, sorted by clerks and by a language model that knows when it is unsure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.sample_data.files import write_by_week, write_csv
from pipelines.sample_data.made import (
    DAY,
    Numbers,
    known,
    later,
    minutes_of_days,
    moment,
    numbered,
    pick,
    recorded,
    written,
)

WEEKS = 10
_KINDS = np.array([
    "invoice", "credit_note", "delivery_note", "contract", "reminder", "complaint", "application",
    "other",
])  # fmt: skip
_SHARES = (0.34, 0.07, 0.16, 0.06, 0.1, 0.09, 0.1, 0.08)
_TAKEN_FOR = np.array([1, 0, 0, 6, 0, 7, 3, 5])
"""What each kind is most easily taken for."""


def write(folder: Path, chance: np.random.Generator) -> None:
    """Write ten weeks of documents; what they were is known when they have been dealt with."""
    minute = minutes_of_days(chance, WEEKS * 7, a_day=64)
    count, day = len(minute), minute // DAY
    kind = chance.choice(len(_KINDS), count, p=_SHARES)
    scanned = chance.random(count) < np.where(day >= 49, 0.2, 0.32)
    clerk = _taken(chance, kind, chance.random(count) < np.where(scanned, 0.9, 0.93))
    sure = 1 - 0.6 * chance.beta(0.42, np.where(scanned, 2.6, 3.6), count)
    model = _taken(chance, kind, chance.random(count) < sure)

    error = chance.random(count) < 0.004
    escalated = ~error & (_KINDS[model] == "contract") & (sure < 0.8)
    abstained = ~error & ~escalated & (sure < 0.55)
    answered = ~(error | escalated | abstained)
    document = numbered("D-", 20_001 + np.arange(count))
    at = moment(minute)
    pages = 1 + chance.poisson(1.6, count)
    decisions = {
        "document": document,
        "sorted_at": written(at),
        "kind": pa.array(_KINDS[clerk]),
        "clerk": pick(chance, ("clerk-1", "clerk-2", "clerk-3"), count),
        "language": pick(chance, ("de", "en", "fr"), count, (0.55, 0.3, 0.15)),
        "received_as": pa.array(np.where(scanned, "scan", "digital")),
        "pages": pa.array(pages),
        "sender": numbered("S-", chance.integers(1, 400, count)),
        "sender_type": pick(chance, ("supplier", "customer", "authority"), count, (0.5, 0.4, 0.1)),
    }
    read, wrote = 650 * pages + chance.poisson(500, count), chance.poisson(70, count)
    answer = np.select(
        [error, escalated, abstained], ["error", "escalated", "abstained"], "answered"
    )
    recommendations = {
        "document": document,
        "model_version": pa.array(np.full(count, "2025-08")),
        "at": written(later(at, chance.integers(-1200, -30, count))),
        "label": known(pa.array(_KINDS[model]), answered),
        "answer": pa.array(answer),
        "confidence": known(pa.array(np.round(sure, 3)), ~error),
        "latency_ms": pa.array(np.round(chance.lognormal(7.2, 0.35, count) + 120 * pages)),
        "input_tokens": pa.array(read),
        "output_tokens": pa.array(wrote),
        "cost": pa.array(np.round(read * 2.5e-6 + wrote * 1e-5, 6)),
        "trace_id": numbered("call-", 900_000 + np.arange(count)),
    }
    told = later(at, chance.integers(1, 14, count) * DAY * 60)
    outcomes = {
        "document": document,
        "closed_at": written(told),
        "filed_as": pa.array(_KINDS[kind]),
    }
    recommendations["recorded_at"] = recorded(chance, at, hours=3)
    decisions["recorded_at"] = recorded(chance, at, hours=26)
    outcomes["recorded_at"] = recorded(chance, told, hours=48)
    weeks = minute // (7 * DAY)
    write_by_week(folder / "decisions", weeks, decisions)
    write_by_week(folder / "recommendations", weeks, recommendations, jsonl=True)
    ended = moment(np.array([WEEKS * 7 * DAY]))[0]
    filed = (told < ended) & (chance.random(count) < 0.985)
    write_csv(outcomes, filed, folder / "outcomes" / "filed.csv")


def _taken(chance: np.random.Generator, kind: Numbers, right: np.ndarray) -> Numbers:
    """Return what somebody takes documents for who is right about some of them."""
    other = np.where(chance.random(len(kind)) < 0.7, _TAKEN_FOR[kind], (kind + 3) % len(_KINDS))
    return np.where(right, kind, other)
