"""How e-mail addresses are compared: in one place, so that one person is the same everywhere."""

from __future__ import annotations

import re

_UPPER = re.compile("[A-Z]+")


def same_address(text: str) -> str:
    """Return an e-mail address as it is compared: A to Z do not differ from a to z.

    Other letters are compared as they are: some of them look like, or fold to, a plain one. A text
    without an @ is no address, and stays.

    Examples
    --------
    >>> same_address("Ada@Example.org"), same_address("local:Ada")
    ('ada@example.org', 'local:Ada')
    >>> same_address("\u212aim@example.org") == same_address("kim@example.org")
    False
    """
    return _UPPER.sub(lambda found: found.group().lower(), text) if "@" in text else text
