"""The same pairing as a plain Beam pipeline over rows: what batches are compared with."""

from __future__ import annotations

import glob
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.io.parquetio import ReadFromParquet
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner


def key_of(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a row under its case."""
    return row["decision_id"], row


def count_of(
    joined: tuple[str, dict[str, Iterable[dict[str, Any]]]],
) -> tuple[tuple[Any, ...], int]:
    """Return the cell a case is counted in."""
    _, streams = joined
    decision = next(iter(streams["decisions"]), {})
    recommendation = next(iter(streams["recommendations"]), {})
    outcome = next(iter(streams["outcomes"]), {})
    cell = (
        str(decision.get("decided_at"))[:10],
        decision.get("decision"),
        recommendation.get("recommendation"),
        outcome.get("outcome"),
    )
    return cell, 1


def seconds_for(folder: Path) -> float:
    """Return the seconds a row-at-a-time pipeline takes over the files of a study folder."""
    started = time.perf_counter()
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        keyed = {
            stream: pipeline
            | f"Read {stream}" >> ReadFromParquet(f"{folder}/data/{stream}/*.parquet")
            | f"Key {stream}" >> beam.Map(key_of)
            for stream in ("decisions", "recommendations", "outcomes")
            if glob.glob(f"{folder}/data/{stream}/*.parquet")
        }
        _ = (
            keyed
            | "Join" >> beam.CoGroupByKey()
            | "Cell" >> beam.Map(count_of)
            | "Count" >> beam.CombinePerKey(sum)
        )
    return time.perf_counter() - started
