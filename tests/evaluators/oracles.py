"""Reference values: a number of ours against one that somebody else's code gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Reference:
    """One published or independently computed value.

    Attributes
    ----------
    key
        What it is; the number before the dot is a section of the specification of statistics.
    oracle
        What gave the expected value: a library and its function, a publication, a definition.
    ours
        Computes the same numbers with our code.
    expected
        What the oracle gave: numbers, or a function that asks the oracle now.
    tolerance
        Absolute and relative difference allowed.
    """

    key: str
    oracle: str
    ours: Callable[[], Any]
    expected: Sequence[float] | float | Callable[[], Any]
    tolerance: float = 1e-9

    def check(self) -> None:
        """Compare the two."""
        expected = self.expected() if callable(self.expected) else self.expected
        found = np.atleast_1d(np.asarray(self.ours(), float)).ravel()
        wanted = np.atleast_1d(np.asarray(expected, float)).ravel()
        np.testing.assert_allclose(
            found, wanted, rtol=self.tolerance, atol=self.tolerance, err_msg=self.key
        )
