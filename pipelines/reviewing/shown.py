"""Answers as a reviewer sees them: written alike, so that no form tells whose they are."""

from __future__ import annotations

from collections.abc import Sequence

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
    Numbers of both sides get the same decimals: those that production writes (3 at most), more only
    where two that differ would look alike. A rule that forecasts whole numbers and a model that
    forecasts fractions could be told apart otherwise.

    Examples
    --------
    >>> as_shown([(12.0, 13.48, False), (7.0, 7.2, False)], numeric=True)
    [('12', '13'), ('7.0', '7.2')]
    >>> as_shown([("late", "on_time", False)], numeric=False)
    [('late', 'on_time')]
    """
    if not numeric:
        return [(str(one), str(other)) for one, other, _ in pairs]
    usual = max((_decimals(float(str(one))) for one, _, _ in pairs), default=0)
    return [_numbers(float(str(a)), float(str(b)), same, usual) for a, b, same in pairs]


def _numbers(one: float, other: float, same: bool, decimals: int) -> tuple[str, str]:
    for places in range(decimals, MOST_DECIMALS + 1):
        told = f"{one:.{places}f}", f"{other:.{places}f}"
        if same or told[0] != told[1]:
            return told
    return repr(one), repr(other)


def _decimals(value: float) -> int:
    return next((n for n in range(3) if abs(value - round(value, n)) < 1e-9), 3)
