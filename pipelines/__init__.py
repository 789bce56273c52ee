"""Moves data and is the only writer: sources, ingest, warehouse, assessment, command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.in_memory.compare import compare

__all__ = ["compare"]


def __getattr__(name: str) -> Any:
    """Load `compare` when it is asked for: commands that do not need it start faster without."""
    if name == "compare":
        from pipelines.in_memory.compare import compare

        return compare
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
