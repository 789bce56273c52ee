"""Losses in words: names of metrics, numbers in the decision's own unit, rules."""

from __future__ import annotations

import math

from evaluators.wording import MINUS, NO_VALUE

NAMES = {
    "absolute": "mean absolute error",
    "squared": "mean squared error",
    "quantile": "mean quantile loss",
    "wape": "weighted absolute percentage error",
}
"""Metrics a policy can register."""


def number(value: float | None) -> str:
    """Return a signed number with four digits, and a real minus.

    Examples
    --------
    >>> number(0.27051), number(0.0), number(12345.6)
    ('+0.2705', '0', '+12,350')
    >>> number(-2.0) == MINUS + "2", number(None) == NO_VALUE
    (True, True)
    """
    if value is None or not math.isfinite(value):
        return NO_VALUE
    text = plain(abs(value))
    return text if float(text.replace(",", "")) == 0 else ("+" if value > 0 else MINUS) + text


def plain(value: float) -> str:
    """Return a number with four digits.

    Examples
    --------
    >>> plain(1.73812), plain(0.00002)
    ('1.738', '2e-05')
    """
    if value == 0:
        return "0"
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:.4g}"


def improvement(value: float | None) -> str:
    """Return a relative improvement in percent: signed, one decimal.

    Examples
    --------
    >>> improvement(0.044), improvement(0.0)
    ('+4.4%', '0.0%')
    """
    if value is None or not math.isfinite(value):
        return NO_VALUE
    text = f"{100 * abs(value):.1f}"
    return (text if float(text) == 0 else ("+" if value > 0 else MINUS) + text) + "%"


def rule(metric: str, relative: bool, limit: float) -> str:
    """Return the rule of a gate in words.

    Examples
    --------
    >>> rule("absolute", False, -0.5)
    "the candidate's mean absolute error is less than 0.5 above production's"
    >>> rule("squared", True, 0.05)
    "the candidate's mean squared error is more than 5% below production's"
    >>> rule("wape", True, -0.02)
    "the candidate's weighted absolute percentage error is less than 2% above production's"
    """
    name = f"the candidate's {NAMES[metric]} is"
    if limit == 0:
        return f"{name} below production's"
    size = f"{100 * abs(limit):.6g}%" if relative or metric == "wape" else plain(abs(limit))
    if metric == "wape" and not relative:
        size = f"{100 * abs(limit):.6g}"
        size += " point" if size == "1" else " points"
    how, side = ("more", "below") if limit > 0 else ("less", "above")
    return f"{name} {how} than {size} {side} production's"
