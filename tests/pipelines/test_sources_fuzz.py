"""Spoiled bytes: whatever they are, a reader gives rows or refuses the file, and nothing else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_contracts.study.model import Study
from data_contracts.vocabulary import Stream
from pipelines.ingest.conform import conform
from pipelines.ingest.plan import conform_plan
from pipelines.sources.discovery import source_named
from pipelines.sources.refusal import FileRefused
from pipelines.sources.source import WHOLE_FILE, Compression, Place

TRIALS = 700


def _whole(kind: str) -> bytes:
    rows = [
        {
            "decision_id": f"case-{n}",
            "decided_at": f"2026-01-01T00:{n % 60:02}:00Z",
            "decision": ("no", "yes")[n % 2],
            "region": ("north", None, "süd")[n % 3],
        }
        for n in range(300)
    ]
    if kind.startswith("jsonl"):
        content = "\n".join(json.dumps(row) for row in rows).encode()
    elif kind.startswith("csv"):
        lines = [",".join(rows[0])] + [",".join(f'"{v or ""}"' for v in r.values()) for r in rows]
        content = "\n".join(lines).encode()
    else:
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_pylist(rows), sink, row_group_size=100)
        return bytes(sink.getvalue())
    if kind.endswith("gzip"):
        return gzip.compress(content)
    return bytes(pa.compress(content, "zstd", True)) if kind.endswith("zstd") else content


def _spoil(content: bytes, rng: np.random.Generator) -> bytes:
    data = bytearray(content)
    for _ in range(rng.integers(1, 6)):
        at = int(rng.integers(len(data)))
        match rng.integers(5):
            case 0:
                data[at] ^= 1 << int(rng.integers(8))
            case 1:
                data[at : at + int(rng.integers(1, 20))] = b""
            case 2:
                data[at:at] = bytes(rng.integers(0, 256, 5, np.uint8))
            case 3:
                data[at:at] = bytes(rng.choice([b'"', b"\r", b"\n", b",", b"\x00", b"{"]))
            case _:
                del data[at:]
        if not data:
            return b""
    return bytes(data)


@pytest.mark.parametrize("kind", ["csv", "csv-gzip", "jsonl", "jsonl-zstd", "parquet"])
def test_spoiled_bytes_are_read_or_refused(study: Study, tmp_path: Path, kind: str) -> None:
    rng = np.random.default_rng(20260)
    whole = _whole(kind)
    name, _, packing = kind.partition("-")
    path = tmp_path / "file"
    where = Place("file", str(path), Compression(packing or "none"))
    outcomes = {"read": 0, "refused": 0}
    for _ in range(TRIALS):
        path.write_bytes(_spoil(whole, rng))
        try:
            opened = source_named(name).opener(where, WHOLE_FILE)
            plan = conform_plan(
                study, Stream.DECISIONS, opened.columns, open_ended=opened.open_ended
            )
            for slab in opened.slabs(plan.reads):
                done = conform(slab.rows, slab.numbers, plan)
                assert done.accepted.num_rows + done.rejected.num_rows == slab.rows.num_rows
            outcomes["read"] += 1
        except FileRefused:
            outcomes["refused"] += 1
    assert outcomes["read"], outcomes
    assert outcomes["refused"], outcomes
