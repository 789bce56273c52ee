"""One writer at a time: an operating-system lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data_contracts.errors import UnderstudyError


class WarehouseBusy(UnderstudyError):
    """Another process holds the warehouse."""

    def sentence(self) -> str:
        holder = self.facts.get("holder")
        who = f"process {holder}" if holder else "another process"
        return (
            f"The warehouse `{self.facts['path']}` is in use by {who}; nothing was changed."
            " Wait for it to end (or close its `understudy sql` session) and run the command again."
        )


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the writer's lock of a study for the length of a `with` block.

    The lock belongs to the process, so `kill -9` frees it; the file itself stays.

    Raises
    ------
    WarehouseBusy
        When another process holds it; names that process.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip()
            raise WarehouseBusy(path=str(path.parent), holder=holder or None) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)
