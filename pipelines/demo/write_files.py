"""The demo's input files, as three systems of an airline would leave them every day."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipelines.demo.candidate import NAME, VERSION
from pipelines.demo.flights import HOME_ZONE, LATE_MINUTES

SURE_ENOUGH = 0.5
"""Score from which the candidate calls a flight late."""


def write_decisions(cases: pa.Table, folder: Path) -> int:
    """Write the dispatch system's export, a CSV file for each local day; return the files.

    Production's rule calls a flight late when it left at least 15 minutes late. Times are New
    York's clock without a zone.
    """
    export = pa.table(
        {
            "flight_ref": cases["flight_ref"],
            "decided_local": pc.strftime(cases["left_local"], "%Y-%m-%d %H:%M"),
            "call": pc.if_else(pc.greater_equal(cases["dep_delay"], LATE_MINUTES), "LATE", "OK"),
            "carrier": cases["carrier"],
            "origin": cases["origin"],
            "dest": cases["dest"],
            "sched_hour": cases["hour"],
            "miles": cases["distance"],
        }
    )
    files = 0
    for day, rows in _by_day(export, cases["left_local"]):
        plain = pa_csv.WriteOptions(quoting_style="none")
        pa_csv.write_csv(rows, _place(folder, f"{day}.csv"), write_options=plain)
        files += 1
    return files


def write_recommendations(
    cases: pa.Table, scores: NDArray[np.float64], folder: Path, seed: int
) -> int:
    """Write the candidate's log, compressed JSON lines for each UTC day; return the files.

    The scores are the model's. How long an answer took was never recorded: `latency_ms` is
    drawn at random, and so is how many seconds before departure the candidate was asked.
    """
    chance = np.random.default_rng(seed)
    latency = np.round(chance.lognormal(np.log(12), 0.4, len(scores)), 1)
    before = chance.integers(1, 60, len(scores))
    asked = pa.array(cases["left_at"].cast(pa.int64()).to_numpy() - before)
    at = asked.cast(pa.timestamp("s", "UTC"))
    call = pc.if_else(pa.array(scores >= SURE_ENOUGH), "late", "on_time")
    lines = _joined(
        '{"flight_ref":"', cases["flight_ref"],
        f'","candidate":"{NAME}","version":"{VERSION}","at":"',
        pc.strftime(at.cast(pa.timestamp("s")), "%Y-%m-%dT%H:%M:%SZ"),
        '","recommendation":"', call,
        '","score":', pc.cast(pa.array(np.round(scores, 4)), pa.string()),
        ',"latency_ms":', pc.cast(pa.array(latency), pa.string()),
        "}\n",
    )  # fmt: skip
    files = 0
    for day, rows in _by_day(pa.table({"line": lines}), at):
        text = "".join(rows["line"].to_pylist()).encode()
        packed = gzip.compress(text, compresslevel=5, mtime=0)
        _place(folder, f"{day}.jsonl.gz").write_bytes(packed)
        files += 1
    return files


def write_outcomes(cases: pa.Table, folder: Path) -> int:
    """Write the arrivals, a Parquet file for each local day they became known; return the files.

    A diverted flight never gets an outcome.
    """
    landed = cases.filter(pc.is_valid(cases["late"])).sort_by(
        [("landed_at", "ascending"), ("flight_ref", "ascending")]
    )
    arrivals = pa.table(
        {
            "flight_ref": landed["flight_ref"],
            "landed_at": landed["landed_at"].cast(pa.timestamp("ms", "UTC")),
            "arrived": pc.if_else(landed["late"], "late", "on time"),
            "minutes_late": landed["arr_delay"],
        }
    )
    clock = pc.local_timestamp(landed["landed_at"].cast(pa.timestamp("s", HOME_ZONE)))
    files = 0
    for day, rows in _by_day(arrivals, clock):
        pq.write_table(rows, _place(folder, f"{day}.parquet"), compression="zstd")
        files += 1
    return files


def _by_day(table: pa.Table, times: pa.ChunkedArray | pa.Array) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of each calendar day, in order, from one sort and one slice a day."""
    days = times.cast(pa.timestamp("s")).to_numpy().astype("datetime64[D]")
    order = np.argsort(days, kind="stable")
    ordered = table.take(pa.array(order)).combine_chunks()
    found, starts = np.unique(days[order], return_index=True)
    ends = np.append(starts[1:], len(days))
    for day, start, end in zip(found, starts, ends, strict=True):
        yield str(day), ordered.slice(int(start), int(end - start))


def _joined(*parts: str | pa.ChunkedArray | pa.Array) -> pa.Array:
    joined = pc.binary_join_element_wise(*parts, "")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _place(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name
