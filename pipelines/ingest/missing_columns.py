"""Telling which columns a file lacks, and what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from pipelines.sources.refusal import FileRefused


def columns_missing(
    path: str, lost: Sequence[tuple[str, list[str]]], found: Sequence[str]
) -> FileRefused:
    """Return the refusal of a file that lacks columns.

    Parameters
    ----------
    lost
        Each field of the contract, with the columns it needs that are not there.
    """
    wanted = [name for _, names in lost for name in names]
    fields = [f"{listed(names)} for `{name}`" for name, names in lost]
    return FileRefused(
        path=path,
        found=f"the columns {listed(found)}" if found else "no columns",
        # Without a header, the "columns" are the values of the first row.
        found_discreetly=f"{len(found):,} columns of other names" if found else "no columns",
        expected=f"also {'; '.join(fields)}",
        advice=advice_for(wanted, found),
        advice_discreetly=advice_for(wanted, ()),
    )


def advice_for(wanted: Sequence[str], found: Sequence[str]) -> str:
    """Return what to do about columns that a file lacks: which of those found may be meant."""
    if len(found) == 1:
        other = next((sign for sign in (";", "\t", "|", ",") if sign in found[0]), None)
        if other is not None:
            return f"Is the delimiter {other!r}? Then say so at the source in the study."
    near = list(_nearest(wanted, found))
    if near:
        return f"Did you mean {listed(near)}? Map it under `columns` of the stream in the study."
    return "Map them under `columns` of the stream in the study, or write the file anew."


def _nearest(wanted: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    spelled = {name.lower(): name for name in found}
    for name in wanted:
        for near in difflib.get_close_matches(name.lower(), list(spelled), 1, 0.5):
            yield spelled[near]


def listed(names: Sequence[str], most: int = 12) -> str:
    """Return names in backticks, the first ones if there are many.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    '`a`, `b` and 1 more'
    """
    told = ", ".join(f"`{name}`" for name in names[:most])
    return told if len(names) <= most else f"{told} and {len(names) - most} more"
