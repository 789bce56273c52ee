"""Writing Parquet parts: checksummed pages, row groups of the size DuckDB likes, a hash each."""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from data_contracts.vocabulary import Stream
from pipelines.ingest.reports import PartReport
from pipelines.sources.source import BATCH_ROWS

_UNIQUE = frozenset({"decision_id", "review_id", "signoff_id", "trace_id", "class_scores", "note"})
"""Text columns whose values hardly repeat: a dictionary of them would only cost time."""


class PartWriter:
    """Writes batches of one stream into one part; small batches are gathered first."""

    def __init__(self, staging: Path, stream: Stream, accepted: bool, schema: pa.Schema) -> None:
        kind = "accepted" if accepted else "rejected"
        self.path = staging / f"{stream.value}-{kind}-{uuid4().hex}.parquet"
        self._stream = stream
        self._accepted = accepted
        self._held: list[pa.RecordBatch] = []
        self._held_rows = 0
        self._by_source: Counter[int] = Counter()
        texts = [f.name for f in schema if pa.types.is_string(f.type) and f.name not in _UNIQUE]
        self._writer = pq.ParquetWriter(
            self.path,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=texts,
            write_statistics=False,
            write_page_checksum=True,
        )

    def add(self, batch: pa.RecordBatch, source_no: int) -> None:
        """Add the rows of one source."""
        if not batch.num_rows:
            return
        self._by_source[source_no] += batch.num_rows
        self._held.append(batch)
        self._held_rows += batch.num_rows
        if self._held_rows >= BATCH_ROWS:
            self._flush()

    def close(self) -> PartReport:
        """Finish the file and return what it holds."""
        self._flush()
        self._writer.close()
        with self.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return PartReport(
            self._stream,
            self._accepted,
            self.path,
            self._by_source.total(),
            sha256,
            tuple(sorted(self._by_source.items())),
        )

    def abandon(self) -> None:
        """Let go of a file that is of no use any more, whatever state it is in."""
        self._held = []
        with suppress(Exception):
            self._writer.close()
        self._writer.is_open = False  # or its end would try, and complain, once more

    def _flush(self) -> None:
        if self._held:
            table = pa.Table.from_batches(self._held)
            self._writer.write_table(table, row_group_size=2 * BATCH_ROWS)
            self._held, self._held_rows = [], 0
