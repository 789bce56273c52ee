"""Refusing a file: the one error that foreign bytes may raise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from data_contracts.errors import UnderstudyError


class FileRefused(UnderstudyError):
    """A source file cannot be read whole, so nothing of it is kept.

    Facts: `path` as shown to the user, `found`, `expected`, `advice`; and, where `found` or
    `advice` may quote what the file holds, what takes their place when that must not be told:
    `found_discreetly`, `advice_discreetly`.
    """

    def discreetly(self) -> str:
        """Return the sentence without anything that the file holds."""
        facts = dict(self.facts)
        for name in ("found", "advice"):
            facts[name] = facts.pop(f"{name}_discreetly", facts[name])
        return FileRefused(**facts).sentence()

    def sentence(self) -> str:
        return (
            f"`{self.facts['path']}` was refused: found {self.facts['found']},"
            f" expected {self.facts['expected']}. {self.facts['advice']}"
        )


_FOREIGN = (
    pa.ArrowException,
    OSError,
    ValueError,
    OverflowError,
    MemoryError,
    EOFError,
    NotImplementedError,
    duckdb.Error,
)
"""What readers raise on bytes they cannot make sense of; UnicodeError is a ValueError."""


@contextmanager
def refusing(path: str, expected: str) -> Iterator[None]:
    """Turn a reader's error about a file into a `FileRefused`.

    Parameters
    ----------
    path
        The file as shown to the user.
    expected
        What the bytes should have been, e.g. ``a Parquet file``.
    """
    try:
        yield
    except _FOREIGN as fault:
        raise refusal(path, expected, fault) from fault


def refusal(path: str, expected: str, fault: BaseException) -> FileRefused:
    """Return the refusal that tells a reader's error in words."""
    text = " ".join(str(fault).split()).rstrip(".") or type(fault).__name__
    for sign, found, advice in _SIGNS:
        if sign in text:
            return FileRefused(
                path=path,
                found=f"{found} ({_cut(text)})",
                found_discreetly=found,
                expected=expected,
                advice=advice,
            )
    if isinstance(fault, FileNotFoundError):
        return FileRefused(
            path=path,
            found="no file",
            expected=expected,
            advice="It was there when the run began; put it back and run again.",
        )
    if isinstance(fault, PermissionError):
        return FileRefused(
            path=path,
            found="a file that may not be read",
            expected=expected,
            advice="Give the user who runs Understudy the right to read it.",
        )
    return FileRefused(
        path=path,
        found=f"bytes that cannot be read ({_cut(text)})",
        found_discreetly="bytes that cannot be read",
        expected=expected,
        advice="Write the file anew or take it out of the folder.",
    )


_AGAIN = "Copy or write the file again; it looks cut off."
_SIGNS = (
    ("Truncated compressed stream", "a compressed file that ends too early", _AGAIN),
    ("Parquet magic bytes not found in footer", "a Parquet file without its end", _AGAIN),
    ("UTF8", "text that is not UTF-8", "Save the file as UTF-8."),
    ("utf-8", "text that is not UTF-8", "Save the file as UTF-8."),
    (
        "straddling object",
        "one row longer than 16 MiB",
        "Look for a quote that is opened and never closed.",
    ),
    (
        "out of sync with chunker",
        "a quoted text that never ends",
        "Look for a quote that is opened and never closed.",
    ),
)


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
