"""Ctrl-C in the middle of a query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_LOST = "Query interrupted"
"""What DuckDB says in a RuntimeError; the KeyboardInterrupt that Python raised is lost by then."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C that meets a query be a KeyboardInterrupt, as everywhere else.

    Without it the interrupt looks like a fault: of the program to who pressed the keys, of the data
    to whatever goes on after a query that failed.
    """
    try:
        yield
    except RuntimeError as fault:
        if str(fault) != _LOST:
            raise
        raise KeyboardInterrupt from fault
