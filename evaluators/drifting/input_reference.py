"""How the values of a feature were told apart in its reference: bins that never move."""

from __future__ import annotations

from dataclasses import dataclass

MISSING, UNSEEN = -1, -2
"""Numbers of the bins of cases without a value, and of values the reference never held."""


@dataclass(frozen=True, slots=True)
class InputReference:
    """The frozen reference of one feature.

    Attributes
    ----------
    bins
        Number of each bin: 0, 1, ... in ascending order of a number, then `MISSING` and `UNSEEN`.
    labels
        What each bin holds, in words.
    n
        Cases of the reference in each bin.
    centres
        Mean reference value of each numbered bin of a number; empty for other values.
    spread
        Standard deviation of the reference values of a number; NaN for other values.
    pilot
        Whether the reference is the profiled pilot.
    """

    name: str
    bins: tuple[int, ...]
    labels: tuple[str, ...]
    n: tuple[int, ...]
    centres: tuple[float, ...] = ()
    spread: float = float("nan")
    pilot: bool = False
