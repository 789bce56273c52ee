"""Card payments: few are fraud, and that shows weeks later, when the card holder complains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.sample_data.files import write_by_week, write_parquet
from pipelines.sample_data.made import (
    DAY,
    chance_of,
    either,
    later,
    minutes_of_days,
    moment,
    numbered,
    pick,
    recorded,
    written,
)

WEEKS = 13
_SHARE = 0.012
_APART = 2.7
_STOPPED_FROM = 0.15


def write(folder: Path, chance: np.random.Generator) -> None:
    """Write thirteen weeks of payments; those of the last four have no outcome yet."""
    minute = minutes_of_days(chance, WEEKS * 7, a_day=230, opens=0, closes=24)
    count, day = len(minute), minute // DAY
    fraud = chance.random(count) < _SHARE
    rule = chance.normal(1.8 * fraud, 1) > 2.3
    sign = chance.normal(_APART * fraud, 1)
    prior = np.log(_SHARE / (1 - _SHARE))
    score = chance_of(prior + _APART * sign - _APART**2 / 2)

    payment = numbered("P-", 7_000_001 + np.arange(count))
    at = moment(minute)
    amount = np.round(chance.lognormal(np.where(fraud, 4.9, 3.4), 0.9, count), 2)
    abroad = chance.random(count) < np.where(fraud, 0.45, np.where(day >= 70, 0.16, 0.09))
    decisions = {
        "payment": payment,
        "authorised_at": written(at),
        "action": either(rule, "HOLD", "PASS"),
        "merchant": pick(
            chance,
            ("grocery", "fuel", "travel", "electronics", "other"),
            count,
            (0.34, 0.16, 0.1, 0.12, 0.28),
        ),
        "entry": pick(chance, ("chip", "contactless", "online"), count, (0.3, 0.42, 0.28)),
        "abroad": either(abroad, "yes", "no"),
        "amount": pa.array(amount),
        "hour": pa.array((minute % DAY) // 60),
        "card_age_days": pa.array(np.round(chance.gamma(2, 400, count)).astype(int)),
    }
    recommendations = {
        "payment": payment,
        "model": pa.array(np.full(count, "fraud-model")),
        "version": pa.array(np.full(count, "2025.8")),
        "scored_at": written(at),
        "recommendation": either(score >= _STOPPED_FROM, "fraud", "genuine"),
        "score": pa.array(np.round(score, 5)),
        "latency_ms": pa.array(np.round(chance.lognormal(3.2, 0.45, count), 1)),
        "cost": pa.array(np.round(0.0004 + chance.gamma(2, 0.0001, count), 6)),
    }
    wait = np.where(fraud, np.clip(np.round(chance.gamma(4, 3, count)), 2, 27), 28).astype(np.int64)
    told = later(at, wait * DAY * 60)
    outcomes = {
        "payment": payment,
        "settled_at": pa.array(told.astype("datetime64[ms]")).cast(pa.timestamp("ms", "UTC")),
        "chargeback": either(fraud, "yes", "no"),
    }
    recommendations["recorded_at"] = recorded(chance, at, hours=1)
    decisions["recorded_at"] = recorded(chance, at, hours=2)
    outcomes["recorded_at"] = recorded(chance, told, hours=30)
    weeks = minute // (7 * DAY)
    write_by_week(folder / "decisions", weeks, decisions)
    answered = chance.random(count) > 0.003
    scored = {name: column.filter(pa.array(answered)) for name, column in recommendations.items()}
    write_by_week(folder / "recommendations", weeks[answered], scored)
    ended = moment(np.array([WEEKS * 7 * DAY]))[0]
    write_parquet(outcomes, told < ended, folder / "outcomes" / "settled.parquet")
