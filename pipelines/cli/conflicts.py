"""What an ingest says about records that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from data_contracts.data_words import ConflictRule

if TYPE_CHECKING:
    from pipelines.warehouse.merge import Merged

_HOLDS = {
    ConflictRule.LATEST: "the latest record holds",
    ConflictRule.SOURCE_PRIORITY: "the source listed first holds",
    ConflictRule.QUARANTINE: "none holds until they agree",
}


def conflict_lines(merged: Merged) -> Iterator[str]:
    """Yield one line for each way in which records of a stream contradict each other."""
    for one in merged.disagreements:
        yield (
            f"{one.n:,} {_named(merged.stream, one.n)}: `{one.source}` says {one.value} where"
            f" `{one.other_source}` says {one.other_value} ({one.field});"
            f" {_HOLDS[merged.rule]}."
        )
    if merged.contested:
        yield (
            f"{merged.contested:,} {_named(merged.stream, merged.contested)} became contested and"
            " wait in the history table until the sources agree."
        )
    if merged.settled:
        yield (
            f"{merged.settled:,} contested {_named(merged.stream, merged.settled)}"
            f" {'is' if merged.settled == 1 else 'are'} settled: the sources agree."
        )
    if merged.conflict:
        yield (
            f"{merged.conflict:,} {_named(merged.stream, merged.conflict)}"
            f" {'was' if merged.conflict == 1 else 'were'} told in two ways for one moment;"
            " see the history table."
        )


def _named(stream: str, n: int) -> str:
    return stream.removesuffix("s") if n == 1 else stream
