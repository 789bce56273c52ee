"""Amounts of money as people say them: cents for a case, thousands for a year."""

from __future__ import annotations

import math

from evaluators.wording import MINUS, NO_VALUE

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_THOUSANDS_FROM = 10_000
_CENTS_BELOW = 1_000


def per_case(amount: float | None, currency: str) -> str:
    """Return what one case saves or costs: to the cent, below a cent with two digits.

    Examples
    --------
    >>> per_case(0.412, "USD"), per_case(0.0042, "EUR"), per_case(0.0, "USD")
    ('$0.41', '€0.0042', '$0.00')
    >>> per_case(-12, "CHF") == MINUS + "12.00 CHF", per_case(None, "USD") == NO_VALUE
    (True, True)
    """
    if amount is None or math.isnan(amount):
        return NO_VALUE
    size = abs(amount)
    if 0 < size < 0.095:
        places = min(8, 1 - math.floor(math.log10(size)))
        return _written(amount, f"{size:.{places}f}", currency)
    return _written(amount, f"{size:,.2f}" if size < _CENTS_BELOW else f"{size:,.0f}", currency)


def a_year(amount: float | None, currency: str) -> str:
    """Return a yearly amount: in whole thousands, smaller ones with three digits.

    Examples
    --------
    >>> a_year(137_412, "USD"), a_year(4_649, "EUR"), a_year(0.0, "USD")
    ('$137,000', '€4,650', '$0')
    >>> a_year(-72_600, "CHF") == MINUS + "73,000 CHF", a_year(999_600, "USD")
    (True, '$1,000,000')
    """
    if amount is None or math.isnan(amount):
        return NO_VALUE
    size = abs(amount)
    if size >= _THOUSANDS_FROM:
        step = 1_000.0
    else:
        step = 10.0 ** max(0, math.floor(math.log10(size)) - 2) if size >= 1 else 1.0
    return _written(amount, f"{round(size / step) * step:,.0f}", currency)


def spent(amount: float | None, currency: str) -> str:
    """Return an amount of a running month: cents below a thousand, whole units from there on.

    Examples
    --------
    >>> spent(38.2, "USD"), spent(1_234.5, "EUR")
    ('$38.20', '€1,234')
    """
    if amount is None or math.isnan(amount):
        return NO_VALUE
    size = abs(amount)
    return _written(amount, f"{size:,.2f}" if size < _CENTS_BELOW else f"{size:,.0f}", currency)


def _written(amount: float, digits: str, currency: str) -> str:
    none = not any(c in "123456789" for c in digits)
    minus = MINUS if amount < 0 and not none else ""
    sign = _SIGNS.get(currency)
    return f"{minus}{sign}{digits}" if sign else f"{minus}{digits} {currency}"
