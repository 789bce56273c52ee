"""Which new column may be a missing one under another name; a proposal, never acted upon."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher

from data_contracts.vocabulary import ValueKind
from pipelines.schemas.shapes import ColumnShape

_ALIKE = 0.55
"""Likeness of names from which, with values of the same kind, a renaming is proposed."""
_SAME_WORDS = 0.8
"""Share of common values from which the names need not be alike."""
_MOST_PAIRS = 2_500


def renamings(
    gone: Mapping[str, ColumnShape], come: Mapping[str, ColumnShape], keep: Collection[str]
) -> dict[str, str]:
    """Return missing columns with the new ones that look like them, the likeliest pairs first.

    Parameters
    ----------
    keep
        Missing columns whose values may be compared.
    """
    if not gone or not come or len(gone) * len(come) > _MOST_PAIRS:
        return {}
    pairs = sorted(
        ((likeness(old, gone[old], new, come[new], old in keep), old, new))
        for old in gone
        for new in come
    )
    found: dict[str, str] = {}
    for score, old, new in reversed(pairs):
        if score > 0 and old not in found and new not in found.values():
            found[old] = new
    return dict(sorted(found.items()))


def likeness(
    old: str, old_shape: ColumnShape, new: str, new_shape: ColumnShape, values: bool
) -> float:
    """Return how likely it is that a column was renamed: 0 (no reason to think so) up to 2.

    Examples
    --------
    >>> text = ColumnShape(ValueKind.TEXT)
    >>> likeness("decision", text, "decison", text, True) > 0.9
    True
    >>> likeness("decision", text, "decison", ColumnShape(ValueKind.TIME), True)
    0.0
    """
    if not _same_kind(old_shape.kind, new_shape.kind):
        return 0.0
    names = name_likeness(old, new)
    shared = _common(old_shape, new_shape) if values else None
    if shared is not None and len(old_shape.vocabulary or ()) > 1:
        if shared >= _SAME_WORDS:
            return 1.0 + names
        if not shared:
            return 0.0
    return names if names >= _ALIKE else 0.0


def name_likeness(one: str, other: str) -> float:
    """Return how alike two names are, between 0 and 1; case and separators do not count.

    Examples
    --------
    >>> name_likeness("DecidedAt", "decided_at"), name_likeness("decided_at", "region") < 0.5
    (1.0, True)
    """
    first, second = (
        "".join(sign for sign in name.lower() if sign.isalnum()) for name in (one, other)
    )
    if first and first == second:
        return 1.0
    score = SequenceMatcher(None, first, second).ratio()
    short, long = sorted((first, second), key=len)
    return max(score, 0.8) if len(short) >= 4 and short in long else score


def _same_kind(one: ValueKind, other: ValueKind) -> bool:
    numeric = {ValueKind.INTEGER, ValueKind.NUMBER}
    return one is other or ValueKind.EMPTY in (one, other) or {one, other} <= numeric


def _common(one: ColumnShape, other: ColumnShape) -> float | None:
    """Return the share of values that two vocabularies have in common, or None."""
    if not one.vocabulary or not other.vocabulary:
        return None
    both = set(one.vocabulary) & set(other.vocabulary)
    return len(both) / len(set(one.vocabulary) | set(other.vocabulary))
