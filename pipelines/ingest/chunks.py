"""Cutting the work into chunks that workers take: a file, or a part of a large one or a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingest.inputs import Input
from pipelines.sources.source import Span

CHUNK_ROWS = 500_000
"""Rows a chunk of a large file holds, about."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a file that one worker reads.

    Attributes
    ----------
    number, of
        Which of the file's chunks it is, from 0, and how many there are.
    """

    file: Input
    number: int
    of: int
    span: Span


def cut_into_chunks(files: Sequence[Input], workers: int) -> list[Chunk]:
    """Return the chunks of some files, in an order that gives each worker its fair share.

    The runner deals elements out to the workers in turns, so heavy chunks go first, and every
    other round of dealing runs backwards.
    """
    chunks = [chunk for file in files for chunk in _chunks(file)]
    chunks.sort(key=_weight, reverse=True)
    rounds = [chunks[start : start + workers] for start in range(0, len(chunks), workers)]
    # The last round may be short: turning it round would give the wrong worker the odd chunk.
    turned = [r[::-1] if n % 2 and len(r) == workers else r for n, r in enumerate(rounds)]
    return [chunk for dealt in turned for chunk in dealt]


def _chunks(file: Input) -> list[Chunk]:
    spans = file.spans(CHUNK_ROWS)
    return [Chunk(file, number, len(spans), span) for number, span in enumerate(spans)]


def _weight(chunk: Chunk) -> float:
    return chunk.file.weight / chunk.of
