"""Parts are what was written: their bytes before they are loaded, and their files until the end.

The connection opens a part by its name once more after its bytes were checked. Between the two
nothing may write to it: its file's identity, size and times are compared again before the commit.
Every write and every rename through the file system changes one of these. What they cannot show is
a disk that returns other bytes for an untouched file a moment later; the checksums of the pages
are there for whoever wants to look.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data_contracts.errors import UnderstudyError
from pipelines.ingest.reports import PartReport

Identity = tuple[int, int, int, int, int]
"""Device, number, size, time of change of content and of any change, of a file."""


class PartDamaged(UnderstudyError):
    """A part is not what was written."""

    def sentence(self) -> str:
        return (
            f"The part `{self.facts['path']}` is {self.facts['found']}, expected the"
            f" {self.facts['rows']:,} rows that were written; nothing of the run was kept."
            " Check the disk and run it again."
        )


def verify_parts(parts: Sequence[PartReport]) -> tuple[Identity, ...]:
    """Check that every part still holds the bytes that were written; return what files they are.

    Raises
    ------
    PartDamaged
        Naming the first that does not.
    """
    checked: list[Identity] = []
    with ThreadPoolExecutor(2) as pool:
        for part, found in zip(parts, pool.map(_hashed, [p.path for p in parts]), strict=True):
            if found is None or found[0] != part.sha256:
                raise _damaged(part, "changed on disk" if found else "missing")
            checked.append(found[1])
    return tuple(checked)


@contextmanager
def untouched(parts: Sequence[PartReport], checked: Sequence[Identity]) -> Iterator[None]:
    """Check at the end of a `with` block, also of one that failed, that no part was touched in it.

    Raises
    ------
    PartDamaged
        Naming the first that was.
    """
    try:
        yield
    except duckdb.Error:
        _compare(parts, checked)  # if it was touched, this is why it could not be read
        raise
    _compare(parts, checked)


def _compare(parts: Sequence[PartReport], checked: Sequence[Identity]) -> None:
    for part, before in zip(parts, checked, strict=True):
        try:
            now = _identity(os.stat(part.path))
        except OSError:
            raise _damaged(part, "gone since it was checked") from None
        if now != before:
            raise _damaged(part, "changed since it was checked")


def _hashed(path: Path) -> tuple[str, Identity] | None:
    try:
        with path.open("rb") as file:
            before = _identity(os.fstat(file.fileno()))
            return hashlib.file_digest(file, "sha256").hexdigest(), before
    except FileNotFoundError:
        return None


def _identity(state: os.stat_result) -> Identity:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _damaged(part: PartReport, found: str) -> PartDamaged:
    return PartDamaged(path=str(part.path), found=found, rows=part.rows)
