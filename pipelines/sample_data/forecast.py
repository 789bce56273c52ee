"""Sales of shops, forecast by planners and by a model that is a little closer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines.sample_data.files import write_by_week, write_parquet
from pipelines.sample_data.made import DAY, either, moment, numbered, pick, recorded, written

WEEKS = 5
_WEEKDAYS = np.array(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])


def write(folder: Path, chance: np.random.Generator) -> None:
    """Write five weeks of twelve shops; the last day has not been counted yet."""
    shops, days = 12, WEEKS * 7
    shop, day = np.tile(np.arange(shops), days), np.repeat(np.arange(days), shops)
    count = shops * days
    usual = 40 + 9 * shop
    sold = np.maximum(0, np.round(usual * (1 + 0.2 * (day % 7 >= 5)) + chance.normal(0, 5, count)))
    planned = np.maximum(0, np.round(sold + chance.normal(1, 7, count)))
    forecast = np.maximum(0, np.round(sold + chance.normal(0, 6, count), 1))
    start = moment(day * DAY)
    key = {"shop": numbered("S", shop + 1), "sales_day": written(start, "%Y-%m-%d")}
    planned_at = start + np.timedelta64(-9 * 60, "m")
    decisions = {
        **key,
        "planned_at": written(planned_at, "%Y-%m-%dT%H:%M:%S"),
        "planned_pieces": pa.array(planned.astype(np.int64)),
        "planner": pick(chance, ("planner-1", "planner-2"), count),
        "region": either(shop % 2 == 0, "city", "country"),
        "floor_space": pa.array(150 + 90 * shop),
        "weekday": pa.array(_WEEKDAYS[day % 7]),
    }
    made = planned_at.astype("datetime64[s]").astype(np.int64) - 600
    recommendations = {
        **key,
        "made_at_epoch": pa.array(made),
        "forecast_pieces": pa.array(forecast),
        "latency_ms": pa.array(np.round(chance.lognormal(6.2, 0.35, count))),
        "cost": pa.array(np.round(chance.gamma(40, 0.00005, count), 6)),
    }
    decisions["temperature"] = pa.array(np.round(18 - 0.12 * day + chance.normal(0, 3, count), 1))
    counted = (start + np.timedelta64(DAY + 6 * 60, "m")).astype("datetime64[ms]")
    outcomes = {
        **key,
        "counted_at": pa.array(counted).cast(pa.timestamp("ms", "UTC")),
        "pieces": pa.array(sold.astype(np.int64)),
    }
    recommendations["recorded_at"] = recorded(chance, planned_at, hours=3)
    decisions["recorded_at"] = recorded(chance, planned_at, hours=5)
    outcomes["recorded_at"] = recorded(chance, start + np.timedelta64(30 * 60, "m"), hours=20)
    write_by_week(folder / "decisions", day // 7, decisions)
    write_by_week(folder / "recommendations", day // 7, recommendations, jsonl=True)
    write_parquet(outcomes, day < days - 1, folder / "outcomes" / "counted.parquet")
