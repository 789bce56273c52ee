"""Keeping, for each row of a batch, the first reason why it cannot be accepted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from data_contracts.data_words import Rejection

Mask = npt.NDArray[np.bool_]
"""One truth value a row; of length 1 where it holds for all rows (a constant)."""


@dataclass(slots=True)
class Faults:
    """The first fault of each row.

    Examples
    --------
    >>> faults = Faults(3)
    >>> faults.add(np.array([False, True, True]), Rejection.MISSING_VALUE, "decision")
    >>> faults.add(np.array([False, False, True]), Rejection.WRONG_TYPE, "score")
    >>> faults.rows().tolist()
    [1, 2]
    >>> faults.told(faults.rows())[0]
    ['missing_value', 'missing_value']
    """

    length: int
    kinds: list[tuple[Rejection, str]] = field(default_factory=list)
    codes: npt.NDArray[np.int16] | None = None

    def add(self, bad: Mask | None, reason: Rejection, name: str) -> None:
        """Note a fault of field `name` for the rows where `bad` holds."""
        if bad is None or not bad.any():
            return
        if self.codes is None:
            self.codes = np.zeros(self.length, np.int16)
        self.kinds.append((reason, name))
        self.codes[bad & (self.codes == 0)] = len(self.kinds)

    def good(self) -> Mask | None:
        """Return which rows have no fault; None where none has."""
        return None if self.codes is None else self.codes == 0

    def rows(self) -> npt.NDArray[np.int64]:
        """Return the positions of the rows with a fault."""
        if self.codes is None:
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.codes).astype(np.int64)

    def told(self, rows: npt.NDArray[np.int64]) -> tuple[list[str], list[str]]:
        """Return reason and field name of some faulty rows."""
        if self.codes is None:
            return [], []
        reasons = np.array([""] + [reason.value for reason, _ in self.kinds], object)
        names = np.array([""] + [name for _, name in self.kinds], object)
        codes = self.codes[rows]
        return reasons[codes].tolist(), names[codes].tolist()
