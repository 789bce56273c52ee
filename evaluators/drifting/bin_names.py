"""What the bins of a frozen histogram are called: ranges of numbers, values, neither."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

NAMED = 30
"""Values counted by themselves; the rarer ones of the reference are one bin."""
OTHER, NO_VALUE, NEVER_SEEN = "other values", "no value", "never seen before"


def ranges(edges: Sequence[float]) -> tuple[str, ...]:
    """Return the bins that edges make in words, the outer ones open.

    Examples
    --------
    >>> ranges([1.0, 2.5]), ranges([])
    (('below 1', '1 to 2.5', '2.5 and more'), ('any',))
    """
    ends = [f"{edge:.6g}" for edge in edges]
    if not ends:
        return ("any",)
    middle = (f"{a} to {b}" for a, b in pairwise(ends))
    return (f"below {ends[0]}", *middle, f"{ends[-1]} and more")
