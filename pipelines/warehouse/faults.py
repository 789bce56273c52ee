"""What DuckDB and the system say about a file, as our errors in words."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data_contracts.errors import UnderstudyError
from pipelines.warehouse.lock import WarehouseBusy


class WarehouseDamaged(UnderstudyError):
    """The warehouse file cannot be read."""

    def sentence(self) -> str:
        return (
            f"The warehouse `{self.facts['path']}` cannot be opened: {self.facts['fault']}."
            " Restore it from a backup. Without one, move it away and run `understudy run`, which"
            " reads all source files anew. Registrations, past verdicts, purges with the counts of"
            " purged days, and the cases drawn for review are in that file only and are lost then."
            " What is left of them is the last publication: copy `state/evidence.duckdb` first,"
            " since the run replaces it."
        )


class WarehouseForbidden(UnderstudyError):
    """The system does not let this user at the warehouse."""

    def sentence(self) -> str:
        return (
            f"The system does not allow the warehouse `{self.facts['path']}` to be"
            f" {self.facts['doing']}: {self.facts['fault']}. It is not damaged, so leave it where"
            " it is. Run this as the user who owns it, or have that user allow it."
        )


class WarehouseMissing(UnderstudyError):
    """There is no warehouse yet."""

    def sentence(self) -> str:
        return (
            f"There is no warehouse at `{self.facts['path']}` yet; `understudy run` makes one from"
            " the study's source files."
        )


class DiskFull(UnderstudyError):
    """No space is left where a file is written."""

    def sentence(self) -> str:
        return (
            f"No space is left on the disk of `{self.facts['path']}`. What was committed before"
            " holds; nothing was lost and nothing was counted twice. Free some space and run it"
            " again."
        )


class MemoryLimitUnknown(UnderstudyError):
    """The limit of memory is none that DuckDB knows."""

    exit_code = 2

    def sentence(self) -> str:
        return (
            f"`UNDERSTUDY_MEMORY_LIMIT` is `{self.facts['limit']}`, expected a number with its unit"
            f" such as `1000MB` or `4GB` ({self.facts['fault']})."
        )


class MemoryShort(UnderstudyError):
    """The memory allowed is not enough."""

    def sentence(self) -> str:
        return (
            f"The memory allowed was used up while `{self.facts['path']}` was {self.facts['doing']}"
            f" ({self.facts['fault']}). What was committed before holds. Allow more with"
            " `UNDERSTUDY_MEMORY_LIMIT`, e.g. `4GB`, and run it again."
        )


class WarehouseFault(UnderstudyError):
    """DuckDB refused something that is expected to work."""

    def sentence(self) -> str:
        return (
            f"DuckDB refused while `{self.facts['path']}` was {self.facts['doing']}:"
            f" {self.facts['fault']}. What was committed before holds. Run it again; if it says so"
            " again, please report it with this message. `understudy ingest --rebuild` reads all"
            " source files into a new warehouse and keeps the history of verdicts."
        )


_FORBIDDEN = ("Permission denied", "Operation not permitted", "Read-only file system")
"""What the system says, and DuckDB passes on, where the file is well and somebody may not at it."""


@contextmanager
def told_in_words(path: Path, doing: str = "used") -> Iterator[None]:
    """Turn DuckDB's and the system's faults about a file into our errors."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(path=str(path.parent)) from fault
        raise
    except duckdb.Error as fault:
        raise _in_words(path, doing, fault) from fault


def _in_words(path: Path, doing: str, fault: duckdb.Error) -> UnderstudyError:
    text = str(fault)
    first = text.strip().partition("\n")[0].rstrip(".") or type(fault).__name__
    if "No space left" in text or "could not write all bytes" in text.lower():
        return DiskFull(path=str(path.parent))
    if "Could not set lock" in text or "Conflicting lock" in text:
        holder = re.search(r"PID (\d+)", text)
        return WarehouseBusy(path=str(path.parent), holder=holder.group(1) if holder else None)
    if isinstance(fault, duckdb.IOException) and any(words in text for words in _FORBIDDEN):
        return WarehouseForbidden(path=str(path), doing=doing, fault=first)
    if isinstance(
        fault, duckdb.IOException | duckdb.SerializationException | duckdb.FatalException
    ):
        return WarehouseDamaged(path=str(path), fault=first)
    kind = MemoryShort if isinstance(fault, duckdb.OutOfMemoryException) else WarehouseFault
    return kind(path=str(path), doing=doing, fault=first)
