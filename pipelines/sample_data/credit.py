"""Applications for credit: refused ones have no outcome, but for a few let through by chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.sample_data.files import write_by_week, write_csv
from pipelines.sample_data.made import (
    DAY,
    chance_of,
    either,
    known,
    later,
    minutes_of_days,
    moment,
    numbered,
    pick,
    recorded,
    written,
)

WEEKS = 20
_MEAN, _SPREAD = -2.1, 1.5
_REFUSED_FROM = 0.25
_LET_THROUGH = 0.08


def write(folder: Path, chance: np.random.Generator) -> None:
    """Write twenty weeks of applications; instalments show after up to six weeks."""
    minute = minutes_of_days(chance, WEEKS * 7, a_day=45)
    count, day = len(minute), minute // DAY
    risk = chance.normal(_MEAN, _SPREAD, count)
    defaults = chance.random(count) < chance_of(risk)
    officer = _seen(risk, 0.75, chance) >= _REFUSED_FROM
    score = _seen(risk, 0.6, chance)
    drawn = officer & (chance.random(count) < 0.6)
    let_through = drawn & (chance.random(count) < _LET_THROUGH)

    online = chance.random(count) < np.where(day >= 98, 0.59, 0.5)
    income = np.round(chance.lognormal(7.9, 0.35, count) - 90 * risk, -1)
    application = numbered("A-", 500_001 + np.arange(count))
    at = moment(minute)
    decisions = {
        "application": application,
        "decided_at": written(at),
        "verdict": either(officer, "declined", "accepted"),
        "officer": pick(chance, ("officer-1", "officer-2", "officer-3", "officer-4"), count),
        "trial_chance": known(pa.array(np.full(count, _LET_THROUGH)), drawn),
        "product": pick(chance, ("car", "home", "consumer"), count, (0.35, 0.2, 0.45)),
        "channel": either(online, "online", "branch"),
        "age": pa.array(np.clip(np.round(chance.normal(43, 14, count)), 18, 84).astype(int)),
        "income": pa.array(np.maximum(income, 600).astype(int)),
        "debt_ratio": pa.array(np.round(chance_of(risk * 0.4 + chance.normal(0, 0.5, count)), 3)),
        "employment": pick(
            chance, ("employed", "self-employed", "retired"), count, (0.7, 0.18, 0.12)
        ),
    }
    recommendations = {
        "application": application,
        "candidate": pa.array(np.full(count, "credit-model")),
        "model_version": pa.array(np.full(count, "3.2")),
        "recommended_at": written(later(at, chance.integers(-90, -5, count))),
        "recommendation": either(score >= _REFUSED_FROM, "refuse", "approve"),
        "score": pa.array(np.round(score, 4)),
        "latency_ms": pa.array(np.round(chance.lognormal(5.3, 0.4, count))),
        "cost": pa.array(np.round(0.18 + chance.gamma(2, 0.01, count), 4)),
    }
    told = later(
        at,
        np.where(defaults, chance.integers(20, 44, count), chance.integers(35, 44, count))
        * DAY
        * 60,
    )
    outcomes = {
        "application": application,
        "known_at": written(told),
        "loan": either(defaults, "defaulted", "paid"),
    }
    recommendations["recorded_at"] = recorded(chance, at, hours=3)
    decisions["recorded_at"] = recorded(chance, at, hours=20)
    outcomes["recorded_at"] = recorded(chance, told, hours=60)
    weeks = minute // (7 * DAY)
    write_by_week(folder / "decisions", weeks, decisions)
    answered = chance.random(count) > 0.004
    for_answered = {
        name: column.filter(pa.array(answered)) for name, column in recommendations.items()
    }
    write_by_week(folder / "recommendations", weeks[answered], for_answered)
    seen = (~officer | let_through) & (told < moment(np.array([WEEKS * 7 * DAY]))[0])
    write_csv(outcomes, seen, folder / "outcomes" / "instalments.csv")


def _seen(
    risk: NDArray[np.float64], noise: float, chance: np.random.Generator
) -> NDArray[np.float64]:
    """Return the chance of default as somebody sees it who sees the risk through noise."""
    trust = _SPREAD**2 / (_SPREAD**2 + noise**2)
    seen = risk + chance.normal(0, noise, len(risk))
    mean, variance = _MEAN + trust * (seen - _MEAN), _SPREAD**2 * (1 - trust)
    return chance_of(mean / np.sqrt(1 + np.pi * variance / 8))
