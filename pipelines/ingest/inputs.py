"""What a run reads: files and tables of databases, and nothing else.

Both have what the ledger keeps (stream, source, number, path, hash) and what a worker needs
(`spans`, `opened`, `check_unchanged`), so that no step asks which of the two it holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.ingest.source_file import SourceFile
from pipelines.ingest.tables import SourceTable

Input = SourceFile | SourceTable
"""One source of records: a file, or the rows of a table that one run reads."""


def named(found: Sequence[Input], kind: str = "") -> str:
    """Return in words how many files and tables there are, e.g. `3 new files and 1 table`."""
    tables = sum(isinstance(one, SourceTable) for one in found)
    counts = ((len(found) - tables, f"{kind}file"), (tables, "table"))
    return " and ".join(f"{n:,} {word}{'s' * (n != 1)}" for n, word in counts if n)
