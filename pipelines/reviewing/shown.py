"""Answers as a reviewer sees them: written alike, so that no form tells whose they are."""

from __future__ import annotations

from collections.abc import Sequence

USUAL_DECIMALS = 3
"""Decimals that are enough for two numbers unless they would look alike."""
MOST_DECIMALS = 6
"""Decimals beyond which two numbers that differ are shown as they are."""


def as_shown(
    pairs: Sequence[tuple[object, object, bool]], *, numeric: bool
) -> list[tuple[str, str]]:
    """Return production's and the candidate's answer of every case as texts.

    Parameters
    ----------
    pairs
        (decision, recommendation, whether they count as the same).

    Notes
    -----
    Numbers of both sides get the same decimals, and never more than both sides write: a rule that
    forecasts whole numbers and a model that forecasts fractions could be told apart otherwise, by
    zeros at the end of one of the two. Which side writes fewer makes no difference. Two that differ
    by less than such decimals can tell are shown alike.

    Examples
    --------
    >>> as_shown([(12.0, 13.48, False), (7.0, 7.2, False)], numeric=True)
    [('12', '13'), ('7', '7')]
    >>> as_shown([(7.5, 13.48, False), (7.0, 7.2, False)], numeric=True)
    [('7.5', '13.5'), ('7.0', '7.2')]
    >>> as_shown([("late", "on_time", False)], numeric=False)
    [('late', 'on_time')]
    """
    if not numeric:
        return [(str(one), str(other)) for one, other, _ in pairs]
    numbers = [(float(str(one)), float(str(other)), same) for one, other, same in pairs]
    shared = min(
        max((_decimals(one) for one, _, _ in numbers), default=0),
        max((_decimals(other) for _, other, _ in numbers), default=0),
    )
    return [_numbers(one, other, same, shared) for one, other, same in numbers]


def _numbers(one: float, other: float, same: bool, shared: int) -> tuple[str, str]:
    usual = min(shared, USUAL_DECIMALS)
    for places in range(usual, shared + 1):
        told = _rounded(one, places), _rounded(other, places)
        if same or told[0] != told[1]:
            return told
    if shared < MOST_DECIMALS:
        return _rounded(one, shared), _rounded(other, shared)
    return repr(one + 0.0), repr(other + 0.0)


def _rounded(value: float, places: int) -> str:
    """Return a number with some decimals; one that rounds to nothing has no sign."""
    return f"{round(value, places) + 0.0:.{places}f}"


def _decimals(value: float) -> int:
    places = range(MOST_DECIMALS)
    return next((n for n in places if abs(value - round(value, n)) < 1e-9), MOST_DECIMALS)
