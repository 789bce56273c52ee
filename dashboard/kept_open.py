"""Evidence files that are kept open: opening one costs more than most questions that are asked."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from pathlib import Path

import duckdb

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "threads": "2",
}
MOST = 8
"""Files kept open at most; the one that was not asked for longest is closed first."""

_State = tuple[int, int, int]
_lock = threading.Lock()
_open: OrderedDict[str, tuple[_State, duckdb.DuckDBPyConnection]] = OrderedDict()


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection of one's own, read-only, to be closed after use.

    DuckDB shares what is open between the connections of a process, so that all but the first are
    cheap; a connection itself is never shared, which DuckDB's answers would not survive. A file
    that was replaced under the same name is opened anew.

    Raises
    ------
    duckdb.Error
        When the file cannot be opened.
    """
    name = str(path)
    with _lock:
        state = _state(path)
        held = _open.pop(name, None)
        if held is not None and held[0] != state:
            held[1].close()
            held = None
        _open[name] = held or (state, duckdb.connect(name, read_only=True, config=CONFIG))
        while len(_open) > MOST:
            _open.popitem(last=False)[1][1].close()
        return duckdb.connect(name, read_only=True, config=CONFIG)


def close_all() -> None:
    """Close what is kept open; whoever still reads keeps what they have."""
    with _lock:
        while _open:
            _open.popitem()[1][1].close()


def _state(path: Path) -> _State:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0, 0)
    return found.st_ino, found.st_mtime_ns, found.st_size
