"""Tickets, sorted by people and by a model that errs a little less often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.sample_data.files import write_by_week, write_csv
from pipelines.sample_data.made import (
    DAY,
    FIRST_MONDAY,
    either,
    minutes_of_days,
    moment,
    numbered,
    pick,
    recorded,
    written,
)

WEEKS = 5


def write(folder: Path, chance: np.random.Generator) -> None:
    """Write five weeks of tickets; those that are still open have no outcome."""
    minute = minutes_of_days(chance, WEEKS * 7, a_day=12)
    count = len(minute)
    urgent = chance.random(count) < 0.3
    desk = urgent ^ (chance.random(count) < 0.14)
    score = np.clip(0.5 + np.where(urgent, 0.27, -0.27) + chance.normal(0, 0.21, count), 0.01, 0.99)
    ticket = numbered("T-", 10_001 + np.arange(count))
    sorted_at = moment(minute)
    solved = sorted_at + chance.integers(60, 6 * DAY, count).astype("timedelta64[m]")
    decisions = {
        "ticket": ticket,
        "sorted_at": written(sorted_at, "%d.%m.%Y %H:%M"),
        "queue": either(desk, "U", "R"),
        "region": pick(chance, ("north", "south", "east", "west"), count),
        "agent": pick(chance, ("agent-1", "agent-2", "agent-3"), count),
        "channel": pick(chance, ("mail", "phone"), count),
    }
    # The model's clock runs in UTC, two hours behind Vienna's in these weeks.
    seconds = sorted_at.astype("datetime64[s]").astype(np.int64) - 2 * 3600 - 5
    recommendations = {
        "ticket": ticket,
        "version": pick(chance, ("1.0",), count),
        "recommended_at": written(seconds.astype("datetime64[s]")),
        "recommendation": either(score >= 0.5, "urgent", "routine"),
        "score": pa.array(np.round(score, 3)),
        "latency_ms": pa.array(np.round(chance.lognormal(5.5, 0.3, count))),
    }
    tokens = chance.poisson(420, count)
    recommendations["input_tokens"] = pa.array(tokens)
    recommendations["output_tokens"] = pa.array(chance.poisson(18, count))
    recommendations["cost"] = pa.array(np.round(tokens * 0.000004 + 0.0008, 6))
    words = np.round(chance.lognormal(4.2, 0.6, count)).astype(np.int64)
    decisions["words"] = pa.array(words + 1)
    decisions["product"] = pick(chance, ("app", "billing", "device"), count, (0.5, 0.3, 0.2))
    last = FIRST_MONDAY + np.timedelta64(WEEKS * 7 * DAY, "m")
    outcomes = {
        "ticket": ticket,
        "closed_at": written(solved, "%d.%m.%Y %H:%M"),
        "turned_out": either(urgent, "U", "R"),
    }
    recommendations["recorded_at"] = recorded(chance, sorted_at, hours=3)
    decisions["recorded_at"] = recorded(chance, sorted_at, hours=26)
    outcomes["recorded_at"] = recorded(chance, solved, hours=20)
    weeks = minute // (7 * DAY)
    write_by_week(folder / "decisions", weeks, decisions)
    write_by_week(folder / "recommendations", weeks, recommendations)
    write_csv(outcomes, solved < last, folder / "outcomes" / "closed.csv")
